import { pteGuard, type VirtPage, virtPage, walkPageRange } from 'pt-model';
import { NO_VMA, PAGE_SIZE, TASK_SIZE } from 'vma-core';
import type { Process } from '../process/process.ts';
import { tableSlices } from '../process/tableSlices.ts';

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
export function guardRegions(process: Process, low = 0, high: number = TASK_SIZE): GuardRegion[] {
  const steps = guardRegionSteps(process, low, high);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Pages of a VMA up to which it is looked at in one piece, and VMAs. */
const SLICE_PAGES = 2 ** 12;
const SLICE_VMAS = 2 ** 10;

/** {@link guardRegions} in pieces of a millisecond or so. Precondition: the process stays as it is meanwhile. */
export function* guardRegionSteps(process: Process, low: number, high: number): Generator<unknown, GuardRegion[]> {
  const { mm, pageTable } = process;
  const regions: { start: number; end: number }[] = [];
  let open: { start: number; end: number } | null = null;
  const look = (from: VirtPage, to: VirtPage): void => {
    walkPageRange(pageTable, from, to, {
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
    });
  };
  let vmas = 0;
  for (let vma = mm.index.find(low); vma !== NO_VMA; vma = mm.index.next(vma)) {
    if (mm.store.start[vma]! >= high) break;
    const from = virtPage(mm.store.start[vma]! / PAGE_SIZE);
    const to = virtPage(mm.store.end[vma]! / PAGE_SIZE);
    open = null;
    if (to - from <= SLICE_PAGES) look(from, to);
    else yield* tableSlices(pageTable, from, to, look);
    if (++vmas % SLICE_VMAS === 0) yield;
  }
  return regions;
}
