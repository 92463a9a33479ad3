import { type MapState, pageState } from 'fork-sim';

/** What of one state is not in another: letters of its VMAs, and pages whose state differs. */
export interface StateDifference {
  readonly letters: ReadonlySet<string>;
  readonly pages: readonly number[];
}

/** What a program or a reader of /proc could tell apart. What anon_vmas and VMAs are called is the model's own. */
export function differ(state: MapState, other: MapState | null): StateDifference {
  if (other === null) return { letters: new Set(state.vmas.map(({ letter }) => letter)), pages: [] };
  const theirs = new Set(other.vmas.map(vmaKey));
  const pages = state.pages.flatMap(({ first, letters }) =>
    Array.from(letters).flatMap((letter, at) => (letter === pageState(other, first + at) ? [] : [first + at])),
  );
  return {
    letters: new Set(state.vmas.filter((vma) => !theirs.has(vmaKey(vma))).map(({ letter }) => letter)),
    pages,
  };
}

function vmaKey({ start, end, perms, backing, pgoff, flags, name }: MapState['vmas'][number]): string {
  return [start, end, perms, backing, pgoff, flags.join(' '), name].join('|');
}
