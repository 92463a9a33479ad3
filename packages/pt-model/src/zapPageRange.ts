import { checkRange } from './errors.ts';
import { FRAME_COUNT_MASK, FRAME_SEGMENT_MASK, FRAME_SEGMENT_SHIFT } from './frames.ts';
import type { PageTable } from './pageTable.ts';
import {
  KIND_MARKER,
  KIND_PRESENT,
  mkUffdWpMarker,
  PTE_KIND_SHIFT,
  PTE_PFN_MASK,
  PTE_UFFD_WP,
  pteGuard,
} from './pte.ts';
import { endIndex, firstIndex, regionEnd, regionOf } from './region.ts';
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
  const endRegion = regionEnd(end);
  const freeEmpty = options.freeEmptyPteTables && !options.dropMarkers;
  let dropped = 0;
  for (let r = pt.nextPteTable(regionOf(start), endRegion); r < endRegion; r = pt.nextPteTable(r + 1, endRegion)) {
    const leaf = pt.pteTable(r);
    const from = firstIndex(r, start);
    const to = endIndex(r, end);
    if (leaves.counts[leaf] !== 0) dropped += zapTable(pt, leaf, from, to, options);
    if (freeEmpty && to - from === PTE_TABLE_PAGES && leaves.counts[leaf] === 0) pt.freePteTable(r);
  }
  return dropped;
}

/** Zaps the entries `from` to `to` (exclusive) of one PTE table. */
function zapTable(pt: PageTable, leaf: number, from: number, to: number, options: ZapOptions): number {
  const { leaves, frames } = pt;
  const { segments } = frames;
  const words = leaves.words(leaf);
  const base = leaves.base(leaf);
  const arm = options.uffdWp && !options.anonymous && !options.dropMarkers;
  let dropped = 0;
  let left = 0; // markers in the place of pages
  let anon = 0;
  let file = 0;
  let segmentNumber = -1;
  let segment = words;
  for (let i = base + from, last = base + to; i < last; i++) {
    const pte = words[i]!;
    if (pte === 0) continue;
    const kind = pte >>> PTE_KIND_SHIFT;
    if (kind === KIND_MARKER && !options.dropMarkers && (!options.anonymous || pteGuard(pte as Pte))) continue;
    dropped++;
    if (arm && (pte & PTE_UFFD_WP) !== 0) {
      words[i] = mkUffdWpMarker();
      left++;
    } else {
      words[i] = 0;
    }
    const pfn = pte & PTE_PFN_MASK;
    if (kind !== KIND_PRESENT || pfn === 0) continue;
    if (pfn >>> FRAME_SEGMENT_SHIFT !== segmentNumber) {
      segmentNumber = pfn >>> FRAME_SEGMENT_SHIFT;
      segment = segments[segmentNumber]!;
    }
    const word = (segment[pfn & FRAME_SEGMENT_MASK]! - 1) | 0;
    anon += word >>> 31;
    file += (word >>> 30) & 1;
    if ((word & FRAME_COUNT_MASK) === 0) frames.release(pfn, word);
    else segment[pfn & FRAME_SEGMENT_MASK] = word;
  }
  leaves.counts[leaf] = leaves.counts[leaf]! - dropped + left;
  pt.rssAnon -= anon;
  pt.rssFile -= file;
  return dropped;
}
