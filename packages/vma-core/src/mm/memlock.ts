import type { Mm } from '../mm.ts';
import { PAGE_SIZE, pageAlign } from '../units.ts';
import { NO_VMA } from '../vmaStore.ts';
import { LO_LOCKED } from '../vmFlags.ts';

/** May the process lock memory at all? Kernel: `can_do_mlock()`, mm/mlock.c. */
export function canDoMlock(mm: Mm): boolean {
  return mm.memlockLimit > 0;
}

/**
 * May `bytes` more be mapped with these flags, as far as RLIMIT_MEMLOCK goes? Kernel: `mlock_future_ok()`, mm/mmap.c.
 *
 * @param lo the mapping's flags, low half
 */
export function mlockFutureOk(mm: Mm, lo: number, bytes: number): boolean {
  return (lo & LO_LOCKED) === 0 || mm.counters.lockedVm + pageAlign(bytes) / PAGE_SIZE <= limitPages(mm);
}

/** May `[start, end)` be locked? What is locked there counts once. Kernel: `do_mlock()`, `count_mm_mlocked_page_nr()`. */
export function mayLockRange(mm: Mm, start: number, end: number): boolean {
  const limit = limitPages(mm);
  const locked = mm.counters.lockedVm + (end - start) / PAGE_SIZE;
  return locked <= limit || locked - lockedPagesIn(mm, start, end) <= limit;
}

/** May all that is mapped be locked? Kernel: `mlockall(2)`. */
export function mayLockAll(mm: Mm): boolean {
  return mm.counters.totalVm <= limitPages(mm);
}

function limitPages(mm: Mm): number {
  return Math.floor(mm.memlockLimit / PAGE_SIZE);
}

function lockedPagesIn(mm: Mm, start: number, end: number): number {
  const { index, store } = mm;
  let bytes = 0;
  for (let vma = index.findIntersection(start, end); vma !== NO_VMA; vma = index.next(vma)) {
    if (store.start[vma]! >= end) break;
    if ((store.flagsLo[vma]! & LO_LOCKED) === 0) continue;
    bytes += Math.min(end, store.end[vma]!) - Math.max(start, store.start[vma]!);
  }
  return bytes / PAGE_SIZE;
}
