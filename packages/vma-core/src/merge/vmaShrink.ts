import type { SyscallResult } from '../errno.ts';
import { InvariantError } from '../errors.ts';
import type { Mm } from '../mm.ts';
import { PAGE_SIZE } from '../units.ts';
import type { VmaRef } from '../vmaStore.ts';

/**
 * Makes a VMA smaller at one end or both; what it held there is nobody's. Page tables are the caller's.
 * Kernel: `vma_shrink()`, mm/vma.c.
 *
 * @returns 0, or ENOMEM where an allocation was made to fail; then nothing has changed
 */
export function vmaShrink(mm: Mm, vma: VmaRef, start: number, end: number): SyscallResult {
  const store = mm.store;
  const oldStart = store.start[vma]!;
  if (!(start >= oldStart && end <= store.end[vma]! && start < end)) {
    throw new InvariantError(`shrink of [${oldStart}, ${store.end[vma]}) to [${start}, ${end})`);
  }
  if (mm.failAllocation !== null && mm.fails('mergePrealloc')) return 'ENOMEM';
  const pages = (start - oldStart) / PAGE_SIZE;
  const pageOffset = store.pgoff[vma]! + pages;
  mm.setRange(vma, start, end, pageOffset, store.anonPgoff[vma]! + pages);
  return 0;
}
