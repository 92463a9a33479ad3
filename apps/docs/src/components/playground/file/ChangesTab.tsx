import { changeText, countOf, formatCount } from 'fork-sim/words';
import type { ForkSimClient } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { Table } from '../../ScrollTable.tsx';
import { JobProgress } from './JobProgress.tsx';
import { Problem } from './Problem.tsx';
import { useJob } from './useJob.ts';

interface ChangesTabProps {
  readonly lab: ForkSimClient;
  readonly file: File;
  readonly other: File;
  /** Shows the VMA at an address. */
  readonly onAddr: (addr: number) => void;
}

/** Changes that are listed. */
const MOST = 100;

/** What became of the VMAs of the shown map in another, as `vma-lab diff` says it. */
export function ChangesTab({ lab, file, other, onAddr }: ChangesTabProps): ReactNode {
  const job = useJob(`${file.name} ${other.name}`, (control) => lab.mapDiff({ from: file, to: other }, control));
  if (job.running) return <JobProgress progress={job.progress} onCancel={job.cancel} />;
  if (job.value === null) return <Problem problem={job.problem} />;
  const { vmas, same, groups } = job.value;
  return (
    <section className="map-figures" aria-label="Changes">
      <p>
        From {file.name} to {other.name}: {formatCount(vmas.from)} → {countOf(vmas.to, 'VMA')}, {formatCount(same)} of
        them the same.
      </p>
      {groups.length === 0 ? (
        <p className="verdict">No difference.</p>
      ) : (
        <Table label="Changes" heads={['', 'VMAs', 'what', 'first at']}>
          {groups.slice(0, MOST).map((group) => (
            <tr key={`${group.kind} ${group.at} ${group.count}`}>
              <th scope="row">{group.kind}</th>
              <td>
                {formatCount(group.vmas.from)} → {formatCount(group.vmas.to)}
              </td>
              <td>{changeText(group)}</td>
              <td>
                <button type="button" className="link-button" onClick={() => onAddr(group.at)}>
                  {group.at.toString(16)}
                </button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {groups.length > MOST && <p>and {countOf(groups.length - MOST, 'more kind')} of change</p>}
    </section>
  );
}
