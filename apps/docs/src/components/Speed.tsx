import run from '@generated/speed/default/run.json';
import { formatCount } from 'fork-sim/words';
import type { ReactNode } from 'react';
import type { BenchMeasured, BenchRow } from '../measured/benchRun.ts';
import { Table } from './ScrollTable.tsx';

/** The kept run of the benchmarks: this engine beside the running kernel. */
export function Speed(): ReactNode {
  if (run === null) return <p>No run is kept in this copy of the site. Make one on your machine:</p>;
  const { machine, cases, targets, date } = run;
  return (
    <>
      <p>
        One run, {date.slice(0, 10)}: {machine.cpu}, {machine.cpus} CPUs, Node {machine.node}
        {machine.kernel === null ? '' : `, Linux ${machine.kernel}`}. CPU time; the middle of the rounds (p50), and the
        least in brackets. A bar is a side's part of the longer of the two; the last column is this engine's figure
        divided by the kernel's, so that below 1 the engine takes less.
      </p>
      <Table
        label="Measurements, table"
        className="lab-table speed"
        heads={['what', 'this engine', 'the kernel', 'engine / kernel']}
      >
        {cases.map((row) => (
          <tr key={row.name}>
            <th scope="row">
              {row.title} <span className="walk-covers">{`${row.unit} ${row.per}`}</span>
            </th>
            <Side row={row} side={row.ours} kind="ours" />
            <Side row={row} side={row.kernel} kind="kernel" />
            <td>{row.ratio === null ? '–' : row.ratio.p50.toFixed(2)}</td>
          </tr>
        ))}
      </Table>
      {targets.length > 0 && (
        <>
          <h2>What was aimed at</h2>
          <ul>
            {targets.map(({ target, title, limit, value, met }) => (
              <li key={`${target} ${title}`}>
                {title}: {value ?? 'not measured'}, wanted {limit}
                {met === null ? '' : met ? ' (met)' : ' (not met)'}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Side({ row, side, kind }: { row: BenchRow; side: BenchMeasured | null; kind: 'ours' | 'kernel' }): ReactNode {
  if (side === null) return <td>–</td>;
  const most = Math.max(row.ours?.p50 ?? 0, row.kernel?.p50 ?? 0);
  return (
    <td>
      {row.kernel && (
        <span className={`cost-bar cost-${kind}`} style={{ width: `${Math.max(1, (side.p50 / most) * 100)}%` }} />
      )}
      <span className="speed-figure">{figure(side.p50)}</span>{' '}
      <span className="speed-figure">({figure(side.min)})</span>
    </td>
  );
}

function figure(value: number): string {
  return value >= 100 ? formatCount(Math.round(value)) : value.toPrecision(3);
}
