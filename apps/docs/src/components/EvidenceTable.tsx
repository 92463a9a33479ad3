import evidence from '@generated/evidence/default/evidence.json';
import { formatCount } from 'fork-sim/words';
import type { ReactNode } from 'react';
import { Table } from './ScrollTable.tsx';

/** How many recorded scenarios the engine gives exactly; computed when the site was built. */
export function EvidenceTable(): ReactNode {
  const { kernels, programs } = evidence;
  const scenarios = kernels.reduce((sum, one) => sum + one.scenarios, 0);
  const steps = kernels.reduce((sum, one) => sum + one.steps, 0);
  const exact = kernels.reduce((sum, one) => sum + one.exact, 0);
  return (
    <>
      <p className="evidence-sum">
        When this page was built, <strong>{formatCount(exact)}</strong> of <strong>{formatCount(scenarios)}</strong>{' '}
        recorded scenarios came out equal in every field of all {formatCount(steps)} steps. Besides them there are
        recordings of {programs} real programs.
      </p>
      <Table
        label="Recordings, table"
        className="lab-table evidence"
        heads={['kernel', 'set', 'scenarios', 'steps', 'equal in every field']}
      >
        {kernels.map((one) => (
          <tr key={`${one.kernel}-${one.set}`}>
            <th scope="row">{one.label}</th>
            <td>{one.set}</td>
            <td>{formatCount(one.scenarios)}</td>
            <td>{formatCount(one.steps)}</td>
            <td className={one.exact === one.scenarios ? 'yes' : undefined}>
              {formatCount(one.exact)} of {formatCount(one.scenarios)}
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}
