import type { MapVma, Piece, TraceStep } from 'fork-sim';

/** What backs each VMA of a step, by its letter: the colour that it has in the map. */
export type Kinds = ReadonlyMap<string, MapVma['kind']>;

/** The kinds of all VMAs before and after a step. */
export function kindsOf({ before, state }: TraceStep): Kinds {
  return new Map([...before.vmas, ...state.vmas].map(({ letter, kind }) => [letter, kind]));
}

/** The classes that give a piece the colour of its kind, and fill it by what its flags allow. */
export function pieceClass(kinds: Kinds, { letter, flags }: Piece): string {
  const fill = flags.includes('wr') ? 'write' : flags.includes('rd') || flags.includes('ex') ? 'read' : 'none';
  return `bar-${kinds.get(letter) ?? 'anon'} bar-${fill}`;
}
