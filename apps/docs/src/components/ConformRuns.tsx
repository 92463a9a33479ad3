import { formatCount } from 'fork-sim/words';
import type { ReactNode } from 'react';
import runs from '../../../../conformance/runs.json';
import { Table } from './ScrollTable.tsx';

/** Which kernels `vma-lab conform` asked, how much, and what differed: the rows of `conformance/RUNS.md`. */
export function ConformRuns(): ReactNode {
  return (
    <Table
      label="Kernels that were asked, table"
      className="lab-table evidence"
      heads={['kernel', 'performed', 'number', 'calls', 'differ', 'differed once', 'day']}
    >
      {runs.map(({ kernel, what, number, calls, different, once, date }) => (
        <tr key={`${kernel}-${what}-${date}`}>
          <th scope="row">{kernel}</th>
          <td>{what}</td>
          <td>{formatCount(number)}</td>
          <td>{calls === 0 ? '–' : formatCount(calls)}</td>
          <td className={different === 0 ? 'yes' : undefined}>{formatCount(different)}</td>
          <td>{formatCount(once)}</td>
          <td>{date}</td>
        </tr>
      ))}
    </Table>
  );
}
