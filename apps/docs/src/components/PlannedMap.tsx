import type { VmaRow } from 'fork-sim';
import type { ReactNode } from 'react';
import { FORK_MARKS } from './ForkFigure.tsx';
import { placer } from './placer.ts';

const GB = 2 ** 30;
/** Between two VMAs, where the address space has a gap that is not drawn to scale; GB. */
const GAP = 0.4;
/** A bar with a larger share of the width has room for words on a phone too. */
const WIDE = 0.2;

/** The VMAs of a large process to scale, from left to right; below each what a fork does with it, and the child's page tables. */
export function PlannedMap({ map }: { readonly map: readonly VmaRow[] }): ReactNode {
  let next = 0;
  const placed = map.map((row) => {
    const from = next;
    const to = from + (row.end - row.start) / GB;
    next = to + GAP;
    return { row, from, to };
  });
  const all = Math.max(1, next - GAP);
  const at = placer({ from: 0, to: all });
  const label = placed.map(({ row }) => `${nameOf(row)}: ${row.fork.action}`).join('; ');
  return (
    <div
      className="planned strip"
      role="img"
      aria-label={`From low to high addresses. ${label || 'Nothing is mapped'}.`}
    >
      <p className="figure-title">Parent</p>
      <div className="strip-bars">
        {placed.map(({ row, from, to }) => (
          <div
            key={row.start}
            className={`bar bar-${row.backing === 'anonymous' ? 'anon' : 'shared'} bar-write`}
            style={at(from, to)}
          >
            <div className="bar-text">
              {(to - from) / all > WIDE && <span className="bar-letter">{(row.end - row.start) / GB} GB</span>}
            </div>
            {row.guardPages > 0 && <span className="planned-guard" data-kind="page-G" />}
          </div>
        ))}
      </div>
      <div className="fork-links">
        {placed.map(({ row, from, to }) => (
          <div key={row.start} className={`fork-link fork-${row.fork.action}`} style={at(from, to)}>
            <span>{(FORK_MARKS[row.fork.action] ?? '').slice(0, (to - from) / all > WIDE ? undefined : 1)}</span>
          </div>
        ))}
      </div>
      <p className="figure-title">Child's page tables</p>
      <div className="planned-tables">
        {placed.map(({ row, from, to }) => (
          <div key={row.start} className={`planned-table planned-${row.fork.action}`} style={at(from, to)} />
        ))}
      </div>
    </div>
  );
}

function nameOf({ start, end, backing, guardPages }: VmaRow): string {
  const guard = guardPages > 0 ? ' with a guard' : '';
  return `${(end - start) / GB} GB ${backing === 'anonymous' ? 'of private memory' : 'of a shared file'}${guard}`;
}
