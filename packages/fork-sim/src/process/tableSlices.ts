import { type PageTable, PTE_TABLE_PAGES, type VirtPage, virtPage } from 'pt-model';
import type { PageSteps } from './pageWork.ts';

/** PTE tables that are worked on in one piece: 256 MiB of pages. */
const TABLES_A_SLICE = 128;

/**
 * Work on the page tables of `[start, end)` in pieces: a part of the range that has so many tables, however far they lie apart.
 *
 * @param work is called for parts of the range, in order; together they are all of it
 * @param after is called when all of it is done
 */
export function* tableSlices(
  pageTable: PageTable,
  start: VirtPage,
  end: VirtPage,
  work: (from: VirtPage, to: VirtPage) => void,
  after?: () => void,
): PageSteps {
  const endRegion = Math.ceil(end / PTE_TABLE_PAGES);
  for (let from = start; from < end; ) {
    let region = Math.floor(from / PTE_TABLE_PAGES);
    for (let tables = 0; tables < TABLES_A_SLICE && region < endRegion; tables++) {
      region = pageTable.nextPteTable(region, endRegion) + 1;
    }
    const to = virtPage(Math.min(end, region * PTE_TABLE_PAGES));
    work(from, to);
    from = to;
    yield;
  }
  after?.();
  return 0;
}

/** Work on every page of `[start, end)`, mapped or not, in pieces that end at multiples of `pages`. */
export function* pageSlices(
  start: VirtPage,
  end: VirtPage,
  pages: number,
  work: (from: VirtPage, to: VirtPage) => void,
): PageSteps {
  for (let from = start; from < end; ) {
    const to = virtPage(Math.min(end, Math.floor(from / pages) * pages + pages));
    work(from, to);
    from = to;
    yield;
  }
  return 0;
}
