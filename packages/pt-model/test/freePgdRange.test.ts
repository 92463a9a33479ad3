import {
  freePgdRange,
  InvariantError,
  MAX_PAGE,
  PMD_TABLE_PAGES,
  PUD_TABLE_PAGES,
  virtPage,
  zapPageRange,
} from 'pt-model';
import { describe, expect, it } from 'vitest';
import { at, BASE, draw, fill, newProcess, ZAP } from './support/lab.ts';

const GIB = PMD_TABLE_PAGES;
const HALF_TIB = PUD_TABLE_PAGES;

/** Touches `touched`, unmaps `[start, end)` between the neighbours, answers table memory in kB. */
function unmap(touched: number[], start: number, end: number, floor: number | null, ceiling: number | null): number {
  const pt = newProcess();
  for (const page of touched) fill(pt, at(page), 'A');
  zapPageRange(pt, at(start), at(end), ZAP.munmap);
  freePgdRange(pt, at(start), at(end), floor === null ? 0 : BASE + floor, ceiling === null ? 0 : BASE + ceiling);
  return pt.vmPteKb;
}

describe('freePgdRange: a table goes iff nothing else is mapped in its span', () => {
  it.each([
    { name: 'alone', touched: [5], start: 5, end: 6, floor: null, ceiling: null, kB: 0 },
    { name: 'alone, never touched', touched: [], start: 5, end: 6, floor: null, ceiling: null, kB: 0 },
    { name: 'a neighbour below in the same 2 MiB', touched: [5], start: 5, end: 6, floor: 3, ceiling: null, kB: 12 },
    { name: 'a neighbour above in the same 2 MiB', touched: [5], start: 5, end: 6, floor: null, ceiling: 511, kB: 12 },
    {
      name: 'neighbours that end and begin at the 2 MiB',
      touched: [520],
      start: 520,
      end: 521,
      floor: 512,
      ceiling: 1024,
      kB: 8,
    },
    {
      name: 'a neighbour below in the same 1 GiB',
      touched: [1030],
      start: 1030,
      end: 1031,
      floor: 1000,
      ceiling: null,
      kB: 8,
    },
    {
      name: 'a neighbour above in the same 1 GiB',
      touched: [5],
      start: 5,
      end: 6,
      floor: null,
      ceiling: GIB - 1,
      kB: 8,
    },
    { name: 'neighbours at the 1 GiB', touched: [GIB], start: GIB, end: GIB + 1, floor: GIB, ceiling: 2 * GIB, kB: 4 },
    {
      name: 'a neighbour above in the same 512 GiB',
      touched: [5],
      start: 5,
      end: 6,
      floor: null,
      ceiling: HALF_TIB - 1,
      kB: 4,
    },
    { name: 'neighbours at the 512 GiB', touched: [5], start: 5, end: 6, floor: 0, ceiling: HALF_TIB, kB: 0 },
    {
      name: 'outer PTE tables shared, the inner one goes',
      touched: [510, 600, 1030],
      start: 510,
      end: 1031,
      floor: 509,
      ceiling: 1032,
      kB: 16,
    },
    { name: 'only the first is shared', touched: [510, 600], start: 510, end: 601, floor: 509, ceiling: null, kB: 12 },
    { name: 'only the last is shared', touched: [510, 600], start: 510, end: 601, floor: null, ceiling: 1023, kB: 12 },
    { name: 'across 512 GiB, both sides free', touched: [-1, 0], start: -1, end: 1, floor: null, ceiling: null, kB: 0 },
    { name: 'across 512 GiB, below shared', touched: [-1, 0], start: -1, end: 1, floor: -3, ceiling: null, kB: 12 },
    { name: 'across 512 GiB, above shared', touched: [-1, 0], start: -1, end: 1, floor: null, ceiling: 3, kB: 12 },
    { name: 'an empty range', touched: [], start: 5, end: 5, floor: null, ceiling: null, kB: 0 },
  ])('$name: $kB kB left', ({ touched, start, end, floor, ceiling, kB }) => {
    expect(unmap(touched, start, end, floor, ceiling)).toBe(kB);
  });

  it('DIFFS2 C: a neighbour in the same 2 MiB keeps the table; it goes with the last VMA there, touched or not', () => {
    const pt = newProcess();
    fill(pt, at(0), 'A');
    zapPageRange(pt, at(0), at(8), ZAP.munmap);
    freePgdRange(pt, at(0), at(8), 0, BASE + 100); // an untouched VMA at 100
    expect(pt.vmPteKb).toBe(12);
    freePgdRange(pt, at(100), at(108), 0, 0);
    expect(pt.vmPteKb).toBe(0);
  });

  it('DIFFS2 C: the PTE table goes although a neighbour keeps the PMD table', () => {
    expect(unmap([0], 0, 8, null, 512)).toBe(8);
  });

  it('ceilings within the first 2 MiB of user space free nothing', () => {
    const pt = newProcess();
    fill(pt, virtPage(5), 'G');
    zapPageRange(pt, virtPage(5), virtPage(6), ZAP.munmap);
    freePgdRange(pt, virtPage(5), virtPage(6), 0, 500);
    expect(pt.vmPteKb).toBe(12);
  });

  it('a table that still has entries is the bug of the caller', () => {
    const pt = newProcess();
    fill(pt, at(0), 'A');
    expect(() => freePgdRange(pt, at(0), at(8), 0, 0)).toThrow(InvariantError);
    expect([pt.vmPteKb, draw(pt, at(0), 1)]).toEqual([12, 'A']);
  });

  it.each([
    [3, 2],
    [-1, 2],
    [0, MAX_PAGE + 1],
    [0, Number.NaN],
    [0.5, 2],
  ])('the range [%s, %s) is refused', (start, end) => {
    expect(() => freePgdRange(newProcess(), virtPage(start), virtPage(end), 0, 0)).toThrow(/not a range/);
  });
});
