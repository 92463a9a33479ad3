import { PMD_TABLE_PAGES, PUD_TABLE_PAGES, tableUsage, tableUsageOfRanges } from 'pt-model';
import { describe, expect, it } from 'vitest';
import { at, fill, newProcess } from './support/lab.ts';

describe('tableUsage', () => {
  it('tells tables that lie wholly in the range from those that reach beyond it', () => {
    const pt = newProcess();
    fill(pt, at(500), 'AA');
    fill(pt, at(512), 'GG');
    fill(pt, at(1024), 'z');
    fill(pt, at(PMD_TABLE_PAGES), 'A');
    expect(tableUsage(pt, at(501), at(1025))).toEqual({
      ptes: 4,
      pteTables: { whole: 1, partly: 2 },
      pmdTables: { whole: 0, partly: 1 },
      pudTables: { whole: 0, partly: 1 },
      kB: 20,
    });
    expect(tableUsage(pt, at(0), at(PUD_TABLE_PAGES))).toEqual({
      ptes: 6,
      pteTables: { whole: 4, partly: 0 },
      pmdTables: { whole: 2, partly: 0 },
      pudTables: { whole: 1, partly: 0 },
      kB: pt.vmPteKb,
    });
  });

  it('counts empty tables, and nothing where there are none', () => {
    const pt = newProcess();
    pt.allocPte(at(0));
    expect(tableUsage(pt, at(0), at(8))).toMatchObject({ ptes: 0, pteTables: { whole: 0, partly: 1 }, kB: 12 });
    expect(tableUsage(pt, at(PUD_TABLE_PAGES), at(2 * PUD_TABLE_PAGES)).kB).toBe(0);
    expect(tableUsage(pt, at(8), at(8)).kB).toBe(0);
  });

  it('a table that two ranges share counts once', () => {
    const pt = newProcess();
    fill(pt, at(0), 'AA.AA');
    fill(pt, at(512), 'A');
    const usage = tableUsageOfRanges(pt, [
      { start: at(0), end: at(2) },
      { start: at(2), end: at(2) },
      { start: at(3), end: at(5) },
      { start: at(100), end: at(600) },
    ]);
    expect(usage).toMatchObject({ ptes: 5, pteTables: { whole: 0, partly: 2 }, kB: 16 });
  });

  it('ranges must ascend', () => {
    const ranges = [
      { start: at(5), end: at(9) },
      { start: at(8), end: at(10) },
    ];
    expect(() => tableUsageOfRanges(newProcess(), ranges)).toThrow(/ascending/);
  });
});
