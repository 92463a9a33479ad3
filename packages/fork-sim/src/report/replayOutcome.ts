import type { StraceCall } from 'proc-io';
import type { MergeRule, VmFlags } from 'vma-core';
import type { Process } from '../process/process.ts';
import { type ProcessViolation, validateProcess } from '../process/validateProcess.ts';
import type { Replay } from '../replay/replay.ts';
import type { ReplayedProcess } from '../replay/replayedProcess.ts';
import type { ForkNote, LimitFailure, NotModelled, RefusalExample, RefusalGroup } from '../replay/replayNotes.ts';
import type { MapStart } from '../replay/replaySpace.ts';
import { type FailureRow, failureRows } from './failureRows.ts';
import {
  type CallRef,
  callRef,
  type Found,
  found,
  type OutsideAnswer,
  type WrongAnswer,
  wrongAnswer,
} from './found.ts';
import { orderSentences } from './orderSentences.ts';
import { type ProcessNotes, processNotes } from './processNotes.ts';
import { tracingSentences } from './tracingSentences.ts';
import { type MapRow, mapRow } from './vmaRow.ts';

/** A neighbour that touched a range and did not merge with it. */
export interface RefusalRow extends CallRef, Pick<RefusalExample, 'of' | 'side' | 'refusal'> {
  readonly neighbour: MapRow;
  /** The paths of the open files that the refusal names, by their ids. */
  readonly paths: Readonly<Record<number, string>>;
}

/** Neighbours that touched and did not merge, by one rule. */
export interface RefusalRows extends Found<RefusalRow> {
  readonly rule: MergeRule;
  /** The flags that differ, where it is flags. */
  readonly flags: VmFlags;
}

/** What a replay found out about one process of the log. */
export interface ReplayOutcome {
  /** Its pid in the log, and its parent's; `null`: the log names none. */
  readonly pid: number | null;
  readonly parent: number | null;
  /** What it last exec'ed, as the log has it; `null`: not shown. */
  readonly program: string | null;
  readonly exited: boolean;
  /**
   * What the process is, where its address space is not the one that is modelled: then no place is compared, no result is wrong, and page
   * tables are not its own. `null`: nothing in the log shows that.
   */
  readonly machine: string | null;
  /** What the counts start from; without a map they leave out what was mapped before. */
  readonly startsFrom: MapStart;
  readonly startVmas: number;
  /** Highest number of VMAs after a call. */
  readonly peakVmas: number;
  /** The call that made it; `null`: never more than at the start. */
  readonly peakCall: CallRef | null;
  readonly endVmas: number;
  readonly maxMapCount: number;
  readonly merges: number;
  /** VMAs that are gone in merges. */
  readonly mergedAway: number;
  readonly splits: number;
  /** Calls that were performed. */
  readonly performed: number;
  /** Calls that failed in the log and in the model alike. */
  readonly failedAlike: number;
  /** Mappings without a fixed address whose place was compared. */
  readonly placesChecked: number;
  readonly wrongPlaces: Found<WrongAnswer>;
  /** Calls that came out otherwise in a process of threads whose order the log does not show: neither right nor wrong. */
  readonly unordered: Found<WrongAnswer>;
  /** Calls that came out otherwise behind a call about memory that could not be read; not among the wrong ones. */
  readonly afterUnread: Found<WrongAnswer>;
  readonly wrongResults: Found<WrongAnswer>;
  /** Calls that were refused for a reason outside of the model: neither right nor wrong. */
  readonly outsideResults: Found<OutsideAnswer>;
  /** Calls on memory that was mapped before the log begins. */
  readonly unknownMemory: Found<CallRef>;
  /** Most frequent first; empty unless explanations were asked for. */
  readonly refusals: readonly RefusalRows[];
  readonly notModelled: readonly NotModelled[];
  /** Calls that the limit on the number of VMAs made fail. */
  readonly limitFailures: Found<CallRef & Omit<LimitFailure, 'call'>>;
  /** Calls that failed in the log, each kind with its reason; of the process that is told of those of all. */
  readonly failures: readonly FailureRow[];
  /** Forks in the log, vforks and threads left out. */
  readonly forks: Found<CallRef & Omit<ForkNote, 'call'>>;
  /** Invariants that the model breaks: it is wrong, then. Looked for where that is quick. */
  readonly violations: readonly ProcessViolation[];
  /** What was assumed, in sentences. */
  readonly assumptions: readonly string[];
  /** Of the process that is told of: the notes of every other that has some. */
  readonly others: readonly ProcessNotes[];
}

/** Examples of refusals by one rule. */
const MAX_REFUSALS = 3;

/** What a replay found out about a process. */
export function replayOutcome(replay: Replay, replayed: ReplayedProcess): ReplayOutcome {
  const { pid, parent, program, exited, space } = replayed;
  const { notes, process, startVmas } = space;
  const { stats, mapCount, maxMapCount } = process.mm;
  const { peak } = notes;
  const isTold = replayed === replay.told;
  const tracing = isTold ? tracingSentences(replay.tracing, notes) : [];
  return {
    pid,
    parent,
    program,
    exited,
    machine: notes.machine,
    startsFrom: space.startsFrom,
    startVmas,
    peakVmas: peak.vmas,
    peakCall: peak.call && callRef(peak.call),
    endVmas: mapCount,
    maxMapCount,
    merges: stats.merges,
    mergedAway: stats.mergedAway,
    splits: stats.splits,
    performed: notes.calls,
    failedAlike: notes.failedAlike,
    placesChecked: notes.machine === null ? notes.placesChecked : 0,
    wrongPlaces: found(notes.wrongPlaces, wrongAnswer),
    unordered: found(notes.unordered, wrongAnswer),
    afterUnread: found(notes.afterUnread, wrongAnswer),
    wrongResults: found(notes.wrongResults, wrongAnswer),
    outsideResults: found(notes.outsideResults, (one) => ({ ...wrongAnswer(one), why: one.why })),
    unknownMemory: found(notes.unknownMemory, callRef),
    refusals: notes.refusals.map((group) => refusalRows(replay, group)).sort((a, b) => b.count - a.count),
    notModelled: [...notes.notModelled.values()],
    limitFailures: found(notes.limitFailures, withRef),
    failures: failureRows(replay, replayed),
    forks: found(notes.forks, withRef),
    violations: isQuickToCheck(process) ? validateProcess(process) : [],
    assumptions: [...notes.assumptions, ...orderSentences(notes), ...tracing],
    others: isTold ? processNotes(replay) : [],
  };
}

/** VMAs and pages up to which every one of them is looked at once more. */
const MOST_CHECKED = 1 << 17;

function isQuickToCheck({ mm, pageTable }: Process): boolean {
  const { anon, file } = pageTable.rss;
  return mm.mapCount + anon + file <= MOST_CHECKED;
}

function withRef<T extends { readonly call: StraceCall }>({ call, ...rest }: T): CallRef & Omit<T, 'call'> {
  return { ...callRef(call), ...rest };
}

function refusalRows({ files }: Replay, { rule, flags, count, examples }: RefusalGroup): RefusalRows {
  const rows = examples.slice(0, MAX_REFUSALS).map(({ call, of, side, neighbour, refusal }) => {
    const ids = refusal.rule === 'vmFile' ? [refusal.range ?? 0, refusal.neighbour ?? 0] : [];
    const paths = Object.fromEntries(ids.map((id) => [id, files.pathOf(id)]));
    return { ...callRef(call), of, side, neighbour: mapRow(neighbour, ''), refusal, paths };
  });
  return { rule, flags, count, examples: rows };
}
