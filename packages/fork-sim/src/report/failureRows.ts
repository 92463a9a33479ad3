import type { FailureGroup } from '../replay/failures.ts';
import type { Replay } from '../replay/replay.ts';
import type { ReplayedProcess } from '../replay/replayProcesses.ts';
import { type CallRef, callRef } from './found.ts';

/** Calls that failed in the log, alike and for one reason. */
export interface FailureRow extends Pick<FailureGroup, 'name' | 'errno' | 'reason' | 'why' | 'count' | 'vmas'> {
  /** The first of them. */
  readonly first: CallRef;
  /** Lines of the first ones. */
  readonly lines: readonly number[];
  /** Whose calls they are, by pid of the log; `null`: the log names none. */
  readonly pid: number | null;
}

/** The failing calls of a process; of the first one those of every other, too. What the limits of memory and VMAs explain comes first. */
export function failureRows(replay: Replay, replayed: ReplayedProcess): FailureRow[] {
  const own = [{ pid: replayed.pid, notes: replayed.space.notes }];
  const others = replayed === replay.first ? othersOf(replay, replayed) : [];
  const rows = [...own, ...others].flatMap(({ pid, notes }) =>
    notes.failures.groups.map(({ first, ...group }) => ({ ...group, first: callRef(first), pid })),
  );
  return rows.sort((a, b) => rankOf(a) - rankOf(b) || b.count - a.count);
}

function othersOf({ processes, past }: Replay, first: ReplayedProcess): Pick<(typeof past)[number], 'pid' | 'notes'>[] {
  const spaces = new Set([first.space]);
  const alive = processes.filter(({ space }) => !spaces.has(space) && spaces.add(space));
  return [...past, ...alive.map(({ pid, space }) => ({ pid, notes: space.notes }))];
}

const SHORTAGE: ReadonlySet<string> = new Set(['ENOMEM', 'EAGAIN', 'refused']);

/** What is asked for most often comes first: the limit, other shortages, then all else. */
function rankOf({ reason, errno }: FailureRow): number {
  if (reason === 'limit') return 0;
  if (reason === 'maybeLimit') return 1;
  if (!SHORTAGE.has(errno)) return reason === 'differs' ? 4 : 5;
  return reason === 'notMapped' ? 3 : 2;
}
