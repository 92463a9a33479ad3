import { checkRange, invariant } from './errors.ts';
import type { PageTable } from './pageTable.ts';
import { pteSpanEnd, pteSpanOf } from './pteSpan.ts';
import { PMD_SPANS_SHIFT, PUD_SPANS_SHIFT } from './tableTree.ts';
import { PTE_TABLE_PAGES, TABLE_BYTES, type VirtPage } from './units.ts';
import { walkPteTables } from './walkPteTables.ts';

/** Tables of one level. */
export interface TableLevelUsage {
  /** Tables whose span lies wholly in the range. */
  readonly whole: number;
  /** Tables that also span pages outside: neighbours may share them. */
  readonly partly: number;
}

/** The page tables that a range uses. */
export interface TableUsage {
  /** Entries that are not none. */
  readonly ptes: number;
  readonly pteTables: TableLevelUsage;
  readonly pmdTables: TableLevelUsage;
  readonly pudTables: TableLevelUsage;
  /** All these tables, in kB. */
  readonly kB: number;
}

/** A range of pages, `end` exclusive. */
export interface PageRange {
  readonly start: VirtPage;
  readonly end: VirtPage;
}

interface Level {
  readonly shift: number;
  readonly next: (pt: PageTable, pteSpan: number, end: number) => number;
}

const LEVELS: Readonly<Record<'pteTables' | 'pmdTables' | 'pudTables', Level>> = {
  pteTables: { shift: 0, next: (pt, pteSpan, end) => pt.nextPteTable(pteSpan, end) },
  pmdTables: { shift: PMD_SPANS_SHIFT, next: (pt, pteSpan, end) => pt.nextPmdTable(pteSpan, end) },
  pudTables: { shift: PUD_SPANS_SHIFT, next: (pt, pteSpan, end) => pt.nextPudTable(pteSpan, end) },
};

/** The tables over `[start, end)` and the entries in it: the report for one VMA. */
export function tableUsage(pt: PageTable, start: VirtPage, end: VirtPage): TableUsage {
  return tableUsageOfRanges(pt, [{ start, end }]);
}

/**
 * The same for several ranges, in ascending order and apart: a table that two of them share counts once. With the VMAs
 * that a fork copies, these are the tables that the child would get.
 */
export function tableUsageOfRanges(pt: PageTable, ranges: Iterable<PageRange>): TableUsage {
  const sorted = [...ranges].filter(({ start, end }) => start !== end);
  sorted.forEach(({ start, end }, i) => {
    checkRange(start, end);
    invariant(i === 0 || sorted[i - 1]!.end <= start, 'the ranges are not in ascending order, or overlap');
  });
  const pteTables = countTables(pt, sorted, LEVELS.pteTables);
  const pmdTables = countTables(pt, sorted, LEVELS.pmdTables);
  const pudTables = countTables(pt, sorted, LEVELS.pudTables);
  const tables = [pteTables, pmdTables, pudTables].reduce((sum, { whole, partly }) => sum + whole + partly, 0);
  return { ptes: countEntries(pt, sorted), pteTables, pmdTables, pudTables, kB: (tables * TABLE_BYTES) / 1024 };
}

function countTables(pt: PageTable, ranges: readonly PageRange[], level: Level): TableLevelUsage {
  const span = PTE_TABLE_PAGES * 2 ** level.shift;
  let whole = 0;
  let partly = 0;
  let counted = -1; // the table counted last: the next range may begin in it
  for (const { start, end } of ranges) {
    const endSpan = pteSpanEnd(start, end);
    for (let r = level.next(pt, pteSpanOf(start), endSpan); r < endSpan; ) {
      const table = r >>> level.shift;
      if (table !== counted) {
        if (table * span >= start && (table + 1) * span <= end) whole++;
        else partly++;
      }
      counted = table;
      r = level.next(pt, (table + 1) << level.shift, endSpan);
    }
  }
  return { whole, partly };
}

function countEntries(pt: PageTable, ranges: readonly PageRange[]): number {
  let entries = 0;
  for (const { start, end } of ranges) {
    walkPteTables(pt, start, end, (leaf, words, from, to) => {
      if (to - from === PTE_TABLE_PAGES) entries += pt.leaves.counts[leaf]!;
      else for (let i = from; i < to; i++) if (words[i] !== 0) entries++;
    });
  }
  return entries;
}
