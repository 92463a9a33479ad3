import { countFromScratch, type GuardInstallOptions, guardInstall, guardRemove, PMD_TABLE_PAGES } from 'pt-model';
import { describe, expect, it } from 'vitest';
import { at, draw, drawSoftDirty, fill, newProcess, ZAP } from './support/lab.ts';

describe('guardInstall', () => {
  it.each<{ name: string; options: GuardInstallOptions; before: string; after: string }>([
    { name: 'empty pages', options: ZAP.anon, before: '....', after: 'GGGG' },
    { name: 'pages are dropped', options: ZAP.anon, before: 'AzPS', after: 'GGGG' },
    { name: 'guards stay', options: ZAP.anon, before: 'G.AG', after: 'GGGG' },
    { name: 'file pages', options: ZAP.file, before: 'FDFA', after: 'GGGG' },
    { name: 'a write-protect marker in anonymous memory', options: ZAP.anonUffd, before: '.WP.', after: 'GGGG' },
    { name: 'a registered file without protected pages', options: ZAP.fileUffd, before: '.F.D', after: 'GGGG' },
  ])('$name: $before -> $after', ({ options, before, after }) => {
    const pt = newProcess();
    fill(pt, at(100), before);
    expect(guardInstall(pt, at(100), at(104), options)).toEqual({ state: 'ok' });
    expect(draw(pt, at(99), 6)).toBe(`.${after}.`);
    expect(drawSoftDirty(pt, at(100), 4)).toBe('----');
    expect(pt.rss).toEqual({ anon: 0, file: 0 });
    expect(draw(pt, at(0), 512).replaceAll('.', '')).toBe('GGGG');
  });

  it.each([
    { name: 'a protected page', before: '..Q.F', at: 2, after: 'GGW..' },
    { name: 'a marker', before: 'G.F.W', at: 4, after: 'GGGGW' },
    { name: 'a protected private page of a file', before: 'PAF.G', at: 0, after: 'W...G' },
    { name: 'a protected page behind a page', before: 'F.Q.F', at: 2, after: 'GGW..' },
  ])('DIFFS2 B: over $name of a registered file it never returns: $before -> $after', ({ before, at: page, after }) => {
    const pt = newProcess();
    fill(pt, at(100), before);
    expect(guardInstall(pt, at(100), at(105), ZAP.fileUffd)).toEqual({ state: 'livelock', at: at(100 + page) });
    expect(draw(pt, at(100), 5)).toBe(after);
    expect(countFromScratch(pt).entries).toBe(after.split('').filter((letter) => letter !== '.').length);
  });

  it('a marker left behind by an earlier registration stops it as well', () => {
    const pt = newProcess();
    fill(pt, at(0), 'W');
    expect(guardInstall(pt, at(0), at(1), ZAP.file).state).toBe('livelock');
  });

  it('DIFFS2 C: a guard costs its PTE table, and 1 GiB of guards 2056 kB; removal frees nothing', () => {
    const pt = newProcess();
    guardInstall(pt, at(0), at(1), ZAP.anon);
    expect(pt.vmPteKb).toBe(12);
    guardInstall(pt, at(0), at(PMD_TABLE_PAGES), ZAP.anon);
    expect(pt.vmPteKb).toBe(2056);
    expect(guardRemove(pt, at(0), at(PMD_TABLE_PAGES))).toBe(PMD_TABLE_PAGES);
    expect([pt.vmPteKb, countFromScratch(pt).entries]).toEqual([2056, 0]);
  });

  it('a livelock makes no tables beyond the page in the way', () => {
    const pt = newProcess();
    fill(pt, at(5), 'W');
    guardInstall(pt, at(0), at(2048), ZAP.fileUffd);
    expect([pt.pteTables, draw(pt, at(0), 2048).replaceAll('.', '')]).toEqual([1, 'GGGGGW']);
  });
});

describe('guardRemove', () => {
  it('clears guard markers alone', () => {
    const pt = newProcess();
    fill(pt, at(0), 'GAGWFSzG');
    expect(guardRemove(pt, at(0), at(7))).toBe(2);
    expect(draw(pt, at(0), 8)).toBe('.A.WFSzG');
  });

  it('makes no table', () => {
    const pt = newProcess();
    expect(guardRemove(pt, at(0), at(PMD_TABLE_PAGES))).toBe(0);
    expect(pt.vmPteKb).toBe(0);
  });
});
