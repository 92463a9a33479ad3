import { type FaultLog, InputError, type StraceCall } from 'proc-io';
import { NO_VMA } from 'vma-core';
import { expandStack } from 'vma-core/calls';
import { anonVmaPrepare } from 'vma-core/merge';
import { isWritten } from './boundedPageOps.ts';
import type { ReplayedProcess } from './replayedProcess.ts';
import type { ReplaySpace } from './replaySpace.ts';

/** The processor's bit for a write. */
const WRITE = 2;

/** The clocks of two recorders differ by whole quarters of an hour: the time zone, or the day that a log leaves out. */
const QUARTER = 900;

/**
 * Performs recorded page faults between the calls of a log, by their times: those of an address space before its next call. A fault of a
 * thread that no call has shown yet waits for it.
 */
export class FaultEvents {
  readonly #log: FaultLog;
  readonly #find: (tid: number) => ReplayedProcess | undefined;
  readonly #pending = new Map<ReplaySpace, number[]>();
  readonly #orphans = new Map<number, number[]>();
  #next = 0;
  /** Seconds from the faults' clock to the log's; `null`: not known yet. */
  #shift: number | null = null;

  constructor(log: FaultLog, find: (tid: number) => ReplayedProcess | undefined) {
    this.#log = log;
    this.#find = find;
  }

  /**
   * A call is about to be performed on a space: performs the faults that came before.
   * @throws InputError where the log has no times
   */
  before(call: StraceCall, space: ReplaySpace): void {
    const time = this.#timeOf(call);
    const { length, times, tids } = this.#log;
    for (; this.#next < length && times[this.#next]! < time; this.#next++) {
      const tid = tids[this.#next]!;
      add(this.#find(tid)?.space ?? tid, this.#next, this.#pending, this.#orphans);
    }
    if (call.pid !== null && this.#orphans.size > 0) this.known(call.pid);
    this.#perform(space, time);
  }

  /** A thread was shown, or its process has another space: the faults of the thread that wait are of that. */
  known(tid: number): void {
    const space = this.#find(tid)?.space;
    const waiting = this.#orphans.get(tid);
    if (space === undefined || waiting === undefined) return;
    this.#orphans.delete(tid);
    const others = this.#pending.get(space) ?? [];
    this.#pending.set(
      space,
      [...others, ...waiting].sort((a, b) => a - b),
    );
  }

  /** A thread leaves a space by `execve`: its faults that are later are of the new one. */
  execed(tid: number | null, old: ReplaySpace): void {
    const waiting = this.#pending.get(old);
    if (waiting === undefined || tid === null) return;
    const { tids } = this.#log;
    this.#pending.set(
      old,
      waiting.filter((at) => tids[at] !== tid),
    );
    this.#orphans.set(
      tid,
      waiting.filter((at) => tids[at] === tid),
    );
    this.known(tid);
  }

  /** The log is over: performs what is left. */
  end(): void {
    const { length, tids } = this.#log;
    for (; this.#next < length; this.#next++) {
      const tid = tids[this.#next]!;
      add(this.#find(tid)?.space ?? tid, this.#next, this.#pending, this.#orphans);
    }
    for (const space of this.#pending.keys()) this.#perform(space, Number.POSITIVE_INFINITY);
  }

  #perform(space: ReplaySpace, until: number): void {
    const waiting = this.#pending.get(space);
    if (waiting === undefined) return;
    const { times, addresses, codes } = this.#log;
    const later = waiting.findIndex((at) => times[at]! >= until);
    const now = later < 0 ? waiting.splice(0) : waiting.splice(0, later);
    for (const at of now) fault(space, addresses[at]!, (codes[at]! & WRITE) !== 0);
  }

  /** The time of a call on the faults' clock. */
  #timeOf(call: StraceCall): number {
    const seconds = secondsOf(call.time);
    if (seconds === null) {
      const message = 'the log has no times, so that recorded page faults cannot be put between its calls: strace -ttt';
      throw new InputError(message, { line: call.line });
    }
    if (this.#shift === null) {
      const first = this.#log.times[0] ?? seconds;
      this.#shift = Math.round((first - seconds) / QUARTER) * QUARTER;
    }
    return seconds + this.#shift;
  }
}

/** What a page fault does to the VMAs. Kernel: `lock_mm_and_find_vma()`, `vmf_anon_prepare()`. */
function fault({ process }: ReplaySpace, address: number, isWrite: boolean): void {
  const { mm } = process;
  let vma = mm.index.findIntersection(address, address + 1);
  if (vma === NO_VMA) vma = expandStack(mm, address);
  if (vma === NO_VMA || !isWrite) return;
  if (mm.store.anonVma[vma] === 0 && isWritten(mm.store.flagsLo[vma]!)) anonVmaPrepare(mm, vma);
}

function add(
  to: ReplaySpace | number,
  at: number,
  pending: Map<ReplaySpace, number[]>,
  orphans: Map<number, number[]>,
): void {
  const waiting = typeof to === 'number' ? orphans.get(to) : pending.get(to);
  if (waiting !== undefined) waiting.push(at);
  else if (typeof to === 'number') orphans.set(to, [at]);
  else pending.set(to, [at]);
}

/** Seconds of `-ttt` or `-tt`; `null`: the line has none. */
function secondsOf(time: string | null): number | null {
  if (time === null) return null;
  if (!time.includes(':')) return Number(time);
  const [hours, minutes, seconds] = time.split(':');
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
