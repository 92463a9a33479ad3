import { DisjointRanges } from './disjointRanges.ts';

/** Ranges of which a log has shown what is mapped there. */
export class SeenRanges {
  readonly #ranges = new DisjointRanges();

  add(start: number, end: number): void {
    let [from, to] = [start, end];
    // Ranges that touch become one.
    for (const range of this.#ranges.drop(start - 1, end + 1)) {
      from = Math.min(from, range.start);
      to = Math.max(to, range.end);
    }
    this.#ranges.put({ start: from, end: to });
  }

  /** All of `[start, end)` was shown. */
  has(start: number, end: number): boolean {
    return this.#ranges.around(start, end) !== undefined;
  }
}
