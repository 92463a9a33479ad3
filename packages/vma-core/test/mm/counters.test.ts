import { describe, expect, it } from 'vitest';
import type { DrawnMm } from '../../src/diagram/index.ts';
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_GROWSDOWN,
  MAP_LOCKED,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
} from '../../src/index.ts';
import {
  expandStack,
  mlock,
  mlockall,
  mmap,
  mprotect,
  mremap,
  munlock,
  munlockall,
  munmap,
} from '../../src/mm/index.ts';
import { countersOf } from '../support/countersOf.ts';
import { inEachProfile, page } from '../support/inEachProfile.ts';

const [READ, WRITE] = [1, 2];
const ANON = MAP_PRIVATE | MAP_ANONYMOUS;

/** Pages mapped, locked and charged for. */
const counted = ({ mm }: DrawnMm): number[] => [mm.counters.totalVm, mm.counters.lockedVm, mm.counters.committed];

const map = ({ mm }: DrawnMm, at: number, pages: number, prot = READ | WRITE, flags = ANON): unknown =>
  mmap(mm, { addr: page(at), length: page(pages), prot, flags: flags | MAP_FIXED });

const move = ({ mm }: DrawnMm, at: number, pages: number, to: number, more = 0): unknown =>
  mremap(mm, {
    oldAddr: page(at),
    oldLength: page(pages),
    newLength: page(pages),
    flags: MREMAP_FIXED | MREMAP_MAYMOVE | more,
    newAddr: page(to),
  });

describe('pages that are mapped, locked and charged for', () => {
  it('begin with what is mapped', () => {
    inEachProfile('AA.BBB', { letters: { B: { flags: 'rd wr lo ac' } } }, (drawn) => {
      expect(drawn.mm.counters).toEqual(countersOf(drawn.mm));
      expect(drawn.mm.counters.lockedVm).toBe(3);
    });
  });

  it.each([
    ['private and writable', READ | WRITE, ANON, [4, 0, 4]],
    ['read-only', READ, ANON, [4, 0, 0]],
    ['shared', READ | WRITE, MAP_SHARED | MAP_ANONYMOUS, [4, 0, 0]],
    ['not reserved', READ | WRITE, ANON | MAP_NORESERVE, [4, 0, 0]],
    ['locked', READ | WRITE, ANON | MAP_LOCKED, [4, 4, 4]],
  ])('of memory that is mapped: %s', (_, prot, flags, all) => {
    inEachProfile('........', {}, (drawn) => {
      map(drawn, 1, 4, prot, flags);
      expect(counted(drawn)).toEqual(all);
      // A part goes, then what is left, with a hole in it.
      munmap(drawn.mm, page(2), page(1));
      expect(counted(drawn)).toEqual(all.map((pages) => (pages / 4) * 3));
      munmap(drawn.mm, 0, page(8));
      expect(counted(drawn)).toEqual([0, 0, 0]);
    });
  });

  it('of what is mapped over', () => {
    inEachProfile('........', {}, (drawn) => {
      map(drawn, 0, 4, READ | WRITE, ANON | MAP_LOCKED);
      map(drawn, 2, 4, READ);
      expect(counted(drawn)).toEqual([6, 2, 2]);
    });
  });

  it('are charged when they become writable, and given back where no page was written', () => {
    inEachProfile('........', {}, (drawn, profile) => {
      map(drawn, 0, 4, READ);
      mprotect(drawn.mm, page(1), page(2), READ | WRITE);
      expect(counted(drawn)).toEqual([4, 0, 2]);
      mprotect(drawn.mm, page(1), page(1), READ);
      expect(counted(drawn)).toEqual([4, 0, profile.mprotectUnaccounts ? 1 : 2]);
    });
  });

  it('are locked once, however often', () => {
    inEachProfile('AAAA....', {}, ({ mm }) => {
      mlock(mm, 0, page(2));
      mlock(mm, page(1), page(2));
      expect(mm.counters.lockedVm).toBe(3);
      expect(mlock(mm, page(2), page(4))).toBe('ENOMEM');
      expect(mm.counters.lockedVm).toBe(4);
      munlock(mm, page(1), page(1));
      munlock(mm, page(1), page(1));
      expect(mm.counters.lockedVm).toBe(3);
      mlockall(mm, 1);
      expect(mm.counters.lockedVm).toBe(4);
      munlockall(mm);
      expect(mm.counters.lockedVm).toBe(0);
    });
  });

  it('of a moved, a grown and a shrunk mapping', () => {
    inEachProfile('............', {}, (drawn) => {
      const { mm } = drawn;
      map(drawn, 0, 4, READ | WRITE, ANON | MAP_LOCKED);
      move(drawn, 1, 2, 6);
      expect(counted(drawn)).toEqual([4, 4, 4]);
      mremap(mm, { oldAddr: page(6), oldLength: page(2), newLength: page(4), flags: 0 });
      expect(counted(drawn)).toEqual([6, 6, 6]);
      mremap(mm, { oldAddr: page(6), oldLength: page(4), newLength: page(1), flags: 0 });
      expect(counted(drawn)).toEqual([3, 3, 3]);
    });
  });

  it('of a source that MREMAP_DONTUNMAP leaves: 6.16 forgets its charge', () => {
    inEachProfile('............', {}, (drawn, profile) => {
      map(drawn, 0, 2);
      move(drawn, 0, 2, 6, MREMAP_DONTUNMAP);
      expect(counted(drawn)).toEqual([4, 0, 4]);
      munmap(drawn.mm, 0, page(12));
      expect(counted(drawn)).toEqual([0, 0, profile.name === '6.16' ? 2 : 0]);
    });
  });

  it('of a locked source: counted twice where the profile says so', () => {
    inEachProfile('............', {}, (drawn, { dontUnmapCountsLocked, dontUnmapSplitsLocked }) => {
      map(drawn, 0, 2, READ | WRITE, ANON | MAP_LOCKED);
      move(drawn, 0, 1, 6, MREMAP_DONTUNMAP);
      expect(drawn.mm.counters.lockedVm).toBe(dontUnmapCountsLocked ? 3 : 2);
      munmap(drawn.mm, 0, page(12));
      expect(drawn.mm.counters.lockedVm).toBe(dontUnmapSplitsLocked ? 0 : dontUnmapCountsLocked ? 2 : 1);
    });
  });

  it('of a stack that grows', () => {
    inEachProfile('............', {}, (drawn) => {
      map(drawn, 8, 2, READ | WRITE, ANON | MAP_GROWSDOWN);
      expandStack(drawn.mm, page(4));
      expect(counted(drawn)).toEqual([6, 0, 6]);
      munmap(drawn.mm, 0, page(12));
      expect(counted(drawn)).toEqual([0, 0, 0]);
    });
  });

  it('are none when the process is gone', () => {
    inEachProfile('AABB....', {}, (drawn) => {
      drawn.mm.drop();
      expect(counted(drawn)).toEqual([0, 0, 0]);
    });
  });
});
