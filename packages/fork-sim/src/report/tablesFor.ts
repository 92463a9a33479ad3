import { PMD_TABLE_PAGES, PTE_TABLE_PAGES, PUD_TABLE_PAGES, TABLE_BYTES } from 'pt-model';
import { PAGE_SIZE } from 'vma-core';

/** Page tables, by level and in kB. */
export interface TableCount {
  readonly pte: number;
  readonly pmd: number;
  readonly pud: number;
  readonly kB: number;
}

/**
 * Counts the page tables that ranges need when every page of them is mapped: one PTE table for each 2 MiB that they touch, one PMD table a
 * GiB, one PUD table for 512 GiB. A table that two ranges share counts once.
 */
export class TableCounter {
  readonly #levels = [PTE_TABLE_PAGES, PMD_TABLE_PAGES, PUD_TABLE_PAGES].map((pages) => ({
    bytes: pages * PAGE_SIZE,
    last: -1,
    tables: 0,
  }));

  /** Adds a range in bytes; ranges come in ascending order and apart. */
  add(start: number, end: number): void {
    if (end <= start) return;
    for (const level of this.#levels) {
      const first = Math.max(Math.floor(start / level.bytes), level.last + 1);
      const last = Math.floor((end - 1) / level.bytes);
      level.tables += Math.max(0, last - first + 1);
      level.last = Math.max(level.last, last);
    }
  }

  get count(): TableCount {
    const [pte, pmd, pud] = this.#levels.map(({ tables }) => tables) as [number, number, number];
    return { pte, pmd, pud, kB: ((pte + pmd + pud) * TABLE_BYTES) / 1024 };
  }
}

/** The tables of some ranges at once; see {@link TableCounter}. */
export function tablesFor(ranges: Iterable<{ readonly start: number; readonly end: number }>): TableCount {
  const counter = new TableCounter();
  for (const { start, end } of ranges) counter.add(start, end);
  return counter.count;
}
