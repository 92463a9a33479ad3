import { NO_VMA } from 'vma-core';
import { compareMaps, type MapRow, rowOfVma, rowsOfSmaps } from '../report/compareMaps.ts';
import { nameOfVma } from '../report/nameOfVma.ts';
import type { StraceAnswer, SubjectState } from './forkSimApi.ts';
import type { FinalAnswer } from './logTypes.ts';
import type { Pacer } from './pacer.ts';
import { replayOutcome } from './replayOutcome.ts';
import type { InitialVmas, StraceSubject } from './straceSubject.ts';
import type { Subject } from './subject.ts';

/** Differences that are listed. */
const MAX_DIFFERENCES = 1000;

/** @param final what the process really had mapped at the end; `null`: not known */
export async function straceAnswer(
  state: SubjectState,
  subject: StraceSubject,
  final: InitialVmas | null,
  pacer: Pacer,
): Promise<StraceAnswer> {
  const { lines, length, log, replay, steps } = subject;
  return {
    ...state,
    lines,
    calls: length,
    unreadable: log.unreadable,
    outcome: replayOutcome(replay),
    history: steps.history(replay.first?.space.startVmas ?? 0),
    final: final === null ? null : compared(rowsOfSmaps(final), await rowsOfSubject(subject, pacer)),
  };
}

/** VMAs between two looks at the clock. */
const LOOK_EVERY = 256;

/** The VMAs of the process that a subject shows. @throws CancelledError */
export async function rowsOfSubject(subject: Subject, pacer: Pacer): Promise<MapRow[]> {
  const { mm } = subject.current;
  const context = subject.contextOf(subject.current);
  const rows: MapRow[] = [];
  for (let ref = mm.index.first(); ref !== NO_VMA; ref = mm.index.next(ref)) {
    const vma = mm.view(ref);
    rows.push(rowOfVma(vma, context === null ? '' : nameOfVma(context.files, context.space, vma)));
    if (rows.length % LOOK_EVERY !== 0 || !pacer.due()) continue;
    const part = rows.length / mm.mapCount;
    await pacer.pause({ doing: 'comparing maps', part, done: rows.length, unit: 'VMAs' });
  }
  return rows;
}

/** Two maps compared, with a bounded list of what differs. */
export function compared(real: readonly MapRow[], model: readonly MapRow[]): FinalAnswer {
  const { differences, ...counts } = compareMaps(real, model);
  return { ...counts, differing: differences.length, differences: differences.slice(0, MAX_DIFFERENCES) };
}
