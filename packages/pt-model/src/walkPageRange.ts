import { checkRange } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { endIndex, firstIndex, pteSpanEnd, pteSpanOf } from './pteSpan.ts';
import { PTE_TABLE_PAGES, type Pte, type VirtPage } from './units.ts';

/** What to call on a walk. A callback that answers `true` ends it. */
export interface WalkOps {
  /** An entry that is not none. It may change this entry, and no table. */
  readonly pte?: (page: VirtPage, pte: Pte) => boolean | undefined;
  /** The largest range without entries, whether for want of a table or not; cut at the ends of the walk. */
  readonly hole?: (start: VirtPage, end: VirtPage) => boolean | undefined;
  /** A PTE table, before its entries: the first page under it (may lie before the walk), its entries in use (0 to 512). */
  readonly pmd?: (first: VirtPage, entries: number) => boolean | undefined;
}

/**
 * Visits the entries of `[start, end)` in ascending order, and the holes between them. Absent tables cost nothing, at any
 * level. Answers true where a callback ended the walk.
 *
 * Kernel: mm/pagewalk.c, `walk_page_range`, `struct mm_walk_ops`.
 * Differs from the kernel: `pte` never sees an empty entry; holes are joined across tables.
 */
export function walkPageRange(pt: PageTable, start: VirtPage, end: VirtPage, ops: WalkOps): boolean {
  checkRange(start, end);
  const { leaves } = pt;
  const endSpan = pteSpanEnd(start, end);
  let holeStart: number = start;
  for (let r = pt.nextPteTable(pteSpanOf(start), endSpan); r < endSpan; r = pt.nextPteTable(r + 1, endSpan)) {
    const leaf = pt.pteTable(r);
    const first = r * PTE_TABLE_PAGES;
    if (ops.pmd?.(first as VirtPage, leaves.counts[leaf]!) === true) return true;
    if (leaves.counts[leaf] === 0) continue;
    const words = leaves.words(leaf);
    const base = leaves.base(leaf);
    for (let i = firstIndex(r, start), last = endIndex(r, end); i < last; i++) {
      const pte = words[base + i]!;
      if (pte === 0) continue;
      const page = first + i;
      if (holeStart < page && ops.hole?.(holeStart as VirtPage, page as VirtPage) === true) return true;
      holeStart = page + 1;
      if (ops.pte?.(page as VirtPage, pte as Pte) === true) return true;
    }
  }
  return holeStart < end && ops.hole?.(holeStart as VirtPage, end) === true;
}
