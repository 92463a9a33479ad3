import type { StepAnswer } from 'fork-sim/worker';
import type { ReactNode } from 'react';

interface ProcessSelectProps {
  readonly step: StepAnswer;
  readonly pid: number | null;
  readonly onPid: (pid: number | null) => void;
}

/** Which of the processes that live is shown; nothing where there is one. */
export function ProcessSelect({ step, pid, onPid }: ProcessSelectProps): ReactNode {
  const processes = step.log?.processes ?? [];
  if (processes.length < 2 && pid === null) return null;
  const gone = pid !== null && !processes.some((one) => one.pid === pid);
  return (
    <label className="profile-select">
      <span>Process</span>
      <select value={gone || pid === null ? '' : pid} onChange={(event) => onPid(Number(event.target.value) || null)}>
        <option value="">{gone ? 'the first (the other one does not live here)' : 'the first'}</option>
        {processes.slice(1).map(({ pid: one, logPid, parent, program, vmas }) => (
          <option key={`${one} ${logPid}`} value={one}>
            {logPid}
            {parent === null ? '' : `, child of ${parent}`}
            {program === null ? '' : `: ${program.split('/').at(-1)}`} ({vmas} VMAs)
          </option>
        ))}
      </select>
    </label>
  );
}
