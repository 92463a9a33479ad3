import { formatCount } from 'fork-sim/words';
import type { ReactNode } from 'react';
import runs from '../../../../conformance/runs.json';
import { Table } from './ScrollTable.tsx';

/** Which kernels `vma-lab conform` asked, how much, and what differed: the rows of `conformance/RUNS.md`. */
export function ConformRuns(): ReactNode {
  return (
    <Table
      label="Kernels that were asked, table"
      className="lab-table conform-runs"
      heads={['kernel, day', 'performed', 'calls', 'differ']}
    >
      {runs.map(({ kernel, what, number, calls, different, once, date }) => (
        <tr key={`${kernel}-${what}-${date}`}>
          <th scope="row">
            {kernel}, {date}
          </th>
          <td>
            {what}: {formatCount(number)}
          </td>
          <td>{calls === 0 ? '–' : formatCount(calls)}</td>
          <td className={different === 0 ? 'yes' : undefined}>
            {formatCount(different)}
            {once > 0 && `; ${formatCount(once)} once`}
          </td>
        </tr>
      ))}
    </Table>
  );
}
