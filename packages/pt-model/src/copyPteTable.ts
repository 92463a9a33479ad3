import { InvariantError } from './errors.ts';
import { FRAME_EXCLUSIVE, FRAME_OVERFLOW } from './frames.ts';
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
  PTE_UFFD_WP,
  PTE_WRITE,
  pteGuard,
} from './pte.ts';
import { type SharedRun, shareFrames } from './shareFrames.ts';
import type { Pte } from './units.ts';

/** What the two VMAs say about a copy. */
export interface CopyOptions {
  /** The mapping is private and may be written: pages become read-only in both. Kernel: `is_cow_mapping`. */
  readonly cow: boolean;
  /** The mapping is shared: the child's entries start clean. */
  readonly shared: boolean;
  /** The *child's* VMA is registered for write-protection; without that its bits and markers are left behind. */
  readonly dstUffdWp: boolean;
}

/** What the copy of one table adds to: reused, so that nothing is allocated per table. @internal */
export interface CopyTally {
  ptes: number;
  framesShared: number;
  markers: number;
}

/** Entries from which on a run is copied in one go: a shorter one is done before that has begun. */
const LONG_RUN = 24;

const run: SharedRun = { anon: 0, pteBits: 0, frameBits: 0 };

/**
 * Copies the entries `from` to `to` (exclusive) of the PTE table `leaf` of `src` into the table `copy` of `dst`, by runs of
 * present pages whose frames lie in one segment. Kernel: `copy_pte_range`, mm/memory.c.
 * @internal
 */
export function copyPteTable(
  dst: PageTable,
  copy: number,
  src: PageTable,
  leaf: number,
  from: number,
  to: number,
  options: CopyOptions,
  tally: CopyTally,
): void {
  const { leaves, frames } = src;
  const srcWords = leaves.words(leaf);
  const dstWords = leaves.words(copy);
  const end = leaves.base(leaf) + to;
  const shift = leaves.base(copy) - leaves.base(leaf);
  const srcKeep = options.cow ? ~PTE_WRITE : -1;
  const dstKeep = srcKeep & (options.shared ? ~PTE_DIRTY : -1) & (options.dstUffdWp ? -1 : ~PTE_UFFD_WP);
  const frameKeep = options.cow ? ~FRAME_EXCLUSIVE : -1;
  let copied = 0;
  let markers = 0;
  let shared = 0;
  let anon = 0;
  let frameBits = 0;
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
    const runEnd = shareFrames(srcWords, i, end, frames.segmentOf(first & PTE_PFN_MASK), frameKeep, run);
    if ((run.pteBits & ~srcKeep) !== 0) keepBits(srcWords, i, runEnd, srcKeep);
    copyWords(srcWords, i, runEnd, dstWords, i + shift);
    if ((run.pteBits & srcKeep & ~dstKeep) !== 0) keepBits(dstWords, i + shift, runEnd + shift, dstKeep);
    shared += runEnd - i;
    anon += run.anon;
    frameBits |= run.frameBits;
    i = runEnd;
  }
  leaves.counts[copy] = leaves.counts[copy]! + copied + shared;
  dst.rssAnon += anon;
  dst.rssFile += shared - anon;
  tally.ptes += copied + shared;
  tally.framesShared += shared;
  tally.markers += markers;
  if ((frameBits & FRAME_OVERFLOW) !== 0) throw new InvariantError('a frame has more than 2^26 references');
}

/** The child's entry for the zero page, a marker or a swap entry. */
function copySpecial(pte: number, dstKeep: number, dstUffdWp: boolean): number {
  const kind = pte >>> PTE_KIND_SHIFT;
  if (kind === KIND_PRESENT) return pte & dstKeep;
  if (kind !== KIND_MARKER) return dstUffdWp ? pte : (pte & ~PTE_UFFD_WP) >>> 0;
  if (pteGuard(pte as Pte)) return mkGuardMarker();
  return dstUffdWp ? mkUffdWpMarker() : PTE_NONE;
}

function copyWords(from: Uint32Array, start: number, end: number, to: Uint32Array, at: number): void {
  if (end - start >= LONG_RUN) to.set(from.subarray(start, end), at);
  else for (let i = start, k = at; i < end; i++, k++) to[k] = from[i]!;
}

function keepBits(words: Uint32Array, start: number, end: number, keep: number): void {
  for (let i = start; i < end; i++) words[i] = words[i]! & keep;
}
