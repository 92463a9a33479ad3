import { type Errno, isErrno, type SyscallResult } from '../errno.ts';
import { splitVmaUnlimited } from '../merge/splitVma.ts';
import type { Mm } from '../mm.ts';
import { isPageAligned, pageAlign, TASK_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { isSealed } from './mseal.ts';

/**
 * Unmaps `[addr, addr + length)`; holes in it are fine. Kernel: `munmap(2)`, `do_vmi_munmap()`, mm/vma.c.
 *
 * @returns EINVAL for an unaligned address or an empty or too long range; ENOMEM when a VMA would be cut in three at
 *   `max_map_count`; EPERM at a sealed VMA, where the cut at the range's start stays
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
  const gathered = vmsGatherMunmapVmas(mm, start, end);
  if (gathered === null) return 0;
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
    mm.removeVma(first);
    first = next;
    if (done) break;
  }
  const floor = below === NO_VMA ? 0 : store.end[below]!;
  const ceiling = first === NO_VMA ? 0 : store.start[first]!;
  mm.pageOps.unmapRegion(from, to, floor, ceiling);
  return 0;
}

/**
 * Cuts VMAs at the edges of `[start, end)`, as if the range were about to be unmapped: what remains when an `mmap` with MAP_FIXED gives up
 * after that. Kernel: `vms_gather_munmap_vmas()`, and `vms_abort_munmap_vmas()`, which does not join again (6.12).
 *
 * @returns 0, or why no range can be unmapped there
 */
export function cutForMunmap(mm: Mm, start: number, end: number): SyscallResult {
  const gathered = vmsGatherMunmapVmas(mm, start, end);
  return isErrno(gathered) ? gathered : 0;
}

/** Cuts first, so that whole VMAs remain to be removed. A cut stays when a later step refuses. `null`: nothing is there. */
function vmsGatherMunmapVmas(mm: Mm, start: number, end: number): Gathered | Errno | null {
  const store = mm.store;
  const first = mm.index.findIntersection(start, end);
  if (first === NO_VMA) return null;
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
