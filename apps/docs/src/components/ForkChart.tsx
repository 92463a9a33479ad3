import run from '@generated/speed/default/run.json';
import { formatCount } from 'fork-sim/words';
import type { ReactNode } from 'react';
import { type MeasuredFork, measuredForks, milliseconds } from '../measured/forkChart.ts';
import { Table } from './ScrollTable.tsx';

/** What forks really cost: the running kernel's time for each, measured, and the engine's beside it; and the same as a table. */
export function ForkChart(): ReactNode {
  if (run === null) return <p>No run of the benchmarks is kept in this copy of the site.</p>;
  const forks = measuredForks(run);
  const most = Math.max(...forks.flatMap(({ kernel, ours }) => [kernel ?? 0, ours ?? 0]));
  const { cpu, kernel } = run.machine;
  return (
    <figure className="panel fork-chart">
      <figcaption className="player-title">Measured: one fork, by what the process has in memory</figcaption>
      <ul className="chart-legend" aria-hidden="true">
        <li>
          <span className="chart-bar chart-kernel" /> Linux {kernel}
        </li>
        <li>
          <span className="chart-bar chart-ours" /> this engine
        </li>
      </ul>
      <div role="img" aria-label={sentence(forks)}>
        {forks.map((fork) => (
          <div key={fork.name} className="chart-row">
            <span className="chart-what">{fork.what}</span>
            <Bar value={fork.kernel} most={most} kind="kernel" />
            <Bar value={fork.ours} most={most} kind="ours" />
          </div>
        ))}
      </div>
      <p className="chart-note">
        CPU time of the middle round, {run.date.slice(0, 10)}, {cpu}. The engine's work is not the kernel's: it has no
        locks, no caches to flush, and no hardware.
      </p>
      <details className="figure-table">
        <summary>The figures as a table</summary>
        <Table
          label="Measured forks, table"
          className="lab-table"
          heads={['in memory', `Linux ${kernel}`, 'this engine', 'entries copied']}
        >
          {forks.map((fork) => (
            <tr key={fork.name}>
              <th scope="row">{fork.what}</th>
              <td>{fork.kernel === null ? '–' : milliseconds(fork.kernel)}</td>
              <td>{fork.ours === null ? '–' : milliseconds(fork.ours)}</td>
              <td>{fork.ptes === null ? '–' : formatCount(fork.ptes)}</td>
            </tr>
          ))}
        </Table>
      </details>
    </figure>
  );
}

function Bar({ value, most, kind }: { value: number | null; most: number; kind: 'kernel' | 'ours' }): ReactNode {
  if (value === null) return <span className="chart-line">not measured</span>;
  return (
    <span className="chart-line">
      <span
        className={`chart-bar chart-${kind}`}
        style={{ width: `max(2px, ${((value / most) * 100).toFixed(2)}%)` }}
      />
      <span className="chart-value">{milliseconds(value)}</span>
    </span>
  );
}

function sentence(forks: readonly MeasuredFork[]): string {
  const parts = forks.map(({ what, kernel, ours }) => {
    const times = [
      kernel === null ? null : `the kernel ${milliseconds(kernel)}`,
      ours === null ? null : `this engine ${milliseconds(ours)}`,
    ];
    return `${what}: ${times.filter((one) => one !== null).join(', ')}`;
  });
  return `Bars: the time of one fork. ${parts.join('. ')}.`;
}
