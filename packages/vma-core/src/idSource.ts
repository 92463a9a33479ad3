/** Gives numbers that were not given before: injected, so that the same calls always give the same ids. */
export interface IdSource {
  /** The next number. */
  next(): number;
}

/** Counts 1, 2, 3, ... */
export function countingIds(first = 1): IdSource {
  let id = first;
  return { next: () => id++ };
}
