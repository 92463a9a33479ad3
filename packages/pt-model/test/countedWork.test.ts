import {
  changeProtection,
  clearSoftDirty,
  clearUffdWp,
  copyPageRange,
  exitMmap,
  guardRemove,
  MAX_PAGE,
  movePageTables,
  type PageTable,
  PMD_TABLE_PAGES,
  PUD_TABLE_PAGES,
  tableUsage,
  virtPage,
  zapPageRange,
} from 'pt-model';
import { describe, expect, it, vi } from 'vitest';
import { at, fill, newProcess, ZAP } from './support/lab.ts';

const SPAN = PUD_TABLE_PAGES;

/** Tables that `work` entered. */
function visits(pt: PageTable, work: () => void): number {
  const before = pt.tablesVisited;
  work();
  return pt.tablesVisited - before;
}

describe('work is counted in tables, not in pages of the range', () => {
  const operations: { name: string; run: (pt: PageTable) => void }[] = [
    { name: 'zap', run: (pt) => zapPageRange(pt, at(0), at(SPAN), ZAP.anon) },
    { name: 'guard remove', run: (pt) => guardRemove(pt, at(0), at(SPAN)) },
    { name: 'clear soft-dirty', run: (pt) => clearSoftDirty(pt, at(0), at(SPAN)) },
    { name: 'mprotect', run: (pt) => changeProtection(pt, at(0), at(SPAN)) },
    { name: 'unregister', run: (pt) => clearUffdWp(pt, at(0), at(SPAN)) },
    { name: 'report', run: (pt) => tableUsage(pt, at(0), at(SPAN)) },
    {
      name: 'fork',
      run: (pt) => {
        const child = newProcess(pt.frames);
        copyPageRange(child, pt, at(0), at(SPAN), { cow: true, shared: false, dstUffdWp: false });
      },
    },
  ];

  it.each(operations)('$name over 512 GiB that were never touched enters no table', ({ run }) => {
    const pt = newProcess();
    fill(pt, at(2 * SPAN), 'A');
    expect(visits(pt, () => run(pt))).toBe(0);
  });

  it.each(operations)('$name over 512 GiB with three pages enters the tables of those pages', ({ run }) => {
    const pt = newProcess();
    for (const page of [0, 512, 100 * PMD_TABLE_PAGES]) fill(pt, at(page), 'A');
    // 3 PTE, 2 PMD and 1 PUD table; an upper one may be entered again for each table below it, and by each pass.
    expect(visits(pt, () => run(pt))).toBeLessThanOrEqual(24);
  });

  it('the exit of a process with one page enters its three tables', () => {
    const pt = newProcess();
    fill(pt, virtPage(MAX_PAGE - 1), 'A');
    expect(visits(pt, () => exitMmap(pt))).toBeLessThanOrEqual(10);
  });

  it('and looks for PUD tables where there is one, not in each of the 256 places', () => {
    const pt = newProcess();
    fill(pt, at(100 * SPAN), 'A');
    const looked = vi.spyOn(pt, 'pudTable');
    exitMmap(pt);
    expect(looked.mock.calls.length).toBeLessThanOrEqual(12);
  });

  it('1 GiB moves as one table, with anything in it', () => {
    const pt = newProcess();
    for (let page = 0; page < PMD_TABLE_PAGES; page += 512) fill(pt, at(page), 'A');
    const result = movePageTables(pt, at(0), at(SPAN), PMD_TABLE_PAGES, {
      uffd: 'none',
      softDirty: true,
    });
    expect(result).toEqual({ ptes: 0, pteTablesMoved: 0, pmdTablesMoved: 1 });
  });

  it('memory of the model grows with the tables, not with the span', () => {
    const pt = newProcess();
    const before = pt.frames.memory.bytes;
    for (const page of [0, SPAN, 100 * SPAN]) fill(pt, at(page), 'A');
    expect(pt.frames.memory.bytes - before).toBeLessThanOrEqual(65_536);
  });
});
