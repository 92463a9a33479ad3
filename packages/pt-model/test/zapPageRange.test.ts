import { countFromScratch, guardInstall, ptePfn, type ZapOptions, zapPageRange } from 'pt-model';
import { describe, expect, it } from 'vitest';
import { at, draw, drawUffdWp, fill, newProcess, ZAP } from './support/lab.ts';

describe('what a zap leaves', () => {
  it.each<{ name: string; options: ZapOptions; before: string; after: string; dropped: number }>([
    {
      name: 'DONTNEED on anonymous memory keeps guards only',
      options: ZAP.anon,
      before: 'AzGPWS.',
      after: '..G....',
      dropped: 5,
    },
    { name: 'the same, registered', options: ZAP.anonUffd, before: 'AzGPWS.', after: '..G....', dropped: 5 },
    {
      name: 'DONTNEED on a file keeps both markers',
      options: ZAP.file,
      before: 'FAGQWS.',
      after: '..G.W..',
      dropped: 4,
    },
    {
      name: 'a protected page of a registered file becomes a marker',
      options: ZAP.fileUffd,
      before: 'FAGQWP.',
      after: '..GWWW.',
      dropped: 4,
    },
    { name: 'munmap drops everything', options: ZAP.munmap, before: 'FAGQWSPz', after: '........', dropped: 8 },
  ])('$name: $before -> $after', ({ options, before, after, dropped }) => {
    const pt = newProcess();
    fill(pt, at(10), before);
    expect(zapPageRange(pt, at(10), at(10 + before.length), options)).toBe(dropped);
    expect(draw(pt, at(10), before.length)).toBe(after);
    const { frames } = pt;
    expect(pt.rss).toEqual({ anon: 0, file: 0 });
    expect(frames.live).toBe(before.split('').filter((letter) => 'FDQ'.includes(letter)).length); // the page cache
    expect(countFromScratch(pt).entries).toBe(after.split('').filter((letter) => letter !== '.').length);
  });

  it('pages outside the range stay', () => {
    const pt = newProcess();
    fill(pt, at(510), 'AAAA');
    expect(zapPageRange(pt, at(511), at(513), ZAP.anon)).toBe(2);
    expect(draw(pt, at(510), 4)).toBe('A..A');
  });

  it('a shared frame only loses a reference', () => {
    const pt = newProcess();
    fill(pt, at(0), 'A');
    pt.frames.get(ptePfn(pt.get(at(0))));
    pt.set(at(1), pt.get(at(0)));
    expect(draw(pt, at(0), 2)).toBe('aa');
    zapPageRange(pt, at(0), at(1), ZAP.anon);
    expect([draw(pt, at(0), 2), pt.frames.live]).toEqual(['.A', 1]);
  });

  it('a marker that a zap leaves still reads as write-protected', () => {
    const pt = newProcess();
    fill(pt, at(0), 'QP');
    zapPageRange(pt, at(0), at(2), ZAP.fileUffd);
    expect(drawUffdWp(pt, at(0), 2)).toBe('uu');
  });
});

describe('DIFFS2 A1: DONTNEED of a whole PTE span frees its PTE table, from 6.16 on', () => {
  const scenario = (pages: string, start: number, end: number, options: ZapOptions = ZAP.dontneed): number => {
    const pt = newProcess();
    fill(pt, at(0), pages);
    fill(pt, at(1024), 'A');
    zapPageRange(pt, at(start), at(end), options);
    return pt.vmPteKb;
  };
  it.each([
    { name: 'the whole PTE span', pages: 'A', start: 0, end: 512, kB: 12 },
    { name: 'inside a longer range', pages: 'A', start: 0, end: 1100, kB: 12 },
    { name: '511 of 512 pages', pages: 'A', start: 0, end: 511, kB: 16 },
    { name: 'a guard left in the table', pages: 'AG', start: 0, end: 512, kB: 16 },
  ])('$name: $kB kB', ({ pages, start, end, kB }) => {
    expect(scenario(pages, start, end)).toBe(kB);
  });

  it('not before 6.16, and never by the unmap itself, which has its own rules', () => {
    expect(scenario('A', 0, 512, ZAP.anon)).toBe(16);
    expect(scenario('A', 0, 512, { ...ZAP.munmap, freeEmptyPteTables: true })).toBe(16);
  });

  it('two VMAs that share the table: neither call covers it', () => {
    const pt = newProcess();
    fill(pt, at(0), 'A');
    zapPageRange(pt, at(0), at(256), ZAP.dontneed);
    zapPageRange(pt, at(256), at(512), ZAP.dontneed);
    expect(pt.vmPteKb).toBe(12);
  });

  it('the tables above it stay, and it is made again at the next touch', () => {
    const pt = newProcess();
    fill(pt, at(0), 'A');
    zapPageRange(pt, at(0), at(512), ZAP.dontneed);
    expect(pt.vmPteKb).toBe(8);
    fill(pt, at(1), 'A');
    expect([pt.vmPteKb, draw(pt, at(0), 2)]).toEqual([12, '.A']);
  });

  it('not by the zap of a guard install', () => {
    const pt = newProcess();
    fill(pt, at(0), 'A');
    guardInstall(pt, at(0), at(512), ZAP.dontneed);
    expect([pt.vmPteKb, countFromScratch(pt).entries]).toEqual([12, 512]);
  });
});
