import {
  countFromScratch,
  exitMmap,
  FrameTable,
  InvariantError,
  MAX_PAGE,
  mkGuardMarker,
  mkPte,
  OutOfMemoryError,
  PMD_TABLE_PAGES,
  PTE_NONE,
  PTE_TABLE_PAGES,
  PTE_WRITE,
  PUD_TABLE_PAGES,
  populateAnon,
  virtPage,
} from 'pt-model';
import { describe, expect, it } from 'vitest';
import { at, draw, fill, newProcess } from './support/lab.ts';

const tables = (pt: { pteTables: number; pmdTables: number; pudTables: number }): number[] => [
  pt.pteTables,
  pt.pmdTables,
  pt.pudTables,
];

describe('tables are made on demand and counted', () => {
  it.each([
    { name: 'one page', pages: [0], want: [1, 1, 1], kB: 12 },
    { name: 'two pages of one 2 MiB', pages: [0, 511], want: [1, 1, 1], kB: 12 },
    { name: 'across 2 MiB', pages: [511, 512], want: [2, 1, 1], kB: 16 },
    { name: 'across 1 GiB', pages: [PMD_TABLE_PAGES - 1, PMD_TABLE_PAGES], want: [2, 2, 1], kB: 20 },
    { name: 'across 512 GiB', pages: [PUD_TABLE_PAGES - 1, PUD_TABLE_PAGES], want: [2, 2, 2], kB: 24 },
  ])('$name: $kB kB', ({ pages, want, kB }) => {
    const pt = newProcess();
    for (const page of pages) pt.set(at(page), mkGuardMarker());
    expect(tables(pt)).toEqual(want);
    expect([pt.vmPteKb, pt.pgtablesBytes]).toEqual([kB, kB * 1024]);
    for (const page of pages) expect(draw(pt, at(page), 1)).toBe('G');
    expect(countFromScratch(pt)).toMatchObject({ pteTables: want[0], pmdTables: want[1], pudTables: want[2] });
  });

  it('setting none makes no table; reading makes none', () => {
    const pt = newProcess();
    pt.set(at(5), PTE_NONE);
    expect(pt.get(at(5))).toBe(PTE_NONE);
    expect([pt.vmPteKb, pt.hasPteTable(at(5))]).toEqual([0, false]);
  });

  it('allocUpper stops above the PTE table (pt 8), allocPte goes on to it (pt 12)', () => {
    const pt = newProcess();
    pt.allocUpper(at(0));
    expect([pt.vmPteKb, pt.hasPteTable(at(0))]).toEqual([8, false]);
    pt.allocPte(at(0));
    pt.allocPte(at(1));
    expect([pt.vmPteKb, pt.hasPteTable(at(511)), pt.hasPteTable(at(512))]).toEqual([12, true, false]);
  });

  it('the first and the last page of user space have entries of their own', () => {
    const pt = newProcess();
    fill(pt, virtPage(0), 'G');
    fill(pt, virtPage(MAX_PAGE - 1), 'A');
    expect([draw(pt, virtPage(0), 1), draw(pt, virtPage(MAX_PAGE - 1), 1)]).toEqual(['G', 'A']);
    expect(tables(pt)).toEqual([2, 2, 2]);
  });

  it.each([-1, 0.5, Number.NaN, MAX_PAGE])('page %s is refused', (page) => {
    const pt = newProcess();
    expect(() => pt.set(virtPage(page), mkGuardMarker())).toThrow(InvariantError);
    expect(() => pt.allocPte(virtPage(page))).toThrow(InvariantError);
    expect(() => pt.allocUpper(virtPage(page))).toThrow(InvariantError);
    expect(pt.vmPteKb).toBe(0);
  });
});

describe('rss follows the entries', () => {
  it('counts anonymous and file pages, not the zero page, markers or swap entries', () => {
    const pt = newProcess();
    fill(pt, at(0), 'AAFzGWSD');
    expect(pt.rss).toEqual({ anon: 2, file: 2 });
    const anon = pt.get(at(0));
    pt.set(at(0), PTE_NONE);
    expect(pt.rss).toEqual({ anon: 1, file: 2 });
    pt.set(at(2), anon);
    expect(pt.rss).toEqual({ anon: 2, file: 1 });
  });

  it('an entry is set before its frame is put, and cleared before: the other order is caught', () => {
    const pt = newProcess();
    const pfn = pt.frames.allocAnon();
    pt.set(at(0), mkPte(pfn, PTE_WRITE));
    pt.frames.put(pfn);
    expect(() => pt.set(at(0), PTE_NONE)).toThrow(/is free/);
  });
});

describe('the end of a process', () => {
  it('destroy drops every frame and table, and only reads are left', () => {
    const pt = newProcess();
    const { frames } = pt;
    fill(pt, at(0), 'AFzGWS');
    fill(pt, at(PUD_TABLE_PAGES), 'A');
    pt.allocUpper(at(3 * PMD_TABLE_PAGES));
    exitMmap(pt);
    exitMmap(pt);
    expect([frames.live, frames.tables.live, pt.vmPteKb, pt.destroyed]).toEqual([1, 0, 0, true]); // the page cache stays
    expect(pt.rss).toEqual({ anon: 0, file: 0 });
    expect(pt.get(at(0))).toBe(PTE_NONE);
    expect(() => pt.set(at(0), mkGuardMarker())).toThrow(/destroyed/);
  });

  it('tables are used again by the next process, empty', () => {
    const frames = new FrameTable();
    for (let round = 0; round < 3; round++) {
      const pt = newProcess(frames);
      expect(populateAnon(pt, at(0), at(4 * PTE_TABLE_PAGES), PTE_WRITE)).toBe(2048);
      exitMmap(pt);
    }
    const pt = newProcess(frames);
    fill(pt, at(0), 'G');
    expect(countFromScratch(pt).entries).toBe(1);
    expect(frames.tables.live).toBe(4); // PTE, PMD and PUD table, PGD
  });

  it('a process that ran out of memory half-way can be destroyed', () => {
    const frames = new FrameTable({ maxBytes: 2 ** 20 });
    const pt = newProcess(frames);
    expect(() => populateAnon(pt, at(0), at(2 ** 20), PTE_WRITE)).toThrow(OutOfMemoryError);
    expect(countFromScratch(pt)).toMatchObject({ entries: frames.live, anon: pt.rss.anon });
    expect(frames.live).toBeGreaterThan(10_000);
    exitMmap(pt);
    expect([frames.live, frames.tables.live]).toEqual([0, 0]);
  });
});
