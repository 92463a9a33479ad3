import { NO_VMA } from 'vma-core';
import { compareMaps, rowsOfSmaps } from '../report/compareMaps.ts';
import { replayOutcome } from '../report/replayOutcome.ts';
import { type MapRow, mapRow, nameOf } from '../report/vmaRow.ts';
import type { StraceAnswer, SubjectState } from './forkSimApi.ts';
import type { Job } from './job.ts';
import type { InitialVmas, StraceSubject } from './straceSubject.ts';
import type { Subject } from './subject.ts';

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
  return {
    ...state,
    lines,
    calls: length,
    unreadable: log.unreadable,
    processesSeen,
    outcome: first && replayOutcome(replay, first),
    history: steps.history(first?.space.startVmas ?? 0),
    final: final && compareMaps(rowsOfSmaps(final), await rowsOfSubject(subject, job), MAX_DIFFERENCES),
  };
}

/** VMAs between two looks at the clock. */
const LOOK_EVERY = 256;

/** The VMAs of the process that a subject shows. @throws CancelledError */
export async function rowsOfSubject(subject: Subject, job: Job): Promise<MapRow[]> {
  const { mm } = subject.current;
  const context = subject.contextOf(subject.current);
  const rows: MapRow[] = [];
  for (let ref = mm.index.first(); ref !== NO_VMA; ref = mm.index.next(ref)) {
    const vma = mm.view(ref);
    rows.push(mapRow(vma, nameOf(vma, context)));
    if (rows.length % LOOK_EVERY !== 0 || !job.due()) continue;
    const part = rows.length / mm.mapCount;
    await job.pause({ doing: 'comparing maps', part, done: rows.length, unit: 'VMAs' });
  }
  return rows;
}
