/** A reader that is fuzzed. */
export interface Reader {
  readonly name: string;
  readonly corpus: () => readonly string[];
  /** Throws for a text of which something does not hold. */
  readonly check: (text: string, random: unknown) => void;
}

/** Every reader that is fuzzed. */
export declare const READERS: readonly Reader[];
