import type { FailureReason } from '../replay/failures.ts';
import type { ProcessLife } from '../replay/processLives.ts';
import type { Replay } from '../replay/replay.ts';
import { isNotForVmas } from '../words/failureWords.ts';

/** One process of a log in a line: its VMAs, and how many of its calls failed. */
export interface ProcessRow extends Pick<ProcessLife, 'pid' | 'parent' | 'program' | 'exited' | 'startsFrom'> {
  /** VMAs at the start, at most, and at the end of the log or of the process; after an `execve` those of the new program. */
  readonly vmas: { readonly start: number; readonly peak: number; readonly now: number };
  /** Line of the call after which there were most; `null`: never more than at the start. */
  readonly peakLine: number | null;
  /** Calls that failed: all, those at the limit on VMAs, and those for another shortage of memory. */
  readonly failed: number;
  readonly atLimit: number;
  readonly short: number;
}

/** Every process of a log, the first one first. */
export function processRows(replay: Replay): ProcessRow[] {
  return replay.lives.map((life) => {
    const { pid, parent, program, exited, startsFrom, startVmas, peakVmas, peakCall, nowVmas, failures } = life;
    const sum = (which: (one: ProcessLife['failures'][number]) => boolean): number =>
      failures.filter(which).reduce((all, { count }) => all + count, 0);
    return {
      pid,
      parent,
      program,
      exited,
      startsFrom,
      vmas: { start: startVmas, peak: peakVmas, now: nowVmas },
      peakLine: peakCall?.line ?? null,
      failed: sum(() => true),
      atLimit: sum(({ reason }) => AT_LIMIT.has(reason)),
      short: sum(isShort),
    };
  });
}

const AT_LIMIT: ReadonlySet<FailureReason> = new Set(['limit', 'maybeLimit']);

function isShort({ first, ...group }: ProcessLife['failures'][number]): boolean {
  return isNotForVmas({ ...group, first: { line: first.line } });
}

/**
 * The process that a report is about, where nobody says which: with most calls that failed at the limit, then for another shortage, then
 * with most VMAs; of those alike the first. `null`: there is none with a pid.
 */
export function worstProcess(rows: readonly ProcessRow[]): number | null {
  const named = rows.filter(({ pid }) => pid !== null);
  return inOrder(named)[0]?.pid ?? null;
}

/** The rows that a table shows, and those that it leaves out; the worst one first, and always the one that is told of. */
export function shownProcesses(
  rows: readonly ProcessRow[],
  told: number | null,
  most: number,
): { readonly shown: readonly ProcessRow[]; readonly left: readonly ProcessRow[] } {
  const all = inOrder(rows);
  const isFull = all.length > most && !all.slice(0, most).some(({ pid }) => pid === told);
  const kept = all.slice(0, isFull ? most - 1 : most);
  const own = isFull ? all.filter(({ pid }) => pid === told).slice(0, 1) : [];
  const shown = [...kept, ...own];
  return { shown, left: all.filter((row) => !shown.includes(row)) };
}

/** The worst one first; those alike in the order of the log. */
function inOrder(rows: readonly ProcessRow[]): ProcessRow[] {
  return [...rows].sort((a, b) => b.atLimit - a.atLimit || b.short - a.short || b.vmas.peak - a.vmas.peak);
}
