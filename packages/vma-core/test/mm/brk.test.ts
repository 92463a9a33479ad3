import { describe, expect, it } from 'vitest';
import { mmFromDiagram } from '../../src/diagram/index.ts';
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MCL_FUTURE,
  PROT_READ,
  PROT_WRITE,
  TASK_SIZE,
} from '../../src/index.ts';
import { brk, mlockall, mmap, mprotect, munmap, setBrk } from '../../src/mm/index.ts';
import { flagsOfVmas, inEachProfile, page } from '../support/inEachProfile.ts';
import { pageCalls } from '../support/pageCalls.ts';

const HEAP = 'rd wr mr mw me ac';

describe('brk grows', () => {
  it('an empty heap by a VMA', () => {
    inEachProfile('.......', {}, (drawn) => {
      setBrk(drawn.mm, page(2));
      expect(brk(drawn.mm, page(4))).toBe(page(4));
      expect(drawn.draw()).toBe('..AA...');
      expect(flagsOfVmas(drawn)).toEqual([HEAP]);
    });
  });

  it('its last VMA, page by page; a break within a page maps nothing more', () => {
    inEachProfile('.......', {}, (drawn) => {
      setBrk(drawn.mm, page(1));
      brk(drawn.mm, page(1) + 1);
      expect(drawn.draw()).toBe('.A.....');
      expect(brk(drawn.mm, page(2))).toBe(page(2));
      expect(brk(drawn.mm, page(2) + 5)).toBe(page(2) + 5);
      expect(drawn.draw()).toBe('.AA....');
      expect(drawn.mm.brk).toBe(page(2) + 5);
    });
  });

  it('soft-dirty where the kernel is built with it', () => {
    inEachProfile('.....', { softDirty: true }, (drawn) => {
      setBrk(drawn.mm, page(1));
      brk(drawn.mm, page(2));
      brk(drawn.mm, page(3));
      expect(flagsOfVmas(drawn)).toEqual([`${HEAP} sd`]);
    });
  });

  it('never into a VMA that lies before the heap, however fitting', () => {
    inEachProfile('AA.....', {}, (drawn) => {
      setBrk(drawn.mm, page(2));
      brk(drawn.mm, page(4));
      expect(drawn.draw()).toBe('AABB...');
    });
  });

  it('never into the next VMA; an mmap right behind the heap does merge', () => {
    inEachProfile('.A...B..', {}, (drawn) => {
      setBrk(drawn.mm, page(1));
      drawn.mm.brk = page(2);
      brk(drawn.mm, page(4));
      expect(drawn.draw()).toBe('.AAA.B..');
      const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
      mmap(drawn.mm, { addr: page(4), length: page(1), prot: PROT_READ | PROT_WRITE, flags });
      expect(drawn.draw()).toBe('.AAAAA..');
    });
  });

  it('by a new VMA where the last one has other attributes, or is gone', () => {
    inEachProfile('........', {}, (drawn) => {
      setBrk(drawn.mm, page(1));
      brk(drawn.mm, page(3));
      mprotect(drawn.mm, page(1), page(2), PROT_READ);
      brk(drawn.mm, page(4));
      expect(drawn.draw()).toBe('.AAB....');
      munmap(drawn.mm, page(3), page(1));
      brk(drawn.mm, page(5));
      expect(drawn.draw()).toBe('.AA.C...');
    });
  });

  it('locked memory with MCL_FUTURE, and faults in what grew', () => {
    const { calls, pageOps } = pageCalls();
    const drawn = mmFromDiagram('.....', { pageOps, softDirty: false });
    mlockall(drawn.mm, MCL_FUTURE);
    setBrk(drawn.mm, page(1));
    brk(drawn.mm, page(2));
    expect(flagsOfVmas(drawn)).toEqual(['rd wr mr mw me lo ac']);
    expect(calls).toEqual([['populate', page(1), page(2), true]]);
  });
});

describe('brk is refused, and answers the old break', () => {
  it.each([
    ['where something is in the way', '.A..B...', page(5)],
    ['where no page would stay free before the next VMA', '.A..B...', page(4)],
    ['below the heap', '.A......', page(0)],
    ['past user space', '.A......', TASK_SIZE + page(1)],
    ['when it only asks', '.A......', 0],
  ])('%s', (_, drawing, wish) => {
    inEachProfile(drawing, {}, (drawn) => {
      setBrk(drawn.mm, page(1));
      drawn.mm.brk = page(2);
      expect(brk(drawn.mm, wish)).toBe(page(2));
      expect(drawn.draw()).toBe(drawing);
    });
  });

  it('within 256 pages of a growing stack above it', () => {
    const stack = { A: { flags: 'rd wr mr mw me gd ac' } };
    const drawing = `${'.'.repeat(300)}A`;
    inEachProfile(drawing, { letters: stack }, ({ mm }) => {
      setBrk(mm, page(10));
      expect(brk(mm, page(44))).toBe(page(10));
      expect(brk(mm, page(43))).toBe(page(43));
    });
  });
});

describe('brk shrinks', () => {
  it('by unmapping what is there', () => {
    inEachProfile('.AABB...', {}, (drawn) => {
      setBrk(drawn.mm, page(1));
      drawn.mm.brk = page(5);
      expect(brk(drawn.mm, page(2))).toBe(page(2));
      expect(drawn.draw()).toBe('.A......');
    });
  });

  it('is refused by a sealed part', () => {
    inEachProfile('.AABB...', { letters: { B: { flags: 'rd mr sl' } } }, (drawn) => {
      setBrk(drawn.mm, page(1));
      drawn.mm.brk = page(5);
      expect(brk(drawn.mm, page(2))).toBe(page(5));
      expect(drawn.mm.brk).toBe(page(5));
    });
  });

  it('back to nothing', () => {
    inEachProfile('.....', {}, (drawn) => {
      setBrk(drawn.mm, page(1));
      brk(drawn.mm, page(3));
      expect(brk(drawn.mm, page(1))).toBe(page(1));
      expect(drawn.mm.mapCount).toBe(0);
    });
  });
});
