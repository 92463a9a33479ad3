import {
  countFromScratch,
  FrameTable,
  mapFileRange,
  NO_FRAME,
  type Pfn,
  PMD_TABLE_PAGES,
  PTE_DIRTY,
  PTE_WRITE,
  populateAnon,
  pteExclusive,
  ptePfn,
} from 'pt-model';
import { describe, expect, it } from 'vitest';
import { at, BASE, draw, drawWritable, fill, newProcess } from './support/lab.ts';

describe('populateAnon', () => {
  it('fills what is empty and leaves the rest', () => {
    const pt = newProcess();
    fill(pt, at(509), 'G.F.z..A');
    expect(populateAnon(pt, at(509), at(516), PTE_WRITE | PTE_DIRTY)).toBe(4);
    expect(draw(pt, at(508), 9)).toBe('.GAFAzAAA');
    expect(drawWritable(pt, at(508), 9)).toBe('--w-w-www');
    expect(pt.rss).toEqual({ anon: 5, file: 1 });
    expect(pteExclusive(pt.get(at(510)), pt.frames)).toBe(true);
    expect(countFromScratch(pt)).toMatchObject({ entries: 8, anon: 5 });
  });

  it('each page has a frame of its own, also when freed frames are used again', () => {
    const frames = new FrameTable();
    const other = newProcess(frames);
    populateAnon(other, at(0), at(700), PTE_WRITE);
    const keeper = newProcess(frames);
    populateAnon(keeper, at(0), at(100), PTE_WRITE);
    other.destroy();
    const pt = newProcess(frames);
    populateAnon(pt, at(5), at(40_005), PTE_WRITE);
    expect(frames.live).toBe(40_100);
    expect(countFromScratch(pt).mapped.size).toBe(40_000);
    expect(ptePfn(pt.get(at(5)))).toBeLessThan(800);
  });

  it('a second populate of the same pages does nothing', () => {
    const pt = newProcess();
    populateAnon(pt, at(0), at(1024), PTE_WRITE);
    expect(populateAnon(pt, at(0), at(1024), PTE_WRITE)).toBe(0);
    expect(pt.frames.live).toBe(1024);
  });
});

describe('mapFileRange', () => {
  it('maps what the file has into empty entries, and counts the references', () => {
    const pt = newProcess();
    const cache = Array.from({ length: 6 }, () => pt.frames.allocFile());
    fill(pt, at(511), 'G');
    const pfnOf = (page: number): Pfn => cache[page - BASE - 509] ?? NO_FRAME;
    expect(mapFileRange(pt, at(509), at(520), pfnOf, PTE_WRITE)).toBe(5);
    expect(draw(pt, at(509), 8)).toBe('FFGFFF..');
    expect(cache.map((pfn) => pt.frames.refcount(pfn))).toEqual([2, 2, 1, 2, 2, 2]);
    expect([pt.rss.file, drawWritable(pt, at(509), 4)]).toEqual([5, 'ww-w']);
    expect(mapFileRange(pt, at(509), at(520), pfnOf)).toBe(0);
  });

  it('makes no table where the file has nothing', () => {
    const pt = newProcess();
    expect(mapFileRange(pt, at(0), at(PMD_TABLE_PAGES), () => NO_FRAME)).toBe(0);
    expect(pt.vmPteKb).toBe(0);
  });
});
