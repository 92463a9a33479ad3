import { describe, expect, it } from 'vitest';
import { type Errno, PROT_NONE } from '../../src/index.ts';
import { mprotect, mseal, munmap } from '../../src/mm/index.ts';
import { flagsOfVmas, inEachProfile, page } from '../support/inEachProfile.ts';

const sealed = (drawn: Parameters<typeof flagsOfVmas>[0]): boolean[] =>
  flagsOfVmas(drawn).map((flags) => flags.split(' ').includes('sl'));

describe('mseal', () => {
  it.each([
    ['a whole VMA', 'AAAA', 0, 4, 'AAAA', [true]],
    ['its middle', 'AAAA', 1, 2, 'ABBC', [false, true, false]],
    ['several, which then are one', 'AABB', 0, 4, 'AAAA', [true]],
    ['parts of two', 'AABB', 1, 2, 'ACCB', [false, true, false]],
  ])('seals %s: %s', (_, drawing, at, pages, after, expected) => {
    inEachProfile(drawing, {}, (drawn) => {
      expect(mseal(drawn.mm, page(at), page(pages))).toBe(0);
      expect(drawn.draw()).toBe(after);
      expect(sealed(drawn)).toEqual(expected);
    });
  });

  it('of what is sealed does nothing', () => {
    inEachProfile('AABB', { all: { flags: 'rd mr sl' } }, (drawn) => {
      expect(mseal(drawn.mm, page(1), page(2))).toBe(0);
      expect(drawn.draw()).toBe('AABB');
    });
  });

  it('goes on over what is sealed already', () => {
    inEachProfile('ABC', { letters: { B: { flags: 'rd mr sl' } } }, (drawn) => {
      expect(mseal(drawn.mm, 0, page(3))).toBe(0);
      expect(sealed(drawn)).toEqual([true, true, true]);
    });
  });

  it.each<[string, string, number, number, number, Errno]>([
    ['a hole, before anything is sealed', 'AA.B', 0, page(4), 0, 'ENOMEM'],
    ['a hole at the start', '..AA', page(1), page(2), 0, 'ENOMEM'],
    ['a hole at the end', 'AA..', page(1), page(2), 0, 'ENOMEM'],
    ['an unaligned address', 'AAAA', 100, page(1), 0, 'EINVAL'],
    ['flags', 'AAAA', 0, page(1), 1, 'EINVAL'],
  ])('refuses %s: %s', (_, drawing, addr, length, flags, errno) => {
    inEachProfile(drawing, {}, (drawn) => {
      expect(mseal(drawn.mm, addr, length, flags)).toBe(errno);
      expect(drawn.draw()).toBe(drawing);
      expect(sealed(drawn)).not.toContain(true);
    });
  });

  it('of no length does nothing', () => {
    inEachProfile('..AA', {}, ({ mm }) => {
      expect(mseal(mm, 0, 0)).toBe(0);
    });
  });

  it('then nothing unmaps it or changes its protection', () => {
    inEachProfile('AAAA', {}, (drawn) => {
      mseal(drawn.mm, page(1), page(2));
      expect(munmap(drawn.mm, page(1), page(1))).toBe('EPERM');
      expect(mprotect(drawn.mm, page(2), page(1), PROT_NONE)).toBe('EPERM');
      expect(drawn.draw()).toBe('ABBC');
    });
  });
});
