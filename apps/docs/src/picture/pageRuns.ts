import { type MapState, pageState } from 'fork-sim';
import type { View } from './view.ts';

/** Pages side by side in one state, `end` exclusive. */
export interface SameRun {
  readonly start: number;
  readonly end: number;
  readonly letter: string;
}

/** The pages of a view that are looked at, one by one, or joined where `joined` and their states are the same. */
export function pageRuns(state: MapState, { from, to }: View, joined: boolean): SameRun[] {
  const runs: SameRun[] = [];
  for (const { first, letters } of state.pages) {
    for (let page = Math.max(from, first); page < Math.min(to, first + letters.length); page++) {
      const letter = pageState(state, page);
      const last = runs.at(-1);
      if (joined && last?.letter === letter && last.end === page) runs[runs.length - 1] = { ...last, end: page + 1 };
      else runs.push({ start: page, end: page + 1, letter });
    }
  }
  return runs;
}

/** Guard markers of a view: one by one where there is room, joined in a wide view. */
export function guardRuns(state: MapState, view: View): SameRun[] {
  return pageRuns(state, view, view.to - view.from > MAX_CELLS).filter(({ letter }) => letter === 'G');
}

/** Pages that are drawn one by one at most: beyond that, cells would be thinner than their borders. */
export const MAX_CELLS = 160;
