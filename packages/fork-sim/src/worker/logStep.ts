import type { StraceCall } from 'proc-io';
import { pageAlign } from 'vma-core';
import type { PerformedCall, Replay } from '../replay/replay.ts';
import type { WrongResult } from '../replay/replayNotes.ts';
import { callText } from '../report/found.ts';
import { type LogProcess, type LogStep, STEP_MARKS } from './logTypes.ts';

/** A call that goes another way in the model than the log says. */
export interface Mismatch {
  /** Position after the call. */
  readonly step: number;
  readonly line: number;
  readonly call: string;
  readonly log: string;
  readonly model: string;
}

/** What the step that was performed just now did. */
export function logStep({ call, process }: PerformedCall, replay: Replay): LogStep {
  const { space } = process;
  const { mismatch } = space.notes;
  return {
    text: callText(call),
    result: resultOf(call),
    model: mismatch === null ? null : showResult(call, mismatch.model),
    range: stepRange(call),
    caller: space.process.pid,
    fork: forkOf(space.fork),
    processes: replay.processes.filter(({ exited }, at) => at === 0 || !exited).map(logProcess),
  };
}

/** The bits of {@link STEP_MARKS} of a step that was performed just now. */
export function marksOf({ call, process }: PerformedCall): number {
  const { events, notes, fork } = process.space;
  let marks = call.errno === null ? 0 : STEP_MARKS.failed;
  for (const { kind } of events) marks |= STEP_MARKS[kind];
  if (notes.mismatch !== null) marks |= STEP_MARKS.differs;
  if (fork !== null) marks |= STEP_MARKS.fork;
  return marks;
}

/** @param step position after the call */
export function mismatchOf(step: number, { call, log, model }: WrongResult): Mismatch {
  return { step, line: call.line, call: callText(call), log: showResult(call, log), model: showResult(call, model) };
}

function resultOf(call: StraceCall): string {
  return call.errno ?? (call.ret === null ? '?' : showResult(call, call.ret));
}

/** An address in hex, a number or a name as it is. */
function showResult(call: StraceCall, result: string | number): string {
  return typeof result === 'number' && answersAddress(call) ? `0x${result.toString(16)}` : String(result);
}

function forkOf(fork: PerformedCall['process']['space']['fork']): LogStep['fork'] {
  if (fork === null) return null;
  const { call: _, ...rest } = fork;
  return rest;
}

function logProcess({ pid, parent, program, space }: PerformedCall['process']): LogProcess {
  const { pid: modelPid, mm, pageTable } = space.process;
  return { pid: modelPid, logPid: pid, parent, program, vmas: mm.mapCount, tablesKb: pageTable.vmPteKb };
}

/** The range of addresses that a call is about: where it mapped, what it changed. `null`: it names none. */
function stepRange(call: StraceCall): { start: number; end: number } | null {
  const { addr = null, length = null, newLength = null } = call.args as Readonly<Record<string, unknown>>;
  const size = typeof newLength === 'number' ? newLength : typeof length === 'number' ? length : 0;
  const placed = answersAddress(call) && call.errno === null;
  const start = placed ? call.ret : typeof addr === 'number' ? addr : null;
  if (start === null || start <= 0 || !Number.isSafeInteger(start)) return null;
  return { start, end: start + Math.max(1, pageAlign(size)) };
}

/** Does the call answer with an address? */
function answersAddress({ name }: StraceCall): boolean {
  return PLACES.has(name);
}

const PLACES: ReadonlySet<string> = new Set([
  'mmap',
  'mmap2',
  'old_mmap',
  'mremap',
  'brk',
  'shmat',
  'map_shadow_stack',
]);
