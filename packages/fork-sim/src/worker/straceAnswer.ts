import { compareMaps, rowsOfSmaps } from '../report/compareMaps.ts';
import { replayOutcome } from '../report/replayOutcome.ts';
import type { MapRow } from '../report/vmaRow.ts';
import type { StraceAnswer, SubjectState } from './forkSimApi.ts';
import type { Job } from './job.ts';
import type { InitialVmas, StraceSubject } from './straceSubject.ts';
import { sumUp } from './sumUp.ts';

/** Differences that are listed. */
export const MAX_DIFFERENCES = 1000;

/** @param final what the process really had mapped at the end; `null`: not known */
export async function straceAnswer(
  state: SubjectState,
  subject: StraceSubject,
  final: InitialVmas | null,
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
    final: final && compareMaps(rowsOfSmaps(final), rows, MAX_DIFFERENCES),
  };
}
