import { LOWER_F } from './chars.ts';

/** The value of a hex digit by its character code; 16 for anything else. */
export const HEX_DIGITS: Uint8Array = new Uint8Array(LOWER_F + 1).fill(16);
for (let digit = 0; digit < 16; digit++) {
  HEX_DIGITS[digit.toString(16).charCodeAt(0)] = digit;
  HEX_DIGITS[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}
/** By exponent. */
export const POWERS_OF_16: readonly number[] = [1, 16, 256, 4096, 0x1_0000, 0x10_0000, 0x100_0000];

/** A number as printed, and whether a double holds it exactly. */
export interface ReadNumber {
  readonly value: number;
  readonly exact: boolean;
}

/** Characters of a 64-bit number at most: 22 octal digits behind a 0, and zeros that a printer may put before them. */
const MAX_DIGITS = 32;
const ONE_PAST_64_BITS = 2n ** 64n;

/** Reads a number of 64 bits: decimal, `0x` hex, or octal with a leading 0. `null` where it is none, or has more bits. */
export function read64Bits(text: string): bigint | null {
  if (text.length > MAX_DIGITS) return null;
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  const octal = /^0[0-7]+$/.test(digits);
  if (!octal && !/^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(digits)) return null;
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  return value >= ONE_PAST_64_BITS ? null : negative ? -value : value;
}

/** Reads a number of 64 bits as the double next to it. `null` where it is none. */
export function readLongNumber(text: string): ReadNumber | null {
  const wide = read64Bits(text);
  if (wide === null) return null;
  const value = Number(wide);
  return { value, exact: BigInt(value) === wide };
}

/**
 * Flags as a number. What has bit 63 becomes the negative number of the same bits, so that the flags of a program which passes -1 stay
 * exact, and operations on 32 bits see the lower ones.
 */
export function bitsAsNumber(bits: bigint): ReadNumber {
  const signed = BigInt.asIntN(64, bits);
  const value = Number(signed);
  return { value, exact: BigInt(value) === signed };
}
