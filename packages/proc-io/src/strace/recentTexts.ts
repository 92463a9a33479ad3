/** How many texts are kept at most: a power of two. */
const KEPT = 256;
/** Longer texts are not kept: a log that repeats them is not worth the memory. */
export const MAX_KEPT = 256;

/**
 * Texts of one kind that were met and their values, found while the text is scanned, so that nothing is cut out: a log repeats a handful
 * for ever. Each has one place, by its characters, and drives out what was there. A log repeats their order too: the one that came behind
 * the last text before is tried first. Only ASCII texts are taken in.
 */
export class RecentTexts<T> {
  /** Where the text that {@link find} has found ends. */
  end = 0;
  /** What a text must be followed by: one of these characters. */
  readonly #ends: readonly [number, number];
  readonly #texts: Uint8Array[] = Array.from({ length: KEPT }, () => new Uint8Array(0));
  readonly #values: (T | undefined)[] = Array.from({ length: KEPT });
  /** The place of the text that was found last, and of each text that of the one behind it. */
  #last = 0;
  readonly #behind: Uint8Array = new Uint8Array(KEPT);

  constructor(ends: readonly [number, number]) {
    this.#ends = ends;
  }

  /** The value of the text that begins at `from`, up to a character that ends one; `undefined`: it is not among them. */
  find(codes: Uint8Array, from: number): T | undefined {
    let at = this.#behind[this.#last]!;
    if (!this.#isAt(at, codes, from)) {
      at = this.#placeOf(codes, from, Math.min(codes.length, from + MAX_KEPT));
      if (!this.#isAt(at, codes, from)) return undefined;
      this.#behind[this.#last] = at;
    }
    this.#last = at;
    this.end = from + this.#texts[at]!.length;
    return this.#values[at];
  }

  /** Is the text that begins at `from` the one of a place? */
  #isAt(at: number, codes: Uint8Array, from: number): boolean {
    const [one, other] = this.#ends;
    const text = this.#texts[at]!;
    const end = from + text.length;
    if (codes[end] !== one && codes[end] !== other) return false;
    for (let p = from; p < end; p++) if (text[p - from] !== codes[p]) return false;
    return true;
  }

  /** The place of a text that begins at `from` and ends at `to` or before: by its characters up to the first that may end one. */
  #placeOf(codes: Uint8Array, from: number, to: number): number {
    const [one, other] = this.#ends;
    let hash = 0;
    for (let p = from; p < to; p++) {
      const code = codes[p]!;
      if (code === one || code === other) break;
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (KEPT - 1);
  }

  /** Adds the text `[from, to)`, unless it is long or not ASCII. */
  add(codes: Uint8Array, from: number, to: number, value: T): void {
    if (to - from > MAX_KEPT) return;
    for (let p = from; p < to; p++) if (codes[p]! > 127) return;
    const at = this.#placeOf(codes, from, to);
    this.#texts[at] = codes.slice(from, to);
    this.#values[at] = value;
  }
}
