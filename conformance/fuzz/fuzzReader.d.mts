import type { Reader } from './readers.mjs';

/** What came of it. */
interface Fuzzed {
  readonly files: number;
  readonly lines: number;
  /** The first text of which something does not hold; `null`: none. */
  readonly found: { readonly seed: number; readonly text: string; readonly what: string } | null;
}

/** Gives damaged texts to a reader until a time or a number is reached, or something does not hold of one. */
export declare function fuzzReader(
  reader: Reader,
  limits: { readonly from: number; readonly files?: number; readonly seconds?: number },
): Fuzzed;
