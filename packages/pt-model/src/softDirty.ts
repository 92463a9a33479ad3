import type { PageTable } from './pageTable.ts';
import { KIND_PRESENT, PTE_KIND_SHIFT, PTE_SOFT_DIRTY, PTE_WRITE } from './pte.ts';
import type { VirtPage } from './units.ts';
import { walkPteTables } from './walkPteTables.ts';

/**
 * Clears the soft-dirty bit of every entry of `[start, end)`, markers and swap entries too, and write-protects what is
 * present, so that the next write sets it again by a fault.
 * Kernel: fs/proc/task_mmu.c, `clear_soft_dirty` (6.12 to 7.3).
 */
export function clearSoftDirty(pt: PageTable, start: VirtPage, end: VirtPage): void {
  walkPteTables(pt, start, end, (_, words, from, to) => {
    for (let i = from; i < to; i++) {
      const pte = words[i]!;
      const present = pte >>> PTE_KIND_SHIFT === KIND_PRESENT;
      words[i] = pte & ~(present ? PTE_SOFT_DIRTY | PTE_WRITE : PTE_SOFT_DIRTY);
    }
  });
}
