import { countFromScratch, exitMmap, FrameTable, PTE_DIRTY, PTE_WRITE, populateAnon, ptePfn } from 'pt-model';
import { describe, expect, it } from 'vitest';
import { at, draw, drawWritable, fill, newProcess } from './support/lab.ts';

describe('populateAnon', () => {
  it('fills what is empty and leaves the rest', () => {
    const pt = newProcess();
    fill(pt, at(509), 'G.F.z..A');
    expect(populateAnon(pt, at(509), at(516), PTE_WRITE | PTE_DIRTY)).toBe(4);
    expect(draw(pt, at(508), 9)).toBe('.GAFAzAAA');
    expect(drawWritable(pt, at(508), 9)).toBe('--w-w-www');
    expect(pt.rss).toEqual({ anon: 5, file: 1 });
    expect(pt.frames.isExclusive(ptePfn(pt.get(at(510))))).toBe(true);
    expect(countFromScratch(pt)).toMatchObject({ entries: 8, anon: 5 });
  });

  it('each page has a frame of its own, also when freed frames are used again', () => {
    const frames = new FrameTable();
    const other = newProcess(frames);
    populateAnon(other, at(0), at(700), PTE_WRITE);
    const keeper = newProcess(frames);
    populateAnon(keeper, at(0), at(100), PTE_WRITE);
    exitMmap(other);
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
