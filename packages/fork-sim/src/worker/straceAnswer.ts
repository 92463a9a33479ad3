import { compareMaps, type MapRow, rowsOfProcess, rowsOfSmaps } from '../replay/compareMaps.ts';
import { nameOfVma } from '../replay/nameOfVma.ts';
import type { StraceAnswer, SubjectState } from './forkSimApi.ts';
import type { FinalAnswer } from './logTypes.ts';
import { replayOutcome } from './replayOutcome.ts';
import type { InitialVmas, StraceSubject } from './straceSubject.ts';
import type { Subject } from './subject.ts';

/** Differences that are listed. */
const MAX_DIFFERENCES = 1000;

/** @param final what the process really had mapped at the end; `null`: not known */
export function straceAnswer(state: SubjectState, subject: StraceSubject, final: InitialVmas | null): StraceAnswer {
  const { lines, length, unreadable, replay, steps } = subject;
  return {
    ...state,
    lines,
    calls: length,
    unreadable,
    outcome: replayOutcome(replay),
    history: steps.history(replay.first?.space.startVmas ?? 0),
    final: final === null ? null : compared(rowsOfSmaps(final), rowsOfSubject(subject)),
  };
}

/** The VMAs of the process that a subject shows. */
export function rowsOfSubject(subject: Subject): MapRow[] {
  const context = subject.contextOf(subject.current);
  return rowsOfProcess(subject.current, (vma) =>
    context === null ? '' : nameOfVma(context.files, context.space, vma),
  );
}

/** Two maps compared, with a bounded list of what differs. */
export function compared(real: readonly MapRow[], model: readonly MapRow[]): FinalAnswer {
  const { differences, ...counts } = compareMaps(real, model);
  return { ...counts, differing: differences.length, differences: differences.slice(0, MAX_DIFFERENCES) };
}
