import { countOf, forkWhy, formatCount, formatKb, formatPages } from 'fork-sim/words';
import type { MapSummary } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { formatVmFlags } from 'vma-core';
import { Table } from '../../ScrollTable.tsx';

/** What a fork would do with a map. */
export function ForkTab({ summary }: { readonly summary: MapSummary }): ReactNode {
  const { kernel, fork, assumed, vmas } = summary;
  return (
    <section className="map-figures" aria-label="Fork">
      <p className="verdict">What a fork would do, on {kernel}</p>
      <Table
        label="What a fork would do"
        className="lab-table"
        heads={['fork', 'why', 'VMAs', 'memory', 'page tables at most']}
      >
        {fork.map((group) => (
          <tr key={`${group.action} ${group.rule} ${group.flags} ${group.vmas} ${group.pages}`}>
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
      {assumed > 0 && (
        <p className="stays">
          {countOf(assumed, 'VMA')} of {formatCount(vmas)} rest on an assumption about anon_vma, which neither a log nor
          smaps shows.
        </p>
      )}
    </section>
  );
}
