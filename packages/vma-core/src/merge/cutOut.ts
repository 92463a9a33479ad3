import type { Mm } from '../mm.ts';
import { PAGE_SIZE } from '../units.ts';
import type { VmaRef } from '../vmaStore.ts';

/**
 * Takes `[start, end)` out of the middle of a VMA: what two cuts and a removal do, with one insertion into the index.
 *
 *       vma                       below          above
 *   |-------------------|   ->   |-----|        |-----|
 *         start  end                   start  end
 *
 * Counts, slots and the use of the file come out as after {@link splitVma} twice and the removal of what is between.
 * Preconditions: the range lies within the VMA and touches neither edge; nobody watches the address space, and no
 * allocation is made to fail, for whom the cuts have to be made one by one.
 */
export function cutOut(mm: Mm, vma: VmaRef, start: number, end: number): void {
  const { store, stats } = mm;
  const below = store.dup(vma);
  const above = store.dup(vma);
  const pages = (end - store.start[vma]!) / PAGE_SIZE;
  store.end[below] = start;
  store.start[above] = end;
  store.pgoff[above] = store.pgoff[vma]! + pages;
  store.anonPgoff[above] = store.anonPgoff[vma]! + pages;
  mm.index.replace(vma, below);
  mm.linkVma(above);
  store.release(vma);
  stats.splits += 2;
  // With the part that is taken out they were one more.
  stats.peakMapCount = Math.max(stats.peakMapCount, mm.mapCount + 1);
}
