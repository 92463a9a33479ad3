/** The part of a VMA that naming needs; any unit. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A named span. */
interface Named extends Span {
  readonly letter: string;
}

/**
 * Names VMAs by letters that stay the same from one state to the next, as a reader would follow them: a VMA keeps the letter of
 * the one before that it shares most pages with, unless another has a better claim; anything else gets a new letter.
 */
export class StripLetters {
  #before: readonly Named[] = [];
  #next = 0;

  /** Letters for the VMAs of the next state, which are sorted by address. */
  name(spans: readonly Span[]): string[] {
    const claims = spans.flatMap((span, index) =>
      this.#before.map((old) => ({
        index,
        letter: old.letter,
        shared: Math.min(span.end, old.end) - Math.max(span.start, old.start),
        sameStart: span.start === old.start,
      })),
    );
    claims.sort((a, b) => b.shared - a.shared || Number(b.sameStart) - Number(a.sameStart) || a.index - b.index);
    const letters: (string | undefined)[] = spans.map(() => undefined);
    const taken = new Set<string>();
    for (const { index, letter, shared } of claims) {
      if (shared <= 0 || letters[index] !== undefined || taken.has(letter)) continue;
      letters[index] = letter;
      taken.add(letter);
    }
    const named = spans.map((span, index) => ({ ...span, letter: letters[index] ?? this.#fresh(taken) }));
    this.#before = named.map(({ start, end, letter }) => ({ start, end, letter }));
    return named.map(({ letter }) => letter);
  }

  /** The next letter that nobody holds; after 52 they start again. */
  #fresh(taken: Set<string>): string {
    for (let tries = 0; tries < LETTERS.length; tries++) {
      const letter = LETTERS[this.#next++ % LETTERS.length] as string;
      if (taken.has(letter)) continue;
      taken.add(letter);
      return letter;
    }
    return '#';
  }
}
