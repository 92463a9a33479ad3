import type { PageTable } from './pageTable.ts';
import { KIND_PRESENT, PTE_KIND_SHIFT, PTE_WRITE } from './pte.ts';
import type { VirtPage } from './units.ts';
import { walkPteTables } from './walkPteTables.ts';

/**
 * What an mprotect that takes the write permission does to the entries of `[start, end)`: the present ones lose
 * PTE_WRITE. Write-protect bits, soft-dirty bits and markers stay. One that gives it changes no entry.
 * Kernel: mm/mprotect.c, `change_pte_range` (6.12 to 7.3).
 * Differs from the kernel: a range made writable gets no entry made writable ahead of its write fault.
 */
export function changeProtection(pt: PageTable, start: VirtPage, end: VirtPage): void {
  walkPteTables(pt, start, end, (_, words, from, to) => {
    for (let i = from; i < to; i++) {
      const pte = words[i]!;
      if (pte >>> PTE_KIND_SHIFT === KIND_PRESENT) words[i] = pte & ~PTE_WRITE;
    }
  });
}
