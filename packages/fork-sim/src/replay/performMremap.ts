import type { StraceCall } from 'proc-io';
import {
  type Errno,
  isErrno,
  LO_MAYSHARE,
  MAP_SHARED,
  type Mm,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  NO_VMA,
  PAGE_SIZE,
  pageAlign,
} from 'vma-core';
import { brk, getUnmappedArea, type MremapRequest, mremap, STACK_GUARD_GAP, setBrk } from 'vma-core/calls';
import { replayFailed } from './failedCall.ts';
import { memlockRefusal } from './memlock.ts';
import { brkReason } from './outsideReason.ts';
import { count } from './replayNotes.ts';
import type { ReplaySpace } from './replaySpace.ts';

type CallOf<Name extends StraceCall['name']> = Extract<StraceCall, { name: Name }>;

const MOVE = MREMAP_MAYMOVE | MREMAP_FIXED;
const MOVE_KINDS = MREMAP_FIXED | MREMAP_DONTUNMAP;

/** Moves or resizes a mapping. A move that lands elsewhere than in the log is noted, and then carried on to the log's address. */
export function performMremap(space: ReplaySpace, call: CallOf<'mremap'>): void {
  const { process, notes } = space;
  const { mm } = process;
  const { addr, oldLength, newLength, flags, newAddr } = call.args;
  if (call.ret === null) return;
  const vmas = mm.mapCount;
  const request: MremapRequest = {
    oldAddr: addr,
    oldLength,
    newLength,
    flags,
    ...(newAddr === null ? {} : { newAddr }),
  };
  const result =
    call.errno === null ? moved(space, call, withHint(space, call, request)) : mremapThatFailed(space, call, request);
  if (result === 'ENOMEM' && vmas >= mm.maxMapCount - 6) {
    notes.limited(call, 'ENOMEM', vmas, mm.maxMapCount);
  }
  if (call.errno === null) space.settle(call, call.ret, call.ret + pageAlign(newLength));
}

/** Strace does not print the address that MREMAP_DONTUNMAP alone asks for. */
function hidesHint({ args }: CallOf<'mremap'>): boolean {
  return args.newAddr === null && (args.flags & MOVE_KINDS) === MREMAP_DONTUNMAP;
}

/** With the hint that the log does not show, where the mapping is not where it would be without one. */
function withHint(space: ReplaySpace, call: CallOf<'mremap'>, request: MremapRequest): MremapRequest {
  if (!hidesHint(call) || placeOfMoved(space, request) === call.ret) return request;
  space.notes.assumptions.add(
    'Strace does not show the address that MREMAP_DONTUNMAP asked for: it was taken as where the log has it.',
  );
  return { ...request, newAddr: call.ret as number };
}

/** A move or a change of size that succeeded in the log. */
function moved(space: ReplaySpace, call: CallOf<'mremap'>, request: MremapRequest): number | Errno {
  const { process, notes } = space;
  const log = call.ret as number;
  const { newLength } = request;
  const result = process.mremap(request);
  if ((request.flags & MREMAP_FIXED) === 0 && log !== request.oldAddr && !isErrno(result)) notes.placesChecked++;
  if (result === log) return result;
  if (isErrno(result)) {
    if (!space.mapKnown && result === 'EFAULT') count(notes.unknownMemory, () => call);
    else notes.wrongResult({ call, log, model: result });
    return result;
  }
  notes.wrongPlace({ call, log, model: result });
  process.mremap({ oldAddr: result, oldLength: newLength, newLength, flags: MOVE, newAddr: log });
  return result;
}

/** An address that is hidden is taken as one that does not overlap. */
const ELSEWHERE = 2 ** 45;

function mremapThatFailed(space: ReplaySpace, call: CallOf<'mremap'>, request: MremapRequest): number | Errno {
  const { oldAddr, oldLength, newLength, newAddr } = request;
  const asked = hidesHint(call) ? { ...request, newAddr: oldAddr > ELSEWHERE ? 0 : 2 * ELSEWHERE } : request;
  const ranges = [{ start: oldAddr, end: oldAddr + Math.max(pageAlign(oldLength), pageAlign(newLength)) }];
  if (newAddr !== undefined) ranges.push({ start: newAddr, end: newAddr + pageAlign(newLength) });
  const perform = (on: Mm): number | Errno => {
    const result = mremap(on, asked);
    // The copies leave more room than there is.
    return isErrno(result) || result === oldAddr || !isErrno(placeOfMoved(space, request)) ? result : 'ENOMEM';
  };
  if (call.errno === 'EINVAL' && hidesHint(call)) {
    const why = 'strace does not show the address that MREMAP_DONTUNMAP asked for';
    const model = space.trial.ask(ranges, perform);
    space.notes.differs({ call, log: call.errno, model: isErrno(model) ? model : 'moved' }, why);
    return model;
  }
  return replayFailed<number>(space, { call, ranges, perform, shown: 'moved' });
}

/** Where what a move makes would be. */
function placeOfMoved({ process }: ReplaySpace, { oldAddr, newLength, newAddr, flags }: MremapRequest): number | Errno {
  if ((flags & MREMAP_FIXED) !== 0) return newAddr ?? 0;
  const { mm } = process;
  const vma = mm.vmaLookup(oldAddr);
  if (vma === NO_VMA) return 0;
  const { store } = mm;
  const offset = store.pgoff[vma]! + (oldAddr - store.start[vma]!) / PAGE_SIZE;
  const shared = (store.flagsLo[vma]! & LO_MAYSHARE) !== 0 ? MAP_SHARED : 0;
  return getUnmappedArea(mm, store.file[vma]!, newAddr ?? 0, pageAlign(newLength), offset, shared);
}

/** Moves the break. The first `brk` of a program tells where the break is. */
export function performBrk(space: ReplaySpace, call: CallOf<'brk'>): void {
  const { mm } = space.process;
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
  if (wish !== 0 && call.ret !== wish) brkThatFailed(space, call, call.ret);
  else brkThatMoved(space, call, call.ret);
  space.settle(call, Math.min(old, mm.brk), pageAlign(mm.brk));
}

function brkThatMoved({ process, notes, mapKnown }: ReplaySpace, call: CallOf<'brk'>, log: number): void {
  const { mm } = process;
  const vmas = mm.mapCount;
  const result = process.brk(call.args.addr);
  if (result === log) return;
  if (vmas > mm.maxMapCount) notes.limited(call, 'refused', vmas, mm.maxMapCount);
  if (!mapKnown && log < mm.startBrk) {
    // The heap began before the log did.
    count(notes.unknownMemory, () => call);
    setBrk(mm, log);
    return;
  }
  notes.wrongResult({ call, log, model: result });
  process.brk(log);
  mm.brk = log;
}

/** A break that the kernel did not move: neither does the model. */
function brkThatFailed(space: ReplaySpace, call: CallOf<'brk'>, log: number): void {
  const { process, notes } = space;
  const { mm } = process;
  const vmas = mm.mapCount;
  const wish = call.args.addr;
  const range = { start: Math.min(wish, mm.brk), end: Math.max(wish, mm.brk) + PAGE_SIZE + STACK_GUARD_GAP };
  const result = space.trial.ask([range], (on) => brk(on, wish));
  if (result === log) {
    notes.failedAlike++;
    notes.memlock = memlockRefusal(space, call, result, () => space.trial.ask([range], (on) => brk(on, wish)));
    if (vmas > mm.maxMapCount) notes.limited(call, 'refused', vmas, mm.maxMapCount);
    return;
  }
  notes.differs({ call, log, model: result }, result === wish ? brkReason(space) : null);
  if (log !== mm.brk) process.brk(log);
  mm.brk = log;
}
