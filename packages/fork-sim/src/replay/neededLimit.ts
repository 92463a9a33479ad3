import type { StraceEvent } from 'proc-io';
import { Replay, type ReplayOptions } from './replay.ts';
import type { LimitFailure } from './replayNotes.ts';

/** The smallest `max_map_count` with which no call of a log's first process fails for want of room, and the call that needs it. */
export interface NeededLimit {
  /** VMAs. */
  readonly atLeast: number;
  /** What fails first with one less; `null`: nothing ever does. */
  readonly fails: LimitFailure | null;
}

/** Room below the limit that any call asks for, at most; see {@link KernelProfile.mremapRoom}. */
const MOST_ROOM = 8;

/**
 * Finds the limit that a log needs, by replaying it with smaller and smaller ones. A handful of replays: meant for logs that are kept in
 * memory.
 *
 * @param peak highest number of VMAs in a replay without a limit
 */
export function neededLimit(events: readonly StraceEvent[], options: ReplayOptions, peak: number): NeededLimit {
  let fails: LimitFailure | null = null;
  const firstFailure = (limit: number): LimitFailure | null => {
    const failure = replayUntilFailure(events, { ...options, maxMapCount: limit, explain: false });
    if (failure !== null && (fails === null || limit >= fails.maxMapCount)) fails = failure;
    return failure;
  };
  // Invariant: `high` is enough, `low` is not.
  let high = peak + MOST_ROOM;
  let low = Math.max(0, peak - MOST_ROOM);
  if (firstFailure(low) === null) {
    high = low;
    low = 0;
    if (high === 0 || firstFailure(low) === null) return { atLeast: 0, fails: null };
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (firstFailure(middle) === null) high = middle;
    else low = middle;
  }
  return { atLeast: high, fails };
}

function replayUntilFailure(events: readonly StraceEvent[], options: ReplayOptions): LimitFailure | null {
  const replay = new Replay(options);
  const failure = (): LimitFailure | null => replay.first?.space.notes.limitFailures.examples[0] ?? null;
  for (const event of events) {
    replay.feed(event);
    if (failure() !== null) return failure();
  }
  replay.end();
  return failure();
}
