import { checkRange, invariant } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { KIND_MARKER, PTE_KIND_SHIFT, PTE_SOFT_DIRTY, PTE_UFFD_WP, pteUffdWpMarker } from './pte.ts';
import { pteSpanOf } from './pteSpan.ts';
import { PMD_TABLE_PAGES, PTE_TABLE_PAGES, type Pte, type VirtPage } from './units.ts';

/** What the caller's VMA and kernel say about a move. */
export interface MoveOptions {
  /**
   * What becomes of userfaultfd write-protection:
   * - `none`, `keep`: the VMA is not registered, or with EVENT_REMAP: entries move as they are;
   * - `clear`: registered without EVENT_REMAP: bits and markers are dropped, so no table moves whole.
   */
  readonly uffd: 'none' | 'keep' | 'clear';
  /** The kernel has CONFIG_MEM_SOFT_DIRTY: every entry that moves by itself becomes soft-dirty, markers too. */
  readonly softDirty: boolean;
  /**
   * Nothing is mapped below the two ranges as far down as their 2 MiB boundaries, and both begin their VMA: the move may
   * then begin at the boundary, and take the first table whole. From 6.7 on. Without effect where it does not apply.
   */
  readonly realign?: boolean;
  /** PMD tables move whole too, and the target's upper table is made first: from 5.11 on. Default true. */
  readonly movesPmdTables?: boolean;
}

/** What a move did. */
export interface MoveResult {
  /** Entries that moved one by one. */
  readonly ptes: number;
  /** PTE tables that moved whole. */
  readonly pteTablesMoved: number;
  /** PMD tables that moved whole, with all below them. */
  readonly pmdTablesMoved: number;
}

/**
 * Moves the entries of `pages` pages from `oldStart` to `newStart`, as mremap does.
 *
 *   1 GiB aligned on both sides, target PUD entry empty    the PMD table moves
 *   2 MiB aligned on both sides, target PMD entry empty    the PTE table moves
 *   else                                                   entry by entry, into a table that is made
 *                                                          wherever the source has one, empty or not
 *
 * The source keeps the tables that did not move; the unmap that follows frees them.
 *
 * Kernel: mm/mremap.c, `move_page_tables`, `move_ptes`, `move_normal_pmd`, `move_normal_pud`, `try_realign_addr`
 * (6.12 to 7.3).
 * Preconditions: the ranges do not overlap; the target holds no entries.
 */
export function movePageTables(
  pt: PageTable,
  oldStart: VirtPage,
  newStart: VirtPage,
  pages: number,
  options: MoveOptions,
): MoveResult {
  checkRange(oldStart, oldStart + pages);
  checkRange(newStart, newStart + pages);
  invariant(oldStart + pages <= newStart || newStart + pages <= oldStart, 'the ranges of a move overlap');
  const whole = options.uffd !== 'clear';
  const down = options.realign === true ? realignBy(oldStart, newStart, pages) : 0;
  const oldEnd = oldStart + pages;
  let ptes = 0;
  let pteTablesMoved = 0;
  let pmdTablesMoved = 0;

  let from = oldStart - down;
  let to = newStart - down;
  while (from < oldEnd) {
    const pudExtent = extentOf(from, to, oldEnd, PMD_TABLE_PAGES);
    if (pt.pmdTable(pteSpanOf(from)) === 0) {
      from += pudExtent;
      to += pudExtent;
      continue;
    }
    if (options.movesPmdTables !== false) pt.makePudTable(pteSpanOf(to));
    if (whole && options.movesPmdTables !== false && pudExtent === PMD_TABLE_PAGES && movePmdTable(pt, from, to)) {
      pmdTablesMoved++;
      from += pudExtent;
      to += pudExtent;
      continue;
    }
    const extent = extentOf(from, to, oldEnd, PTE_TABLE_PAGES);
    if (pt.pteTable(pteSpanOf(from)) !== 0) {
      pt.makePmdTable(pteSpanOf(to));
      if (whole && extent === PTE_TABLE_PAGES && movePteTable(pt, from, to)) pteTablesMoved++;
      else ptes += movePtes(pt, from, to, extent, options);
    }
    from += extent;
    to += extent;
  }
  return { ptes, pteTablesMoved, pmdTablesMoved };
}

/** Pages until either side crosses a boundary of `size`, or the move ends. */
function extentOf(from: number, to: number, oldEnd: number, size: number): number {
  return Math.min(size - (from % size), size - (to % size), oldEnd - from);
}

/** By how many pages a move goes down to its 2 MiB boundary: only if both sides do alike and it reaches the next one. */
function realignBy(oldStart: number, newStart: number, pages: number): number {
  const offset = oldStart % PTE_TABLE_PAGES;
  return offset === newStart % PTE_TABLE_PAGES && pages >= PTE_TABLE_PAGES - offset ? offset : 0;
}

/** False where the target has a PMD table already. */
function movePmdTable(pt: PageTable, from: number, to: number): boolean {
  if (pt.pmdTable(pteSpanOf(to)) !== 0) return false;
  const pud = pt.pudTable(pteSpanOf(to));
  pt.attachPmdTable(pud, pteSpanOf(to), pt.detachPmdTable(pteSpanOf(from)));
  return true;
}

/** False where the target has a PTE table already. */
function movePteTable(pt: PageTable, from: number, to: number): boolean {
  if (pt.pteTable(pteSpanOf(to)) !== 0) return false;
  const leaf = pt.detachPteTable(pteSpanOf(from));
  pt.attachPteTable(pt.pmdTable(pteSpanOf(to)), pteSpanOf(to), leaf);
  return true;
}

/** Moves `pages` entries, which lie in one table on either side, one by one. */
function movePtes(pt: PageTable, from: number, to: number, pages: number, options: MoveOptions): number {
  const { leaves } = pt;
  const source = pt.pteTable(pteSpanOf(from));
  const target = pt.makePteTable(pteSpanOf(to));
  const sourceWords = leaves.words(source);
  const targetWords = leaves.words(target);
  const sourceBase = leaves.base(source) + (from % PTE_TABLE_PAGES);
  const targetBase = leaves.base(target) + (to % PTE_TABLE_PAGES);
  const clear = options.uffd === 'clear';
  const keep = clear ? ~PTE_UFFD_WP : -1;
  const add = options.softDirty ? PTE_SOFT_DIRTY : 0;
  let removed = 0;
  let moved = 0;
  for (let i = 0; i < pages; i++) {
    const pte = sourceWords[sourceBase + i]!;
    if (pte === 0) continue;
    sourceWords[sourceBase + i] = 0;
    removed++;
    if (clear && pte >>> PTE_KIND_SHIFT === KIND_MARKER && pteUffdWpMarker(pte as Pte)) continue;
    targetWords[targetBase + i] = (pte & keep) | add;
    moved++;
  }
  leaves.counts[source] = leaves.counts[source]! - removed;
  leaves.counts[target] = leaves.counts[target]! + moved;
  return moved;
}
