import type { FailureGroup } from '../replay/failures.ts';
import type { Replay } from '../replay/replay.ts';
import type { ReplayedProcess } from '../replay/replayedProcess.ts';
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

/** The failing calls of a process; of the one that is told of those of every other, too. What the limits of memory and VMAs explain comes first. */
export function failureRows(replay: Replay, replayed: ReplayedProcess): FailureRow[] {
  const own = [{ pid: replayed.pid, failures: replayed.space.notes.failures.groups }];
  const rows = (replayed === replay.told ? replay.lives : own).flatMap(({ pid, failures }) =>
    failures.map(({ first, ...group }) => ({ ...group, first: callRef(first), pid })),
  );
  return rows.sort((a, b) => rankOf(a) - rankOf(b) || b.count - a.count);
}

const SHORTAGE: ReadonlySet<string> = new Set(['ENOMEM', 'EAGAIN', 'refused']);

/** What is asked for most often comes first: the limit, other shortages, then all else. */
function rankOf({ reason, errno }: FailureRow): number {
  if (reason === 'limit') return 0;
  if (reason === 'maybeLimit') return 1;
  if (!SHORTAGE.has(errno)) return reason === 'differs' ? 4 : 5;
  return reason === 'notMapped' ? 3 : 2;
}
