import { type Errno, isErrno, type SyscallResult } from '../errno.ts';
import { vmaModifyFlags } from '../merge/vmaModifyFlags.ts';
import type { Mm } from '../mm.ts';
import { PAGE_SIZE, pageAlign, TASK_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { HI_DROPPABLE, LO_HUGETLB, LO_LOCKED, LO_LOCKED_MASK, LO_LOCKONFAULT, LO_SPECIAL } from '../vmFlags.ts';
import { canDoMlock, mayLockAll, mayLockRange } from './memlock.ts';
import { MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT, MLOCK_ONFAULT } from './uapi.ts';

/**
 * Locks the pages that `[start, start + length)` touches, then faults them in unless MLOCK_ONFAULT is given.
 * Kernel: `mlock(2)`, `mlock2(2)`, `do_mlock()`, mm/mlock.c.
 *
 * @param flags MLOCK_ONFAULT or 0
 * @returns ENOMEM at a hole (VMAs before it are locked), when a cut meets `max_map_count`, or where faulting in fails (all
 *   are locked then), or where more would be locked than RLIMIT_MEMLOCK allows; EPERM where that is 0; EAGAIN when faulting in runs out of memory; EINVAL for unknown flags
 */
export function mlock(mm: Mm, start: number, length: number, flags = 0): SyscallResult {
  if ((flags & ~MLOCK_ONFAULT) !== 0) return 'EINVAL';
  if (!canDoMlock(mm)) return 'EPERM';
  const lock = (flags & MLOCK_ONFAULT) !== 0 ? LO_LOCKED_MASK : LO_LOCKED;
  const from = Math.floor(start / PAGE_SIZE) * PAGE_SIZE;
  const to = from + pageAlign(length + (start - from));
  if (!mayLockRange(mm, from, to)) return 'ENOMEM';
  const applied = applyVmaLockFlags(mm, from, to, lock);
  if (applied !== 0) return applied;
  return mlockPosixErrorReturn(mm.pageOps.populate(from, to, false));
}

/** What mlock says where faulting in fails. Kernel: `__mlock_posix_error_return()`. */
function mlockPosixErrorReturn(populated: SyscallResult): SyscallResult {
  if (populated === 'EFAULT') return 'ENOMEM';
  return populated === 'ENOMEM' ? 'EAGAIN' : populated;
}

/** Unlocks. Kernel: `munlock(2)`. */
export function munlock(mm: Mm, start: number, length: number): SyscallResult {
  const from = Math.floor(start / PAGE_SIZE) * PAGE_SIZE;
  return applyVmaLockFlags(mm, from, from + pageAlign(length + (start - from)), 0);
}

/**
 * Locks what is mapped, what will be, or both. Kernel: `mlockall(2)`, `apply_mlockall_flags()`.
 *
 * @returns EINVAL for unknown flags, or MCL_ONFAULT alone; EPERM where RLIMIT_MEMLOCK is 0; ENOMEM where more is mapped than it allows
 */
export function mlockall(mm: Mm, flags: number): SyscallResult {
  const known = MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT;
  if (flags === 0 || (flags & ~known) !== 0 || flags === MCL_ONFAULT) return 'EINVAL';
  if (!canDoMlock(mm)) return 'EPERM';
  if ((flags & MCL_CURRENT) !== 0 && !mayLockAll(mm)) return 'ENOMEM';
  const lock = (flags & MCL_ONFAULT) !== 0 ? LO_LOCKED_MASK : LO_LOCKED;
  mm.defFlagsLo &= ~LO_LOCKED_MASK;
  if ((flags & MCL_FUTURE) !== 0) mm.defFlagsLo |= lock;
  if ((flags & MCL_CURRENT) === 0) return 0;
  lockEveryVma(mm, lock);
  mm.pageOps.populate(0, TASK_SIZE, true);
  return 0;
}

/** Undoes {@link mlockall}. Kernel: `munlockall(2)`. */
export function munlockall(mm: Mm): SyscallResult {
  mm.defFlagsLo &= ~LO_LOCKED_MASK;
  lockEveryVma(mm, 0);
  return 0;
}

function lockEveryVma(mm: Mm, lock: number): void {
  const store = mm.store;
  let prev: VmaRef = NO_VMA;
  for (let vma = mm.index.first(); vma !== NO_VMA; vma = mm.index.next(prev)) {
    const changed = mlockFixup(mm, prev, vma, store.start[vma]!, store.end[vma]!, lock);
    prev = isErrno(changed) ? vma : changed;
  }
}

/** Kernel: `apply_vma_lock_flags()`. */
function applyVmaLockFlags(mm: Mm, start: number, end: number, lock: number): SyscallResult {
  if (end === start) return 0;
  const store = mm.store;
  let vma = mm.vmaLookup(start);
  if (vma === NO_VMA) return 'ENOMEM';
  let prev = start > store.start[vma]! ? vma : mm.index.prev(vma);
  let at = start;
  for (;;) {
    const changed = mlockFixup(mm, prev, vma, at, Math.min(end, store.end[vma]!), lock);
    if (isErrno(changed)) return changed;
    prev = changed;
    at = store.end[changed]!;
    if (at >= end) return 0;
    vma = mm.index.next(changed);
    if (vma === NO_VMA || store.start[vma] !== at) return 'ENOMEM';
  }
}

/** Kernel: `mlock_fixup()`. Special and droppable mappings are passed over in silence. */
function mlockFixup(mm: Mm, prev: VmaRef, vma: VmaRef, start: number, end: number, lock: number): VmaRef | Errno {
  const store = mm.store;
  const oldLo = store.flagsLo[vma]!;
  const newLo = ((oldLo & ~(LO_LOCKED | LO_LOCKONFAULT)) | lock) >>> 0;
  if (newLo === oldLo || (oldLo & (LO_SPECIAL | LO_HUGETLB)) !== 0) return vma;
  if ((store.flagsHi[vma]! & HI_DROPPABLE) !== 0) return vma;
  const { mergeReturnsFlags, munlockStoresFlags } = mm.profile;
  const keepsMerged = mergeReturnsFlags || (lock === 0 && !munlockStoresFlags);
  const changed = vmaModifyFlags(
    mm,
    prev,
    vma,
    start,
    end,
    newLo,
    store.flagsHi[vma]!,
    store.anonName[vma]!,
    keepsMerged,
  );
  if (isErrno(changed)) return changed;
  mm.counters.change(oldLo, newLo, (end - start) / PAGE_SIZE);
  return changed;
}
