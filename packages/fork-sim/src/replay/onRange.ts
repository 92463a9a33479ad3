import type { StraceCall } from 'proc-io';
import { type Errno, isErrno, type Mm, NO_VMA, pageAlign } from 'vma-core';
import { outsideReason } from './outsideReason.ts';
import { count } from './replayNotes.ts';
import type { ReplaySpace } from './replaySpace.ts';

/**
 * Performs a call on `[start, start + length)` that gives 0 or an errno, and compares. What failed in the log and would not in the
 * model is taken back: the log is right.
 */
export function onRange(
  space: ReplaySpace,
  call: StraceCall,
  start: number,
  length: number,
  perform: () => 0 | Errno | 'LIVELOCK',
): void {
  const { notes } = space;
  if (call.ret === null) return;
  const { mm } = space.process;
  const vmas = mm.mapCount;
  const end = start + pageAlign(length);
  const saved = call.errno === null ? null : space.saved.keep(start, end);
  const result = perform();
  if (!compareResult(space, call, result)) saved?.restore();
  if (vmas >= mm.maxMapCount - 1 && (result === 'EAGAIN' || (result === 'ENOMEM' && isMapped(mm, start, end)))) {
    notes.limited(call, result, vmas, mm.maxMapCount);
  }
  space.settle(call, start, end);
}

/** Notes how a result compares with the log's; false: it is another, and the log's counts. */
function compareResult(space: ReplaySpace, call: StraceCall, result: 0 | Errno | 'LIVELOCK'): boolean {
  const { notes } = space;
  const log = call.errno ?? (call.ret as number);
  if (result === log) {
    if (isErrno(result)) notes.failedAlike++;
    return true;
  }
  if (call.errno === null && !space.mapKnown && (result === 'ENOMEM' || result === 'EFAULT')) {
    count(notes.unknownMemory, () => call);
    return true;
  }
  notes.differs({ call, log, model: result }, isErrno(result) ? null : outsideReason(space, call));
  return false;
}

/** Is the range mapped throughout? Where it is not, ENOMEM says so, and has nothing to do with the limit. */
function isMapped(mm: Mm, start: number, end: number): boolean {
  let at = start;
  for (let vma = mm.index.findIntersection(start, end); vma !== NO_VMA; vma = mm.index.next(vma)) {
    if (mm.store.start[vma]! > at) return false;
    at = mm.store.end[vma]!;
    if (at >= end) return true;
  }
  return false;
}
