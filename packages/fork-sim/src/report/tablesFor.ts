import { type MapGeometry, X86_64 } from '../replay/mapGeometry.ts';

/** Page tables, by level and in kB. */
export interface TableCount {
  readonly pte: number;
  readonly pmd: number;
  readonly pud: number;
  /** `null`: the machine's page tables are not known. */
  readonly kB: number | null;
}

/**
 * Counts the page tables that ranges need when every page of them is mapped: one PTE table for each 2 MiB that they touch, one PMD table a
 * GiB, one PUD table for 512 GiB; of another machine as its geometry says. A table that two ranges share counts once.
 */
export class TableCounter {
  readonly #geometry: MapGeometry;
  readonly #levels: { readonly bytes: number; last: number; tables: number }[];

  constructor(geometry: MapGeometry = X86_64) {
    this.#geometry = geometry;
    this.#levels = (geometry.levels ?? []).map((bytes) => ({ bytes, last: -1, tables: 0 }));
  }

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
    const [pte = 0, pmd = 0, pud = 0] = this.#levels.map(({ tables }) => tables);
    const { levels, pageSize } = this.#geometry;
    return { pte, pmd, pud, kB: levels === null ? null : ((pte + pmd + pud) * pageSize) / 1024 };
  }
}

/** The tables of some ranges at once; see {@link TableCounter}. */
export function tablesFor(
  ranges: Iterable<{ readonly start: number; readonly end: number }>,
  geometry: MapGeometry = X86_64,
): TableCount {
  const counter = new TableCounter(geometry);
  for (const { start, end } of ranges) counter.add(start, end);
  return counter.count;
}
