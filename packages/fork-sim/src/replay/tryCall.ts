import type { StraceCall } from 'proc-io';
import {
  MAP_32BIT,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_HUGETLB,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_TYPE,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  NO_VMA,
  PAGE_SIZE,
  PMD_SIZE,
  pageAlign,
  TASK_SIZE,
} from 'vma-core';
import { getUnmappedArea, roundHintToMin } from 'vma-core/calls';
import type { OpenFiles } from './openFiles.ts';
import type { ShmSegments } from './performShm.ts';
import type { ReplaySpace } from './replaySpace.ts';
import type { Range, TrialSpace } from './trialSpace.ts';

type CallOf<Name extends StraceCall['name']> = Extract<StraceCall, { name: Name }>;
type MmapCall = CallOf<'mmap' | 'mmap2' | 'old_mmap'>;

/** What a trial needs besides where memory is. */
export interface TrialContext {
  readonly space: ReplaySpace;
  readonly files: OpenFiles;
  readonly segments: ShmSegments;
  /** Does another call that is tried map or unmap something in this range? Only then does what is mapped there depend on the order. */
  readonly isContested: (range: Range) => boolean;
}

/** Why a call does not fit: something in this range would have to be mapped before it, or unmapped. */
export interface Misfit extends Range {
  readonly needs: 'map' | 'unmap' | 'either';
}

/**
 * Does a call to the log's result, on memory as it is in a trial.
 *
 * @returns why the kernel would have given another result there, so that this is not the order in which things happened; `null`: it fits
 */
export function tryCall(trial: TrialSpace, call: StraceCall, context: TrialContext): Misfit | null {
  if (call.ret === null || call.injected) return null;
  switch (call.name) {
    case 'mmap':
    case 'mmap2':
    case 'old_mmap':
      return tryMmap(trial, call, context);
    case 'munmap':
      return tryMunmap(trial, call, context);
    case 'mprotect':
    case 'pkey_mprotect':
    case 'madvise':
    case 'mlock':
    case 'mlock2':
    case 'munlock':
    case 'mseal':
      return tryOnMapped(trial, call, context);
    case 'mremap':
      return tryMremap(trial, call, context);
    case 'brk':
      return tryBrk(trial, call, context);
    case 'shmat':
      return tryShmat(trial, call, context);
    default:
      return null;
  }
}

/** The range that a call maps, unmaps, moves to or changes; `null`: it changes no VMA, or the log does not show which. */
export function changedRange(call: StraceCall): Range | null {
  if (call.errno !== null || call.ret === null) return null;
  switch (call.name) {
    case 'mmap':
    case 'mmap2':
    case 'old_mmap':
      return rangeOf(call.ret, call.args.length);
    case 'munmap':
    case 'mprotect':
    case 'pkey_mprotect':
    case 'mlock':
    case 'mlock2':
    case 'munlock':
    case 'mseal':
      return rangeOf(call.args.addr, call.args.length);
    case 'madvise':
      return changesVmas(call.args.advice) ? rangeOf(call.args.addr, call.args.length) : null;
    case 'mremap': {
      const { addr, oldLength, newLength } = call.args;
      const [from, to] = [rangeOf(addr, oldLength), rangeOf(call.ret, newLength)];
      return from && to && { start: Math.min(from.start, to.start), end: Math.max(from.end, to.end) };
    }
    default:
      return null;
  }
}

/** Could a call, done before another, make up for what that one lacks? */
export function helps(call: StraceCall, misfit: Misfit): boolean {
  if (call.errno !== null || call.ret === null) return false;
  switch (call.name) {
    case 'mmap':
    case 'mmap2':
    case 'old_mmap':
      return misfit.needs !== 'unmap' && overlaps(rangeOf(call.ret, call.args.length), misfit);
    case 'munmap':
      return misfit.needs !== 'map' && overlaps(rangeOf(call.args.addr, call.args.length), misfit);
    case 'mremap':
      return overlaps(rangeOf(call.args.addr, call.args.oldLength), misfit) || overlaps(changedRange(call), misfit);
    case 'brk':
    case 'shmat':
    case 'shmdt':
      return true;
    default:
      return false;
  }
}

/** Has the kernel chosen the address of what the call has mapped? */
export function isPlaced(call: StraceCall): boolean {
  if (call.name === 'mremap') return call.ret !== call.args.addr && (call.args.flags & MREMAP_FIXED) === 0;
  const isMmap = call.name === 'mmap' || call.name === 'mmap2' || call.name === 'old_mmap';
  return isMmap && (call.args.flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) === 0;
}

/** Does a call map or unmap memory? */
export function movesMemory({ name, errno }: StraceCall): boolean {
  return errno === null && MOVES.has(name);
}

const MOVES: ReadonlySet<string> = new Set(['mmap', 'mmap2', 'old_mmap', 'munmap', 'mremap']);

/** Advice that is about pages alone: NORMAL to FREE, COLD to COLLAPSE. */
function changesVmas(advice: number): boolean {
  return (advice >= 10 && advice <= 19) || advice >= 102;
}

function rangeOf(start: number, length: number): Range | null {
  const end = start + pageAlign(length);
  return length > 0 && start >= 0 && end <= TASK_SIZE ? { start, end } : null;
}

/** Have two ranges an address in common? `null` has none. */
export function overlaps(a: Range | null, b: Range): boolean {
  return a !== null && a.start < b.end && b.start < a.end;
}

function tryMmap(trial: TrialSpace, call: MmapCall, context: TrialContext): Misfit | null {
  const { flags, length, addr } = call.args;
  if (call.errno !== null) {
    const range = call.errno === 'EEXIST' ? rangeOf(addr, length) : null;
    const isLate = range === null || !context.isContested(range) || !trial.isFree(range);
    return isLate ? null : { ...range, needs: 'map' };
  }
  const range = rangeOf(call.ret as number, length);
  if (range === null) return null;
  let misfit: Misfit | null = null;
  if ((flags & MAP_FIXED_NOREPLACE) !== 0) misfit = trial.isFree(range) ? null : { ...range, needs: 'unmap' };
  else if ((flags & MAP_FIXED) === 0) misfit = misplaced(trial, call, range, context);
  trial.map(range);
  return misfit;
}

/** Why the log's address is not where a mapping would go. */
function misplaced(trial: TrialSpace, call: MmapCall, range: Range, { space, files }: TrialContext): Misfit | null {
  const { addr, length, flags, fd, offset } = call.args;
  const { mm } = trial;
  if (!trial.topKnown) {
    trial.setTop(range.end);
    return null;
  }
  if (!space.mapKnown && range.end > mm.mmapBase) return null;
  if (!trial.isFree(range)) return { ...range, needs: 'unmap' };
  if ((flags & (MAP_32BIT | MAP_HUGETLB)) !== 0) return null;
  const type = flags & MAP_TYPE;
  const shared = type === MAP_SHARED || type === MAP_SHARED_VALIDATE ? MAP_SHARED : 0;
  const anonymous = (flags & MAP_ANONYMOUS) !== 0;
  const large = pageAlign(length) >= PMD_SIZE;
  const file = anonymous ? undefined : files.known(fd);
  // Whether a file's large mappings are aligned is learned from where they land; see comparePlace.
  if (!anonymous && large && file === undefined) return null;
  const hint = roundHintToMin(addr);
  const place = (of: number, flag: number): number | string =>
    getUnmappedArea(mm, of, hint, pageAlign(length), Math.floor(offset / PAGE_SIZE), flag);
  // A request that is shared and has no file is never aligned.
  const at = place(file?.id ?? 0, anonymous ? shared : MAP_SHARED);
  if (at === range.start || (!anonymous && large && place(0, MAP_SHARED) === range.start)) return null;
  return misfitOf(at, range);
}

/** Memory is free where the log has a mapping, and the kernel would have put it elsewhere: higher up, unless that is taken before. */
function misfitOf(at: number | string, { start, end }: Range): Misfit {
  if (typeof at === 'string' || at < start) return { start: 0, end: TASK_SIZE, needs: 'either' };
  return { start: at, end: at + end - start, needs: 'map' };
}

/** Memory that is not there can be unmapped, but a program has no reason to: another call of the trial has yet to map it. */
function tryMunmap(trial: TrialSpace, call: CallOf<'munmap'>, { isContested }: TrialContext): Misfit | null {
  const range = call.errno === null ? rangeOf(call.args.addr, call.args.length) : null;
  if (range === null) return null;
  const isThere = !isContested(range) || !trial.isFree(range);
  trial.unmap(range);
  return isThere ? null : { ...range, needs: 'map' };
}

type OnMapped = 'mprotect' | 'pkey_mprotect' | 'madvise' | 'mlock' | 'mlock2' | 'munlock' | 'mseal';

/** These give 0 only where all is mapped, and ENOMEM where it is not. */
function tryOnMapped(trial: TrialSpace, call: CallOf<OnMapped>, { isContested }: TrialContext): Misfit | null {
  const { addr, length } = call.args;
  const from = addr - (addr % PAGE_SIZE);
  const range = rangeOf(from, addr + length - from);
  if (range === null || !isContested(range)) return null;
  const isMapped = trial.isMapped(range);
  if (call.errno === null) return isMapped ? null : { ...range, needs: 'map' };
  return call.errno !== 'ENOMEM' || !isMapped ? null : { ...range, needs: 'unmap' };
}

function tryMremap(trial: TrialSpace, call: CallOf<'mremap'>, { isContested }: TrialContext): Misfit | null {
  const { addr, oldLength, newLength, flags } = call.args;
  const old = rangeOf(addr, Math.max(oldLength, 1));
  if (old === null) return null;
  const above: Range = { start: old.end, end: Math.max(old.end, addr + pageAlign(newLength)) };
  const canGrow = above.end > above.start && trial.isFree(above);
  const isThere = !isContested(old) || trial.isMapped(old);
  if (call.errno !== null) {
    // EFAULT tells nothing: the range may well be mapped, by more than one VMA.
    return call.errno === 'ENOMEM' && isContested(above) && canGrow ? { ...above, needs: 'map' } : null;
  }
  const target = rangeOf(call.ret as number, newLength);
  if (target === null) return null;
  let misfit: Misfit | null = isThere ? null : { ...old, needs: 'map' };
  if (target.start === addr) {
    if (!trial.isFree(above)) misfit ??= { ...above, needs: 'unmap' };
    trial.unmap({ start: Math.min(target.end, old.end), end: old.end });
  } else {
    if ((flags & MREMAP_FIXED) === 0)
      misfit ??= canGrow ? { ...above, needs: 'map' } : misfitOfMove(trial, call, target);
    if ((flags & MREMAP_DONTUNMAP) === 0) trial.unmap(old);
  }
  trial.map(target);
  return misfit;
}

/** Why the log's address is not where `mremap` would move to. */
function misfitOfMove(trial: TrialSpace, call: CallOf<'mremap'>, target: Range): Misfit | null {
  const { mm } = trial;
  const { addr, newLength, newAddr } = call.args;
  const vma = mm.vmaLookup(addr);
  if (vma === NO_VMA) return null;
  if (!trial.isFree(target)) return { ...target, needs: 'unmap' };
  const pgoff = mm.store.pgoff[vma]! + (addr - mm.store.start[vma]!) / PAGE_SIZE;
  const place = (of: number, flag: number): number | string =>
    getUnmappedArea(mm, of, newAddr ?? 0, pageAlign(newLength), pgoff, flag);
  const at = place(mm.store.file[vma]!, 0);
  return at === target.start || place(0, MAP_SHARED) === target.start ? null : misfitOf(at, target);
}

function tryBrk(trial: TrialSpace, call: CallOf<'brk'>, { space, isContested }: TrialContext): Misfit | null {
  const wish = call.args.addr;
  const now = call.ret as number;
  const before = trial.brk;
  if (!space.breakKnown || now > TASK_SIZE || now === before) return null;
  const grown: Range = { start: pageAlign(before), end: pageAlign(now) };
  trial.setBrk(now);
  // It answers with another break than there is: one that another call has yet to set.
  let misfit: Misfit | null = now === wish ? null : { start: 0, end: TASK_SIZE, needs: 'either' };
  if (grown.end > grown.start && isContested(grown) && !trial.isFree(grown)) misfit ??= { ...grown, needs: 'unmap' };
  trial.unmap({ start: grown.end, end: grown.start });
  trial.map(grown);
  return misfit;
}

function tryShmat(trial: TrialSpace, call: CallOf<'shmat'>, { segments }: TrialContext): Misfit | null {
  const length = call.errno === null ? segments.get(call.args.shmid)?.length : undefined;
  const range = length === undefined ? null : rangeOf(call.ret as number, length);
  if (range === null) return null;
  const misfit: Misfit | null = trial.isFree(range) ? null : { ...range, needs: 'unmap' };
  trial.map(range);
  return misfit;
}
