import { checkRange } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { mkPte } from './pte.ts';
import { endIndex, firstIndex, regionEnd, regionOf } from './region.ts';
import { type Pfn, PTE_TABLE_PAGES, type VirtPage } from './units.ts';

/** The answer of a `pfnOf` that has no page there: beyond the end of a file, or not in the page cache. */
export const NO_FRAME: Pfn = -1 as Pfn;

/**
 * Write-faults every page of `[start, end)` whose entry is none: each gets a fresh anonymous frame and an entry with
 * `bits` (PTE_WRITE and so on). Answers the pages populated. Throws OutOfMemoryError: what was populated by then stays.
 */
export function populateAnon(pt: PageTable, start: VirtPage, end: VirtPage, bits: number): number {
  checkRange(start, end);
  const { leaves } = pt;
  const endRegion = regionEnd(start, end);
  let populated = 0;
  for (let r = regionOf(start); r < endRegion; r++) {
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

/**
 * Maps the frames that `pfnOf` names (NO_FRAME: none) into the empty entries of `[start, end)`, with `bits`, and gets a
 * reference to each: what faults on a file mapping do, their fault-around window too. Tables are made only where a frame
 * is mapped. Answers the pages mapped.
 */
export function mapFileRange(
  pt: PageTable,
  start: VirtPage,
  end: VirtPage,
  pfnOf: (page: VirtPage) => Pfn,
  bits: number = 0,
): number {
  checkRange(start, end);
  const { leaves, frames } = pt;
  const endRegion = regionEnd(start, end);
  let mapped = 0;
  for (let r = regionOf(start); r < endRegion; r++) {
    let leaf = pt.pteTable(r);
    let words = leaves.words(leaf);
    let base = leaves.base(leaf);
    for (let i = firstIndex(r, start), last = endIndex(r, end); i < last; i++) {
      if (words[base + i] !== 0) continue;
      const pfn = pfnOf((r * PTE_TABLE_PAGES + i) as VirtPage);
      if (pfn === NO_FRAME) continue;
      if (leaf === 0) {
        leaf = pt.makePteTable(r);
        words = leaves.words(leaf);
        base = leaves.base(leaf);
      }
      frames.get(pfn);
      words[base + i] = mkPte(pfn, bits);
      leaves.counts[leaf] = leaves.counts[leaf]! + 1;
      pt.addRss(pfn, 1);
      mapped++;
    }
  }
  return mapped;
}
