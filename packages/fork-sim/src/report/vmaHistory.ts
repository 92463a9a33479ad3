/** VMAs of a process over the calls of a log, in a bounded number of samples. */
export interface VmaHistory {
  /** Calls in all. */
  readonly calls: number;
  /** Calls that a sample stands for; the last one may stand for fewer. */
  readonly every: number;
  /** Most and fewest VMAs after a call of the sample. */
  readonly most: readonly number[];
  readonly fewest: readonly number[];
}

/** Samples at most: two pixels of a wide picture for each. */
const MAX_SAMPLES = 1024;

/** Collects a {@link VmaHistory}: where the samples are full, two become one. */
export class HistoryOfVmas {
  #calls = 0;
  #every = 1;
  #most: number[] = [];
  #fewest: number[] = [];

  /** A call was performed; the number is that of VMAs after it. */
  add(vmas: number): void {
    const sample = Math.floor(this.#calls++ / this.#every);
    if (sample === MAX_SAMPLES) {
      this.#halve();
      this.#calls--;
      this.add(vmas);
      return;
    }
    this.#most[sample] = Math.max(this.#most[sample] ?? 0, vmas);
    this.#fewest[sample] = Math.min(this.#fewest[sample] ?? vmas, vmas);
  }

  get history(): VmaHistory {
    return { calls: this.#calls, every: this.#every, most: [...this.#most], fewest: [...this.#fewest] };
  }

  #halve(): void {
    const half = (values: readonly number[], of: (a: number, b: number) => number): number[] =>
      Array.from({ length: MAX_SAMPLES / 2 }, (_, at) => of(values[2 * at]!, values[2 * at + 1]!));
    this.#most = half(this.#most, Math.max);
    this.#fewest = half(this.#fewest, Math.min);
    this.#every *= 2;
  }
}
