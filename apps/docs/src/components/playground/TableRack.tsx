import { type MapState, pageState } from 'fork-sim';
import { PTRS_PER_TABLE } from 'pt-model';
import type { ReactNode } from 'react';
import type { TreeTable } from '../../picture/pageTree.ts';

interface TableRackProps {
  readonly table: TreeTable;
  /** The entry on the walk. */
  readonly index: number;
  readonly state: MapState;
  readonly page: number;
  readonly onPage: (page: number) => void;
}

/** Pages of a PTE table that are drawn one by one. */
const SHOWN = 64;

/** The 512 entries of one table, side by side; of a PTE table the 64 around the chosen page, one by one. */
export function TableRack({ table, index, state, page, onPage }: TableRackProps): ReactNode {
  if (table.level === 'pte') return <PteRack table={table} index={index} state={state} page={page} onPage={onPage} />;
  return (
    <svg className="rack" viewBox={`0 0 ${PTRS_PER_TABLE} 18`} preserveAspectRatio="none" aria-hidden="true">
      <rect className="rack-ground" x="0" y="4" width={PTRS_PER_TABLE} height="10" />
      {table.used.map((one) => (
        <rect key={one} className="rack-used" x={Math.min(PTRS_PER_TABLE - 3, one)} y="4" width="3" height="10" />
      ))}
      <rect
        className="rack-path"
        x={Math.max(0, Math.min(PTRS_PER_TABLE - 6, index - 2))}
        y="1"
        width="6"
        height="16"
      />
    </svg>
  );
}

function PteRack({ table, state, page, onPage }: TableRackProps): ReactNode {
  const first = Math.max(0, Math.max(table.first, Math.floor(page / SHOWN) * SHOWN));
  const pages = Array.from({ length: SHOWN }, (_, at) => first + at);
  return (
    <div className="pte-rack" aria-hidden="true">
      {pages.map((one) => (
        <button
          key={one}
          type="button"
          tabIndex={-1}
          className={`pte pte-${kindOf(pageState(state, one))}${one === page ? ' pte-path' : ''}`}
          title={`page ${one}`}
          onClick={() => onPage(one)}
        >
          {pageState(state, one).replace(/[. ]/, '')}
        </button>
      ))}
    </div>
  );
}

function kindOf(letter: string): string {
  if (letter === 'G') return 'guard';
  if (letter === 'W' || letter === 'S') return 'marker';
  if (letter === '.' || letter === ' ') return 'none';
  return 'present';
}
