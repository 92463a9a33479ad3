import type { MergeRule } from 'vma-core';
import type { Replay } from '../replay/replay.ts';

/** What a replay noticed in the log's first process, as plain data. */
export interface ReplayOutcome {
  readonly startVmas: number;
  /** Highest number of VMAs after a call. */
  readonly peakVmas: number;
  /** Line of the call that made it; `null`: never more than at the start. */
  readonly peakLine: number | null;
  readonly endVmas: number;
  readonly merges: number;
  readonly splits: number;
  /** Calls that were performed. */
  readonly performed: number;
  /** Neighbours that touched and did not merge, by rule, most frequent first; empty unless explanations were asked for. */
  readonly refusals: readonly RefusalCount[];
  /** Calls whose result, and mappings whose place, is another in the model. */
  readonly wrongResults: number;
  readonly wrongPlaces: number;
  /** Calls on memory that was mapped before the log begins. */
  readonly unknownMemory: number;
  readonly notModelled: readonly { readonly name: string; readonly why: string; readonly count: number }[];
  /** Calls that the limit on the number of VMAs made fail. */
  readonly limitFailures: number;
  readonly assumptions: readonly string[];
  /** Processes that the log has shown. */
  readonly processes: number;
}

/** Refusals by one rule. */
export interface RefusalCount {
  readonly rule: MergeRule;
  /** What differs, such as the letters of the flags; empty where the rule says it all. */
  readonly detail: string;
  readonly count: number;
  /** Line of the first call. */
  readonly line: number | null;
}

/** Sums a replay up. */
export function replayOutcome(replay: Replay): ReplayOutcome | null {
  const space = replay.first?.space;
  if (space === undefined) return null;
  const { notes, process } = space;
  const { stats, mapCount } = process.mm;
  return {
    startVmas: space.startVmas,
    peakVmas: notes.peak.vmas,
    peakLine: notes.peak.call?.line ?? null,
    endVmas: mapCount,
    merges: stats.merges,
    splits: stats.splits,
    performed: notes.calls,
    refusals: [...notes.refusals.values()]
      .map(({ rule, detail, count, examples }) => ({ rule, detail, count, line: examples[0]?.call.line ?? null }))
      .sort((a, b) => b.count - a.count),
    wrongResults: notes.wrongResults.count,
    wrongPlaces: notes.wrongPlaces.count,
    unknownMemory: notes.unknownMemory.count,
    notModelled: [...notes.notModelled.values()].map(({ name, why, count }) => ({ name, why, count })),
    limitFailures: notes.limitFailures.count,
    assumptions: [...notes.assumptions],
    processes: replay.processesSeen,
  };
}
