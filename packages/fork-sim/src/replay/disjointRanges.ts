/** Addresses, in bytes; the end is exclusive. */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/** Ranges of a chunk at most: a full one becomes two halves. */
const CHUNK = 256;

/** Ranges that do not overlap, found by address. They stand in chunks, so that a change moves a few hundred at most. */
export class DisjointRanges<T extends AddressRange = AddressRange> {
  /** In ascending order; no chunk is empty. */
  readonly #chunks: T[][] = [];

  /** Adds a range; those that it overlaps go. */
  put(range: T): void {
    this.drop(range.start, range.end);
    const at = this.#chunkAbove(range.start);
    const chunk = this.#chunks[at] ?? this.#chunks.at(-1);
    if (chunk === undefined) this.#chunks.push([range]);
    else chunk.splice(firstAbove(chunk, range.start), 0, range);
    if (chunk === undefined || chunk.length <= CHUNK) return;
    this.#chunks.splice(Math.min(at, this.#chunks.length - 1) + 1, 0, chunk.splice(CHUNK / 2));
  }

  /** Takes `[start, end)` out of every range; what is left of one stays. */
  cut(start: number, end: number): void {
    for (const range of this.drop(start, end)) {
      if (range.start < start) this.put({ ...range, end: start });
      if (range.end > end) this.put({ ...range, start: end });
    }
  }

  /** Takes out every range that reaches into `[start, end)`, and answers them. */
  drop(start: number, end: number): readonly T[] {
    const at = this.#chunkAbove(start);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return NONE;
    const from = firstAbove(chunk, start);
    if (chunk[from]!.start >= end) return NONE;
    return this.#dropFrom(at, from, end);
  }

  /** The range that holds all of `[start, end)`. */
  around(start: number, end: number): T | undefined {
    const chunk = this.#chunks[this.#chunkAbove(start)];
    const range = chunk?.[firstAbove(chunk, start)];
    return range !== undefined && range.start <= start && end <= range.end ? range : undefined;
  }

  /** Takes out the ranges from one on that begin below `end`. */
  #dropFrom(chunkAt: number, from: number, end: number): T[] {
    const dropped: T[] = [];
    let at = from;
    for (let chunk = this.#chunks[chunkAt]; chunk !== undefined; chunk = this.#chunks[chunkAt]) {
      let to = at;
      while (to < chunk.length && chunk[to]!.start < end) to++;
      const isLast = to < chunk.length;
      for (const range of chunk.splice(at, to - at)) dropped.push(range);
      if (chunk.length === 0) this.#chunks.splice(chunkAt, 1);
      else chunkAt++;
      if (isLast) break;
      at = 0;
    }
    return dropped;
  }

  /** Index of the first chunk with a range that ends above an address. */
  #chunkAbove(addr: number): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#chunks[middle]!.at(-1)!.end > addr) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

const NONE: readonly never[] = [];

/** Index of the first range of a chunk that ends above an address. */
function firstAbove(chunk: readonly AddressRange[], addr: number): number {
  let low = 0;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chunk[middle]!.end > addr) high = middle;
    else low = middle + 1;
  }
  return low;
}
