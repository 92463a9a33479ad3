/** A longer copy of a column; what is new is 0. @internal */
export function grownFloat64(old: Float64Array, length: number): Float64Array {
  const grown = new Float64Array(length);
  grown.set(old);
  return grown;
}

/** A longer copy of a column; what is new is 0. @internal */
export function grownInt32(old: Int32Array, length: number): Int32Array {
  const grown = new Int32Array(length);
  grown.set(old);
  return grown;
}

/** Up to here capacities are doubled. */
const SMALL = 512;

/**
 * The next capacity, a multiple of 8: a quarter more, so that at most a fifth is unused, where doubling would leave up to
 * half. Small ones are doubled. @internal
 */
export function grownCapacity(capacity: number): number {
  return capacity < SMALL ? Math.max(8, capacity * 2) : Math.ceil((capacity * 5) / 4 / 8) * 8;
}
