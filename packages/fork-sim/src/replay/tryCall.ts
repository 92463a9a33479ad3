import type { StraceCall } from 'proc-io';
import {
  getUnmappedArea,
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
  roundHintToMin,
  TASK_SIZE,
} from 'vma-core';
import type { OpenFiles } from './openFiles.ts';
import type { ShmSegments } from './performShm.ts';
import type { ReplaySpace } from './replaySpace.ts';
import type { TrialSpace } from './trialSpace.ts';

type CallOf<Name extends StraceCall['name']> = Extract<StraceCall, { name: Name }>;
type MmapCall = CallOf<'mmap' | 'mmap2' | 'old_mmap'>;

/** What a trial needs besides where memory is. */
export interface TrialContext {
  readonly space: ReplaySpace;
  readonly files: OpenFiles;
  readonly segments: ShmSegments;
  /** Does another call that is tried map or unmap something in this range? Only then does what is mapped there depend on the order. */
  readonly isContested: (start: number, end: number) => boolean;
}

/**
 * Does a call to the log's result, on memory as it is in a trial.
 *
 * @returns false: the kernel would have given another result there, so this is not the order in which things happened
 */
export function tryCall(trial: TrialSpace, call: StraceCall, context: TrialContext): boolean {
  if (call.ret === null || call.injected) return true;
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
      return true;
  }
}

/** The range that a call maps, unmaps, moves to or changes, in bytes; `null`: it changes no VMA, or the log does not show which. */
export function changedRange(call: StraceCall): { readonly start: number; readonly end: number } | null {
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

/** Does a call map or unmap memory, or move the break? */
export function movesMemory({ name, errno }: StraceCall): boolean {
  return errno === null && MOVES.has(name);
}

const MOVES: ReadonlySet<string> = new Set(['mmap', 'mmap2', 'old_mmap', 'munmap', 'mremap', 'brk', 'shmat']);

/** Advice that is about pages alone: NORMAL to FREE, COLD to COLLAPSE. */
function changesVmas(advice: number): boolean {
  return (advice >= 10 && advice <= 19) || advice >= 102;
}

function rangeOf(start: number, length: number): { start: number; end: number } | null {
  const end = start + pageAlign(length);
  return length > 0 && start >= 0 && end <= TASK_SIZE ? { start, end } : null;
}

function tryMmap(trial: TrialSpace, call: MmapCall, context: TrialContext): boolean {
  const { flags, length, addr } = call.args;
  if (call.errno !== null) {
    const range = call.errno === 'EEXIST' ? rangeOf(addr, length) : null;
    return range === null || !context.isContested(range.start, range.end) || !trial.isFree(range.start, range.end);
  }
  const range = rangeOf(call.ret as number, length);
  if (range === null) return true;
  const { start, end } = range;
  let fits = true;
  if ((flags & MAP_FIXED_NOREPLACE) !== 0) fits = trial.isFree(start, end);
  else if ((flags & MAP_FIXED) === 0) fits = isPlace(trial, call, context);
  trial.map(start, end);
  return fits;
}

/** Is the log's address where a mapping would go? */
function isPlace(trial: TrialSpace, call: MmapCall, { space, files }: TrialContext): boolean {
  const { addr, length, flags, fd, offset } = call.args;
  const start = call.ret as number;
  const end = start + pageAlign(length);
  const { mm } = trial;
  if (!trial.topKnown) {
    trial.setTop(end);
    return true;
  }
  if (!space.mapKnown && end > mm.mmapBase) return true;
  if (!trial.isFree(start, end)) return false;
  if ((flags & (MAP_32BIT | MAP_HUGETLB)) !== 0) return true;
  const type = flags & MAP_TYPE;
  const shared = type === MAP_SHARED || type === MAP_SHARED_VALIDATE ? MAP_SHARED : 0;
  const hint = roundHintToMin(addr);
  const anonymous = (flags & MAP_ANONYMOUS) !== 0;
  const large = pageAlign(length) >= PMD_SIZE;
  const file = anonymous ? undefined : files.known(fd);
  // Whether a file's large mappings are aligned is learned from where they land; see comparePlace.
  if (!anonymous && large && file === undefined) return true;
  const pgoff = Math.floor(offset / PAGE_SIZE);
  const place = (flag: number): unknown => getUnmappedArea(mm, file?.id ?? 0, hint, pageAlign(length), pgoff, flag);
  if (place(file === undefined && !anonymous ? MAP_SHARED : shared) === start) return true;
  // The other alignment: a request without a file that is shared is never aligned.
  return !anonymous && large && getUnmappedArea(mm, 0, hint, pageAlign(length), pgoff, MAP_SHARED) === start;
}

/** Memory that is not there can be unmapped, but a program has no reason to: another call of the trial has yet to map it. */
function tryMunmap(trial: TrialSpace, call: CallOf<'munmap'>, { isContested }: TrialContext): boolean {
  const range = call.errno === null ? rangeOf(call.args.addr, call.args.length) : null;
  if (range === null) return true;
  const { start, end } = range;
  const isThere = !isContested(start, end) || !trial.isFree(start, end);
  trial.unmap(start, end);
  return isThere;
}

type OnMapped = 'mprotect' | 'pkey_mprotect' | 'madvise' | 'mlock' | 'mlock2' | 'munlock' | 'mseal';

/** These give 0 only where all is mapped, and ENOMEM where it is not. */
function tryOnMapped(trial: TrialSpace, call: CallOf<OnMapped>, { isContested }: TrialContext): boolean {
  const { addr, length } = call.args;
  const from = addr - (addr % PAGE_SIZE);
  const range = rangeOf(from, addr + length - from);
  if (range === null || !isContested(range.start, range.end)) return true;
  if (call.errno === null) return trial.isMapped(range.start, range.end);
  return call.errno !== 'ENOMEM' || !trial.isMapped(range.start, range.end);
}

function tryMremap(trial: TrialSpace, call: CallOf<'mremap'>, { isContested }: TrialContext): boolean {
  const { addr, oldLength, newLength, flags } = call.args;
  const old = rangeOf(addr, Math.max(oldLength, 1));
  if (old === null) return true;
  const isThere = !isContested(old.start, old.end) || trial.isMapped(old.start, old.end);
  const grownEnd = addr + pageAlign(newLength);
  const canGrow = grownEnd > old.end && trial.isFree(old.end, grownEnd);
  if (call.errno !== null) {
    if (call.errno === 'EFAULT') return !isContested(old.start, old.end) || !trial.isMapped(old.start, old.end);
    return call.errno !== 'ENOMEM' || !isContested(old.end, grownEnd) || !canGrow;
  }
  const at = call.ret as number;
  const target = rangeOf(at, newLength);
  if (target === null) return isThere;
  if (at === addr) {
    const fits = isThere && (grownEnd <= old.end || trial.isFree(old.end, grownEnd));
    if (grownEnd < old.end) trial.unmap(grownEnd, old.end);
    else trial.map(old.start, grownEnd);
    return fits;
  }
  const chosen = (flags & MREMAP_FIXED) === 0;
  const fits = isThere && (!chosen || (!canGrow && isTarget(trial, call)));
  if ((flags & MREMAP_DONTUNMAP) === 0) trial.unmap(old.start, old.end);
  trial.map(target.start, target.end);
  return fits;
}

/** Is the log's address where `mremap` would move to? */
function isTarget(trial: TrialSpace, call: CallOf<'mremap'>): boolean {
  const { mm } = trial;
  const { addr, newLength, newAddr } = call.args;
  const vma = mm.vmaLookup(addr);
  if (vma === NO_VMA) return true;
  const file = mm.store.file[vma]!;
  const pgoff = mm.store.pgoff[vma]! + (addr - mm.store.start[vma]!) / PAGE_SIZE;
  const place = (of: number, flag: number): unknown =>
    getUnmappedArea(mm, of, newAddr ?? 0, pageAlign(newLength), pgoff, flag);
  return place(file, 0) === call.ret || place(0, MAP_SHARED) === call.ret;
}

function tryBrk(trial: TrialSpace, call: CallOf<'brk'>, { space, isContested }: TrialContext): boolean {
  const wish = call.args.addr;
  const now = call.ret as number;
  if (!space.breakKnown || now > TASK_SIZE) return true;
  const before = trial.brk;
  if (now === before) return true;
  const [oldEnd, newEnd] = [pageAlign(before), pageAlign(now)];
  trial.setBrk(now);
  if (newEnd <= oldEnd) {
    trial.unmap(newEnd, oldEnd);
    return now === wish;
  }
  const fits = now === wish && (!isContested(oldEnd, newEnd) || trial.isFree(oldEnd, newEnd));
  trial.map(oldEnd, newEnd);
  return fits;
}

function tryShmat(trial: TrialSpace, call: CallOf<'shmat'>, { segments }: TrialContext): boolean {
  const length = call.errno === null ? segments.get(call.args.shmid) : undefined;
  const range = length === undefined ? null : rangeOf(call.ret as number, length);
  if (range === null) return true;
  const fits = trial.isFree(range.start, range.end);
  trial.map(range.start, range.end);
  return fits;
}
