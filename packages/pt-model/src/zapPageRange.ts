import { checkRange } from './errors.ts';
import { FRAME_COUNT_MASK, FRAME_SEGMENT_MASK } from './frames.ts';
import type { PageTable } from './pageTable.ts';
import { isCounted, mkUffdWpMarker, PTE_PFN_MASK, PTE_RUN_MASK, PTE_UFFD_WP, pteGuard, pteMarker } from './pte.ts';
import { endIndex, firstIndex, pteSpanEnd, pteSpanOf } from './pteSpan.ts';
import { PTE_TABLE_PAGES, type Pte, type VirtPage } from './units.ts';

/** What the caller's VMA, and the reason for the zap, say about it. */
export interface ZapOptions {
  /** The VMA is anonymous (`vma_is_anonymous`): a private mapping of a file is not. */
  readonly anonymous: boolean;
  /** The mapping itself goes (munmap, exit, mapping over): markers go as well. Kernel: `ZAP_FLAG_DROP_MARKER`. */
  readonly dropMarkers: boolean;
  /** The VMA is registered for write-protection: a protected page of a file leaves a marker behind. */
  readonly uffdWp: boolean;
  /** DONTNEED from 6.16 on frees a PTE table that it covers wholly and leaves empty; the tables above it stay. */
  readonly freeEmptyPteTables: boolean;
}

/**
 * Drops the entries of `[start, end)` and puts their frames. Answers the entries dropped; one that became a marker counts.
 *
 * What stays, unless `dropMarkers`: guard markers; write-protect markers, if the VMA is not anonymous.
 *
 * Kernel: mm/memory.c, `zap_pte_range`, `pte_install_uffd_wp_if_needed` (6.12 to 7.3), `try_get_and_clear_pmd` (6.16).
 */
export function zapPageRange(pt: PageTable, start: VirtPage, end: VirtPage, options: ZapOptions): number {
  checkRange(start, end);
  const { leaves } = pt;
  const endSpan = pteSpanEnd(start, end);
  const freeEmpty = options.freeEmptyPteTables && !options.dropMarkers;
  let dropped = 0;
  for (let r = pt.nextPteTable(pteSpanOf(start), endSpan); r < endSpan; r = pt.nextPteTable(r + 1, endSpan)) {
    const leaf = pt.pteTable(r);
    const from = firstIndex(r, start);
    const to = endIndex(r, end);
    if (leaves.counts[leaf] !== 0) dropped += zapTable(pt, leaf, from, to, options);
    if (freeEmpty && to - from === PTE_TABLE_PAGES && leaves.counts[leaf] === 0) pt.freePteTable(r);
  }
  return dropped;
}

/** Zaps the entries `from` to `to` (exclusive) of one PTE table, by runs as `copyPageRange` does. */
function zapTable(pt: PageTable, leaf: number, from: number, to: number, options: ZapOptions): number {
  const { leaves, frames } = pt;
  const words = leaves.words(leaf);
  const end = leaves.base(leaf) + to;
  const armed = options.uffdWp && !options.anonymous && !options.dropMarkers ? PTE_UFFD_WP : 0;
  const marker = mkUffdWpMarker();
  const runMask = PTE_RUN_MASK | 0;
  const frameMask = FRAME_SEGMENT_MASK | 0;
  const countMask = FRAME_COUNT_MASK | 0;
  let other = 0; // entries that held no counted frame
  let pages = 0;
  let anon = 0;
  let left = 0; // markers in the place of pages
  let ahead = leaves.counts[leaf]!; // entries at most that come yet
  for (let i = leaves.base(leaf) + from; i < end && ahead > 0; ) {
    const first = words[i]! | 0;
    if (first === 0) {
      i++;
      continue;
    }
    if (!isCounted(first)) {
      ahead--;
      if (!staysInZap((first >>> 0) as Pte, options)) {
        const arm = (first & armed) !== 0;
        words[i] = arm ? marker : 0;
        if (arm) left++;
        other++;
      }
      i++;
      continue;
    }
    const run = first & runMask;
    const runStart = i;
    const segment = frames.segmentOf(first & PTE_PFN_MASK);
    for (; i < end; i++) {
      const pte = words[i]! | 0;
      if ((pte & runMask) !== run) break;
      if ((pte & armed) !== 0) {
        words[i] = marker;
        left++;
      } else {
        words[i] = 0;
      }
      const word = (segment[pte & frameMask]! - 1) | 0;
      anon += word >>> 31;
      if ((word & countMask) === 0) frames.release(pte & PTE_PFN_MASK, word);
      else segment[pte & frameMask] = word;
    }
    pages += i - runStart;
    ahead -= i - runStart;
  }
  leaves.counts[leaf] = leaves.counts[leaf]! - other - pages + left;
  pt.rssAnon -= anon;
  pt.rssFile -= pages - anon;
  return other + pages;
}

/** True for a marker that the zap leaves alone. */
function staysInZap(pte: Pte, options: ZapOptions): boolean {
  return pteMarker(pte) && !options.dropMarkers && (!options.anonymous || pteGuard(pte));
}
