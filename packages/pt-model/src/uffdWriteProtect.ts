import { checkRange } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import {
  KIND_MARKER,
  KIND_PRESENT,
  mkUffdWpMarker,
  PTE_KIND_SHIFT,
  PTE_NONE,
  PTE_UFFD_WP,
  PTE_WRITE,
  pteUffdWpMarker,
} from './pte.ts';
import { endIndex, firstIndex, pteSpanEnd, pteSpanOf } from './pteSpan.ts';
import type { Pte, VirtPage } from './units.ts';

/** What UFFDIO_WRITEPROTECT asks for, and of what VMA. */
export interface UffdWriteProtectOptions {
  /** Protect, or lift the protection. */
  readonly on: boolean;
  /** The VMA is anonymous: its empty entries get no markers, unless `unpopulated`. */
  readonly anonymous: boolean;
  /** UFFD_FEATURE_WP_UNPOPULATED or WP_ASYNC was negotiated: markers in empty anonymous entries as well. */
  readonly unpopulated: boolean;
}

/**
 * Protects `[start, end)` against writes, or lifts that.
 *
 *                  on                         off
 *   present        bit set, PTE_WRITE gone    bit cleared (the next write faults PTE_WRITE back in)
 *   none           a marker, table and all    stays none
 *   marker         stays                      cleared
 *   guard marker   stays                      stays
 *
 * Kernel: mm/mprotect.c, `change_pte_range` with `MM_CP_UFFD_WP` or `MM_CP_UFFD_WP_RESOLVE` (6.12 to 7.3).
 */
export function uffdWriteProtect(
  pt: PageTable,
  start: VirtPage,
  end: VirtPage,
  options: UffdWriteProtectOptions,
): void {
  checkRange(start, end);
  const endSpan = pteSpanEnd(start, end);
  if (!options.on) {
    for (let r = pt.nextPteTable(pteSpanOf(start), endSpan); r < endSpan; r = pt.nextPteTable(r + 1, endSpan)) {
      const leaf = pt.pteTable(r);
      if (pt.leaves.counts[leaf] !== 0) resolveTable(pt, leaf, firstIndex(r, start), endIndex(r, end));
    }
    return;
  }
  if (!options.anonymous || options.unpopulated) {
    for (let r = pteSpanOf(start); r < endSpan; r++) {
      protectTable(pt, pt.makePteTable(r), firstIndex(r, start), endIndex(r, end), true);
    }
    return;
  }
  for (let r = pt.nextPteTable(pteSpanOf(start), endSpan); r < endSpan; r = pt.nextPteTable(r + 1, endSpan)) {
    const leaf = pt.pteTable(r);
    if (pt.leaves.counts[leaf] !== 0) protectTable(pt, leaf, firstIndex(r, start), endIndex(r, end), false);
  }
}

/** Clears every write-protect bit and marker of `[start, end)`, as an unregister does; tables stay. */
export function clearUffdWp(pt: PageTable, start: VirtPage, end: VirtPage): void {
  uffdWriteProtect(pt, start, end, { on: false, anonymous: false, unpopulated: false });
}

function protectTable(pt: PageTable, leaf: number, from: number, to: number, useMarkers: boolean): void {
  const { leaves } = pt;
  const words = leaves.words(leaf);
  const base = leaves.base(leaf);
  const marker = mkUffdWpMarker();
  let added = 0;
  for (let i = base + from, last = base + to; i < last; i++) {
    const pte = words[i]!;
    if (pte === 0) {
      if (!useMarkers) continue;
      words[i] = marker;
      added++;
      continue;
    }
    const kind = pte >>> PTE_KIND_SHIFT;
    if (kind === KIND_MARKER) continue;
    words[i] = (kind === KIND_PRESENT ? pte & ~PTE_WRITE : pte) | PTE_UFFD_WP;
  }
  leaves.counts[leaf] = leaves.counts[leaf]! + added;
}

function resolveTable(pt: PageTable, leaf: number, from: number, to: number): void {
  const { leaves } = pt;
  const words = leaves.words(leaf);
  const base = leaves.base(leaf);
  let cleared = 0;
  for (let i = base + from, last = base + to; i < last; i++) {
    const pte = words[i]!;
    if (pteUffdWpMarker(pte as Pte)) {
      words[i] = PTE_NONE;
      cleared++;
    } else {
      words[i] = pte & ~PTE_UFFD_WP;
    }
  }
  leaves.counts[leaf] = leaves.counts[leaf]! - cleared;
}
