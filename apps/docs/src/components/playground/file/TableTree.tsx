import { countOf } from 'fork-sim/words';
import { type ForkSimClient, type MapSlice, TABLE_LEVELS, type TableSlice } from 'fork-sim/worker';
import { type ReactNode, useState } from 'react';
import { PAGE_SIZE } from 'vma-core';
import { useJob } from './useJob.ts';
import { mapKey } from './useMapDetails.ts';

interface TableTreeProps {
  readonly lab: ForkSimClient;
  readonly map: MapSlice;
  readonly start: number;
  readonly end: number;
}

/** Tables that are listed at most. */
const MAX_TABLES = 64;

/** The page tables over a range, from the top level down; asked for when it is opened. */
export function TableTree({ lab, map, start, end }: TableTreeProps): ReactNode {
  const [open, setOpen] = useState(false);
  const { pid } = map;
  const tables = useJob<TableSlice>(open ? `${mapKey(map)} ${start}` : null, (control) =>
    lab.readTables({ pid, addr: start, pages: (end - start) / PAGE_SIZE, max: MAX_TABLES }, control),
  ).value;
  return (
    <details className="table-tree" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Its page tables</summary>
      {tables !== null && (
        <>
          <ul>
            {Array.from(tables.level, (level, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a table is its place in the list
              <li key={at} style={{ paddingLeft: `${level * 1.2}rem` }}>
                <code>{TABLE_LEVELS[level]}</code> from {(tables.addr[at] ?? 0).toString(16)}: {tables.entries[at]} of
                512 entries
                <meter min={0} max={512} value={tables.entries[at]} aria-label="entries in use" />
              </li>
            ))}
          </ul>
          <p className="stays">
            {tables.count <= 1
              ? 'Nothing is known to be mapped here: only the top level is there.'
              : `${countOf(tables.count, 'table')}${tables.next === null ? '' : ' and more'}, each of 4 kB. A log proves only those of guards and populated pages.`}
          </p>
        </>
      )}
    </details>
  );
}
