import type { PageTable } from './pageTable.ts';
import { mkPte } from './pte.ts';
import { type Pfn, PTE_TABLE_PAGES, type VirtPage } from './units.ts';
import { walkPteTables } from './walkPteTables.ts';

/**
 * Write-faults every page of `[start, end)` whose entry is none: each gets a fresh anonymous frame and an entry with
 * `bits` (PTE_WRITE and so on). Answers the pages populated. Throws OutOfMemoryError: what was populated by then stays.
 */
export function populateAnon(pt: PageTable, start: VirtPage, end: VirtPage, bits: number): number {
  let populated = 0;
  const fill = (leaf: number, words: Uint32Array, from: number, to: number): void => {
    if (pt.leaves.counts[leaf] === PTE_TABLE_PAGES) return;
    for (let i = from; i < to; i++) {
      if (words[i] !== 0) continue;
      const hole = i;
      while (i < to && words[i] === 0) i++;
      fillHole(pt, leaf, words, hole, i, bits);
      populated += i - hole;
    }
  };
  walkPteTables(pt, start, end, fill, true);
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
