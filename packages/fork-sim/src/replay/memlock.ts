import type { StraceCall } from 'proc-io';
import { PAGE_SIZE } from 'vma-core';
import type { ReplaySpace } from './replaySpace.ts';

/** Performs a call that failed in the log under the limit, as far as that is known. */
export function underMemlock(space: ReplaySpace, perform: () => void): void {
  const { mm } = space.process;
  const { limit, isExempt } = space.memlock;
  mm.memlockLimit = limit === null || isExempt ? Number.POSITIVE_INFINITY : limit;
  perform();
  mm.memlockLimit = Number.POSITIVE_INFINITY;
}

/** Performs a call that succeeded in the log: what it locks past the limit, only a process may lock that is exempt from it. */
export function pastMemlock(space: ReplaySpace, call: StraceCall, perform: () => void): void {
  const { limit, isExempt } = space.memlock;
  const { counters } = space.process.mm;
  const before = counters.lockedVm;
  perform();
  if (limit === null || isExempt || counters.lockedVm <= before || !isLimited(call)) return;
  if (counters.lockedVm * PAGE_SIZE <= limit) return;
  space.memlock = { limit, isExempt: true };
  space.notes.assumptions.add(
    `Line ${call.line} locks more than RLIMIT_MEMLOCK allows: the process was taken as one that may (CAP_IPC_LOCK).`,
  );
}

/** A locked mapping that moves and does not grow is not asked about, though MREMAP_DONTUNMAP may count it twice. */
function isLimited(call: StraceCall): boolean {
  return call.name !== 'mremap' || call.args.newLength > call.args.oldLength;
}

/**
 * Does RLIMIT_MEMLOCK alone make a call fail?
 *
 * @param answer what the model answers under the limit
 * @param ask asks the model again
 * @returns the limit and what was locked, in words; `null`: the call would fail without it, too
 */
export function memlockRefusal<R>(space: ReplaySpace, call: StraceCall, answer: R, ask: () => R): string | null {
  const { mm } = space.process;
  const limit = mm.memlockLimit;
  if (limit === Number.POSITIVE_INFINITY) return null;
  mm.memlockLimit = Number.POSITIVE_INFINITY;
  const without = ask();
  mm.memlockLimit = limit;
  if (without === answer) return null;
  const { lockedVm, totalVm } = mm.counters;
  const kBOf = (pages: number): number => (pages * PAGE_SIZE) / 1024;
  const what = call.name === 'mlockall' ? `${kBOf(totalVm)} kB are mapped` : `${kBOf(lockedVm)} kB were locked`;
  return `RLIMIT_MEMLOCK is ${limit % 1024 === 0 ? `${limit / 1024} kB` : `${limit} bytes`}, and ${what}`;
}
