import { checkRange } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { PMD_TABLE_PAGES, PTE_TABLE_PAGES, PUD_TABLE_PAGES, type VirtPage } from './units.ts';

/**
 * Frees the tables that only `[start, end)` needed, after its entries were zapped and its VMAs removed.
 *
 *   floor                                    ceiling
 *   ...A|    [start, end)                    |B...
 *       |----2 MiB----|----2 MiB----|----2 MiB----|    the outer tables reach past floor and ceiling: they stay
 *
 * `floor` is the end of the nearest mapping below (0: none), `ceiling` the start of the nearest above (0: none). The same
 * rule holds one level up for PMD tables (1 GiB), and again for PUD tables (512 GiB). A PTE table under the range goes
 * even where a neighbour keeps the PMD table above it.
 *
 * Kernel: mm/memory.c, `free_pgd_range` (6.12 to 7.3).
 * Preconditions: the tables are empty, else InvariantError.
 */
export function freePgdRange(pt: PageTable, start: VirtPage, end: VirtPage, floor: number, ceiling: number): void {
  checkRange(start, end);
  if (start === end || pt.pudTables === 0) return;
  const top = ceiling === 0 ? Number.POSITIVE_INFINITY : ceiling;

  const first = roundDown(start, PTE_TABLE_PAGES);
  const from = first < floor ? first + PTE_TABLE_PAGES : first;
  const to = end > roundDown(top, PTE_TABLE_PAGES) ? end - PTE_TABLE_PAGES : end;
  if (from >= to) return;

  const endSpan = Math.ceil(to / PTE_TABLE_PAGES);
  for (let span = pt.nextPudTable(from / PTE_TABLE_PAGES, endSpan); span < endSpan; ) {
    const at = span * PTE_TABLE_PAGES;
    const spanEnd = roundDown(at, PUD_TABLE_PAGES) + PUD_TABLE_PAGES;
    const last = Math.min(to, spanEnd);
    freePmdTables(pt, at, last, floor, top);
    if (isFree(at, last, PUD_TABLE_PAGES, floor, top)) pt.freePudTable(span);
    span = pt.nextPudTable(spanEnd / PTE_TABLE_PAGES, endSpan);
  }
}

/** Frees the PTE tables of `[from, to)`, all under one PUD table, and the PMD tables whose whole span is free. */
function freePmdTables(pt: PageTable, from: number, to: number, floor: number, top: number): void {
  const endSpan = Math.ceil(to / PTE_TABLE_PAGES);
  let pteSpan = pt.nextPmdTable(from / PTE_TABLE_PAGES, endSpan);
  while (pteSpan < endSpan) {
    const at = pteSpan * PTE_TABLE_PAGES;
    const spanEnd = roundDown(at, PMD_TABLE_PAGES) + PMD_TABLE_PAGES;
    const last = Math.min(to, spanEnd);
    const lastSpan = Math.ceil(last / PTE_TABLE_PAGES);
    for (let r = pt.nextPteTable(pteSpan, lastSpan); r < lastSpan; r = pt.nextPteTable(r + 1, lastSpan)) {
      pt.freePteTable(r);
    }
    if (isFree(at, last, PMD_TABLE_PAGES, floor, top)) pt.freePmdTable(pteSpan);
    pteSpan = pt.nextPmdTable(spanEnd / PTE_TABLE_PAGES, endSpan);
  }
}

/** May the table over `[from, to)` go, whose span is `pages`: does its span start at the floor or above, end in time? */
function isFree(from: number, to: number, pages: number, floor: number, top: number): boolean {
  return roundDown(from, pages) >= floor && to <= roundDown(top, pages);
}

function roundDown(page: number, pages: number): number {
  return Math.floor(page / pages) * pages;
}
