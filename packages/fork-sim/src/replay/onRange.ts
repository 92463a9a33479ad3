import type { StraceCall } from 'proc-io';
import { type Errno, type Mm, pageAlign } from 'vma-core';
import { replayFailed } from './failedCall.ts';
import { isMapped } from './isMapped.ts';
import { count } from './replayNotes.ts';
import type { ReplaySpace } from './replaySpace.ts';

/** What a call on a range answers. */
type RangeResult = 0 | Errno | 'LIVELOCK';

/**
 * Performs a call on `[start, start + length)` that gives 0 or an errno, and compares. What failed in the log and would not in the
 * model is not performed: the log is right.
 */
export function onRange(
  space: ReplaySpace,
  call: StraceCall,
  start: number,
  length: number,
  perform: (mm: Mm) => RangeResult,
): void {
  const { notes } = space;
  if (call.ret === null) return;
  const { mm } = space.process;
  const vmas = mm.mapCount;
  const end = start + pageAlign(length);
  const result: RangeResult =
    call.errno === null
      ? compared(space, call, perform(mm))
      : replayFailed(space, { call, ranges: [{ start, end }], perform });
  if (vmas >= mm.maxMapCount - 1 && (result === 'EAGAIN' || (result === 'ENOMEM' && isMapped(mm, start, end)))) {
    notes.limited(call, result, vmas, mm.maxMapCount);
    if (call.errno === null) withoutLimit(mm, perform);
  }
  space.settle(call, start, end);
}

/** The log is right: the limit was another. */
function withoutLimit(mm: Mm, perform: (mm: Mm) => RangeResult): void {
  const limit = mm.maxMapCount;
  mm.maxMapCount = Number.POSITIVE_INFINITY;
  perform(mm);
  mm.maxMapCount = limit;
}

/** Notes where a call that succeeded in the log would not have in the model. */
function compared(space: ReplaySpace, call: StraceCall, result: RangeResult): RangeResult {
  const { notes } = space;
  if (result === call.ret) return result;
  if (!space.mapKnown && (result === 'ENOMEM' || result === 'EFAULT')) count(notes.unknownMemory, () => call);
  else notes.wrongResult({ call, log: call.ret as number, model: result });
  return result;
}
