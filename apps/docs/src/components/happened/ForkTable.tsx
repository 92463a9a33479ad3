import type { TraceStep } from 'fork-sim';
import { countOf, forkWords, formatPages } from 'fork-sim/words';
import type { ReactNode } from 'react';
import { Chip } from '../Chip.tsx';
import { Table } from '../ScrollTable.tsx';

const ACTIONS = { copy: '= copied', refault: '~ refault', wipe: '0 wiped', skip: '× skipped' } as const;

/** What fork decided for each VMA: the rule, the flags that it found, what was copied and what that costs. */
export function ForkTable({ step }: { readonly step: TraceStep }): ReactNode {
  const { decisions, child, state } = step;
  const copied = decisions.filter(({ action }) => action === 'copy');
  const ptes = copied.reduce((sum, one) => sum + one.ptes, 0);
  return (
    <article className="attempt fork-table">
      <h2>
        Fork
        <span className="attempt-asks">
          asked of each VMA by <code>vma_needs_copy()</code>
        </span>
      </h2>
      <p className="sum">
        {copied.length} of {countOf(decisions.length, 'VMA')} copied, {countOf(ptes, 'entry', 'entries')}. The child has{' '}
        {child?.tablesKb ?? 0} kB of page tables, the parent {state.tablesKb} kB.
      </p>
      <Table label="Fork's decisions" heads={['VMA', 'fork', 'entries', 'tables']}>
        {decisions.map((one) => (
          <tr key={one.letter} className={`fork-row-${one.action}`}>
            <th scope="row">
              {one.letter}
              <span className="fork-size">{formatPages(one.end - one.start)}</span>
            </th>
            <td>
              <strong>{ACTIONS[one.action]}</strong>
              <span className="fork-why">
                {forkWords(one).why}{' '}
                {one.flags.map((word) => (
                  <Chip key={word} word={word} sticky={false} />
                ))}
              </span>
            </td>
            <td>{one.ptes}</td>
            <td>
              {one.tables}, {one.tables * 4} kB
            </td>
          </tr>
        ))}
      </Table>
    </article>
  );
}
