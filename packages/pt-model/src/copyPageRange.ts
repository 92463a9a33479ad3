import { type CopyOptions, type CopyTally, copyPteTable } from './copyPteTable.ts';
import { checkRange, invariant } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { endIndex, firstIndex, pteSpanEnd, pteSpanOf } from './pteSpan.ts';
import { PMD_SPANS_SHIFT, PUD_SPANS_SHIFT } from './tableTree.ts';
import type { VirtPage } from './units.ts';
import { walkPteTables } from './walkPteTables.ts';

/** What a copy did. */
export interface CopyResult {
  /** Entries of any kind that the child got. */
  readonly ptes: number;
  /** Of these, present pages: frames that gained a reference; the zero page is not among them. */
  readonly framesShared: number;
  /** Guard and write-protect markers among the entries. */
  readonly markers: number;
  readonly pteTables: number;
  readonly pmdTables: number;
  readonly pudTables: number;
}

/**
 * The part of fork that copies the entries of one VMA, `[start, end)`, from `src` to `dst`.
 *
 * - Every table that exists in `src` over the range is made in `dst`, also where it is empty.
 * - A present page is shared; with `cow`, both entries lose PTE_WRITE and the frame is no longer exclusive.
 * - Soft-dirty bits of present pages and of swap entries are copied; a guard marker is copied without it.
 *
 * Kernel: mm/memory.c, `copy_page_range`, `copy_present_ptes`, `copy_nonpresent_pte`, `copy_pte_marker` (6.12 to 7.3).
 * Differs from the kernel: a page that a device has pinned is not copied at once, as there are no pins.
 * @throws InvariantError where `dst` has entries in the range already, or belongs to another FrameTable; nothing is copied then
 * @throws OutOfMemoryError; what was copied until then is consistent, and `exitMmap(dst)` undoes it
 *
 * @example
 * copyPageRange(child, parent, virtPage(0), virtPage(4), { cow: true, shared: false, dstUffdWp: false });
 */
export function copyPageRange(
  dst: PageTable,
  src: PageTable,
  start: VirtPage,
  end: VirtPage,
  options: CopyOptions,
): CopyResult {
  checkRange(start, end);
  invariant(dst.frames === src.frames && dst !== src, 'copy between two processes of one physical memory');
  checkEmpty(dst, start, end);
  const { pteTables, pmdTables, pudTables } = dst;
  const tally: CopyTally = { ptes: 0, framesShared: 0, markers: 0 };
  const endSpan = pteSpanEnd(start, end);
  const firstSpan = pteSpanOf(start);
  // Upper tables that have nothing below them are made here; the others come with the PTE tables.
  for (let r = src.nextPudTable(firstSpan, endSpan); r < endSpan; ) {
    dst.makePudTable(r);
    r = src.nextPudTable(nextSpan(r, PUD_SPANS_SHIFT), endSpan);
  }
  for (let r = src.nextPmdTable(firstSpan, endSpan); r < endSpan; ) {
    dst.makePmdTable(r);
    copyTables(dst, src, r, Math.min(endSpan, nextSpan(r, PMD_SPANS_SHIFT)), start, end, options, tally);
    r = src.nextPmdTable(nextSpan(r, PMD_SPANS_SHIFT), endSpan);
  }
  return {
    ptes: tally.ptes,
    framesShared: tally.framesShared,
    markers: tally.markers,
    pteTables: dst.pteTables - pteTables,
    pmdTables: dst.pmdTables - pmdTables,
    pudTables: dst.pudTables - pudTables,
  };
}

/** Throws InvariantError where a child has an entry in the range: the count of its table would be wrong ever after. */
function checkEmpty(dst: PageTable, start: VirtPage, end: VirtPage): void {
  walkPteTables(dst, start, end, (_, words, from, to) => {
    for (let i = from; i < to; i++) invariant(words[i] === 0, `the child has an entry in [${start}, ${end}) already`);
  });
}

/** Copies the PTE tables of the PTE spans `[from, to)`, all under one PMD table. */
function copyTables(
  dst: PageTable,
  src: PageTable,
  from: number,
  to: number,
  start: number,
  end: number,
  options: CopyOptions,
  tally: CopyTally,
): void {
  for (let r = src.nextPteTable(from, to); r < to; r = src.nextPteTable(r + 1, to)) {
    const leaf = src.pteTable(r);
    const copy = dst.makePteTable(r);
    if (src.leaves.counts[leaf] === 0) continue;
    copyPteTable(dst, copy, src, leaf, firstIndex(r, start), endIndex(r, end), options, tally);
  }
}

/** The first PTE span under the next table of that level. */
function nextSpan(pteSpan: number, shift: number): number {
  return ((pteSpan >>> shift) + 1) << shift;
}
