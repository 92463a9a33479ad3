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
import type { Pte, VirtPage } from './units.ts';
import { walkPteTables } from './walkPteTables.ts';

/** What UFFDIO_WRITEPROTECT asks for, and of what VMA. */
export interface UffdWriteProtectOptions {
  /** Protect, or lift the protection. */
  readonly on: boolean;
  /** The VMA is anonymous: its empty entries get no markers, unless `unpopulated`. */
  readonly anonymous: boolean;
  /** UFFD_FEATURE_WP_UNPOPULATED or WP_ASYNC was negotiated: markers in empty anonymous entries as well. */
  readonly unpopulated: boolean;
  /** Pages whose protection is lifted become writable at once, not by a fault: shared writable memory before 6.3. Default false. */
  readonly writable?: boolean;
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
  const { on, anonymous, unpopulated, writable = false } = options;
  const useMarkers = on && (!anonymous || unpopulated);
  const change = (leaf: number, words: Uint32Array, from: number, to: number): void => {
    const more = on ? protectEntries(words, from, to, useMarkers) : -resolveEntries(words, from, to, writable);
    pt.leaves.counts[leaf] = pt.leaves.counts[leaf]! + more;
  };
  walkPteTables(pt, start, end, change, useMarkers);
}

/** Clears every write-protect bit and marker of `[start, end)`, as an unregister does; tables stay. */
export function clearUffdWp(pt: PageTable, start: VirtPage, end: VirtPage, writable: boolean = false): void {
  uffdWriteProtect(pt, start, end, { on: false, anonymous: false, unpopulated: false, writable });
}

/** Answers the markers added. */
function protectEntries(words: Uint32Array, from: number, to: number, useMarkers: boolean): number {
  const marker = mkUffdWpMarker();
  let added = 0;
  for (let i = from; i < to; i++) {
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
  return added;
}

/** Answers the markers cleared. */
function resolveEntries(words: Uint32Array, from: number, to: number, writable: boolean): number {
  let cleared = 0;
  for (let i = from; i < to; i++) {
    const pte = words[i]!;
    if (pteUffdWpMarker(pte as Pte)) {
      words[i] = PTE_NONE;
      cleared++;
    } else {
      const freed = writable && (pte & PTE_UFFD_WP) !== 0 && pte >>> PTE_KIND_SHIFT === KIND_PRESENT;
      words[i] = (pte & ~PTE_UFFD_WP) | (freed ? PTE_WRITE : 0);
    }
  }
  return cleared;
}
