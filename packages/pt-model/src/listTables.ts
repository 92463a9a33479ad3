import { checkRange } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { pteSpanEnd, pteSpanOf } from './pteSpan.ts';
import { PMD_SPANS_SHIFT, PUD_SPANS_SHIFT } from './tableTree.ts';
import { PTE_TABLE_PAGES, type VirtPage } from './units.ts';

/** The four levels, from the top. */
export type TableLevel = 'pgd' | 'pud' | 'pmd' | 'pte';

/** One table of 512 entries. */
export interface TableRecord {
  readonly level: TableLevel;
  /** First page under it, aligned to what it spans: it may lie before the range that was asked about. */
  readonly first: VirtPage;
  /** Entries that are not none, 0 to 512; of a PTE table markers count too. */
  readonly entries: number;
}

/**
 * The tables over `[start, end)`, each before the tables below it, in address order:
 *
 *     pgd  pud  pmd  pte  pte  pmd  pte  ...
 *
 * The PGD comes first, even where nothing hangs in it; a destroyed page table has none. Absent tables cost nothing. Tables must
 * not change while the walk is suspended.
 */
export function* listTables(pt: PageTable, start: VirtPage, end: VirtPage): Generator<TableRecord> {
  checkRange(start, end);
  if (pt.destroyed) return;
  const { nodes, leaves } = pt;
  const record = (level: TableLevel, shift: number, pteSpan: number, entries: number): TableRecord => {
    const first = Math.floor(pteSpan / 2 ** shift) * 2 ** shift * PTE_TABLE_PAGES;
    return { level, first: first as VirtPage, entries };
  };
  yield { level: 'pgd', first: 0 as VirtPage, entries: nodes.counts[pt.pgd]! };
  const last = pteSpanEnd(start, end);
  const under = (pteSpan: number, shift: number): number => Math.min(last, ((pteSpan >>> shift) + 1) * 2 ** shift);
  for (let pud = pt.nextPudTable(pteSpanOf(start), last); pud < last; ) {
    yield record('pud', PUD_SPANS_SHIFT, pud, nodes.counts[pt.pudTable(pud)]!);
    const pudEnd = under(pud, PUD_SPANS_SHIFT);
    for (let pmd = pt.nextPmdTable(pud, pudEnd); pmd < pudEnd; ) {
      yield record('pmd', PMD_SPANS_SHIFT, pmd, nodes.counts[pt.pmdTable(pmd)]!);
      const pmdEnd = under(pmd, PMD_SPANS_SHIFT);
      for (let pte = pt.nextPteTable(pmd, pmdEnd); pte < pmdEnd; pte = pt.nextPteTable(pte + 1, pmdEnd)) {
        yield record('pte', 0, pte, leaves.counts[pt.pteTable(pte)]!);
      }
      pmd = pt.nextPmdTable(pmdEnd, pudEnd);
    }
    pud = pt.nextPudTable(pudEnd, last);
  }
}
