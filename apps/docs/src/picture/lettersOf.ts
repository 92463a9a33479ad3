import type { MapState } from 'fork-sim';

/** The states of the pages `[start, end)` that the state looks at, one letter each. */
export function lettersOf({ pages }: MapState, start: number, end: number): string {
  return pages
    .map(({ first, letters }) => letters.slice(Math.max(0, start - first), Math.max(0, end - first)))
    .join('');
}
