import { checkRange } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { mkPte } from './pte.ts';
import { endIndex, firstIndex, pteSpanEnd, pteSpanOf } from './pteSpan.ts';
import { type Pfn, PTE_TABLE_PAGES, type VirtPage } from './units.ts';

/**
 * Write-faults every page of `[start, end)` whose entry is none: each gets a fresh anonymous frame and an entry with
 * `bits` (PTE_WRITE and so on). Answers the pages populated. Throws OutOfMemoryError: what was populated by then stays.
 */
export function populateAnon(pt: PageTable, start: VirtPage, end: VirtPage, bits: number): number {
  checkRange(start, end);
  const { leaves } = pt;
  const endSpan = pteSpanEnd(start, end);
  let populated = 0;
  for (let r = pteSpanOf(start); r < endSpan; r++) {
    const leaf = pt.makePteTable(r);
    if (leaves.counts[leaf] === PTE_TABLE_PAGES) continue;
    const words = leaves.words(leaf);
    const base = leaves.base(leaf);
    for (let i = base + firstIndex(r, start), last = base + endIndex(r, end); i < last; i++) {
      if (words[i] !== 0) continue;
      const hole = i;
      while (i < last && words[i] === 0) i++;
      fillHole(pt, leaf, words, hole, i, bits);
      populated += i - hole;
    }
  }
  return populated;
}

/** Fills the empty entries `words[from]` to `words[to]` (exclusive) of one table. */
function fillHole(pt: PageTable, leaf: number, words: Uint32Array, from: number, to: number, bits: number): void {
  const { leaves, frames } = pt;
  for (let i = from; i < to; ) {
    const first = mkPte(frames.allocAnonRun(to - i) as Pfn, bits);
    const count = frames.runLength;
    for (let k = 0; k < count; k++) words[i + k] = first + k;
    i += count;
    leaves.counts[leaf] = leaves.counts[leaf]! + count;
    pt.rssAnon += count;
  }
}
