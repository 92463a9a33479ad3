import { checkRange } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { endIndex, firstIndex, pteSpanEnd, pteSpanOf } from './pteSpan.ts';

/**
 * Calls `visit` for the PTE tables over `[start, end)`, in ascending order: `words[from]` to `words[to]` (exclusive) are
 * the entries of `leaf` that lie in the range.
 *
 * @param make tables that are absent are made; without it those without entries are passed over
 * @internal
 */
export function walkPteTables(
  pt: PageTable,
  start: number,
  end: number,
  visit: (leaf: number, words: Uint32Array, from: number, to: number) => void,
  make: boolean = false,
): void {
  checkRange(start, end);
  const { leaves } = pt;
  const endSpan = pteSpanEnd(start, end);
  const next = (from: number): number => (make ? from : pt.nextPteTable(from, endSpan));
  for (let r = next(pteSpanOf(start)); r < endSpan; r = next(r + 1)) {
    const leaf = make ? pt.makePteTable(r) : pt.pteTable(r);
    if (!make && leaves.counts[leaf] === 0) continue;
    const base = leaves.base(leaf);
    visit(leaf, leaves.words(leaf), base + firstIndex(r, start), base + endIndex(r, end));
  }
}
