import type { ForkSimClient, MapSlice } from 'fork-sim/worker';
import { type ReactNode, useState } from 'react';
import { JobProgress } from './JobProgress.tsx';
import { MapFigures } from './MapFigures.tsx';
import { Problem } from './Problem.tsx';
import { useIdle } from './useIdle.ts';
import { useJob } from './useJob.ts';
import { mapKey } from './useMapDetails.ts';

interface SummaryDetailsProps {
  readonly lab: ForkSimClient;
  readonly map: MapSlice;
  readonly onAddr: (addr: number) => void;
}

/** VMAs up to which a map is summed up at once. */
const MAX_AT_ONCE = 5000;

/** The map summed up: at once where it is small, else when it is opened. */
export function SummaryDetails({ lab, map, onAddr }: SummaryDetailsProps): ReactNode {
  const [open, setOpen] = useState(map.count <= MAX_AT_ONCE);
  const still = useIdle(map, 250);
  const { pid } = map;
  const job = useJob(open && still !== null ? `${mapKey(map)}` : null, (control) => lab.sumUp({ pid }, control));
  return (
    <details className="summary-details" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Neighbours and fork: what could merge, what a fork would copy</summary>
      {job.running && map.count > MAX_AT_ONCE && <JobProgress progress={job.progress} onCancel={job.cancel} />}
      <Problem problem={job.problem} />
      {job.value !== null && <MapFigures summary={job.value} onAddr={onAddr} />}
    </details>
  );
}
