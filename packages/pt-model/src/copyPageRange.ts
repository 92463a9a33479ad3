import { checkRange, InvariantError, invariant } from './errors.ts';
import { FRAME_EXCLUSIVE, FRAME_OVERFLOW, FRAME_SEGMENT_MASK } from './frames.ts';
import type { PageTable } from './pageTable.ts';
import {
  isCounted,
  KIND_MARKER,
  KIND_PRESENT,
  mkGuardMarker,
  mkUffdWpMarker,
  PTE_DIRTY,
  PTE_KIND_SHIFT,
  PTE_NONE,
  PTE_PFN_MASK,
  PTE_RUN_MASK,
  PTE_UFFD_WP,
  PTE_WRITE,
  pteGuard,
} from './pte.ts';
import { endIndex, firstIndex, regionEnd, regionOf } from './region.ts';
import { PMD_REGIONS_SHIFT, PUD_REGIONS_SHIFT } from './tableTree.ts';
import type { Pte, VirtPage } from './units.ts';

/** What the two VMAs say about a copy. */
export interface CopyOptions {
  /** The mapping is private and may be written: pages become read-only in both. Kernel: `is_cow_mapping`. */
  readonly cow: boolean;
  /** The mapping is shared: the child's entries start clean. */
  readonly shared: boolean;
  /** The *child's* VMA is registered for write-protection; without that its bits and markers are left behind. */
  readonly dstUffdWp: boolean;
}

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

/** What the loop over one table adds to: reused, so that nothing is allocated per table. */
interface Tally {
  ptes: number;
  framesShared: number;
  markers: number;
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
 * Preconditions: the range holds no entries in `dst`; both belong to one FrameTable.
 * Throws OutOfMemoryError: what was copied until then is consistent, and `dst.destroy()` undoes it.
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
  const before = { pte: dst.pteTables, pmd: dst.pmdTables, pud: dst.pudTables };
  const tally: Tally = { ptes: 0, framesShared: 0, markers: 0 };
  const endRegion = regionEnd(start, end);
  const firstRegion = regionOf(start);
  // Upper tables that have nothing below them are made here; the others come with the PTE tables.
  for (let r = src.nextPudTable(firstRegion, endRegion); r < endRegion; ) {
    dst.makePudTable(r);
    r = src.nextPudTable(nextSpan(r, PUD_REGIONS_SHIFT), endRegion);
  }
  for (let r = src.nextPmdTable(firstRegion, endRegion); r < endRegion; ) {
    dst.makePmdTable(r);
    copyTables(dst, src, r, Math.min(endRegion, nextSpan(r, PMD_REGIONS_SHIFT)), start, end, options, tally);
    r = src.nextPmdTable(nextSpan(r, PMD_REGIONS_SHIFT), endRegion);
  }
  return {
    ...tally,
    pteTables: dst.pteTables - before.pte,
    pmdTables: dst.pmdTables - before.pmd,
    pudTables: dst.pudTables - before.pud,
  };
}

/** Copies the PTE tables of the regions `[from, to)`, all under one PMD table. */
function copyTables(
  dst: PageTable,
  src: PageTable,
  from: number,
  to: number,
  start: number,
  end: number,
  options: CopyOptions,
  tally: Tally,
): void {
  for (let r = src.nextPteTable(from, to); r < to; r = src.nextPteTable(r + 1, to)) {
    const leaf = src.pteTable(r);
    const copy = dst.makePteTable(r);
    if (src.leaves.counts[leaf] === 0) continue;
    copyTable(dst, copy, src, leaf, firstIndex(r, start), endIndex(r, end), options, tally);
  }
}

/**
 * Copies the entries `from` to `to` (exclusive) of one PTE table: the hot loop of fork.
 *
 * It goes by runs of present pages whose frames lie in one segment: within a run, one comparison per entry is enough. The
 * constants are copied into locals because an imported one is read from memory each time.
 */
function copyTable(
  dst: PageTable,
  copy: number,
  src: PageTable,
  leaf: number,
  from: number,
  to: number,
  options: CopyOptions,
  tally: Tally,
): void {
  const { leaves, frames } = src;
  const srcWords = leaves.words(leaf);
  const dstWords = leaves.words(copy);
  const end = leaves.base(leaf) + to;
  const shift = leaves.base(copy) - leaves.base(leaf);
  const srcKeep = options.cow ? ~PTE_WRITE : -1;
  const dstKeep = srcKeep & (options.shared ? ~PTE_DIRTY : -1) & (options.dstUffdWp ? -1 : ~PTE_UFFD_WP);
  const frameKeep = options.cow ? ~FRAME_EXCLUSIVE : -1;
  const runMask = PTE_RUN_MASK | 0;
  const frameMask = FRAME_SEGMENT_MASK | 0;
  let copied = 0;
  let markers = 0;
  let shared = 0;
  let anon = 0;
  let carry = 0;
  for (let i = leaves.base(leaf) + from; i < end; ) {
    const first = srcWords[i]! | 0;
    if (first === 0) {
      i++;
      continue;
    }
    if (!isCounted(first)) {
      const special = copySpecial(first >>> 0, dstKeep, options.dstUffdWp);
      if (special !== PTE_NONE) {
        srcWords[i] = first >>> PTE_KIND_SHIFT === KIND_PRESENT ? first & srcKeep : first;
        dstWords[i + shift] = special;
        copied++;
        if (first >>> PTE_KIND_SHIFT === KIND_MARKER) markers++;
      }
      i++;
      continue;
    }
    const run = first & runMask;
    const runStart = i;
    const segment = frames.segmentOf(first & PTE_PFN_MASK);
    for (; i < end; i++) {
      const pte = srcWords[i]! | 0;
      if ((pte & runMask) !== run) break;
      const kept = pte & srcKeep;
      if (kept !== pte) srcWords[i] = kept;
      dstWords[i + shift] = pte & dstKeep;
      const word = ((segment[pte & frameMask]! & frameKeep) + 1) | 0;
      segment[pte & frameMask] = word;
      carry |= word;
      anon += word >>> 31;
    }
    shared += i - runStart;
  }
  leaves.counts[copy] = leaves.counts[copy]! + copied + shared;
  dst.rssAnon += anon;
  dst.rssFile += shared - anon;
  tally.ptes += copied + shared;
  tally.framesShared += shared;
  tally.markers += markers;
  if ((carry & FRAME_OVERFLOW) !== 0) throw new InvariantError('a frame has more than 2^26 references');
}

/** The child's entry for the zero page, a marker or a swap entry. */
function copySpecial(pte: number, dstKeep: number, dstUffdWp: boolean): number {
  const kind = pte >>> PTE_KIND_SHIFT;
  if (kind === KIND_PRESENT) return pte & dstKeep;
  if (kind !== KIND_MARKER) return dstUffdWp ? pte : (pte & ~PTE_UFFD_WP) >>> 0;
  if (pteGuard(pte as Pte)) return mkGuardMarker();
  return dstUffdWp ? mkUffdWpMarker() : PTE_NONE;
}

/** The first region under the next table of that level. */
function nextSpan(region: number, shift: number): number {
  return ((region >>> shift) + 1) << shift;
}
