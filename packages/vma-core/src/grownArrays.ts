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

/** A longer copy of a column; what is new is 0. @internal */
export function grownUint32(old: Uint32Array, length: number): Uint32Array {
  const grown = new Uint32Array(length);
  grown.set(old);
  return grown;
}

/** The next capacity: a quarter more, so that at most a fifth is unused. Doubling would leave up to half. @internal */
export function grownCapacity(capacity: number): number {
  return Math.ceil((capacity * 5) / 4 / 8) * 8;
}
