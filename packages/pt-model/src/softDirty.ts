import { checkRange } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { KIND_PRESENT, PTE_KIND_SHIFT, PTE_SOFT_DIRTY, PTE_WRITE } from './pte.ts';
import { endIndex, firstIndex, pteSpanEnd, pteSpanOf } from './pteSpan.ts';
import type { VirtPage } from './units.ts';

/**
 * Clears the soft-dirty bit of every entry of `[start, end)`, markers and swap entries too, and write-protects what is
 * present, so that the next write sets it again by a fault.
 * Kernel: fs/proc/task_mmu.c, `clear_soft_dirty` (6.12 to 7.3).
 */
export function clearSoftDirty(pt: PageTable, start: VirtPage, end: VirtPage): void {
  checkRange(start, end);
  const { leaves } = pt;
  const endSpan = pteSpanEnd(start, end);
  for (let r = pt.nextPteTable(pteSpanOf(start), endSpan); r < endSpan; r = pt.nextPteTable(r + 1, endSpan)) {
    const leaf = pt.pteTable(r);
    if (leaves.counts[leaf] === 0) continue;
    const words = leaves.words(leaf);
    const base = leaves.base(leaf);
    for (let i = base + firstIndex(r, start), last = base + endIndex(r, end); i < last; i++) {
      const pte = words[i]!;
      const present = pte >>> PTE_KIND_SHIFT === KIND_PRESENT;
      words[i] = pte & ~(present ? PTE_SOFT_DIRTY | PTE_WRITE : PTE_SOFT_DIRTY);
    }
  }
}
