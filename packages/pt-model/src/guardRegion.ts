import { checkRange } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { mkGuardMarker, PTE_NONE, pteGuard } from './pte.ts';
import { endIndex, firstIndex, pteSpanEnd, pteSpanOf } from './pteSpan.ts';
import { PTE_TABLE_PAGES, type Pte, type VirtPage } from './units.ts';
import { walkPteTables } from './walkPteTables.ts';
import { type ZapOptions, zapPageRange } from './zapPageRange.ts';

/** How a guard install ended. */
export type GuardInstallResult =
  | { readonly state: 'ok' }
  /**
   * The kernel retries for ever: the zap leaves a write-protect marker at `at`, which stands in the way of the guard.
   * Guards below `at` are in place, and all of the range is zapped.
   */
  | { readonly state: 'livelock'; readonly at: VirtPage };

/** What the VMA says; a guard install never drops markers and never frees tables. */
export type GuardInstallOptions = Pick<ZapOptions, 'anonymous' | 'uffdWp'>;

/**
 * Puts guard markers on `[start, end)`, making tables as it goes. An entry that is neither none nor a guard stops it: then
 * the whole range is zapped, and it starts again. The zap leaves guard markers, and write-protect markers where the VMA is not anonymous
 * (`staysInZap` in zapPageRange.ts).
 *
 * Kernel: mm/madvise.c, `madvise_guard_install` (6.13 to 7.3), which gives up after a few rounds only to be restarted.
 */
export function guardInstall(
  pt: PageTable,
  start: VirtPage,
  end: VirtPage,
  options: GuardInstallOptions,
): GuardInstallResult {
  checkRange(start, end);
  if (installFrom(pt, start, end) === end) return { state: 'ok' };
  zapPageRange(pt, start, end, { ...options, dropMarkers: false, freeEmptyPteTables: false });
  const stopped = installFrom(pt, start, end);
  return stopped === end ? { state: 'ok' } : { state: 'livelock', at: stopped };
}

/** One walk of the install: the page of the first entry in the way, or `end`. */
function installFrom(pt: PageTable, start: VirtPage, end: VirtPage): VirtPage {
  const { leaves } = pt;
  const guard = mkGuardMarker();
  for (let r = pteSpanOf(start), endSpan = pteSpanEnd(start, end); r < endSpan; r++) {
    const leaf = pt.makePteTable(r);
    const words = leaves.words(leaf);
    const base = leaves.base(leaf);
    let added = 0;
    let i = firstIndex(r, start);
    const last = endIndex(r, end);
    for (; i < last; i++) {
      const pte = words[base + i]! as Pte;
      if (pte === PTE_NONE) {
        words[base + i] = guard;
        added++;
      } else if (!pteGuard(pte)) {
        break;
      }
    }
    leaves.counts[leaf] = leaves.counts[leaf]! + added;
    if (i < last) return (r * PTE_TABLE_PAGES + i) as VirtPage;
  }
  return end;
}

/**
 * Clears the guard markers of `[start, end)` and leaves everything else; no table is freed. Answers the markers cleared.
 * Kernel: mm/madvise.c, `madvise_guard_remove` (6.13 to 7.3).
 */
export function guardRemove(pt: PageTable, start: VirtPage, end: VirtPage): number {
  let removed = 0;
  walkPteTables(pt, start, end, (leaf, words, from, to) => {
    const before = removed;
    for (let i = from; i < to; i++) {
      if (!pteGuard(words[i]! as Pte)) continue;
      words[i] = PTE_NONE;
      removed++;
    }
    pt.leaves.counts[leaf] = pt.leaves.counts[leaf]! - (removed - before);
  });
  return removed;
}
