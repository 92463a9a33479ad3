import { pteGuard, virtPage, walkPageRange } from 'pt-model';
import { NO_VMA, PAGE_SIZE, TASK_SIZE } from 'vma-core';
import type { Process } from '../process/process.ts';

/** A run of guard markers. */
export interface GuardRegion {
  /** Bytes. */
  readonly start: number;
  /** Bytes, exclusive. */
  readonly end: number;
}

/**
 * Every run of guard markers in the page tables of a process, VMA by VMA, in address order.
 *
 * @param low first address, and `high` the last, exclusive: only VMAs that reach into the range are looked at
 */
export function guardRegions({ mm, pageTable }: Process, low = 0, high: number = TASK_SIZE): GuardRegion[] {
  const regions: { start: number; end: number }[] = [];
  for (let vma = mm.index.find(low); vma !== NO_VMA; vma = mm.index.next(vma)) {
    if (mm.store.start[vma]! >= Math.min(high, TASK_SIZE)) break;
    let open: { start: number; end: number } | null = null;
    walkPageRange(
      pageTable,
      virtPage(mm.store.start[vma]! / PAGE_SIZE),
      virtPage(Math.min(mm.store.end[vma]!, TASK_SIZE) / PAGE_SIZE),
      {
        pte: (page, pte) => {
          if (!pteGuard(pte)) return undefined;
          const start = page * PAGE_SIZE;
          if (open !== null && open.end === start) open.end += PAGE_SIZE;
          else {
            open = { start, end: start + PAGE_SIZE };
            regions.push(open);
          }
          return undefined;
        },
      },
    );
  }
  return regions;
}
