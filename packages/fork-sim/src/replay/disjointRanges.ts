/** Addresses, in bytes; the end is exclusive. */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/** Ranges that do not overlap, found by address. */
export class DisjointRanges<T extends AddressRange = AddressRange> {
  /** In ascending order. */
  readonly #ranges: T[] = [];

  /** Adds a range; those that it overlaps go. */
  put(range: T): void {
    const at = this.#firstAbove(range.start);
    this.#ranges.splice(at, this.#firstFrom(range.end, at) - at, range);
  }

  /** Takes `[start, end)` out of every range; what is left of one stays. */
  cut(start: number, end: number): void {
    for (const range of this.drop(start, end)) {
      if (range.start < start) this.put({ ...range, end: start });
      if (range.end > end) this.put({ ...range, start: end });
    }
  }

  /** Takes out every range that reaches into `[start, end)`, and answers them. */
  drop(start: number, end: number): T[] {
    const at = this.#firstAbove(start);
    return this.#ranges.splice(at, this.#firstFrom(end, at) - at);
  }

  /** The range that holds all of `[start, end)`. */
  around(start: number, end: number): T | undefined {
    const range = this.#ranges[this.#firstAbove(start)];
    return range !== undefined && range.start <= start && end <= range.end ? range : undefined;
  }

  /** Index of the first range that ends above an address. */
  #firstAbove(addr: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ranges[middle]!.end > addr) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Index of the first range from `from` on that begins at an address or above. */
  #firstFrom(addr: number, from: number): number {
    let at = from;
    while (at < this.#ranges.length && this.#ranges[at]!.start < addr) at++;
    return at;
  }
}
