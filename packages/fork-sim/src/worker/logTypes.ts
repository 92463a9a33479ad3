import type { ForkNote } from '../replay/replayNotes.ts';
import type { MapSliceInput } from '../report/slices.ts';

/** Bits of a step of a log. The first three are seen only where explanations were asked for. */
export const STEP_MARKS: {
  /** Ranges became one. */
  readonly merged: 1;
  /** A neighbour that touched was asked, and refused. */
  readonly refused: 2;
  readonly split: 4;
  /** The call failed in the log. */
  readonly failed: 8;
  /** The model gives another result, or another place. */
  readonly differs: 16;
  readonly fork: 32;
} = { merged: 1, refused: 2, split: 4, failed: 8, differs: 16, fork: 32 };

/** Name of a bit of {@link STEP_MARKS}. */
export type StepMark = keyof typeof STEP_MARKS;

/** A process of a log that lives at a position. */
export interface LogProcess {
  /** Its pid in the model: what slices ask for. */
  readonly pid: number;
  /** Its pid in the log; `null`: the log names none. */
  readonly logPid: number | null;
  /** Pid of its parent in the log. */
  readonly parent: number | null;
  /** What it last exec'ed, as the log has it. */
  readonly program: string | null;
  readonly vmas: number;
  /** Its page tables, in kB. */
  readonly tablesKb: number;
}

/** What a step of a log did, besides its events. */
export interface LogStep {
  /** The call as strace prints it, without pid and result. */
  readonly text: string;
  /** The result in the log. */
  readonly result: string;
  /** The result of the model where it is another; `null`: the same. */
  readonly model: string | null;
  /** First byte and last byte, exclusive, that the call is about; `null`: no range. */
  readonly range: { readonly start: number; readonly end: number } | null;
  /** Pid in the model of the process whose call it was. */
  readonly caller: number;
  readonly fork: Omit<ForkNote, 'call'> | null;
  /** Every process that lives. */
  readonly processes: readonly LogProcess[];
}

/** VMAs and page tables of a log's first process over its steps, in a bounded number of samples. The arrays are transferred. */
export interface LogHistory {
  /** Steps that a sample stands for; the last one may stand for fewer. */
  readonly every: number;
  /** Most and fewest VMAs after a step of the sample. */
  readonly most: Uint32Array<ArrayBuffer>;
  readonly fewest: Uint32Array<ArrayBuffer>;
  /** Page tables at most, in kB. */
  readonly tablesKb: Uint32Array<ArrayBuffer>;
  /** Bits of {@link STEP_MARKS} that any step of the sample has. */
  readonly marked: Uint8Array<ArrayBuffer>;
  /** Position after which there were most VMAs, the first one; 0: never more than at the start. */
  readonly peak: number;
  /** How many steps have each mark. */
  readonly marks: { readonly [mark in StepMark]: number };
}

/** The same of another process of the log. Where it does not live, the arrays have 0. */
export interface ProcessHistory extends Omit<LogHistory, 'marks' | 'marked'> {
  /** Its pid in the log. */
  readonly logPid: number;
  /** Position after which it is there, and the first after which it is gone; `null`: it lives at the end. */
  readonly from: number;
  readonly to: number | null;
  /** VMAs when it begins, and at most. */
  readonly startVmas: number;
  readonly peakVmas: number;
}

/** Whose history. */
export interface HistoryInput {
  /** Its pid in the log. */
  readonly logPid: number;
}

/** Which steps to list. */
export interface CallsInput {
  /** The first, from 1. */
  readonly from: number;
  /** How many; at most 1,000. */
  readonly count: number;
}

/** A step of a log in a list. */
export interface CallRow {
  /** From 1: the position after it. */
  readonly step: number;
  /** Line on which the call begins. */
  readonly line: number;
  /** The line itself, and what a later line says of its result. */
  readonly text: string;
  /** Bits of {@link STEP_MARKS}. */
  readonly marks: number;
}

/** Which step to look for. */
export type FindStepInput = {
  /** The search begins beside this position. */
  readonly from: number;
  readonly back?: boolean;
} & ({ readonly mark: StepMark } | { readonly line: number });

/** A call that one kernel or both answer other than the log. */
export interface ResultDifference {
  /** Position after the call. */
  readonly step: number;
  readonly line: number;
  readonly call: string;
  readonly log: string;
  /** The two kernels' results. */
  readonly results: readonly [string, string];
}

/** Which VMAs to describe. */
export interface VmasInput extends Pick<MapSliceInput, 'pid' | 'from'> {
  /** VMAs at most; default and most 512. */
  readonly max?: number;
}
