import { clearSoftDirty, virtPage } from 'pt-model';
import { LO_PFNMAP, LO_SOFTDIRTY, NO_VMA, PAGE_SIZE } from 'vma-core';
import type { ProcessState } from './processState.ts';

/** The value that resets soft-dirty; the others reset what is not modelled (referenced bits, the RSS high-water mark). */
const CLEAR_REFS_SOFT_DIRTY = 4;

/**
 * Writes to `/proc/PID/clear_refs`. 4 clears VM_SOFTDIRTY on every VMA and the bit in every PTE, markers' included, and
 * write-protects, so that the next write is seen. Kernel: `clear_refs_write()`, fs/proc/task_mmu.c.
 */
export function clearRefs(process: ProcessState, value: number): void {
  const { mm, pageTable } = process;
  if (value !== CLEAR_REFS_SOFT_DIRTY || !mm.softDirty) return;
  const store = mm.store;
  for (let vma = mm.index.first(); vma !== NO_VMA; vma = mm.index.next(vma)) {
    store.flagsLo[vma] = store.flagsLo[vma]! & ~LO_SOFTDIRTY;
    if ((store.flagsLo[vma]! & LO_PFNMAP) !== 0) continue;
    clearSoftDirty(pageTable, virtPage(store.start[vma]! / PAGE_SIZE), virtPage(store.end[vma]! / PAGE_SIZE));
  }
}
