import { forkWhy, formatCount, formatPages, formatRange, refusalShort } from 'fork-sim/words';
import type { ForkSimClient, MapSlice, VmaRow } from 'fork-sim/worker';
import { type ReactNode, useState } from 'react';
import { formatVmFlags, PAGE_SIZE } from 'vma-core';
import { Table } from '../../ScrollTable.tsx';
import { useJob } from './useJob.ts';
import { mapKey } from './useMapDetails.ts';

interface MapTableProps {
  readonly lab: ForkSimClient;
  readonly map: MapSlice;
  readonly picked: number | null;
  readonly onPick: (vma: number) => void;
}

const ROWS = 100;

/** The map as a table, a hundred VMAs at a time. */
export function MapTable({ lab, map, picked, onPick }: MapTableProps): ReactNode {
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState(0);
  const first = Math.min(asked, Math.max(0, Math.floor((map.count - 1) / ROWS) * ROWS));
  const last = Math.min(map.count, first + ROWS);
  const { pid } = map;
  const rows = useJob<readonly VmaRow[]>(open ? `${mapKey(map)} ${first}` : null, (control) =>
    lab.readVmas({ pid, from: map.start[first] ?? 0, max: ROWS }, control),
  ).value;
  const label = `VMAs ${first + 1} to ${last} of ${formatCount(map.count)}`;
  return (
    <details className="map-table" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The map as a table: {formatCount(map.count)} VMAs</summary>
      <div className="controls">
        <button type="button" disabled={first === 0} onClick={() => setAsked(first - ROWS)}>
          ◀ 100
        </button>
        <span className="controls-count" role="status">
          {label}
        </span>
        <button type="button" disabled={last >= map.count} onClick={() => setAsked(first + ROWS)}>
          100 ▶
        </button>
      </div>
      <Table label={label} heads={['VMA', 'range', 'size', 'perms', 'name', 'flags', 'fork', 'with the one above']}>
        {(rows ?? []).map((vma, at) => (
          <tr key={vma.start} className={picked === first + at ? 'row-picked' : undefined}>
            <th scope="row">
              <button type="button" className="link-button" onClick={() => onPick(first + at)}>
                {first + at + 1}
              </button>
            </th>
            <td>
              <code>{formatRange(vma.start, vma.end)}</code>
            </td>
            <td>{formatPages((vma.end - vma.start) / PAGE_SIZE)}</td>
            <td>
              <code>{vma.perms}</code>
            </td>
            <td>{vma.name === '' ? vma.backing : vma.name}</td>
            <td>
              <code>{formatVmFlags(vma.flags)}</code>
            </td>
            <td>
              {vma.fork.action}: {forkWhy(vma.fork, formatVmFlags(vma.fork.flags))}
            </td>
            <td>{aboveCell(vma.above)}</td>
          </tr>
        ))}
      </Table>
    </details>
  );
}

function aboveCell(above: VmaRow['above']): string {
  switch (above.kind) {
    case 'top':
      return '';
    case 'hole':
      return 'hole';
    case 'seam':
      return '┊ could merge';
    case 'unknown':
      return '? smaps does not tell';
    case 'wall':
      return `‖ ${refusalShort(above.refusal)}`;
    default:
      return above satisfies never;
  }
}
