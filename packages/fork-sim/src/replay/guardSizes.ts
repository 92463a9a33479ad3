/** Guards of one size. */
export interface GuardSize {
  /** Length of each. */
  readonly bytes: number;
  readonly count: number;
}

/** Counts guards by size. */
export class GuardSizes {
  /** Guards in all. */
  count = 0;
  readonly #bySize = new Map<number, number>();

  add(bytes: number, count: 1 | -1 = 1): void {
    this.count += count;
    this.#bySize.set(bytes, (this.#bySize.get(bytes) ?? 0) + count);
  }

  /** Most frequent first. */
  get list(): GuardSize[] {
    const sizes = [...this.#bySize].map(([bytes, count]) => ({ bytes, count }));
    return sizes.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count || a.bytes - b.bytes);
  }
}
