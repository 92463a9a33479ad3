import type { LogProcess, StepAnswer } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { processText, type WantedProcesses } from '../../../picture/shownProcesses.ts';

interface ProcessSelectProps {
  readonly step: StepAnswer;
  readonly wanted: WantedProcesses;
  readonly onWanted: (wanted: WantedProcesses) => void;
}

/** Which of the processes that live is shown, and which beside it; nothing where there is one. */
export function ProcessSelect({ step, wanted, onWanted }: ProcessSelectProps): ReactNode {
  const processes = step.log?.processes ?? [];
  const { chosen, beside } = wanted;
  if (processes.length < 2 && chosen === null) return null;
  const gone = chosen !== null && !processes.some(({ logPid }) => logPid === chosen);
  const later = processes.slice(1);
  return (
    <>
      <label className="profile-select">
        <span>Process</span>
        <select
          value={gone || chosen === null ? '' : chosen}
          onChange={(event) => onWanted({ ...wanted, chosen: Number(event.target.value) || null })}
        >
          <option value="">{gone ? `the first (${chosen} does not live here)` : 'the first'}</option>
          <Processes of={later} />
        </select>
      </label>
      <label className="profile-select">
        <span>beside it</span>
        <select
          value={typeof beside === 'number' && !processes.some(({ logPid }) => logPid === beside) ? 'auto' : beside}
          onChange={({ target: { value } }) =>
            onWanted({ ...wanted, beside: value === 'auto' || value === 'none' ? value : Number(value) })
          }
        >
          <option value="auto">the caller, child or parent</option>
          <option value="none">nobody</option>
          <Processes of={processes.filter(({ logPid }) => logPid !== null)} />
        </select>
      </label>
    </>
  );
}

function Processes({ of }: { readonly of: readonly LogProcess[] }): ReactNode {
  return of.map((process) => (
    <option key={process.logPid} value={process.logPid ?? ''}>
      {processText(process)}
    </option>
  ));
}
