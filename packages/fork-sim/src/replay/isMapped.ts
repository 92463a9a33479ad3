import { type Mm, NO_VMA } from 'vma-core';

/** Is the range mapped throughout? Where it is not, ENOMEM says so, and has nothing to do with the limit. */
export function isMapped(mm: Mm, start: number, end: number): boolean {
  let at = start;
  for (let vma = mm.index.findIntersection(start, end); vma !== NO_VMA; vma = mm.index.next(vma)) {
    if (mm.store.start[vma]! > at) return false;
    at = mm.store.end[vma]!;
    if (at >= end) return true;
  }
  return false;
}
