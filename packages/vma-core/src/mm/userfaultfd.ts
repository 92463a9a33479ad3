import { type Errno, isErrno, type SyscallResult } from '../errno.ts';
import { vmgVmaState } from '../merge/vmaMergeStruct.ts';
import { vmaModify } from '../merge/vmaModifyFlags.ts';
import type { Mm } from '../mm.ts';
import type { UffdContext } from '../uffdContext.ts';
import { isPageAligned } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { HI_DROPPABLE, HI_UFFD, HI_UFFD_RWP, LO_MAYWRITE, LO_UFFD, LO_UFFD_MISSING, LO_UFFD_WP } from '../vmFlags.ts';

/** What a range is registered for. */
export interface UffdMode {
  /** UFFDIO_REGISTER_MODE_MISSING: pages that are not there. */
  readonly missing?: boolean;
  /** UFFDIO_REGISTER_MODE_WP: writes to write-protected pages. */
  readonly wp?: boolean;
  /** UFFDIO_REGISTER_MODE_RWP (7.3): reads and writes of protected pages. */
  readonly rwp?: boolean;
}

/**
 * Registers what is mapped in `[start, start + length)`; holes are passed over. All VMAs are checked first, then changed one
 * after the other, each merged or cut as by `madvise`. Kernel: `userfaultfd_register()`, fs/userfaultfd.c.
 *
 * @returns EINVAL (no VMA, or one of a kind that cannot: special, SysV, from 6.18 droppable), EPERM (shared and not writable),
 *   EBUSY (registered with another userfaultfd; on 7.3 also a loss of write-protection), ENOMEM (a cut meets `max_map_count`)
 */
export function uffdRegister(
  mm: Mm,
  context: UffdContext,
  start: number,
  length: number,
  mode: UffdMode,
): SyscallResult {
  if (!isValidRange(start, length)) return 'EINVAL';
  const lo = (mode.missing ? LO_UFFD_MISSING : 0) | (mode.wp ? LO_UFFD_WP : 0);
  const hi = mode.rwp ? HI_UFFD_RWP : 0;
  if ((lo | hi) === 0 || (mode.rwp && (!mm.profile.uffdRwp || !context.rwp))) return 'EINVAL';
  const end = start + length;
  const store = mm.store;
  const first = mm.index.findIntersection(start, end);
  if (first === NO_VMA) return 'EINVAL';
  for (let vma: VmaRef = first; inRange(mm, vma, end); vma = mm.index.next(vma)) {
    const onlyAsyncWp = context.async && lo === LO_UFFD_WP && hi === 0;
    if (!vmaCanUserfault(mm, vma, onlyAsyncWp, mode.wp === true)) return 'EINVAL';
    if ((store.flagsLo[vma]! & LO_MAYWRITE) === 0) return 'EPERM';
    const owner = store.uffd[vma]!;
    if (owner !== 0 && owner !== context.id) return 'EBUSY';
    if (mm.profile.uffdModeLossRefused && losesMode(mm, vma, lo, hi)) return 'EBUSY';
  }
  return changeRange(mm, first, start, end, (vma, prev, from, to) => {
    const oldLo = store.flagsLo[vma]!;
    const oldHi = store.flagsHi[vma]!;
    if (store.uffd[vma] === context.id && (oldLo & lo) === lo && (oldHi & hi) === hi) return vma;
    return setContext(mm, prev, vma, from, to, lo, hi, context.id);
  });
}

/**
 * Unregisters `[start, start + length)`; bits and markers of write-protection go, tables stay.
 * Kernel: `userfaultfd_unregister()`.
 *
 * @returns EINVAL (no VMA, a kind that cannot be registered, or, from 6.18, another userfaultfd's), ENOMEM
 */
export function uffdUnregister(mm: Mm, context: UffdContext, start: number, length: number): SyscallResult {
  if (!isValidRange(start, length)) return 'EINVAL';
  const end = start + length;
  const store = mm.store;
  const first = mm.index.findIntersection(start, end);
  if (first === NO_VMA) return 'EINVAL';
  for (let vma: VmaRef = first; inRange(mm, vma, end); vma = mm.index.next(vma)) {
    const registered = store.flagsLo[vma]! & LO_UFFD;
    const owner = store.uffd[vma]!;
    const onlyAsyncWp = context.async && registered === LO_UFFD_WP;
    if (!vmaCanUserfault(mm, vma, onlyAsyncWp, (registered & LO_UFFD_WP) !== 0)) return 'EINVAL';
    if (mm.profile.uffdForeignUnregisterRefused && owner !== 0 && owner !== context.id) return 'EINVAL';
  }
  return changeRange(mm, first, start, end, (vma, prev, from, to) =>
    store.uffd[vma] === 0 ? vma : clearVma(mm, prev, vma, from, to),
  );
}

/** The last reference to a userfaultfd is closed: all its ranges are unregistered. Kernel: `userfaultfd_release()`. */
export function uffdRelease(mm: Mm, contextId: number): void {
  const store = mm.store;
  let prev: VmaRef = NO_VMA;
  for (let vma = mm.index.first(); vma !== NO_VMA; vma = mm.index.next(prev)) {
    prev = vma;
    if (store.uffd[vma] !== contextId) continue;
    const below = mm.index.prev(vma);
    const clear = mm.profile.uffdCloseClearsWp ? clearVma : forgetVma;
    const cleared = clear(mm, below, vma, store.start[vma]!, store.end[vma]!);
    if (isErrno(cleared)) uffdResetContext(mm, vma);
    else prev = cleared;
  }
}

/** Takes registration flags and context off a VMA. Kernel: `userfaultfd_reset_ctx()`. */
export function uffdResetContext(mm: Mm, vma: VmaRef): void {
  const store = mm.store;
  store.uffd[vma] = 0;
  store.flagsLo[vma] = store.flagsLo[vma]! & ~LO_UFFD;
  store.flagsHi[vma] = store.flagsHi[vma]! & ~HI_UFFD;
}

/**
 * Anonymous memory, tmpfs and shared anonymous memory can be registered; with WP_ASYNC and nothing but write-protection,
 * everything. Write-protection of shared memory came with 5.19. Kernel: `vma_can_userfault()`.
 */
function vmaCanUserfault(mm: Mm, vma: VmaRef, anything: boolean, wp: boolean): boolean {
  const store = mm.store;
  if (mm.profile.uffdDroppableRefused && (store.flagsHi[vma]! & HI_DROPPABLE) !== 0) return false;
  if (anything || mm.isAnonymous(vma)) return true;
  return mm.files.get(store.file[vma]!)?.shmem === true && (!wp || mm.profile.uffdWpShmem);
}

function losesMode(mm: Mm, vma: VmaRef, lo: number, hi: number): boolean {
  const oldLo = mm.store.flagsLo[vma]! & LO_UFFD;
  const oldHi = mm.store.flagsHi[vma]! & HI_UFFD;
  // A mode that is wholly contained in the old one, write-protection included, changes nothing and is let through.
  const losesWp = (oldLo & LO_UFFD_WP & ~lo) !== 0;
  const losesRwp = (oldHi & HI_UFFD_RWP & ~hi) !== 0;
  return losesWp || losesRwp;
}

function setContext(
  mm: Mm,
  prev: VmaRef,
  vma: VmaRef,
  start: number,
  end: number,
  lo: number,
  hi: number,
  context: number,
): VmaRef | Errno {
  const store = mm.store;
  const vmg = vmgVmaState(mm, prev, vma, start, end);
  const newLo = (store.flagsLo[vma]! & ~LO_UFFD) | lo;
  const newHi = (store.flagsHi[vma]! & ~HI_UFFD) | hi;
  store.uffd[vmg.proposed] = context;
  store.flagsLo[vmg.proposed] = newLo;
  store.flagsHi[vmg.proposed] = newHi;
  if (!mm.profile.uffdMergesByRange) {
    store.pgoff[vmg.proposed] = store.pgoff[vma]!;
    store.anonPgoff[vmg.proposed] = store.anonPgoff[vma]!;
  }
  const changed = vmaModify(vmg);
  if (isErrno(changed)) return changed;
  store.uffd[changed] = context;
  if (!mm.profile.uffdKeepsMergedFlags) {
    store.flagsLo[changed] = newLo;
    store.flagsHi[changed] = newHi;
    return changed;
  }
  store.flagsLo[changed] = (store.flagsLo[changed]! & ~LO_UFFD) | lo;
  store.flagsHi[changed] = (store.flagsHi[changed]! & ~HI_UFFD) | hi;
  return changed;
}

/** Kernel: `userfaultfd_clear_vma()`. */
function clearVma(mm: Mm, prev: VmaRef, vma: VmaRef, start: number, end: number): VmaRef | Errno {
  mm.pageOps.uffdClear(vma, start, end);
  return forgetVma(mm, prev, vma, start, end);
}

/** Takes the registration away; bits and markers of write-protection stay in the page tables. */
function forgetVma(mm: Mm, prev: VmaRef, vma: VmaRef, start: number, end: number): VmaRef | Errno {
  return setContext(mm, prev, vma, start, end, 0, 0, 0);
}

function changeRange(
  mm: Mm,
  first: VmaRef,
  start: number,
  end: number,
  change: (vma: VmaRef, prev: VmaRef, from: number, to: number) => VmaRef | Errno,
): SyscallResult {
  const store = mm.store;
  let prev = store.start[first]! < start ? first : mm.index.prev(first);
  for (let vma = first; inRange(mm, vma, end); vma = mm.index.next(prev)) {
    const from = Math.max(start, store.start[vma]!);
    const changed = change(vma, prev, from, Math.min(end, store.end[vma]!));
    if (isErrno(changed)) return changed;
    prev = changed;
  }
  return 0;
}

function inRange(mm: Mm, vma: VmaRef, end: number): boolean {
  return vma !== NO_VMA && mm.store.start[vma]! < end;
}

function isValidRange(start: number, length: number): boolean {
  return isPageAligned(start) && length > 0 && isPageAligned(length);
}
