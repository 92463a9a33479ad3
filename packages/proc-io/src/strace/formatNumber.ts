/** Decimal, as strace prints lengths; exact beyond 2^53 too. */
export function decimal(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString();
}

/** `0`, or hex with `0x`, as strace prints offsets and most results. */
export function hex(value: number): string {
  return value === 0 ? '0' : `0x${value.toString(16)}`;
}

/** `NULL`, or hex. */
export function address(value: number): string {
  return value === 0 ? 'NULL' : hex(value);
}
