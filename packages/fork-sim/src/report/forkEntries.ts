import type { SmapsEntry } from 'proc-io';
import type { MapGeometry } from '../replay/mapGeometry.ts';

/** What a fork copies of the page tables of one mapping, as a smaps tells. */
export interface ForkEntries {
  /** Resident pages. */
  readonly resident: number;
  /** Entries: one for each page that is present or swapped out, one for each huge page. */
  readonly entries: number;
  /** Those of them that are huge: one for all pages that a PTE table spans. */
  readonly huge: number;
}

/**
 * Pages of a mapping that is copied, and the entries that a fork copies for them; `null`: the file does not tell. Huge pages of a file or of
 * shared memory are not copied, but faulted in again; those of hugetlbfs, which `Rss` leaves out, are. Kernel: `copy_huge_pmd()`,
 * mm/huge_memory.c; `copy_hugetlb_page_range()`, mm/hugetlb.c.
 */
export function forkEntries(
  entry: SmapsEntry | undefined,
  { pageSize, levels }: Pick<MapGeometry, 'pageSize' | 'levels'>,
): ForkEntries | null {
  const kbOf = (key: string): number => entry?.fields.get(key) ?? 0;
  if (entry?.fields.has('Rss') !== true) return null;
  const anonHugeKb = kbOf('AnonHugePages');
  const hugeKb = anonHugeKb + kbOf('ShmemPmdMapped') + kbOf('FilePmdMapped');
  const hugetlbKb = kbOf('Private_Hugetlb') + kbOf('Shared_Hugetlb');
  const hugetlb = hugetlbKb === 0 ? 0 : hugetlbKb / kbOf('KernelPageSize');
  const huge = (levels === null ? 0 : (anonHugeKb * 1024) / levels[0]!) + hugetlb;
  const pages = (kB: number): number => (kB * 1024) / pageSize;
  return {
    resident: pages(kbOf('Rss') + hugetlbKb),
    entries: pages(Math.max(0, kbOf('Rss') - hugeKb) + kbOf('Swap')) + huge,
    huge,
  };
}
