import { compareMaps, rowsOfSmaps } from '../report/compareMaps.ts';
import type { FaultsFound } from '../report/faultSearch.ts';
import { replayOutcome } from '../report/replayOutcome.ts';
import type { MapRow } from '../report/vmaRow.ts';
import type { StraceAnswer, SubjectState } from './forkSimApi.ts';
import type { Job } from './job.ts';
import type { InitialVmas, StraceSubject } from './straceSubject.ts';
import { sumUp } from './sumUp.ts';

/** Differences that are listed. */
export const MAX_DIFFERENCES = 1000;

/** What is known besides the log. */
interface Known {
  /** What the process really had mapped at the end; `null`: not known. */
  readonly final: InitialVmas | null;
  readonly faultsFound: FaultsFound | null;
}

/** Sums up a log that was loaded. */
export async function straceAnswer(
  state: SubjectState,
  subject: StraceSubject,
  { final, faultsFound }: Known,
  job: Job,
): Promise<StraceAnswer> {
  const { lines, length, log, replay, steps } = subject;
  const { first, processesSeen } = replay;
  const rows: MapRow[] = [];
  if (final !== null) await sumUp(subject, subject.current, job, rows);
  return {
    ...state,
    lines,
    calls: length,
    unread: log.unread,
    unreadable: log.unreadable,
    mended: log.mended,
    processesSeen,
    outcome: first && replayOutcome(replay, first),
    history: steps.history(first?.space.startVmas ?? 0),
    faults: subject.replayOptions.faults ?? 'on-map',
    faultsFound,
    checkpoints: subject.checkpoints,
    final: final && compareMaps(rowsOfSmaps(final), rows, MAX_DIFFERENCES),
  };
}
