import { countOf, flagsDiffWords, forkWhy, formatCount, formatKb, formatPages } from 'fork-sim/words';
import type { ForkGroup, MapSummary } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { formatVmFlags } from 'vma-core';
import { Table } from '../../ScrollTable.tsx';

interface MapFiguresProps {
  readonly summary: MapSummary;
  /** Shows the VMA at an address. */
  readonly onAddr: (addr: number) => void;
}

/** A map summed up: which neighbours could merge and what stops the others, and what a fork would do. */
export function MapFigures({ summary, onAddr }: MapFiguresProps): ReactNode {
  const { seams, unknown, walls } = summary;
  const link = (addr: number): ReactNode => (
    <button type="button" className="link-button" onClick={() => onAddr(addr)}>
      {addr.toString(16)}
    </button>
  );
  return (
    <div className="map-figures">
      <section aria-label="Neighbours">
        <h2 className="map-figures-head">Neighbours that touch</h2>
        <ul className="sentences">
          <li>
            ┊ {countOf(seams.count, 'pair')} could merge at the next call that asks
            {seams.at !== null && <>, the first at {link(seams.at)}</>}.
          </li>
          {unknown.count > 0 && unknown.at !== null && (
            <li>
              ? {countOf(unknown.count, 'pair')}: smaps does not show whether they share an anon_vma, the first at{' '}
              {link(unknown.at)}.
            </li>
          )}
          {walls.map(({ rule, flags, count: pairs, at }) => (
            <li key={`${rule} ${flags}`}>
              ‖ {countOf(pairs, 'pair')} kept apart by <code>{rule}</code>
              {flags === 0n ? '' : ` ${flagsDiffWords(flags)}`}, the first at {link(at)}.
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="Fork">
        <h2 className="map-figures-head">What a fork would do, on {summary.kernel}</h2>
        <ForkTable groups={summary.fork} />
        {summary.assumed > 0 && (
          <p className="stays">
            {countOf(summary.assumed, 'VMA')} of {formatCount(summary.vmas)} rest on an assumption about anon_vma, which
            neither a log nor smaps shows.
          </p>
        )}
      </section>
    </div>
  );
}

function ForkTable({ groups }: { readonly groups: readonly ForkGroup[] }): ReactNode {
  return (
    <Table
      label="What a fork would do"
      className="lab-table"
      heads={['fork', 'why', 'VMAs', 'memory', 'page tables at most']}
    >
      {groups.map((group) => (
        <tr key={`${group.action} ${group.rule} ${group.flags}`}>
          <th scope="row">
            {group.action === 'copy' ? '= copy' : group.action === 'refault' ? '~ refault' : group.action}
          </th>
          <td>{forkWhy(group, formatVmFlags(group.flags))}</td>
          <td>{formatCount(group.vmas)}</td>
          <td>{formatPages(group.pages)}</td>
          <td>
            {formatKb(group.kBAtMost)}
            {group.action === 'refault' && ' if a guard made fork copy it'}
          </td>
        </tr>
      ))}
    </Table>
  );
}
