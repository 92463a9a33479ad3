import type { StraceEvent } from 'proc-io';
import { Replay } from '../replay/replay.ts';
import type { LimitFailure } from '../replay/replayNotes.ts';
import type { ReplayOptions } from '../replay/replayOptions.ts';
import { type CallRef, callRef } from './found.ts';

/**
 * The smallest `max_map_count` with which no call of a log's first process that succeeded fails for want of room, on one profile. A call that
 * fails in the log asks for nothing.
 */
export interface LimitAnswer {
  readonly profile: string;
  /** VMAs. */
  readonly atLeast: number;
  /** What fails first with one less; `null`: nothing ever does. */
  readonly fails: (CallRef & { readonly errno: string }) | null;
}

/** Room below the limit that any call asks for, at most; see {@link KernelProfile.mremapRoom}. */
const MOST_ROOM = 8;

/**
 * Finds the limit that a log needs, by replaying it with smaller and smaller ones. A handful of replays: meant for logs that are kept in
 * memory.
 *
 * @param peak highest number of VMAs in a replay without a limit
 */
export function neededLimit(events: readonly StraceEvent[], options: ReplayOptions, peak: number): LimitAnswer {
  const search = new LimitSearch(events, options, peak);
  while (search.replay());
  return search.found;
}

/** The search of {@link neededLimit}, one replay at a time. */
export class LimitSearch {
  readonly #events: readonly StraceEvent[];
  readonly #options: ReplayOptions;
  /** VMAs that are too few; -1: not known yet. */
  #low = -1;
  /** VMAs that are enough. */
  #high: number;
  /** The limit to be tried next. */
  #limit: number;
  #fails: LimitFailure | null = null;

  constructor(events: readonly StraceEvent[], options: ReplayOptions, peak: number) {
    this.#events = events;
    this.#options = options;
    this.#high = peak + MOST_ROOM;
    this.#limit = Math.max(0, peak - MOST_ROOM);
  }

  /** The limit, once {@link replay} has answered false. */
  get found(): LimitAnswer {
    const fails = this.#high === 0 ? null : this.#fails;
    return {
      profile: this.#options.profile.name,
      atLeast: this.#high,
      fails: fails && { ...callRef(fails.call), errno: fails.errno },
    };
  }

  /** Replays the log with one more limit; false: that was the last. */
  replay(): boolean {
    const failure = firstFailure(this.#events, { ...this.#options, maxMapCount: this.#limit, explain: false });
    if (failure === null) this.#high = this.#limit;
    else {
      this.#low = this.#limit;
      if (this.#fails === null || this.#limit >= this.#fails.maxMapCount) this.#fails = failure;
    }
    this.#limit = this.#low === -1 ? 0 : Math.floor((this.#low + this.#high) / 2);
    return this.#high - this.#low > 1;
  }
}

function firstFailure(events: readonly StraceEvent[], options: ReplayOptions): LimitFailure | null {
  const replay = new Replay(options);
  const failure = (): LimitFailure | null => replay.told?.space.notes.overLimit ?? null;
  for (const event of events) {
    replay.feed(event);
    if (failure() !== null) return failure();
  }
  replay.end();
  return failure();
}
