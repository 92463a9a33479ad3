import { invariant } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { ptePfn, ptePresent } from './pte.ts';
import { pteSpanEnd } from './pteSpan.ts';
import { PUD_SPANS_SHIFT } from './tableTree.ts';
import { MAX_PAGE, PTRS_PER_TABLE, type Pte } from './units.ts';

/** What a walk over all tables finds. */
export interface PageTableCount {
  readonly pteTables: number;
  readonly pmdTables: number;
  readonly pudTables: number;
  /** Entries of any kind. */
  readonly entries: number;
  /** Present anonymous pages. */
  readonly anon: number;
  /** Present file pages. */
  readonly file: number;
  /** Per frame, the entries that map it; the zero page is left out. */
  readonly mapped: ReadonlyMap<number, number>;
}

/**
 * Counts tables, entries and mapped frames by walking, for checks of the counters that are kept. Throws InvariantError
 * where a table's own count of entries is not what it holds.
 */
export function countFromScratch(pt: PageTable): PageTableCount {
  const end = pteSpanEnd(0, MAX_PAGE);
  const { nodes, leaves, frames } = pt;
  const mapped = new Map<number, number>();
  let [pteTables, pmdTables, pudTables, entries, anon, file] = [0, 0, 0, 0, 0, 0];

  const used = (store: typeof nodes, table: number): number[] => {
    const base = store.base(table);
    const words = store.words(table).subarray(base, base + PTRS_PER_TABLE);
    const found = [...words].filter((word) => word !== 0);
    invariant(
      found.length === store.counts[table],
      `table ${table} says ${store.counts[table]}, holds ${found.length}`,
    );
    return found;
  };

  for (let r = 0; r < end; r += 1 << PUD_SPANS_SHIFT) {
    const pud = pt.pudTable(r);
    if (pud === 0) continue;
    pudTables++;
    for (const pmd of used(nodes, pud)) {
      pmdTables++;
      for (const leaf of used(nodes, pmd)) {
        pteTables++;
        for (const word of used(leaves, leaf)) {
          entries++;
          const pte = word as Pte;
          if (!ptePresent(pte) || frames.isZero(ptePfn(pte))) continue;
          if (frames.isAnon(ptePfn(pte))) anon++;
          else if (frames.isFile(ptePfn(pte))) file++;
          else invariant(false, `an entry maps the free frame ${ptePfn(pte)}`);
          mapped.set(ptePfn(pte), (mapped.get(ptePfn(pte)) ?? 0) + 1);
        }
      }
    }
  }
  return { pteTables, pmdTables, pudTables, entries, anon, file, mapped };
}
