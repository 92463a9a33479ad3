import { anonVmaPrepare } from '../anonVma.ts';
import type { Errno, SyscallResult } from '../errno.ts';
import { vmaModifyFlags } from '../merge/vmaModifyFlags.ts';
import type { Mm } from '../mm.ts';
import { isPageAligned, pageAlign } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import {
  HI_DROPPABLE,
  LO_DONTCOPY,
  LO_DONTDUMP,
  LO_HUGEPAGE,
  LO_HUGETLB,
  LO_IO,
  LO_LOCKED,
  LO_MAYBE_GUARD,
  LO_MAYSHARE,
  LO_MAYWRITE,
  LO_MERGEABLE,
  LO_NOHUGEPAGE,
  LO_PFNMAP,
  LO_RAND_READ,
  LO_SEQ_READ,
  LO_SHARED,
  LO_SPECIAL,
  LO_WIPEONFORK,
  LO_WRITE,
} from '../vmFlags.ts';
import { isSealed } from './mseal.ts';
import { type AdviceName, adviceName } from './uapi.ts';

/** The VMA that holds the part after the advice, or why it was refused. */
type Visited = VmaRef | Errno | 'LIVELOCK';

/**
 * Gives advice for `[start, start + length)`, VMA by VMA. A hole gives ENOMEM, but the walk goes on behind it; any other
 * error stops it. Kernel: `madvise(2)`, `do_madvise()`, mm/madvise.c.
 *
 * @param advice a MADV_ number
 * @returns ENOMEM (a hole), EINVAL (unknown advice, unaligned, or not for this kind of mapping), EPERM (sealed), EAGAIN (a cut
 *   meets `max_map_count`), EACCES, EFAULT (POPULATE); `LIVELOCK`: GUARD_INSTALL over a write-protected page of a file, which
 *   no kernel returns from (a signal breaks it off, and this state remains)
 */
export function madvise(mm: Mm, start: number, length: number, advice: number): SyscallResult | 'LIVELOCK' {
  const name = adviceName(advice);
  if (name === undefined || !isPageAligned(start)) return 'EINVAL';
  const guard = name === 'GUARD_INSTALL' || name === 'GUARD_REMOVE';
  if (guard && mm.profile.guards === 'none') return 'EINVAL';
  const populates = name === 'POPULATE_READ' || name === 'POPULATE_WRITE';
  if (populates && !mm.profile.madvisePopulate) return 'EINVAL';
  if (name === 'DONTNEED_LOCKED' && !mm.profile.madviseDontneedLocked) return 'EINVAL';
  const end = start + pageAlign(length);
  if (end === start) return 0;
  if (populates && mm.profile.populateStopsAtHole) {
    return mm.pageOps.madvisePopulate(start, end, name === 'POPULATE_WRITE');
  }
  return walkVmas(mm, start, end, name);
}

/** Kernel: `madvise_walk_vmas()`. */
function walkVmas(mm: Mm, start: number, end: number, advice: AdviceName): SyscallResult | 'LIVELOCK' {
  const store = mm.store;
  let unmapped: SyscallResult = 0;
  let at = start;
  for (let vma = mm.findVma(at); ; ) {
    if (vma === NO_VMA) return 'ENOMEM';
    const vmaStart = store.start[vma]!;
    if (at < vmaStart) {
      unmapped = 'ENOMEM';
      at = vmaStart;
      if (at >= end) return unmapped;
    }
    const prev = at > vmaStart ? vma : mm.index.prev(vma);
    const visited = visit(mm, prev, vma, at, Math.min(end, store.end[vma]!), advice);
    if (typeof visited === 'string') return visited;
    // After a merge the VMA may reach further than what was visited.
    at = store.end[visited]!;
    if (at >= end) return unmapped;
    vma = mm.index.next(visited);
  }
}

/** Kernel: `madvise_vma_behavior()`. */
function visit(mm: Mm, prev: VmaRef, vma: VmaRef, start: number, end: number, advice: AdviceName): Visited {
  const store = mm.store;
  if (isSealed(mm, vma) && isDiscard(advice) && isReadOnlyAnonymous(mm, vma)) return 'EPERM';
  const lo = store.flagsLo[vma]!;
  const hi = store.flagsHi[vma]!;
  const anonymous = mm.isAnonymous(vma);
  switch (advice) {
    case 'DONTNEED':
    case 'DONTNEED_LOCKED':
    case 'FREE': {
      const forbidden = advice === 'DONTNEED_LOCKED' ? LO_PFNMAP : LO_PFNMAP | LO_LOCKED;
      if ((lo & forbidden) !== 0 || (advice === 'FREE' && !anonymous)) return 'EINVAL';
      if (advice === 'FREE') mm.pageOps.free(vma, start, end);
      else mm.pageOps.dontneed(vma, start, end);
      return vma;
    }
    case 'REMOVE': {
      if ((lo & LO_LOCKED) !== 0 || anonymous) return 'EINVAL';
      const needed = LO_SHARED | (mm.profile.madviseRemoveMayWrite ? LO_MAYWRITE : LO_WRITE);
      if ((lo & needed) !== needed) return 'EACCES';
      if (mm.files.get(mm.store.file[vma]!)?.sealed === true) return 'EPERM';
      const removed = mm.pageOps.remove(vma, start, end);
      return removed === 0 ? vma : removed;
    }
    case 'COLD':
    case 'PAGEOUT':
      if ((lo & (LO_LOCKED | LO_PFNMAP | LO_HUGETLB)) !== 0) return 'EINVAL';
      if (advice === 'PAGEOUT') mm.pageOps.pageout(vma, start, end);
      return vma;
    case 'GUARD_INSTALL':
      return guardInstall(mm, vma, start, end);
    case 'GUARD_REMOVE':
      if (!isValidGuardVma(mm, vma, true)) return 'EINVAL';
      mm.pageOps.guardRemove(vma, start, end);
      return vma;
    case 'NORMAL':
      return setFlags(mm, prev, vma, start, end, lo & ~LO_RAND_READ & ~LO_SEQ_READ);
    case 'SEQUENTIAL':
      return setFlags(mm, prev, vma, start, end, (lo & ~LO_RAND_READ) | LO_SEQ_READ);
    case 'RANDOM':
      return setFlags(mm, prev, vma, start, end, (lo & ~LO_SEQ_READ) | LO_RAND_READ);
    case 'DONTFORK':
      return setFlags(mm, prev, vma, start, end, lo | LO_DONTCOPY);
    case 'DOFORK':
      if ((lo & LO_IO) !== 0) return 'EINVAL';
      return setFlags(mm, prev, vma, start, end, lo & ~LO_DONTCOPY);
    case 'WIPEONFORK':
      if (store.file[vma] !== 0 || (lo & LO_SHARED) !== 0) return 'EINVAL';
      return setFlags(mm, prev, vma, start, end, lo | LO_WIPEONFORK);
    case 'KEEPONFORK':
      if ((hi & HI_DROPPABLE) !== 0) return 'EINVAL';
      return setFlags(mm, prev, vma, start, end, lo & ~LO_WIPEONFORK);
    case 'DONTDUMP':
      return setFlags(mm, prev, vma, start, end, lo | LO_DONTDUMP);
    case 'DODUMP':
      if ((lo & LO_SPECIAL) !== 0 || (hi & HI_DROPPABLE) !== 0) return 'EINVAL';
      return setFlags(mm, prev, vma, start, end, lo & ~LO_DONTDUMP);
    case 'MERGEABLE': {
      const incompatible =
        (lo & (LO_SHARED | LO_MAYSHARE | LO_SPECIAL | LO_HUGETLB)) !== 0 || (hi & HI_DROPPABLE) !== 0;
      return setFlags(mm, prev, vma, start, end, incompatible ? lo : lo | LO_MERGEABLE);
    }
    case 'UNMERGEABLE':
      return setFlags(mm, prev, vma, start, end, lo & ~LO_MERGEABLE);
    case 'HUGEPAGE':
      return setFlags(mm, prev, vma, start, end, (lo & ~LO_NOHUGEPAGE) | LO_HUGEPAGE);
    case 'NOHUGEPAGE':
      return setFlags(mm, prev, vma, start, end, (lo & ~LO_HUGEPAGE) | LO_NOHUGEPAGE);
    case 'WILLNEED':
      return vma;
    case 'COLLAPSE':
    case 'HWPOISON':
    case 'SOFT_OFFLINE':
      return 'EINVAL';
    case 'POPULATE_READ':
    case 'POPULATE_WRITE': {
      const populated = mm.pageOps.madvisePopulate(start, end, advice === 'POPULATE_WRITE');
      return populated === 0 ? vma : populated;
    }
    default:
      return advice satisfies never;
  }
}

/** Kernel: `madvise_update_vma()`. A failed cut says EAGAIN (from 5.17), unlike everywhere else. */
function setFlags(mm: Mm, prev: VmaRef, vma: VmaRef, start: number, end: number, newLo: number): Visited {
  const store = mm.store;
  const lo = newLo >>> 0;
  if (lo === store.flagsLo[vma]) return vma;
  const changed = vmaModifyFlags(mm, prev, vma, start, end, lo, store.flagsHi[vma]!);
  return changed === 'ENOMEM' && mm.profile.madviseLimitEagain ? 'EAGAIN' : changed;
}

/**
 * The kinds of mapping that take guards: no special ones, no huge pages, and for installing no locked ones.
 * Kernel: `is_valid_guard_vma()`.
 */
function isValidGuardVma(mm: Mm, vma: VmaRef, allowLocked: boolean): boolean {
  const lo = mm.store.flagsLo[vma]!;
  if ((lo & (LO_SPECIAL | LO_HUGETLB)) !== 0 || (!allowLocked && (lo & LO_LOCKED) !== 0)) return false;
  return mm.profile.guards === 'all' || (mm.isAnonymous(vma) && (lo & LO_MAYWRITE) !== 0);
}

/**
 * Kernel: `madvise_guard_install()`. Before the sticky-flag series every mapping gets an anon_vma, so that fork copies its
 * page tables; with it the VMA is flagged, and only anonymous memory gets an anon_vma. What becomes of pages in its way:
 * `pt-model/src/guardRegion.ts`.
 */
function guardInstall(mm: Mm, vma: VmaRef, start: number, end: number): Visited {
  if (!isValidGuardVma(mm, vma, false)) return 'EINVAL';
  const store = mm.store;
  const { guardPreparesAnonVma, guardSetsFlag } = mm.profile;
  if ((guardPreparesAnonVma === 'all' || mm.isAnonymous(vma)) && !anonVmaPrepare(mm, vma)) return 'ENOMEM';
  if (guardSetsFlag) store.flagsLo[vma] = store.flagsLo[vma]! | LO_MAYBE_GUARD;
  const installed = mm.pageOps.guardInstall(vma, start, end);
  return installed === 0 ? vma : installed;
}

/** Kernel: `is_madv_discard()`, mm/mseal.c. */
function isDiscard(advice: AdviceName): boolean {
  switch (advice) {
    case 'FREE':
    case 'DONTNEED':
    case 'DONTNEED_LOCKED':
    case 'REMOVE':
    case 'DONTFORK':
    case 'WIPEONFORK':
    case 'GUARD_INSTALL':
      return true;
    default:
      return false;
  }
}

/** Sealing protects memory from being discarded only where the program could not have written it anyway. Kernel: `is_ro_anon()`. */
function isReadOnlyAnonymous(mm: Mm, vma: VmaRef): boolean {
  return mm.isAnonymous(vma) && (mm.store.flagsLo[vma]! & LO_WRITE) === 0;
}
