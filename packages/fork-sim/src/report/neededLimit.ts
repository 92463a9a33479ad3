import type { StraceEvent } from 'proc-io';
import { Replay } from '../replay/replay.ts';
import type { LimitFailure } from '../replay/replayNotes.ts';
import type { ReplayOptions } from '../replay/replayOptions.ts';

/** The smallest `max_map_count` with which no call of a log's first process fails for want of room, and the call that needs it. */
export interface NeededLimit {
  /** VMAs. */
  readonly atLeast: number;
  /** What fails first with one less; `null`: nothing ever does. */
  readonly fails: LimitFailure | null;
}

/** Room below the limit that any call asks for, at most; see {@link KernelProfile.mremapRoom}. */
const MOST_ROOM = 8;

/** Events between two looks of whoever lets {@link neededLimitSteps} go on. */
const EVENTS_A_STEP = 64;

/**
 * Finds the limit that a log needs, by replaying it with smaller and smaller ones. A handful of replays: meant for logs that are kept in
 * memory.
 *
 * @param peak highest number of VMAs in a replay without a limit
 */
export function neededLimit(events: readonly StraceEvent[], options: ReplayOptions, peak: number): NeededLimit {
  const steps = neededLimitSteps(events, options, peak);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in small steps, for whoever has other things to do in between. Gives the part of the present replay that is done, 0 to 1. */
export function* neededLimitSteps(
  events: readonly StraceEvent[],
  options: ReplayOptions,
  peak: number,
): Generator<number, NeededLimit> {
  let fails: LimitFailure | null = null;
  function* enough(limit: number): Generator<number, boolean> {
    const failure = yield* replayUntilFailure(events, { ...options, maxMapCount: limit, explain: false });
    if (failure !== null && (fails === null || limit >= fails.maxMapCount)) fails = failure;
    return failure === null;
  }
  // Invariant: `high` is enough, `low` is not.
  let high = peak + MOST_ROOM;
  let low = Math.max(0, peak - MOST_ROOM);
  if (yield* enough(low)) {
    high = low;
    low = 0;
    if (high === 0 || (yield* enough(low))) return { atLeast: 0, fails: null };
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (yield* enough(middle)) high = middle;
    else low = middle;
  }
  return { atLeast: high, fails };
}

function* replayUntilFailure(
  events: readonly StraceEvent[],
  options: ReplayOptions,
): Generator<number, LimitFailure | null> {
  const replay = new Replay(options);
  const failure = (): LimitFailure | null => replay.first?.space.notes.limitFailures.examples[0] ?? null;
  for (const [at, event] of events.entries()) {
    replay.feed(event);
    if (failure() !== null) return failure();
    if (at % EVENTS_A_STEP === 0) yield at / events.length;
  }
  replay.end();
  return failure();
}
