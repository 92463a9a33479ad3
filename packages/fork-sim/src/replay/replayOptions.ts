import type { FaultLog, SmapsEntry, StraceCall } from 'proc-io';
import type { KernelProfile } from 'vma-core';
import type { FaultAssumption, ReplaySpace, SettledListener } from './replaySpace.ts';
import type { WriteTimes } from './writeTimes.ts';

/** How a log is replayed. */
export interface ReplayOptions {
  readonly profile: KernelProfile;
  /** Which VMAs are taken to have an anon_vma. Default `on-map`. */
  readonly faults?: FaultAssumption;
  /** When memory is written that is not left to {@link faults}. */
  readonly writes?: WriteTimes;
  /** Page faults that were recorded beside the log: then nothing is assumed, and {@link faults} and {@link writes} do not count. */
  readonly faultLog?: FaultLog;
  /** Told of every range that a call made or changed. */
  readonly settled?: SettledListener;
  /** Default: as the initial smaps shows it; without one, false. */
  readonly softDirty?: boolean;
  /** Default 65,530. */
  readonly maxMapCount?: number;
  /** Bytes that the model may take; past it, OutOfMemoryError. Default: no limit. */
  readonly maxBytes?: number;
  /**
   * What a process has mapped right after its `execve` (or, for a log that begins in the middle, at its first line), by pid;
   * `first`: of the first process of the log, where its pid is not known beforehand.
   */
  readonly initial?: ReadonlyMap<number | 'first', readonly SmapsEntry[]>;
  /** What processes that exec again have mapped after their second execve, after their third, and so on, by pid; default: as after the first. */
  readonly execMaps?: ReadonlyMap<number, readonly (readonly SmapsEntry[])[]>;
  /** What is to be said of the input: sentences, which become assumptions of the first process. */
  readonly notes?: readonly string[];
  /** The lines of threads are not in the order in which they were made: files of `strace -ff` without times. What differs then is not judged. */
  readonly threadOrderUnknown?: boolean;
  /** Collect why neighbours did not merge. Costs time; default true. */
  readonly explain?: boolean;
  /** Other calls to perform instead of one, for a what-if; asked just before the call is performed. */
  readonly rewrite?: (space: ReplaySpace, call: StraceCall) => readonly StraceCall[];
  /** The process that is told of, by its pid in the log; it is kept after it has exited. Default: the first. */
  readonly process?: number;
  /** Processes that are kept after they have exited, besides the first one; default none. */
  readonly keep?: ReadonlySet<number>;
}
