import { type Errno, isErrno, type SyscallResult } from '../errno.ts';
import { splitVmaUnlimited } from '../merge/splitVma.ts';
import type { Mm } from '../mm.ts';
import { isPageAligned, PAGE_SIZE, pageAlign, TASK_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { LO_HUGETLB } from '../vmFlags.ts';
import { isSealed } from './mseal.ts';

/**
 * Unmaps `[addr, addr + length)`; holes in it are fine. Kernel: `munmap(2)`, `do_vmi_munmap()`, mm/vma.c.
 *
 * @returns EINVAL for an unaligned address or an empty or too long range; ENOMEM when a VMA would be cut in three at
 *   `max_map_count`; EINVAL within a huge page of hugetlbfs; EPERM at a sealed VMA, where the cut at the range's start stays
 */
export function munmap(mm: Mm, addr: number, length: number): SyscallResult {
  if (!isPageAligned(addr) || addr > TASK_SIZE || length > TASK_SIZE - addr) return 'EINVAL';
  const bytes = pageAlign(length);
  if (bytes === 0) return 'EINVAL';
  return unmapRange(mm, addr, addr + bytes);
}

/** The VMAs of a range that is to go, whole ones. */
interface Gathered {
  readonly first: VmaRef;
  readonly last: VmaRef;
}

/** Unmaps whole pages `[start, end)`, cutting VMAs at the edges. Kernel: `do_vmi_align_munmap()`. */
export function unmapRange(mm: Mm, start: number, end: number): SyscallResult {
  const found = mm.index.findIntersection(start, end);
  if (found === NO_VMA) return 0;
  if (isPartThatGoes(mm, found, start, end)) {
    unmapPart(mm, found, start, end);
    return 0;
  }
  const gathered = vmsGatherMunmapVmas(mm, found, start, end);
  if (isErrno(gathered)) return gathered;
  const store = mm.store;
  let { first } = gathered;
  const { last } = gathered;
  const from = store.start[first]!;
  const to = store.end[last]!;
  const below = mm.index.prev(first);
  for (;;) {
    const next = mm.index.next(first);
    const done = first === last;
    mm.counters.add(store.flagsLo[first]!, (store.start[first]! - store.end[first]!) / PAGE_SIZE);
    mm.removeVma(first);
    first = next;
    if (done) break;
  }
  unmapPages(mm, from, to, below, first);
  return 0;
}

/** Tells the page tables of pages that are in no VMA any more, between two VMAs, of which there may be none. */
function unmapPages(mm: Mm, start: number, end: number, below: VmaRef, above: VmaRef): void {
  const floor = below === NO_VMA ? 0 : mm.store.end[below]!;
  const ceiling = above === NO_VMA ? 0 : mm.store.start[above]!;
  mm.pageOps.unmapRegion(start, end, floor, ceiling);
}

/** Is the range a part of one VMA, which nothing keeps from going, and is nobody to be told of the cuts? */
function isPartThatGoes(mm: Mm, vma: VmaRef, start: number, end: number): boolean {
  if (mm.observer !== null || mm.failAllocation !== null || isSealed(mm, vma)) return false;
  if ((mm.store.flagsLo[vma]! & LO_HUGETLB) !== 0) return false;
  const below = start - mm.store.start[vma]!;
  const above = mm.store.end[vma]! - end;
  if (below < 0 || above < 0 || below + above === 0) return false;
  return below === 0 || above === 0 || mm.mapCount < mm.maxMapCount;
}

/**
 * Unmaps a part of a VMA: what cuts at the edges of the part leave, and then its removal; but the part is no VMA in between.
 *
 *   |----|####|------|   ->   |----|    |------|    the VMA keeps what is below, a new one has what is above
 *   |----|####           ->   |----|                the VMA ends earlier
 *        |####|------|   ->             |------|    the VMA begins later
 */
function unmapPart(mm: Mm, vma: VmaRef, start: number, end: number): void {
  const { store, index, stats } = mm;
  const vmaStart = store.start[vma]!;
  const vmaEnd = store.end[vma]!;
  mm.counters.add(store.flagsLo[vma]!, (start - end) / PAGE_SIZE);
  const pgoff = store.pgoff[vma]! + (end - vmaStart) / PAGE_SIZE;
  const anonPgoff = store.anonPgoff[vma]! + (end - vmaStart) / PAGE_SIZE;
  let below = vma;
  let above = vma;
  if (start === vmaStart) {
    mm.setRange(vma, end, vmaEnd, pgoff, anonPgoff);
    below = index.prev(vma);
  } else {
    if (end === vmaEnd) above = index.next(vma);
    else {
      above = store.dup(vma);
      store.start[above] = end;
      store.pgoff[above] = pgoff;
      store.anonPgoff[above] = anonPgoff;
      mm.linkVma(above);
      stats.splits++;
    }
    mm.setRange(vma, vmaStart, start, store.pgoff[vma]!, store.anonPgoff[vma]!);
  }
  stats.splits++;
  // With the part that goes there is one more for a moment.
  stats.peakMapCount = Math.max(stats.peakMapCount, mm.mapCount + 1);
  unmapPages(mm, start, end, below, above);
}

/**
 * Cuts VMAs at the edges of `[start, end)`, as if the range were about to be unmapped: what remains when an `mmap` with MAP_FIXED gives up
 * after that. Kernel: `vms_gather_munmap_vmas()`, and `vms_abort_munmap_vmas()`, which does not join again (6.12).
 *
 * @returns 0, or why no range can be unmapped there
 */
export function cutForMunmap(mm: Mm, start: number, end: number): SyscallResult {
  const first = mm.index.findIntersection(start, end);
  if (first === NO_VMA) return 0;
  const gathered = vmsGatherMunmapVmas(mm, first, start, end);
  return isErrno(gathered) ? gathered : 0;
}

/** Cuts first, so that whole VMAs remain to be removed. A cut stays when a later step refuses. */
function vmsGatherMunmapVmas(mm: Mm, first: VmaRef, start: number, end: number): Gathered | Errno {
  const store = mm.store;
  if (store.start[first]! < start) {
    // At the limit a cut at one edge is allowed, since it frees something; a cut in three is not.
    const inside = store.end[first]! > end;
    if (inside && mm.mapCount >= mm.maxMapCount) return 'ENOMEM';
    if (isSealed(mm, first)) return 'EPERM';
    const below = splitVmaUnlimited(mm, first, start, true);
    if (isErrno(below)) return below;
  }
  for (let vma = first; ; ) {
    if (isSealed(mm, vma)) return 'EPERM';
    if (store.end[vma]! > end) {
      const above = splitVmaUnlimited(mm, vma, end, false);
      return isErrno(above) ? above : { first, last: vma };
    }
    const next = mm.index.next(vma);
    if (next === NO_VMA || store.start[next]! >= end) return { first, last: vma };
    vma = next;
  }
}
