import evidence from '@generated/evidence/default/evidence.json';
import type { ReactNode } from 'react';
import { grouped } from '../words/grouped.ts';
import { ScrollTable } from './ScrollTable.tsx';

/** How many recorded scenarios the engine gives exactly; computed when the site was built. */
export function EvidenceTable(): ReactNode {
  const { kernels, programs } = evidence;
  const scenarios = kernels.reduce((sum, one) => sum + one.scenarios, 0);
  const steps = kernels.reduce((sum, one) => sum + one.steps, 0);
  const exact = kernels.reduce((sum, one) => sum + one.exact, 0);
  return (
    <>
      <p className="evidence-sum">
        When this page was built, <strong>{grouped(exact)}</strong> of <strong>{grouped(scenarios)}</strong> recorded
        scenarios came out equal in every field of all {grouped(steps)} steps. Besides them there are recordings of{' '}
        {programs} real programs.
      </p>
      <ScrollTable label="Recordings, table">
        <table className="lab-table evidence">
          <thead>
            <tr>
              <th scope="col">kernel</th>
              <th scope="col">set</th>
              <th scope="col">scenarios</th>
              <th scope="col">steps</th>
              <th scope="col">equal in every field</th>
            </tr>
          </thead>
          <tbody>
            {kernels.map((one) => (
              <tr key={`${one.kernel}-${one.set}`}>
                <th scope="row">{one.label}</th>
                <td>{one.set}</td>
                <td>{grouped(one.scenarios)}</td>
                <td>{grouped(one.steps)}</td>
                <td className={one.exact === one.scenarios ? 'yes' : undefined}>
                  {grouped(one.exact)} of {grouped(one.scenarios)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollTable>
    </>
  );
}
