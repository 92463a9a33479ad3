/** How many texts are kept at most: a power of two. */
const KEPT = 256;
/** Longer texts are not kept: a log that repeats them is not worth the memory. */
export const MAX_KEPT = 256;

/**
 * Texts of one kind that were met and their values, found while the text is scanned, so that nothing is cut out: a log repeats a handful
 * for ever. Each has one place, by its characters, and drives out what was there. Only ASCII texts are taken in.
 */
export class RecentTexts<T> {
  /** Where the text that {@link find} has found ends. */
  end = 0;
  /** What a text must be followed by, and does not hold: one of these characters. */
  readonly #ends: readonly [number, number];
  readonly #texts: Uint8Array[] = new Array<Uint8Array>(KEPT).fill(new Uint8Array(0));
  readonly #values: (T | undefined)[] = new Array<T | undefined>(KEPT).fill(undefined);

  constructor(ends: readonly [number, number]) {
    this.#ends = ends;
  }

  /** The value of the text that begins at `from`, up to a character that ends one; `undefined`: it is not among them. */
  find(codes: Uint8Array, from: number): T | undefined {
    const [one, other] = this.#ends;
    const most = Math.min(codes.length, from + MAX_KEPT + 1);
    let hash = 0;
    let end = from;
    for (let code = codes[end]!; code !== one && code !== other; code = codes[end]!) {
      if (++end === most) return undefined;
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    const at = placeOf(hash);
    const text = this.#texts[at]!;
    if (text.length !== end - from) return undefined;
    for (let p = from; p < end; p++) if (text[p - from] !== codes[p]) return undefined;
    this.end = end;
    return this.#values[at];
  }

  /** Adds the text `[from, to)`, unless it is long or not ASCII. */
  add(codes: Uint8Array, from: number, to: number, value: T): void {
    if (to - from > MAX_KEPT) return;
    let hash = 0;
    for (let p = from; p < to; p++) {
      const code = codes[p]!;
      if (code > 127) return;
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    const at = placeOf(hash);
    this.#texts[at] = codes.slice(from, to);
    this.#values[at] = value;
  }
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (KEPT - 1);
}
