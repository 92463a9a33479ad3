import { describe, expect, it } from 'vitest';
import { type DrawnMm, mmFromDiagram } from '../../src/diagram/index.ts';
import type { Errno } from '../../src/index.ts';
import { setAnonName } from '../../src/mm/index.ts';
import { defineKernelProfile } from '../../src/profiles/index.ts';
import { inEachProfile, page } from '../support/inEachProfile.ts';

const profile = defineKernelProfile('with names', '6.19', { anonNames: true });
const names = ({ mm }: DrawnMm): (string | null)[] => mm.vmas().map(({ anonName }) => anonName);

describe('PR_SET_VMA_ANON_NAME', () => {
  it('is EINVAL in all seven profiles: no recorded kernel was built with it', () => {
    inEachProfile('AA', {}, (drawn) => {
      expect(setAnonName(drawn.mm, 0, page(1), 'heap')).toBe('EINVAL');
      expect(setAnonName(drawn.mm, 0, page(1), null)).toBe('EINVAL');
      expect(names(drawn)).toEqual([null]);
    });
  });

  it('names a range, cutting at its edges, and merges what has one name', () => {
    const drawn = mmFromDiagram('AAAA', { profile });
    expect(setAnonName(drawn.mm, page(1), page(2), 'heap')).toBe(0);
    expect(drawn.draw()).toBe('ABBC');
    expect(names(drawn)).toEqual([null, 'heap', null]);
    expect(setAnonName(drawn.mm, 0, page(1), 'heap')).toBe(0);
    expect(drawn.draw()).toBe('BBBC');
    expect(setAnonName(drawn.mm, 0, page(3), null)).toBe(0);
    expect(drawn.draw()).toBe('CCCC');
    expect(names(drawn)).toEqual([null]);
  });

  it('of the name that it has does nothing', () => {
    const drawn = mmFromDiagram('AABB', { profile, all: { anonName: 'x' } });
    expect(setAnonName(drawn.mm, 0, page(4), 'x')).toBe(0);
    expect(drawn.draw()).toBe('AABB');
  });

  it('takes an empty name as none', () => {
    const drawn = mmFromDiagram('A', { profile, all: { anonName: 'x' } });
    expect(setAnonName(drawn.mm, 0, page(1), '')).toBe(0);
    expect(names(drawn)).toEqual([null]);
  });

  it('goes on behind a hole, and says ENOMEM', () => {
    const drawn = mmFromDiagram('A.B.', { profile });
    expect(setAnonName(drawn.mm, 0, page(4), 'x')).toBe('ENOMEM');
    expect(names(drawn)).toEqual(['x', 'x']);
    expect(setAnonName(drawn.mm, page(1), page(1), 'y')).toBe('ENOMEM');
    expect(names(drawn)).toEqual(['x', 'x']);
  });

  it('names shared anonymous memory, but no file', () => {
    const options = { profile, letters: { A: { file: 1 }, B: { file: 2 } }, files: [{ id: 1, shmem: true }] };
    const drawn = mmFromDiagram('AB', options);
    expect(setAnonName(drawn.mm, 0, page(2), 'x')).toBe('EBADF');
    expect(names(drawn)).toEqual(['x', null]);
  });

  it.each<[string, number, string, Errno]>([
    ['an unaligned address', 100, 'x', 'EINVAL'],
    ['80 characters', 0, 'x'.repeat(80), 'EINVAL'],
    ['a control character', 0, 'a\n', 'EINVAL'],
    ['a backslash', 0, '\\', 'EINVAL'],
    ['brackets, which maps uses around it', 0, '[x]', 'EINVAL'],
    ['letters beyond ASCII', 0, 'ü', 'EINVAL'],
  ])('refuses %s', (_, addr, name, errno) => {
    const drawn = mmFromDiagram('A', { profile });
    expect(setAnonName(drawn.mm, addr, page(1), name)).toBe(errno);
    expect(names(drawn)).toEqual([null]);
  });

  it('takes 79 characters, and no length at all', () => {
    const drawn = mmFromDiagram('A', { profile });
    expect(setAnonName(drawn.mm, 0, page(1), 'y'.repeat(79))).toBe(0);
    expect(setAnonName(drawn.mm, page(5), 0, 'x')).toBe(0);
    expect(names(drawn)).toEqual(['y'.repeat(79)]);
  });
});
