import { vmaMergeNewRange } from '../merge/vmaMergeNewRange.ts';
import { vmgState } from '../merge/vmaMergeStruct.ts';
import type { Mm } from '../mm.ts';
import { PAGE_SIZE, pageAlign, TASK_SIZE, type VirtAddr, virtAddr } from '../units.ts';
import { NO_VMA } from '../vmaStore.ts';
import {
  LO_ACCOUNT,
  LO_LOCKED,
  LO_MAYEXEC,
  LO_MAYREAD,
  LO_MAYWRITE,
  LO_READ,
  LO_SOFTDIRTY,
  LO_WRITE,
} from '../vmFlags.ts';
import { mlockFutureOk } from './memlock.ts';
import { unmapRange } from './munmap.ts';
import { STACK_GUARD_GAP, vmStartGap } from './unmappedArea.ts';

/** Flags of heap memory. Kernel: VM_DATA_DEFAULT_FLAGS | VM_ACCOUNT. */
const HEAP_LO: number = LO_READ | LO_WRITE | LO_MAYREAD | LO_MAYWRITE | LO_MAYEXEC | LO_ACCOUNT;

/**
 * Moves the program break to `wish`. Kernel: `brk(2)`, mm/mmap.c.
 *
 * Growing needs one page free before the next VMA (and a stack's guard gap), and expands only the VMA that ends at the old
 * break: it never joins the next one, nor one that lies before the heap. Shrinking unmaps what is there.
 *
 * @param wish bytes; 0, or anything below the heap, only asks
 * @returns the break afterwards: `wish`, or the old one where it was refused
 */
export function brk(mm: Mm, wish: number): VirtAddr {
  const old = virtAddr(mm.brk);
  if (wish < mm.startBrk || wish > TASK_SIZE) return old;
  const newEnd = pageAlign(wish);
  const oldEnd = pageAlign(mm.brk);
  if (newEnd !== oldEnd) {
    const done = wish <= mm.brk ? shrink(mm, newEnd, oldEnd) : grow(mm, oldEnd, newEnd);
    if (!done) return old;
  }
  mm.brk = wish;
  if (newEnd > oldEnd && (mm.defFlagsLo & LO_LOCKED) !== 0) mm.pageOps.populate(oldEnd, newEnd, true);
  return virtAddr(wish);
}

function shrink(mm: Mm, newEnd: number, oldEnd: number): boolean {
  const first = mm.index.findIntersection(newEnd, oldEnd);
  return first !== NO_VMA && unmapRange(mm, newEnd, oldEnd) === 0;
}

/** Kernel: `check_brk_limits()`, mm/mmap.c; `do_brk_flags()`, mm/vma.c. */
function grow(mm: Mm, oldEnd: number, newEnd: number): boolean {
  if (!mlockFutureOk(mm, mm.defFlagsLo, newEnd - oldEnd)) return false;
  const store = mm.store;
  const next = mm.index.findIntersection(oldEnd, newEnd + PAGE_SIZE + STACK_GUARD_GAP);
  if (next !== NO_VMA && newEnd + PAGE_SIZE > vmStartGap(mm, next)) return false;
  if (mm.mapCount > mm.maxMapCount) return false;
  const lo = (HEAP_LO | mm.defFlagsLo) >>> 0;
  const vmg = vmgState(mm, oldEnd, newEnd, oldEnd / PAGE_SIZE, lo, 0, 0).findNeighbours();
  vmg.justExpand = true;
  let vma = NO_VMA;
  const inHeap = oldEnd > mm.startBrk || !mm.profile.brkGrowsHeapOnly;
  if (vmg.prev !== NO_VMA && store.end[vmg.prev] === oldEnd && inHeap) {
    vma = vmaMergeNewRange(vmg);
    if (vmg.state === 'nomem') return false;
  }
  if (vma === NO_VMA) {
    if (mm.failAllocation !== null && (mm.fails('vmAreaAlloc') || mm.fails('mergePrealloc'))) return false;
    vma = store.dup(vmg.proposed);
    mm.linkVma(vma);
  }
  mm.counters.add(lo, (newEnd - oldEnd) / PAGE_SIZE);
  if (mm.softDirty) store.flagsLo[vma] = store.flagsLo[vma]! | LO_SOFTDIRTY;
  return true;
}

/** Sets an empty heap at `addr`. Kernel: `prctl(PR_SET_MM_MAP)` with `start_brk == brk`. */
export function setBrk(mm: Mm, addr: number): void {
  mm.startBrk = addr;
  mm.brk = addr;
}
