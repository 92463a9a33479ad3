/** Rows of whole numbers from 0 on, 4 bytes each, to which rows are added at the end. */
export class NumberTable {
  /** Rows so far. */
  length = 0;
  readonly #columns: number;
  #cells: Uint32Array<ArrayBuffer>;

  constructor(columns: number) {
    this.#columns = columns;
    this.#cells = new Uint32Array(64 * columns);
  }

  add(...row: readonly number[]): void {
    const at = this.length++ * this.#columns;
    if (at === this.#cells.length) {
      const grown = new Uint32Array(2 * at);
      grown.set(this.#cells);
      this.#cells = grown;
    }
    this.#cells.set(row, at);
  }

  /** A number of a row, both from 0. Precondition: there is such a row. */
  at(row: number, column: number): number {
    return this.#cells[row * this.#columns + column]!;
  }
}
