/** The 64 bits that a number stands for: those of a negative one are its two's complement. */
export function unsigned64(value: number): bigint {
  // The doubles next to 2^64 - 1 are 2^64 and one that is 2048 smaller.
  return value >= 2 ** 64 ? 2n ** 64n - 1n : BigInt.asUintN(64, BigInt(value));
}

/** Decimal, as strace prints lengths; exact beyond 2^53 too. */
export function decimal(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : unsigned64(value).toString();
}

/** `0`, or hex with `0x`, as strace prints offsets and most results. */
export function hex(value: number): string {
  return value === 0 ? '0' : `0x${unsigned64(value).toString(16)}`;
}

/** `NULL`, or hex. */
export function address(value: number): string {
  return value === 0 ? 'NULL' : hex(value);
}
