import {
  changeProtection,
  clearSoftDirty,
  clearUffdWp,
  countFromScratch,
  movePageTables,
  PMD_TABLE_PAGES,
  PTE_SOFT_DIRTY,
  type UffdWriteProtectOptions,
  uffdWriteProtect,
  zapPageRange,
} from 'pt-model';
import { describe, expect, it } from 'vitest';
import { at, draw, drawSoftDirty, drawUffdWp, drawWritable, fill, newProcess, setBits, ZAP } from './support/lab.ts';

const ON_FILE: UffdWriteProtectOptions = { on: true, anonymous: false, unpopulated: false };
const ON_ANON: UffdWriteProtectOptions = { on: true, anonymous: true, unpopulated: false };
const ON_UNPOPULATED: UffdWriteProtectOptions = { on: true, anonymous: true, unpopulated: true };

describe('clearSoftDirty', () => {
  it('clears the bit of every entry, markers too, and write-protects what is present', () => {
    const pt = newProcess();
    fill(pt, at(508), 'ADFzGWS');
    for (let page = 508; page < 515; page++) setBits(pt, at(page), PTE_SOFT_DIRTY);
    expect([drawSoftDirty(pt, at(508), 7), drawWritable(pt, at(508), 7)]).toEqual(['sssssss', 'ww-----']);
    clearSoftDirty(pt, at(508), at(514));
    expect([drawSoftDirty(pt, at(508), 7), drawWritable(pt, at(508), 7)]).toEqual(['------s', '-------']);
    expect(draw(pt, at(508), 7)).toBe('AFFzGWS');
  });

  it('a guard marker that a move made soft-dirty is clean again', () => {
    const pt = newProcess();
    fill(pt, at(0), 'G');
    movePageTables(pt, at(0), at(8), 1, { uffd: 'none', softDirty: true });
    expect(drawSoftDirty(pt, at(8), 1)).toBe('s');
    clearSoftDirty(pt, at(8), at(9));
    expect([drawSoftDirty(pt, at(8), 1), draw(pt, at(8), 1)]).toEqual(['-', 'G']);
  });
});

describe('changeProtection', () => {
  it('takes the write permission of present pages', () => {
    const pt = newProcess();
    fill(pt, at(0), 'AADG');
    changeProtection(pt, at(1), at(4));
    expect([drawWritable(pt, at(0), 4), draw(pt, at(0), 4)]).toEqual(['w---', 'AAFG']);
  });

  it('DIFFS2 B: keeps write-protect bits and markers', () => {
    const pt = newProcess();
    fill(pt, at(0), 'PQW');
    changeProtection(pt, at(0), at(3));
    expect([draw(pt, at(0), 3), drawUffdWp(pt, at(0), 3)]).toEqual(['AFW', 'uuu']);
  });
});

describe('uffdWriteProtect', () => {
  it.each<{ name: string; options: UffdWriteProtectOptions; before: string; after: string; wp: string }>([
    { name: 'a file: markers in empty entries', options: ON_FILE, before: 'AD.GWS', after: 'AFWGWS', wp: 'uuu-uu' },
    { name: 'anonymous memory: none', options: ON_ANON, before: 'Az.GWS', after: 'Az.GWS', wp: 'uu--uu' },
    {
      name: 'anonymous memory, WP_UNPOPULATED',
      options: ON_UNPOPULATED,
      before: 'Az.GWS',
      after: 'AzWGWS',
      wp: 'uuu-uu',
    },
    { name: 'lifted', options: { ...ON_FILE, on: false }, before: 'PQWG.A', after: 'AF.G.A', wp: '------' },
  ])('DIFFS2 B: on $name: $before -> $after', ({ options, before, after, wp }) => {
    const pt = newProcess();
    fill(pt, at(509), before);
    uffdWriteProtect(pt, at(509), at(515), options);
    expect([draw(pt, at(508), 8), drawUffdWp(pt, at(509), 6)]).toEqual([`.${after}.`, wp]);
    expect(countFromScratch(pt).entries).toBe(after.split('').filter((letter) => letter !== '.').length);
    if (options.on) expect(drawWritable(pt, at(509), 6)).toBe('------');
  });

  it('a marker costs its PTE table; in anonymous memory nothing is made', () => {
    const [file, anon, lifted] = [newProcess(), newProcess(), newProcess()];
    uffdWriteProtect(file, at(0), at(PMD_TABLE_PAGES), ON_FILE);
    uffdWriteProtect(anon, at(0), at(PMD_TABLE_PAGES), ON_ANON);
    uffdWriteProtect(lifted, at(0), at(PMD_TABLE_PAGES), { ...ON_FILE, on: false });
    expect([file.vmPteKb, anon.vmPteKb, lifted.vmPteKb]).toEqual([2056, 0, 0]);
  });

  it('lifting gives no write permission: the fault does', () => {
    const pt = newProcess();
    fill(pt, at(0), 'A');
    uffdWriteProtect(pt, at(0), at(1), ON_ANON);
    uffdWriteProtect(pt, at(0), at(1), { ...ON_ANON, on: false });
    expect([drawWritable(pt, at(0), 1), drawUffdWp(pt, at(0), 1)]).toEqual(['-', '-']);
  });

  it('DIFFS2 B: DONTNEED on a file leaves a marker, which lifting clears', () => {
    const pt = newProcess();
    fill(pt, at(0), 'FF');
    uffdWriteProtect(pt, at(0), at(1), ON_FILE);
    zapPageRange(pt, at(0), at(2), ZAP.fileUffd);
    expect(draw(pt, at(0), 2)).toBe('W.');
    uffdWriteProtect(pt, at(0), at(2), { ...ON_FILE, on: false });
    expect(draw(pt, at(0), 2)).toBe('..');
  });
});

it('DIFFS2 B: clearUffdWp clears bits and markers, guards and tables stay', () => {
  const pt = newProcess();
  fill(pt, at(0), 'PWQGS');
  fill(pt, at(512), 'W');
  uffdWriteProtect(pt, at(4), at(5), ON_FILE);
  const before = pt.vmPteKb;
  clearUffdWp(pt, at(0), at(1024));
  expect([draw(pt, at(0), 5), drawUffdWp(pt, at(0), 5), draw(pt, at(512), 1)]).toEqual(['A.FGS', '-----', '.']);
  expect(pt.vmPteKb).toBe(before);
});
