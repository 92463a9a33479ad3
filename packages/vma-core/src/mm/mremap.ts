import { type Errno, isErrno, type SyscallResult } from '../errno.ts';
import { vmaMergeNewRange } from '../merge/vmaMergeNewRange.ts';
import { vmgVmaState } from '../merge/vmaMergeStruct.ts';
import type { Mm } from '../mm.ts';
import { isPageAligned, PAGE_SIZE, pageAlign, TASK_SIZE, type VirtAddr, virtAddr } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { LO_DONTEXPAND, LO_LOCKED, LO_MAYSHARE, LO_PFNMAP, LO_SHARED } from '../vmFlags.ts';
import { mlockFutureOk } from './memlock.ts';
import { hasRoom, moveVma } from './mremapMove.ts';
import { isSealed } from './mseal.ts';
import { unmapRange } from './munmap.ts';
import { MAP_FIXED, MAP_SHARED, MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE } from './uapi.ts';
import { getUnmappedArea } from './unmappedArea.ts';

/** The arguments of `mremap(2)`; lengths in bytes, rounded up to whole pages. */
export interface MremapRequest {
  /** Start of the range; bytes, a page boundary. */
  readonly oldAddr: number;
  /** 0 on a shared mapping: map the object again at the new place. */
  readonly oldLength: number;
  /** Its length afterwards; not 0. */
  readonly newLength: number;
  /** MREMAP_ bits. */
  readonly flags: number;
  /** With MREMAP_FIXED the new address; with MREMAP_DONTUNMAP alone a hint. */
  readonly newAddr?: number;
}

/** A request past the first checks, in whole pages. */
interface Remap {
  readonly addr: number;
  readonly oldLength: number;
  readonly newLength: number;
  readonly newAddr: number;
  readonly fixed: boolean;
  readonly mayMove: boolean;
  readonly dontUnmap: boolean;
}

/**
 * Moves, grows or shrinks a mapping. Kernel: `mremap(2)`, mm/mremap.c.
 *
 * - Without an address: shrinking unmaps the tail; growing extends the VMA in place where nothing is in the way (a merge, which
 *   may join the next VMA), else moves it if MREMAP_MAYMOVE allows.
 * - MREMAP_FIXED: unmaps the target and moves there. From 6.18 a move that keeps the size goes VMA by VMA and keeps holes.
 * - MREMAP_DONTUNMAP: the source stays, empty.
 *
 * The order of the checks differs between kernels ({@link KernelProfile}): up to 6.16 the source is looked at first, then
 * overlap, then the target is unmapped, and only then the size is looked at.
 *
 * @returns the address, or EINVAL, EFAULT (not mapped, or the size reaches past the VMA), EPERM (sealed), ENOMEM, EAGAIN (a locked
 *   mapping that would grow past RLIMIT_MEMLOCK)
 */
export function mremap(mm: Mm, request: MremapRequest): VirtAddr | Errno {
  const { flags } = request;
  if ((flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)) !== 0) return 'EINVAL';
  const remap: Remap = {
    addr: request.oldAddr,
    oldLength: pageAlign(request.oldLength),
    newLength: pageAlign(request.newLength),
    newAddr: request.newAddr ?? 0,
    fixed: (flags & MREMAP_FIXED) !== 0,
    mayMove: (flags & MREMAP_MAYMOVE) !== 0,
    dontUnmap: (flags & MREMAP_DONTUNMAP) !== 0,
  };
  const toNewAddress = remap.fixed || remap.dontUnmap;
  if (toNewAddress && !remap.mayMove) return 'EINVAL';
  if (remap.dontUnmap && remap.oldLength !== remap.newLength) return 'EINVAL';
  if (!isPageAligned(remap.addr) || remap.newLength === 0) return 'EINVAL';

  const early = mm.profile.mremapUnmapsTargetFirst;
  if (!early) {
    if (remap.newLength > TASK_SIZE) return 'EINVAL';
    const checked = checkNewAddress(mm, remap);
    if (checked !== 0) return checked;
    if (remap.fixed && remap.oldLength === remap.newLength && mm.profile.mremapMovesManyVmas) {
      return moveEveryVma(mm, remap);
    }
  }
  const vma = mm.vmaLookup(remap.addr);
  if (vma === NO_VMA && mm.profile.mremapLooksUpFirst) return 'EFAULT';
  if (vma !== NO_VMA && isSealed(mm, vma)) return 'EPERM';
  if (toNewAddress) {
    if (early) {
      const checked = checkNewAddress(mm, remap);
      if (checked !== 0) return checked;
    }
    return mremapTo(mm, remap);
  }
  return mremapAt(mm, remap, vma);
}

/** Checks of a given address, and of the room below `max_map_count`. Kernel: `check_mremap_params()` (6.17). */
function checkNewAddress(mm: Mm, remap: Remap): SyscallResult {
  const { addr, oldLength, newLength, newAddr } = remap;
  const { mremapRoom } = mm.profile;
  if (!remap.fixed && !remap.dontUnmap) return hasRoom(mm, mremapRoom.inPlace) ? 0 : 'ENOMEM';
  if (!isPageAligned(newAddr) || newLength > TASK_SIZE || newAddr > TASK_SIZE - newLength) return 'EINVAL';
  if (addr + oldLength > newAddr && newAddr + newLength > addr) return 'EINVAL';
  return hasRoom(mm, remap.dontUnmap ? mremapRoom.dontUnmap : mremapRoom.move) ? 0 : 'ENOMEM';
}

/** May this VMA be resized, or moved at all, to `newLength`? Kernel: `vma_to_resize()`, `check_prep_vma()` (6.17). */
function checkSize(mm: Mm, vma: VmaRef, remap: Remap, oldLength: number): SyscallResult {
  const lo = mm.store.flagsLo[vma]!;
  if (oldLength === 0 && (lo & (LO_SHARED | LO_MAYSHARE)) === 0) return 'EINVAL';
  if (remap.dontUnmap && (lo & (LO_DONTEXPAND | LO_PFNMAP)) !== 0) return 'EINVAL';
  if (remap.dontUnmap && !mm.profile.dontUnmapFiles && !mm.isAnonymous(vma)) return 'EINVAL';
  if (oldLength > mm.store.end[vma]! - remap.addr) return 'EFAULT';
  if (remap.newLength !== oldLength && (lo & (LO_DONTEXPAND | LO_PFNMAP)) !== 0) return 'EFAULT';
  if (remap.newLength > oldLength && !mlockFutureOk(mm, lo, remap.newLength - oldLength)) return 'EAGAIN';
  return 0;
}

/** A move to a given address (or, with MREMAP_DONTUNMAP, to one that is chosen). Kernel: `mremap_to()`. */
function mremapTo(mm: Mm, remap: Remap): VirtAddr | Errno {
  const { addr, newAddr, newLength } = remap;
  let oldLength = remap.oldLength;
  const shrinks = oldLength > newLength;
  if (!mm.profile.mremapUnmapsTargetFirst) {
    // A tail that is going to be unmapped may reach past the VMA; what is left may not.
    const checked = checkSize(mm, mm.vmaLookup(addr), remap, Math.min(oldLength, newLength));
    if (checked !== 0) return checked;
  }
  if (remap.fixed) {
    const unmapped = unmapRange(mm, newAddr, newAddr + newLength);
    if (unmapped !== 0) return unmapped;
  }
  if (shrinks) {
    const unmapped = unmapRange(mm, addr + newLength, addr + oldLength);
    if (unmapped !== 0) return unmapped;
    oldLength = newLength;
  }
  const vma = mm.vmaLookup(addr);
  if (vma === NO_VMA) return 'EFAULT';
  const checked = checkSize(mm, vma, remap, oldLength);
  if (checked !== 0) return checked;
  const target = chooseTarget(mm, vma, remap);
  if (isErrno(target)) return target;
  const locked = isLocked(mm, vma);
  const { dontUnmap } = remap;
  const moved = moveVma(mm, { vma, oldAddr: addr, oldLength, newAddr: target, newLength, dontUnmap });
  if (isErrno(moved)) return moved;
  if (locked) populateGrown(mm, target, oldLength, newLength);
  return virtAddr(target);
}

/**
 * A move that keeps the size, VMA by VMA; holes stay holes. An error leaves the VMAs before it moved.
 *
 *   |--A--|   |-B-|      ->      ...     |--A--|   |-B-|
 *
 * Kernel: `remap_move()` (6.17).
 */
function moveEveryVma(mm: Mm, remap: Remap): VirtAddr | Errno {
  const store = mm.store;
  const start = remap.addr;
  const end = start + remap.oldLength;
  const shift = remap.newAddr - start;
  let vma = mm.index.findIntersection(start, Math.max(end, start + 1));
  if (vma === NO_VMA || store.start[vma]! > start) return 'EFAULT';
  for (let at = start; vma !== NO_VMA; vma = mm.findVma(at)) {
    const from = Math.max(at, store.start[vma]!);
    if (from >= end) break;
    const vmaEnd = store.end[vma]!;
    const length = Math.min(end, vmaEnd) - from;
    if (!mayMoveWithOthers(mm, vma) && (from !== start || vmaEnd < end)) return 'EFAULT';
    if (isSealed(mm, vma)) return 'EPERM';
    // As a rule there is one VMA, and nothing to copy.
    const one: Remap =
      length === remap.oldLength
        ? remap
        : { ...remap, addr: from, oldLength: length, newLength: length, newAddr: from + shift };
    const moved = mremapTo(mm, one);
    if (isErrno(moved)) return moved;
    at = from + length;
    if (at >= end) break;
  }
  return virtAddr(remap.newAddr);
}

/** Not a VMA of a userfaultfd, nor of a file that chooses its own addresses. Kernel: `vma_multi_allowed()`. */
function mayMoveWithOthers(mm: Mm, vma: VmaRef): boolean {
  if (mm.store.uffd[vma] !== 0) return false;
  const file = mm.store.file[vma]!;
  return file === 0 || mm.files.get(file)?.ownGetUnmappedArea !== true;
}

/** Without an address: shrink, grow in place, or move where MREMAP_MAYMOVE allows. Kernel: `mremap_at()`. */
function mremapAt(mm: Mm, remap: Remap, vma: VmaRef): VirtAddr | Errno {
  const { addr, oldLength, newLength } = remap;
  const store = mm.store;
  if (newLength === oldLength) return virtAddr(addr);
  if (newLength < oldLength) {
    const unmapped = unmapRange(mm, addr + newLength, addr + oldLength);
    return unmapped === 0 ? virtAddr(addr) : unmapped;
  }
  if (vma === NO_VMA) return 'EFAULT';
  const checked = checkSize(mm, vma, remap, oldLength);
  if (checked !== 0) return checked;
  const locked = isLocked(mm, vma);
  if (addr + oldLength === store.end[vma] && vmaExpandable(mm, vma, newLength - oldLength)) {
    if (!vmaMergeExtend(mm, vma, newLength - oldLength)) return 'ENOMEM';
    if (locked) populateGrown(mm, addr, oldLength, newLength);
    return virtAddr(addr);
  }
  if (!remap.mayMove) return 'ENOMEM';
  const target = chooseTarget(mm, vma, remap);
  if (isErrno(target)) return target;
  const moved = moveVma(mm, { vma, oldAddr: addr, oldLength, newAddr: target, newLength, dontUnmap: false });
  if (isErrno(moved)) return moved;
  if (locked) populateGrown(mm, target, oldLength, newLength);
  return virtAddr(target);
}

/** Is there room right above the VMA? Kernel: `vma_expandable()`. */
function vmaExpandable(mm: Mm, vma: VmaRef, delta: number): boolean {
  const end = mm.store.end[vma]!;
  return end + delta <= TASK_SIZE && mm.index.findIntersection(end, end + delta) === NO_VMA;
}

/** Grows a VMA upwards, and joins the next one if it then touches and fits. Kernel: `vma_merge_extend()`. */
function vmaMergeExtend(mm: Mm, vma: VmaRef, delta: number): boolean {
  const end = mm.store.end[vma]!;
  const vmg = vmgVmaState(mm, vma, vma, end, end + delta);
  vmg.kind = 'new';
  vmg.middle = NO_VMA;
  vmg.next = mm.index.next(vma);
  vmg.justExpand = !mm.profile.mremapGrowsIntoNext;
  const lo = mm.store.flagsLo[vma]!;
  if (vmaMergeNewRange(vmg) === NO_VMA) return false;
  mm.counters.add(lo, delta / PAGE_SIZE);
  return true;
}

function chooseTarget(mm: Mm, vma: VmaRef, remap: Remap): number | Errno {
  const store = mm.store;
  const file = store.file[vma]!;
  const pageOffset = store.pgoff[vma]! + (remap.addr - store.start[vma]!) / PAGE_SIZE;
  const shared = (store.flagsLo[vma]! & LO_MAYSHARE) !== 0 ? MAP_SHARED : 0;
  const flags = shared | (remap.fixed ? MAP_FIXED : 0);
  const hint = remap.fixed || remap.dontUnmap ? remap.newAddr : 0;
  return getUnmappedArea(mm, file, hint, remap.newLength, pageOffset, flags);
}

function isLocked(mm: Mm, vma: VmaRef): boolean {
  return (mm.store.flagsLo[vma]! & LO_LOCKED) !== 0;
}

/** A locked mapping that grew has its new part faulted in. */
function populateGrown(mm: Mm, addr: number, oldLength: number, newLength: number): void {
  if (newLength > oldLength) mm.pageOps.populate(addr + oldLength, addr + newLength, true);
}
