import { checkRange } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { KIND_PRESENT, PTE_KIND_SHIFT, PTE_WRITE } from './pte.ts';
import { endIndex, firstIndex, pteSpanEnd, pteSpanOf } from './pteSpan.ts';
import type { VirtPage } from './units.ts';

/**
 * What mprotect does to the entries of `[start, end)`: without `writable` the present ones lose PTE_WRITE. Write-protect
 * bits, soft-dirty bits and markers stay.
 * Kernel: mm/mprotect.c, `change_pte_range` (6.12 to 7.3).
 * Differs from the kernel: a range made writable gets no entry made writable ahead of its write fault.
 */
export function changeProtection(
  pt: PageTable,
  start: VirtPage,
  end: VirtPage,
  options: { readonly writable: boolean },
): void {
  checkRange(start, end);
  if (options.writable) return;
  const { leaves } = pt;
  const endSpan = pteSpanEnd(start, end);
  for (let r = pt.nextPteTable(pteSpanOf(start), endSpan); r < endSpan; r = pt.nextPteTable(r + 1, endSpan)) {
    const leaf = pt.pteTable(r);
    if (leaves.counts[leaf] === 0) continue;
    const words = leaves.words(leaf);
    const base = leaves.base(leaf);
    for (let i = base + firstIndex(r, start), last = base + endIndex(r, end); i < last; i++) {
      const pte = words[i]!;
      if (pte >>> PTE_KIND_SHIFT === KIND_PRESENT) words[i] = pte & ~PTE_WRITE;
    }
  }
}
