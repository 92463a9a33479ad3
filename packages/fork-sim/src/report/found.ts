import { formatStraceArgs, type StraceCall } from 'proc-io';
import type { OutsideResult, WrongResult } from '../replay/replayNotes.ts';

/** A call of a log. */
export interface CallRef {
  /** Line on which it begins, from 1. */
  readonly line: number;
  /** The call as strace prints it, without pid and result. */
  readonly call: string;
}

/** How often something was found, and the first few of it. */
export interface Found<T> {
  readonly count: number;
  readonly examples: readonly T[];
}

/** A result or a place that is another in the model: an errno, an address or a number. */
export interface WrongAnswer extends CallRef {
  readonly log: string | number;
  readonly model: string | number;
}

/** A call that was refused for a reason outside of the model. */
export interface OutsideAnswer extends WrongAnswer, Pick<OutsideResult, 'why'> {}

/** A call, for a reader. */
export function callRef(call: StraceCall): CallRef {
  return { line: call.line, call: callText(call) };
}

/** A call as strace prints it, without pid and result. */
export function callText(call: StraceCall): string {
  const name = call.name === 'unmodelled' ? call.args.syscall : call.name;
  return `${name}(${formatStraceArgs(call)})`;
}

/** A count with its examples, for a reader. */
export function found<T, Shown>({ count, examples }: Found<T>, show: (one: T) => Shown): Found<Shown> {
  return { count, examples: examples.map(show) };
}

/** A wrong result or place, for a reader. */
export function wrongAnswer({ call, log, model }: WrongResult): WrongAnswer {
  return { ...callRef(call), log, model };
}
