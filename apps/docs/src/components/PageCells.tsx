import type { MapState } from 'fork-sim';
import type { ReactNode } from 'react';
import { MAX_CELLS, pageRuns } from '../picture/pageRuns.ts';
import type { View } from '../picture/view.ts';
import { PAGE_STATES } from '../words/phrases.ts';
import { placer } from './placer.ts';

interface PageCellsProps {
  readonly state: MapState;
  readonly view: View;
  readonly differs: readonly number[];
}

/** The row of page states below the bars: a cell a page, or a run of like pages in a wide view. */
export function PageCells({ state, view, differs }: PageCellsProps): ReactNode {
  const at = placer(view);
  const joined = view.to - view.from > MAX_CELLS;
  return (
    <div className="strip-cells">
      {pageRuns(state, view, joined)
        .filter(({ letter }) => letter !== ' ')
        .map(({ start, end, letter }) => (
          <span
            key={start}
            className={`cell cell-${CELL_CLASS[letter] ?? 'none'}`}
            style={at(start, end)}
            title={`page ${start}${end - start > 1 ? ` to ${end - 1}` : ''}: ${PAGE_STATES[letter] ?? letter}`}
          >
            <span>{letter === '.' ? '' : letter}</span>
          </span>
        ))}
      {differs
        .filter((page) => page >= view.from && page < view.to)
        .map((page) => (
          <span key={`d${page}`} className="cell-differs" style={at(page, page + 1)} title={`page ${page} differs`}>
            <span className="differs-sign">≠</span>
          </span>
        ))}
    </div>
  );
}

const CELL_CLASS: Readonly<Record<string, string>> = {
  '.': 'none',
  z: 'zero',
  a: 'anon-shared',
  A: 'anon',
  f: 'file-shared',
  F: 'file',
  S: 'swap',
  G: 'guard',
  W: 'marker',
};
