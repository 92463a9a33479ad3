/** How many texts are kept. */
const KEPT = 16;
/** Longer texts are not kept: a log that repeats them is not worth the memory. */
export const MAX_KEPT = 256;

/**
 * The last few texts of one kind and their values, found while the text is scanned, so that nothing is cut out or
 * hashed: a log repeats a handful for ever. Only ASCII texts are taken in.
 */
export class RecentTexts<T> {
  /** Where the text that {@link find} has found ends. */
  end = 0;
  /** What a text must be followed by: one of these characters. */
  readonly #ends: readonly [number, number];
  readonly #texts: Uint8Array[] = [];
  readonly #values: T[] = [];
  #oldest = 0;

  constructor(ends: readonly [number, number]) {
    this.#ends = ends;
  }

  /** The value of the text that begins at `from`, up to a character that ends one; `undefined`: it is not among them. */
  find(codes: Uint8Array, from: number): T | undefined {
    const [one, other] = this.#ends;
    for (let i = 0; i < this.#texts.length; i++) {
      const text = this.#texts[i]!;
      const end = from + text.length;
      // Few texts of another length have an end in the same place, so that few are compared.
      const code = codes[end];
      if (code !== one && code !== other) continue;
      let p = 0;
      while (p < text.length && text[p] === codes[from + p]) p++;
      if (p < text.length) continue;
      this.end = end;
      return this.#values[i];
    }
    return undefined;
  }

  /** Adds the text `[from, to)`, which is not among them, in the place of the oldest, unless it is long or not ASCII. */
  add(codes: Uint8Array, from: number, to: number, value: T): void {
    if (to - from > MAX_KEPT) return;
    for (let p = from; p < to; p++) if (codes[p]! > 127) return;
    this.#texts[this.#oldest] = codes.slice(from, to);
    this.#values[this.#oldest] = value;
    this.#oldest = (this.#oldest + 1) % KEPT;
  }
}
