import type { MapVma, Piece, TraceStep } from 'fork-sim';

/** What backs each VMA of a step, by its letter: the colour that it has in the map. */
export type Kinds = ReadonlyMap<string, MapVma['kind']>;

/** The kinds of all VMAs before and after a step. */
export function kindsOf({ before, state }: TraceStep): Kinds {
  return new Map([...before.vmas, ...state.vmas].map(({ letter, kind }) => [letter, kind]));
}

/** The class that gives a piece the colours of its kind. */
export function kindClass(kinds: Kinds, { letter }: Piece): string {
  return `bar-${kinds.get(letter) ?? 'anon'}`;
}
