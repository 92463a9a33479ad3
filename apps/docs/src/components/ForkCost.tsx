import rowsAtFirst from '@generated/fork-cost/default/rows.json';
import { formatCount } from 'fork-sim/words';
import { type ReactNode, useEffect, useState } from 'react';
import { FORK_COST_KERNEL, forkCosts } from '../measured/forkCosts.ts';
import { Interactive } from './Interactive.tsx';
import { ProfileSelect } from './ProfileSelect.tsx';
import { TraceWorker } from './playground/traceWorker.ts';
import { Table } from './ScrollTable.tsx';

/** What a fork of 16 MiB copies, by kind of memory and by kernel: bars, and the figures. */
export function ForkCost(): ReactNode {
  const [profile, setProfile] = useState(FORK_COST_KERNEL);
  const { rows, kernel, problem } = useForkCosts(profile);
  const most = Math.max(...rows.map(({ ptes }) => ptes), 1);
  return (
    <Interactive>
      <section className="panel" aria-label="What a fork copies">
        <div className="player-head">
          <p className="player-title">A fork of 16 MiB: page table entries copied</p>
          <ProfileSelect value={profile} onChange={setProfile} />
        </div>
        <div aria-busy={kernel !== profile && problem === null}>
          <Table
            label="What a fork copies, table"
            className="lab-table fork-cost"
            data-kernel={kernel}
            heads={['memory', 'fork', 'entries', 'tables of the child']}
          >
            {rows.map(({ what, action, ptes, kB }) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                <td>{action}</td>
                <td>
                  <span className="cost-bar" style={{ width: `${Math.max(1, (ptes / most) * 100)}%` }} />
                  {formatCount(ptes)}
                </td>
                <td>{kB} kB</td>
              </tr>
            ))}
          </Table>
        </div>
        {problem !== null && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
      </section>
    </Interactive>
  );
}

/** The costs on a kernel, asked of a worker; until it answers, those of the kernel before. */
function useForkCosts(profile: string): { rows: typeof rowsAtFirst; kernel: string; problem: string | null } {
  const [worker] = useState(() => new TraceWorker());
  const [shown, setShown] = useState({ rows: rowsAtFirst, kernel: FORK_COST_KERNEL });
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => () => void worker.stop(), [worker]);
  useEffect(() => {
    setProblem(null);
    if (profile === FORK_COST_KERNEL) {
      setShown({ rows: rowsAtFirst, kernel: profile });
      return;
    }
    const abort = new AbortController();
    const { signal } = abort;
    forkCosts(async (scenario) => {
      const [trace] = await worker.trace(
        { scenario, profiles: [profile], softDirty: false, faultAroundPages: 1 },
        { signal },
      );
      if (trace === undefined) throw new Error('the worker gave no answer');
      return trace;
    }).then(
      (rows) => !signal.aborted && setShown({ rows, kernel: profile }),
      (error: unknown) => !signal.aborted && setProblem(error instanceof Error ? error.message : String(error)),
    );
    return () => abort.abort();
  }, [profile, worker]);
  return { ...shown, problem };
}
