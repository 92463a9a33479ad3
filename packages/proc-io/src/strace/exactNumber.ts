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

/** Reads a 64-bit number of any length: decimal, `0x` hex, or octal with a leading 0. `null` where it is none. */
export function readLongNumber(text: string): ReadNumber | null {
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  const octal = /^0[0-7]+$/.test(digits);
  if (!octal && !/^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(digits)) return null;
  const exactValue = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  const value = Number(exactValue);
  return { value: negative ? -value : value, exact: BigInt(value) === exactValue };
}
