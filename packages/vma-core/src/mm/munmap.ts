import { isErrno, type SyscallResult } from '../errno.ts';
import { splitVmaUnlimited } from '../merge/splitVma.ts';
import type { Mm } from '../mm.ts';
import { isPageAligned, pageAlign, TASK_SIZE } from '../units.ts';
import { NO_VMA } from '../vmaStore.ts';
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

/** Unmaps whole pages `[start, end)`, cutting VMAs at the edges. Kernel: `do_vmi_align_munmap()`. */
export function unmapRange(mm: Mm, start: number, end: number): SyscallResult {
  const store = mm.store;
  let first = mm.index.findIntersection(start, end);
  if (first === NO_VMA) return 0;

  // Cut first, so that whole VMAs remain to be removed. A cut stays when a later step refuses.
  if (store.start[first]! < start) {
    // At the limit a cut at one edge is allowed, since it frees something; a cut in three is not.
    const inside = store.end[first]! > end;
    if (inside && mm.mapCount >= mm.maxMapCount) return 'ENOMEM';
    if (isSealed(mm, first)) return 'EPERM';
    const below = splitVmaUnlimited(mm, first, start, true);
    if (isErrno(below)) return below;
  }
  let last = first;
  for (let vma = first; ; ) {
    if (isSealed(mm, vma)) return 'EPERM';
    last = vma;
    if (store.end[vma]! > end) {
      const above = splitVmaUnlimited(mm, vma, end, false);
      if (isErrno(above)) return above;
      break;
    }
    vma = mm.index.next(vma);
    if (vma === NO_VMA || store.start[vma]! >= end) break;
  }

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
