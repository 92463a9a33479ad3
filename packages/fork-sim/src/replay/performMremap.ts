import type { StraceCall } from 'proc-io';
import { isErrno, MREMAP_FIXED, MREMAP_MAYMOVE, pageAlign, setBrk } from 'vma-core';
import { brkReason, outsideReason } from './outsideReason.ts';
import { count } from './replayNotes.ts';
import type { ReplaySpace } from './replaySpace.ts';

type CallOf<Name extends StraceCall['name']> = Extract<StraceCall, { name: Name }>;

const MOVE = MREMAP_MAYMOVE | MREMAP_FIXED;

/** Moves or resizes a mapping. A move that lands elsewhere than in the log is noted, and then carried on to the log's address. */
export function performMremap(space: ReplaySpace, call: CallOf<'mremap'>): void {
  const { process, notes } = space;
  const { mm } = process;
  const { addr, oldLength, newLength, flags, newAddr } = call.args;
  if (call.ret === null) return;
  const vmas = mm.mapCount;
  const target = newAddr ?? addr;
  const low = Math.min(addr, target);
  const high = Math.max(addr + pageAlign(oldLength), target + pageAlign(newLength));
  const saved = call.errno === null ? null : space.saved.keep(low, high);
  const result = process.mremap({
    oldAddr: addr,
    oldLength,
    newLength,
    flags,
    ...(newAddr === null ? {} : { newAddr }),
  });
  const log = call.errno ?? call.ret;
  const chosen = call.errno === null && (flags & MREMAP_FIXED) === 0 && call.ret !== addr;
  if (chosen && !isErrno(result)) notes.placesChecked++;
  if (result === log) {
    if (isErrno(result)) notes.failedAlike++;
  } else if (isErrno(result)) {
    const unknown = call.errno === null && !space.mapKnown && result === 'EFAULT';
    if (unknown) count(notes.unknownMemory, () => call);
    else notes.wrongResult({ call, log, model: result });
  } else if (call.errno !== null) {
    notes.differs({ call, log, model: 'moved' }, outsideReason(space, call));
    if (result === addr || newAddr !== null) saved?.restore();
    else process.mremap({ oldAddr: result, oldLength: newLength, newLength: oldLength, flags: MOVE, newAddr: addr });
  } else {
    notes.wrongPlace({ call, log: call.ret as number, model: result });
    process.mremap({ oldAddr: result, oldLength: newLength, newLength, flags: MOVE, newAddr: call.ret });
  }
  if (result === 'ENOMEM' && vmas >= mm.maxMapCount - 6) {
    notes.limited(call, 'ENOMEM', vmas, mm.maxMapCount);
  }
  if (call.errno === null) space.settle(call, call.ret, call.ret + pageAlign(newLength));
}

/** Moves the break. The first `brk` of a program tells where the break is. */
export function performBrk(space: ReplaySpace, call: CallOf<'brk'>): void {
  const { process, notes } = space;
  const { mm } = process;
  const wish = call.args.addr;
  if (call.ret === null) return;
  if (!space.breakKnown) {
    space.breakKnown = true;
    const granted = wish !== 0 && call.ret === wish;
    // With a heap in the smaps, its end is the break rounded up; without one, the break and its start are one.
    if (!granted && mm.startBrk !== 0 && pageAlign(call.ret) === mm.brk) mm.brk = call.ret;
    else if (mm.startBrk === 0) setBrk(mm, call.ret);
    if (mm.brk === call.ret) return;
  }
  const old = mm.brk;
  const vmas = mm.mapCount;
  const result = process.brk(wish);
  const refused = wish !== 0 && call.ret !== wish;
  if (result === call.ret) {
    if (refused) {
      notes.failedAlike++;
      if (vmas > mm.maxMapCount) {
        notes.limited(call, 'refused', vmas, mm.maxMapCount);
      }
    }
  } else {
    notes.differs(
      { call, log: call.ret as number, model: result },
      refused && result === wish ? brkReason(space) : null,
    );
    process.brk(call.ret);
    mm.brk = call.ret;
  }
  space.settle(call, Math.min(old, mm.brk), pageAlign(mm.brk));
}
