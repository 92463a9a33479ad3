import type { MapState } from 'fork-sim';
import type { ReactNode } from 'react';
import { MAX_CELLS, pageRuns } from '../picture/pageRuns.ts';
import type { View } from '../picture/view.ts';
import { PAGE_STATES } from '../words/phrases.ts';
import { PageShape } from './PageShape.tsx';
import { placer } from './placer.ts';

interface PageCellsProps {
  readonly state: MapState;
  readonly view: View;
  readonly differs: readonly number[];
}

/** The page table below the bars: a cell an entry, or a run of like entries in a wide view. A line joins each that is not empty to its bar. */
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
            data-page={start}
            data-kind={`page-${letter}`}
            className={`cell cell-${CELL_CLASS[letter] ?? 'none'} bar-${kindAt(state, start)}`}
            style={at(start, end)}
            title={`page ${start}${end - start > 1 ? ` to ${end - 1}` : ''}: ${PAGE_STATES[letter] ?? letter}`}
          >
            <PageShape letter={letter} />
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

/** What backs the VMA that a page is in. */
function kindAt({ vmas }: MapState, page: number): string {
  return vmas.find(({ start, end }) => page >= start && page < end)?.kind ?? 'none';
}

const CELL_CLASS: Readonly<Record<string, string>> = {
  '.': 'none',
  z: 'zero',
  a: 'anon',
  A: 'anon',
  f: 'file',
  F: 'file',
  S: 'swap',
  G: 'guard',
  W: 'marker',
};
