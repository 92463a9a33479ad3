import type { StraceCall, UnreadableLine } from 'proc-io';
import type { KernelProfile, MmEvent, NeedsCopyReason } from 'vma-core';
import type { AccessFault, AccessKind } from '../process/access.ts';
import type { ForkDecision } from '../process/fork.ts';
import type { WorldOptions } from '../process/process.ts';
import type { FaultAssumption } from '../replay/replaySpace.ts';
import type { CheckpointResult } from '../report/checkpointResult.ts';
import type { MapComparison } from '../report/compareMaps.ts';
import type { FaultsFound } from '../report/faultSearch.ts';
import type { MapSummary } from '../report/mapSummary.ts';
import type { ReplayOutcome } from '../report/replayOutcome.ts';
import type { MapSlice } from '../report/slices.ts';
import type { RunOptions } from '../scenario/arena.ts';
import type { Scenario, StepRecord } from '../scenario/scenario.ts';
import type { TraceOptions } from '../trace/trace.ts';
import type { UnusedMap } from '../words/unusedMapWords.ts';
import type { LogHistory, LogStep, ResultDifference } from './logTypes.ts';

/**
 * Text from anywhere: a string, a `File` or `Blob` (which stays where it is and is read piece by piece), a stream of bytes
 * or bytes (both are transferred, and can be used no more by the sender). Gzip is recognised by its first two bytes.
 */
export type TextSource = string | Blob | ReadableStream<Uint8Array> | Uint8Array | ArrayBuffer;

/** What a call has done so far. */
export interface Progress {
  /** What it is doing, in words. */
  readonly doing: string;
  /** Part done, 0 to 1; `null` where the whole is not known. */
  readonly part: number | null;
  /** How much is done, in `unit`. */
  readonly done: number;
  readonly unit: 'PTEs' | 'lines' | 'steps' | 'pages' | 'tables' | 'VMAs';
}

/** How a long call is watched and ended. */
export interface JobControl {
  /**
   * Ends the call with a CancelledError, within half a second or so: between two VMAs of a fork, two calls of a log,
   * two steps of a scenario, two touched pages. Everything else runs to its end at once: a `munmap` of gigabytes,
   * `buildAnon`, `readMap`, `readPages` and `readTables` of any size, and the making of VMAs of a smaps that was read.
   * With millions of VMAs or pages that takes more than half a second.
   */
  readonly signal?: AbortSignal;
  /** Told of progress, about every 50 ms; never faster than it is listened to. */
  readonly onProgress?: (progress: Progress) => void;
  /** Told of what fork decides, in address order, a batch at a time, while it runs. */
  readonly onDecisions?: (batch: readonly DecisionRecord[]) => void;
}

/** What fork did with one VMA, as plain data. */
export interface DecisionRecord extends Pick<ForkDecision, 'action' | 'ptes' | 'tables'> {
  /** First byte of the parent's VMA. */
  readonly start: number;
  /** Its last byte, exclusive. */
  readonly end: number;
  /** Its flags, in the letters of smaps. */
  readonly flags: string;
  /** Its open file, or `null`. */
  readonly file: number | null;
  /** The rule by which `vmaNeedsCopy` answered; `null` where it was not asked. */
  readonly rule: NeedsCopyReason['rule'] | null;
  /** The flags that the rule found, in the letters of smaps; empty for the other rules. */
  readonly because: string;
}

/** What is loaded, and where in it one stands. */
export interface SubjectState {
  readonly kind: 'scenario' | 'strace' | 'smaps' | 'process';
  /** File name, id of the scenario. */
  readonly name: string;
  /** Name of the kernel profile. */
  readonly kernel: string;
  /** Steps done: 0 is before the first. */
  readonly position: number;
  /** Steps there are; 0 for what has none. */
  readonly length: number;
  /** The process that slices show unless told otherwise. */
  readonly pid: number;
  /** Every process that lives. */
  readonly pids: readonly number[];
  /** VMAs of that process. */
  readonly vmas: number;
  /** Its page tables, in kB. */
  readonly tablesKb: number;
  /** Bytes that the model takes, of the `maxBytes` that it may: VMAs, page tables, frames and what is in them, page caches. */
  readonly modelBytes: number;
}

/** What a step shows besides the world. */
export interface StepShown {
  /** A scenario's step, with the state after it; `null` at position 0 and for other subjects. */
  readonly record: StepRecord | null;
  /** A log's call; `null` at position 0 and for other subjects. */
  readonly call: StraceCall | null;
  /** Merges, splits and refusals of a log's step, in their order; empty for other subjects. */
  readonly events: readonly MmEvent[];
  /** What else a log's step did; `null` at position 0 and for other subjects. */
  readonly log: LogStep | null;
}

/** A step of what is loaded. */
export interface StepAnswer extends SubjectState, StepShown {}

export interface LoadScenarioInput {
  /** A scenario, or the line of JSON that holds one. */
  readonly scenario: Scenario | string;
  /** Name for error messages. */
  readonly name?: string;
  readonly options?: RunOptions;
}

export interface LoadStraceInput {
  readonly source: TextSource;
  /** Name for error messages; a `File` has its own. */
  readonly name?: string;
  /** The process's smaps when the log begins. */
  readonly initial?: TextSource;
  /** The process's smaps when the log ends, to compare with. */
  readonly final?: TextSource;
  /** The smaps of a process when every call that begins on a line or before it was done, to compare with; without a pid: of the first. */
  readonly checkpoints?: readonly {
    readonly line: number;
    readonly pid?: number;
    readonly source: TextSource;
    readonly name?: string;
  }[];
  /** What other processes of the log had mapped when they began, and at the end. */
  readonly maps?: readonly {
    readonly map: 'initial' | 'final';
    readonly pid: number;
    /** Of `initial`: after which `execve` of the process; default 1, the first. */
    readonly exec?: number;
    readonly source: TextSource;
    readonly name?: string;
  }[];
  /**
   * The page faults that `perf` recorded beside the log, as `perf script` prints them: then nothing is assumed. They do not count where
   * {@link faults} asks for an assumption.
   */
  readonly faultLog?: TextSource;
  /**
   * Which VMAs are taken to have been written. Default: `on-map`, or where that does not lead to the final map, what does. `infer`: what comes
   * nearest to it.
   */
  readonly faults?: FaultAssumption | 'infer';
  /** The log was put together from files without times: what differs in a process of threads is not judged. */
  readonly threadOrderUnknown?: boolean;
  /** Collect why neighbours did not merge. Costs time; default true. */
  readonly explain?: boolean;
  readonly options?: Pick<WorldOptions, 'profile' | 'softDirty' | 'maxMapCount' | 'maxBytes'>;
}

/** A whole log, replayed. */
export interface StraceAnswer extends SubjectState {
  /** Lines of the log. */
  readonly lines: number;
  /** Calls that concern memory. */
  readonly calls: number;
  /** Lines that could not be read, and the first 1,000 of them, of which the first 1,000 characters are kept. */
  readonly unread: number;
  readonly unreadable: readonly UnreadableLine[];
  /** Lines that could be read once something foreign was taken off: quoting, colours, wrapping. */
  readonly mended: number;
  /** Processes that the log has shown. */
  readonly processesSeen: number;
  /** What became of the first process; `null`: the log holds no call. */
  readonly outcome: ReplayOutcome | null;
  /** VMAs and page tables over the steps. */
  readonly history: LogHistory;
  /** Which VMAs are taken to have been written. */
  readonly faults: FaultAssumption;
  /** The real maps at lines of the log, compared. */
  readonly checkpoints: readonly CheckpointResult[];
  /** Page faults that lead to the real map, where those assumed do not; `null`: they do, or nothing was looked for. */
  readonly faultsFound: FaultsFound | null;
  /** Page faults that were recorded beside the log, so that nothing is assumed; `null`: none were. */
  readonly faultsRecorded: number | null;
  /** The model's map at the end beside the real one; `null`: none was given. */
  readonly final: MapComparison | null;
  /** The same of other processes, in the order in which the log shows them. */
  readonly otherFinals: readonly (MapComparison & { readonly pid: number | null; readonly file: string })[];
  /** Maps that were given and belong to no process of the log. */
  readonly unused: readonly UnusedMap[];
}

/** A map of a process, loaded. */
export interface SmapsState extends SubjectState {
  /** What the file does not tell, and what was taken instead: sentences. */
  readonly notes: readonly string[];
}

export interface LoadSmapsInput {
  readonly source: TextSource;
  readonly name?: string;
  readonly options?: WorldOptions;
}

export interface BuildAnonInput {
  /** Size, in bytes: whole pages. */
  readonly bytes: number;
}

/** Anonymous memory that was mapped and written. */
export interface BuildAnonAnswer {
  /** First byte. */
  readonly addr: number;
  /** Pages that are resident in it. */
  readonly pages: number;
}

export interface ForkInput {
  /** Whose fork; default: the current process. */
  readonly pid?: number;
}

/** A fork, summed up. The decisions themselves are streamed: {@link JobControl.onDecisions}. */
export interface ForkAnswer {
  /** The child, which lives until it exits. */
  readonly child: number;
  /** VMAs by what became of them. */
  readonly copied: number;
  readonly refaulted: number;
  readonly wiped: number;
  readonly skipped: number;
  /** PTEs copied. */
  readonly ptes: number;
  /** Page-table pages of the child. */
  readonly tables: number;
}

export interface TouchInput {
  readonly pid?: number;
  /** First byte. */
  readonly addr: number;
  /** Pages touched. */
  readonly pages: number;
  /** Every how-manieth page; default 1. */
  readonly stride?: number;
  readonly access: AccessKind;
}

/** What touching pages cost. */
export interface TouchAnswer {
  /** Faults on pages that fork left to refault: nothing was mapped, in a VMA whose page tables were not copied. */
  readonly refaults: number;
  /** Other faults on pages where nothing was mapped. */
  readonly firstFaults: number;
  /** Writes to pages that were mapped read-only: copied, or made writable where nobody else has them. */
  readonly writeFaults: number;
  /** Pages touched without a fault. */
  readonly mapped: number;
  /** Accesses that raise a signal, by kind. */
  readonly signals: { readonly [kind in AccessFault]: number };
  /** Pages resident in the process now that were not before: more than the faults where fault-around maps neighbours. */
  readonly residentGain: number;
}

export interface ExitInput {
  readonly pid: number;
}

/** Two profiles, or names of profiles, for one input. */
export interface CompareInput {
  readonly input:
    | { readonly kind: 'scenario'; readonly load: LoadScenarioInput }
    | { readonly kind: 'strace'; readonly load: LoadStraceInput }
    | { readonly kind: 'smaps'; readonly load: LoadSmapsInput };
  readonly profiles: readonly [NonNullable<WorldOptions['profile']>, NonNullable<WorldOptions['profile']>];
}

/** One side of a comparison. */
export interface CompareSide {
  readonly kernel: string;
  /** A scenario's steps; `null` for a log. */
  readonly steps: readonly StepRecord[] | null;
  /** What became of a log; `null` for a scenario. */
  readonly outcome: ReplayOutcome | null;
  /** The map at the end. */
  readonly map: MapSlice;
  /** The map in figures; `null` for a scenario. */
  readonly summary: MapSummary | null;
}

/** The same input on two kernels. */
export interface CompareAnswer {
  readonly sides: readonly [CompareSide, CompareSide];
  /** Steps of the scenario whose records differ, from 0; for a log: empty. */
  readonly differs: readonly number[];
  /** True where the maps at the end are the same, VMA by VMA. */
  readonly sameMap: boolean;
  /** The two maps of a log or a smaps, the first in the place of the real one; `null` for a scenario. */
  readonly maps: MapComparison | null;
  /** Calls of a log that the two kernels answer differently, at most 1,000. */
  readonly results: readonly ResultDifference[];
}

/** A litmus file to be judged. */
export interface JudgeInput {
  readonly text: string;
  /** In errors, and of the file where it gives itself none. */
  readonly name?: string;
  /** Profiles, their names, or versions. */
  readonly kernels: readonly (KernelProfile | string)[];
}

/** A scenario to be traced. */
export interface TraceInput extends Omit<LoadScenarioInput, 'options'> {
  readonly options: TraceOptions;
}

/** What is asked of a log or a smaps that were another. */
export interface WhatIfInput {
  /** A longer inaccessible range is a reserve, not a guard; bytes. Default 64 KiB. */
  readonly longestGuard?: number;
}

/** Which pairs of neighbours are asked about. */
export interface WhyInput {
  /** The process, by its pid in the model; default: the one that is shown. */
  readonly pid?: number;
  /** Ask about this address too; bytes. */
  readonly address?: number;
}

/** Two maps to be compared. */
export interface MapDiffInput {
  readonly from: TextSource;
  readonly to: TextSource;
}

/** What a report is to be about. */
export interface OverviewInput extends WhatIfInput {
  /** A process of the log, by its pid there. Default: the one with most failing calls, or most VMAs. */
  readonly process?: number;
}

/** The input of a call that takes none. */
export type NoInput = Readonly<Record<string, never>>;
