import { describe, expect, it } from 'vitest';
import type { DrawnMm } from '../../src/diagram/index.ts';
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_LOCKED,
  MAP_PRIVATE,
  MCL_CURRENT,
  MCL_FUTURE,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  NO_VMA,
} from '../../src/index.ts';
import { brk, expandStack, mlock, mlockall, mmap, mremap, munlock, setBrk } from '../../src/mm/index.ts';
import { inEachProfile, page } from '../support/inEachProfile.ts';

const RW = 3;
const ANON = MAP_PRIVATE | MAP_ANONYMOUS;

const map = ({ mm }: DrawnMm, at: number, pages: number, flags: number): unknown =>
  mmap(mm, { addr: page(at), length: page(pages), prot: RW, flags: ANON | flags });

/** The answers are those of 60-memlock.judge.c on 6.18.44 (conformance/cases/field). */
describe('RLIMIT_MEMLOCK', () => {
  it('counts what is locked once', () => {
    inEachProfile('AAAAAAAAAAAAAAAA', {}, ({ mm }) => {
      mm.memlockLimit = page(8);
      expect(mlock(mm, 0, page(8))).toBe(0);
      expect(mlock(mm, 0, page(8))).toBe(0);
      expect(mlock(mm, 0, page(9))).toBe('ENOMEM');
      expect(mlock(mm, page(4), page(8))).toBe('ENOMEM');
      expect(munlock(mm, 0, page(4))).toBe(0);
      expect(mlock(mm, page(2), page(6))).toBe(0);
      expect(mm.counters.lockedVm).toBe(6);
    });
  });

  it('refuses what is mapped locked, before anything is unmapped and behind EEXIST', () => {
    inEachProfile('AA..............', {}, (drawn) => {
      drawn.mm.memlockLimit = page(8);
      expect(map(drawn, 0, 9, MAP_LOCKED | MAP_FIXED)).toBe('EAGAIN');
      expect(mlockall(drawn.mm, MCL_FUTURE)).toBe(0);
      expect(map(drawn, 0, 9, MAP_FIXED)).toBe('EAGAIN');
      expect(map(drawn, 0, 9, MAP_FIXED_NOREPLACE)).toBe('EEXIST');
      expect(drawn.mm.mapCount).toBe(1);
      expect(map(drawn, 4, 8, MAP_FIXED)).toBe(page(4));
    });
  });

  it('refuses that a locked mapping grows', () => {
    inEachProfile('AAAA............', { letters: { A: { flags: 'rd wr lo ac' } } }, ({ mm }) => {
      mm.memlockLimit = page(8);
      const grow = (newLength: number, flags: number, newAddr = 0): unknown =>
        mremap(mm, { oldAddr: 0, oldLength: page(4), newLength: page(newLength), flags, newAddr });
      expect(grow(9, MREMAP_MAYMOVE)).toBe('EAGAIN');
      expect(grow(9, MREMAP_MAYMOVE | MREMAP_FIXED, page(6))).toBe('EAGAIN');
      expect(grow(2, MREMAP_MAYMOVE | MREMAP_FIXED, page(6))).toBe(page(6));
    });
  });

  it('refuses mlockall by all that is mapped, and not for what is to come', () => {
    inEachProfile('AAAAAAAAA.......', {}, ({ mm }) => {
      mm.memlockLimit = page(8);
      expect(mlockall(mm, MCL_CURRENT)).toBe('ENOMEM');
      expect(mlockall(mm, MCL_CURRENT | MCL_FUTURE)).toBe('ENOMEM');
      expect(mm.defFlagsLo).toBe(0);
      expect(mlockall(mm, MCL_FUTURE)).toBe(0);
      setBrk(mm, page(12));
      expect(brk(mm, page(15))).toBe(page(15));
      mm.memlockLimit = page(3);
      expect(brk(mm, page(16))).toBe(page(15));
    });
  });

  it('stops a locked stack', () => {
    inEachProfile('........AA......', { letters: { A: { flags: 'rd wr gd lo ac' } } }, ({ mm }) => {
      mm.memlockLimit = page(3);
      expect(expandStack(mm, page(6))).toBe(NO_VMA);
      expect(expandStack(mm, page(7))).not.toBe(NO_VMA);
    });
  });

  it('refuses everything where it is 0', () => {
    inEachProfile('AA..............', {}, (drawn) => {
      const { mm } = drawn;
      mm.memlockLimit = 0;
      expect([mlock(mm, 0, page(1)), mlock(mm, 0, 0), mlock(mm, 0, page(1), 4)]).toEqual(['EPERM', 'EPERM', 'EINVAL']);
      expect([mlockall(mm, MCL_FUTURE), mlockall(mm, 64)]).toEqual(['EPERM', 'EINVAL']);
      expect(mmap(mm, { addr: 0, length: page(1), prot: RW, flags: MAP_ANONYMOUS | MAP_LOCKED })).toBe('EPERM');
      expect(munlock(mm, 0, page(1))).toBe(0);
    });
  });
});
