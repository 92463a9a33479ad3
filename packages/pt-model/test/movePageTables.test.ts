import {
  countFromScratch,
  freePgdRange,
  InvariantError,
  type MoveOptions,
  movePageTables,
  type PageTable,
  PMD_TABLE_PAGES,
  PUD_TABLE_PAGES,
  zapPageRange,
} from 'pt-model';
import { describe, expect, it } from 'vitest';
import { at, BASE, draw, drawSoftDirty, drawUffdWp, fill, newProcess, ZAP } from './support/lab.ts';

const GIB = PMD_TABLE_PAGES;
const MOVE: MoveOptions = { uffd: 'none', softDirty: true };

/** The move and the unmap of the source that follows it, all else unmapped. */
function mremap(pt: PageTable, from: number, to: number, pages: number, options: MoveOptions = MOVE): void {
  movePageTables(pt, at(from), at(to), pages, options);
  zapPageRange(pt, at(from), at(from + pages), ZAP.munmap);
  const [floor, ceiling] = to < from ? [BASE + to + pages, 0] : [0, BASE + to];
  freePgdRange(pt, at(from), at(from + pages), floor, ceiling);
}

describe('entries move one by one', () => {
  it('pages, markers and swap entries are carried, at their distances', () => {
    const pt = newProcess();
    fill(pt, at(2), 'AGz.FSW');
    const result = movePageTables(pt, at(2), at(20), 7, MOVE);
    expect([draw(pt, at(2), 7), draw(pt, at(20), 7)]).toEqual(['.......', 'AGz.FSW']);
    expect(result).toEqual({ ptes: 6, pteTablesMoved: 0, pmdTablesMoved: 0 });
    expect([pt.rss, countFromScratch(pt).entries]).toEqual([{ anon: 1, file: 1 }, 6]);
  });

  it('DIFFS2 G: every moved entry becomes soft-dirty, guard markers too; empty ones do not', () => {
    const pt = newProcess();
    fill(pt, at(2), 'zG.FW');
    movePageTables(pt, at(2), at(20), 5, MOVE);
    expect(drawSoftDirty(pt, at(20), 5)).toBe('ss-ss');
  });

  it('without soft dirty in the kernel no bit is set', () => {
    const pt = newProcess();
    fill(pt, at(2), 'zGF');
    movePageTables(pt, at(2), at(20), 3, { ...MOVE, softDirty: false });
    expect(drawSoftDirty(pt, at(20), 3)).toBe('---');
  });

  it.each<{ uffd: MoveOptions['uffd']; after: string; wp: string }>([
    { uffd: 'clear', after: 'A.FGA', wp: '-----' },
    { uffd: 'keep', after: 'AWFGA', wp: 'uuu--' },
  ])('DIFFS2 B: write-protection, with uffd $uffd: PWQGA -> $after', ({ uffd, after, wp }) => {
    const pt = newProcess();
    fill(pt, at(2), 'PWQGA');
    movePageTables(pt, at(2), at(600), 5, { ...MOVE, uffd });
    expect([draw(pt, at(600), 5), drawUffdWp(pt, at(600), 5)]).toEqual([after, wp]);
    expect(countFromScratch(pt).entries).toBe(after.split('').filter((letter) => letter !== '.').length);
  });

  it('a range that crosses tables on either side arrives whole', () => {
    const pt = newProcess();
    const drawing = 'AG.FzAAAG.FzAAAG';
    fill(pt, at(505), drawing);
    movePageTables(pt, at(505), at(GIB - 3), drawing.length, MOVE);
    expect(draw(pt, at(GIB - 3), drawing.length)).toBe(drawing);
    movePageTables(pt, at(GIB - 3), at(1020), drawing.length, MOVE);
    expect(draw(pt, at(1020), drawing.length)).toBe(drawing);
  });
});

describe('DIFFS2 C: tables and mremap', () => {
  it('aligned 2 MiB pieces move as whole tables: pt unchanged, no bit is set', () => {
    const pt = newProcess();
    fill(pt, at(0), 'F.G');
    fill(pt, at(1000), 'z');
    const before = pt.vmPteKb;
    expect(movePageTables(pt, at(0), at(2048), 1024, MOVE)).toEqual({ ptes: 0, pteTablesMoved: 2, pmdTablesMoved: 0 });
    expect(pt.vmPteKb).toBe(before);
    expect([draw(pt, at(2048), 3), draw(pt, at(3048), 1), draw(pt, at(0), 3)]).toEqual(['F.G', 'z', '...']);
    expect(drawSoftDirty(pt, at(2048), 3)).toBe('---');
    expect(countFromScratch(pt)).toMatchObject({ pteTables: 2, entries: 3 });
  });

  it('aligned 1 GiB pieces move with their PMD table', () => {
    const pt = newProcess();
    fill(pt, at(0), 'A');
    fill(pt, at(GIB - 1), 'G');
    const before = pt.vmPteKb;
    expect(movePageTables(pt, at(0), at(3 * GIB), GIB, MOVE)).toMatchObject({ pteTablesMoved: 0, pmdTablesMoved: 1 });
    expect([pt.vmPteKb, draw(pt, at(3 * GIB), 1), draw(pt, at(4 * GIB - 1), 1)]).toEqual([before, 'A', 'G']);
    expect(draw(pt, at(0), 1)).toBe('.');
    expect(countFromScratch(pt)).toMatchObject({ pmdTables: 1, pteTables: 2, entries: 2 });
  });

  it('a 1 GiB move into another 512 GiB needs a PUD table there', () => {
    const pt = newProcess();
    fill(pt, at(0), 'A');
    expect(movePageTables(pt, at(0), at(PUD_TABLE_PAGES), GIB, MOVE).pmdTablesMoved).toBe(1);
    expect([pt.pudTables, pt.pmdTables, pt.pteTables]).toEqual([2, 1, 1]);
  });

  it('2 tables moved by 8 pages become 3 (geo.mremap.*.unaligned)', () => {
    const pt = newProcess();
    fill(pt, at(0), 'FFFF');
    fill(pt, at(512), 'F');
    mremap(pt, 0, GIB + 8, 1024);
    expect([pt.pteTables, pt.vmPteKb]).toEqual([3, 20]);
    expect([draw(pt, at(GIB + 8), 4), draw(pt, at(GIB + 520), 1)]).toEqual(['FFFF', 'F']);
  });

  it('the target gets a table for every piece whose source table exists, empty or not', () => {
    const pt = newProcess();
    pt.allocPte(at(0));
    movePageTables(pt, at(0), at(GIB + 8), 1024, MOVE);
    expect([pt.hasPteTable(at(GIB)), pt.hasPteTable(at(GIB + 512)), pt.hasPteTable(at(GIB + 1024))]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('moving an untouched VMA allocates nothing', () => {
    const pt = newProcess();
    movePageTables(pt, at(0), at(GIB), 1024, MOVE);
    movePageTables(pt, at(0), at(2 * PUD_TABLE_PAGES + 8), PUD_TABLE_PAGES, MOVE);
    expect(pt.vmPteKb).toBe(0);
  });

  it.each(['none', 'clear'] as const)(
    'a source with upper tables only takes a PUD table to the target (uffd: %s)',
    (uffd) => {
      const pt = newProcess();
      pt.allocUpper(at(0));
      movePageTables(pt, at(0), at(PUD_TABLE_PAGES), 512, { ...MOVE, uffd });
      expect([pt.pudTables, pt.pmdTables, pt.pteTables]).toEqual([2, 1, 0]);
    },
  );

  it('a registered range loses its bits in whole-table moves as well', () => {
    const pt = newProcess();
    fill(pt, at(0), 'PPQW');
    mremap(pt, 0, GIB, 512, { ...MOVE, uffd: 'clear' });
    expect([draw(pt, at(GIB), 4), drawUffdWp(pt, at(GIB), 4), pt.vmPteKb]).toEqual(['AAF.', '----', 12]);
  });

  it('a table that is in the way of a whole table makes the move go by entries', () => {
    const pt = newProcess();
    fill(pt, at(0), 'A');
    pt.allocPte(at(GIB));
    expect(movePageTables(pt, at(0), at(GIB), 512, MOVE)).toEqual({ ptes: 1, pteTablesMoved: 0, pmdTablesMoved: 0 });
    fill(pt, at(4 * GIB), 'A');
    pt.allocUpper(at(6 * GIB));
    expect(movePageTables(pt, at(4 * GIB), at(6 * GIB), GIB, MOVE)).toEqual({
      ptes: 0,
      pteTablesMoved: 1,
      pmdTablesMoved: 0,
    });
  });

  it('without write-protection to keep, a whole table moves entry by entry', () => {
    const pt = newProcess();
    fill(pt, at(0), 'AG');
    expect(movePageTables(pt, at(0), at(512), 512, { ...MOVE, uffd: 'clear' }).ptes).toBe(2);
  });

  it('DONTUNMAP moves the table: the source gets a new one at the next touch', () => {
    const pt = newProcess();
    fill(pt, at(0), 'AAAA');
    movePageTables(pt, at(0), at(512), 512, MOVE);
    expect([pt.vmPteKb, pt.hasPteTable(at(0))]).toEqual([12, false]);
    fill(pt, at(0), 'z');
    expect([pt.vmPteKb, draw(pt, at(512), 4)]).toEqual([16, 'AAAA']);
  });
});

describe('a start that is realigned to the table boundary (from 6.7 on)', () => {
  const halfAligned = (realign: boolean, pages: number, to: number): PageTable => {
    const pt = newProcess();
    fill(pt, at(4), 'FFFF');
    if (pages > 508) fill(pt, at(512), 'F');
    mremap(pt, 4, to, pages, { ...MOVE, realign });
    expect([draw(pt, at(to), 4), draw(pt, at(to + 508), 1)]).toEqual(['FFFF', pages > 508 ? 'F' : '.']);
    return pt;
  };

  it('takes the first table whole (geo.mremap.*.half-aligned: pt 16)', () => {
    expect(halfAligned(true, 1024, GIB + 4).vmPteKb).toBe(16);
    expect(drawSoftDirty(halfAligned(true, 1024, GIB + 4), at(GIB + 4), 4)).toBe('----');
    expect(drawSoftDirty(halfAligned(false, 1024, GIB + 4), at(GIB + 4), 4)).toBe('ssss');
  });

  it('has no effect where the offsets differ, or the move ends before the next boundary', () => {
    expect(drawSoftDirty(halfAligned(true, 1024, GIB + 5), at(GIB + 5), 4)).toBe('ssss');
    expect(drawSoftDirty(halfAligned(true, 507, GIB + 4), at(GIB + 4), 4)).toBe('ssss');
    expect(drawSoftDirty(halfAligned(true, 508, GIB + 4), at(GIB + 4), 4)).toBe('----');
  });
});

it('ranges that overlap are refused', () => {
  const pt = newProcess();
  expect(() => movePageTables(pt, at(0), at(4), 8, MOVE)).toThrow(InvariantError);
  expect(() => movePageTables(pt, at(4), at(0), 8, MOVE)).toThrow(InvariantError);
});
