import type { ReplayedProcess } from '../replay/replayedProcess.ts';
import { DEFAULT_FAULTS } from '../replay/replaySpace.ts';
import { compareMaps, type MapComparison, rowsOfSmaps } from '../report/compareMaps.ts';
import { finalOf, unusedMaps } from '../report/finalMaps.ts';
import { replayOutcome } from '../report/replayOutcome.ts';
import type { MapRow } from '../report/vmaRow.ts';
import type { StraceAnswer, SubjectState } from './forkSimApi.ts';
import type { Job } from './job.ts';
import type { StraceSubject } from './straceSubject.ts';
import { sumUp } from './sumUp.ts';

/** Differences that are listed. */
export const MAX_DIFFERENCES = 1000;

/** Sums up a log that was loaded. */
export async function straceAnswer(state: SubjectState, subject: StraceSubject, job: Job): Promise<StraceAnswer> {
  const { final, faultsFound } = subject.known;
  const { lines, length, log, replay, steps } = subject;
  const { first, processesSeen } = replay;
  const compared: { readonly process: ReplayedProcess; readonly file: string; readonly comparison: MapComparison }[] =
    [];
  for (const process of replay.processes) {
    const real = finalOf(final, replay, process);
    if (real === null) continue;
    const rows: MapRow[] = [];
    await sumUp(subject, process.space.process, job, rows);
    const comparison = compareMaps(rowsOfSmaps(real.entries), rows, MAX_DIFFERENCES);
    compared.push({ process, file: real.file, comparison });
  }
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
    faults: subject.replayOptions.faults ?? DEFAULT_FAULTS,
    faultsFound,
    faultsRecorded: subject.replayOptions.faultLog?.length ?? null,
    checkpoints: subject.checkpoints,
    final: compared.find(({ process }) => process === first)?.comparison ?? null,
    otherFinals: compared
      .filter(({ process }) => process !== first)
      .map(({ process, file, comparison }) => ({ ...comparison, pid: process.pid, file })),
    unused: unusedMaps(replay, final),
  };
}
