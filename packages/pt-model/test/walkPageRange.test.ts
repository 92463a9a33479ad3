import { MAX_PAGE, PMD_TABLE_PAGES, PUD_TABLE_PAGES, type VirtPage, virtPage, walkPageRange } from 'pt-model';
import { describe, expect, it } from 'vitest';
import { at, BASE, fill, newProcess } from './support/lab.ts';

const rel = (page: VirtPage): number => page - BASE;

describe('walkPageRange', () => {
  it('visits entries and the holes between them, in ascending order', () => {
    const pt = newProcess();
    fill(pt, at(2), 'GA.zW');
    fill(pt, at(600), 'S');
    const seen: string[] = [];
    const stopped = walkPageRange(pt, at(0), at(1000), {
      pte: (page, pte) => {
        seen.push(`${rel(page)}`);
        expect(pte).toBe(pt.get(page));
      },
      hole: (start, end) => {
        seen.push(`[${rel(start)},${rel(end)})`);
      },
      pmd: (first, entries) => {
        seen.push(`table ${rel(first)}: ${entries}`);
      },
    });
    expect(stopped).toBe(false);
    expect(seen).toEqual([
      'table 0: 4',
      ...['[0,2)', '2', '3', '[4,5)', '5', '6'],
      'table 512: 1',
      ...['[7,600)', '600', '[601,1000)'],
    ]);
  });

  it('joins a hole across absent tables of every level, and cuts it at the ends', () => {
    const pt = newProcess();
    fill(pt, at(0), 'G');
    fill(pt, at(3 * PUD_TABLE_PAGES + 7), 'G');
    const holes: number[][] = [];
    const hole = (start: VirtPage, end: VirtPage): undefined => {
      holes.push([rel(start), rel(end)]);
    };
    walkPageRange(pt, at(0), at(3 * PUD_TABLE_PAGES + 9), { hole });
    walkPageRange(pt, at(-5), at(1), { hole });
    walkPageRange(pt, at(PMD_TABLE_PAGES), at(PMD_TABLE_PAGES + 1), { hole });
    expect(holes).toEqual([
      [1, 3 * PUD_TABLE_PAGES + 7],
      [3 * PUD_TABLE_PAGES + 8, 3 * PUD_TABLE_PAGES + 9],
      [-5, 0],
      [PMD_TABLE_PAGES, PMD_TABLE_PAGES + 1],
    ]);
  });

  it.each([
    { name: 'pte', ops: { pte: (page: VirtPage) => rel(page) === 3 }, want: true },
    { name: 'hole', ops: { hole: () => true }, want: true },
    { name: 'hole at the end', ops: { hole: (start: VirtPage) => rel(start) === 6 }, want: true },
    { name: 'pmd', ops: { pmd: () => true }, want: true },
    { name: 'nothing', ops: {}, want: false },
  ])('$name: ending the walk is its answer: $want', ({ ops, want }) => {
    const pt = newProcess();
    fill(pt, at(2), 'GGGG');
    expect(walkPageRange(pt, at(0), at(10), ops)).toBe(want);
  });

  it('all of user space with three entries enters only their tables', () => {
    const pt = newProcess();
    for (const page of [0, PMD_TABLE_PAGES, PUD_TABLE_PAGES]) fill(pt, at(page), 'G');
    const before = pt.tablesVisited;
    let entries = 0;
    walkPageRange(pt, virtPage(0), virtPage(MAX_PAGE), {
      pte: () => {
        entries++;
      },
    });
    expect(entries).toBe(3);
    expect(pt.tablesVisited - before).toBeLessThanOrEqual(12);
  });
});
