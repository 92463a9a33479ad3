import { describe, expect, it } from 'vitest';
import { mmFromDiagram } from '../../src/diagram/index.ts';
import {
  KERNEL_PROFILES,
  kernelProfile,
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MAP_SHARED,
  Mm,
  type MmOptions,
  PROT_READ,
  ProfileError,
  pairVerdict,
} from '../../src/index.ts';
import { mmap } from '../../src/mm/index.ts';
import { validateMm } from '../../src/validateMm.ts';

describe('the kernel of an address space', () => {
  it('may be a profile, its name, or a version', () => {
    for (const profile of KERNEL_PROFILES) expect(new Mm({ profile: profile.name }).profile).toBe(profile);
    expect(new Mm({ profile: '6.18.44' }).profile).toBe(kernelProfile('6.19'));
    expect(new Mm({ profile: kernelProfile('6.12') }).profile.name).toBe('6.12');
  });

  it.each(['7', 'windows', '', undefined, null, 6.19, {}])('%j is none', (profile) => {
    expect(() => new Mm({ profile } as unknown as MmOptions)).toThrow(ProfileError);
  });

  it('may be named for a pair too', () => {
    const { mm } = mmFromDiagram('AABB', { letters: { A: { anonVma: 1 }, B: { anonVma: 2 } } });
    const [below, above] = mm.vmas();
    const verdict = pairVerdict(below!, above!, { profile: '6.19', files: mm.files, softDirty: true });
    expect(verdict.refusal).toEqual({ rule: 'anonVma', range: 2, neighbour: 1 });
  });
});

describe('a file that the address space was not told of', () => {
  it.each([MAP_PRIVATE, MAP_SHARED])('cannot be mapped, with flags %i', (flags) => {
    const mm = new Mm({ profile: '6.19' });
    expect(mmap(mm, { length: 0x1000, prot: PROT_READ, flags, file: 77 })).toBe('EBADF');
    expect([mm.mapCount, validateMm(mm)]).toEqual([0, []]);
    mm.addFile({ id: 77 });
    expect(mmap(mm, { length: 0x1000, prot: PROT_READ, flags, file: 77 })).toEqual(expect.any(Number));
  });

  it('does not matter where no file is mapped', () => {
    const request = { length: 0x1000, prot: PROT_READ, flags: MAP_PRIVATE | MAP_ANONYMOUS, file: 77 };
    expect(mmap(new Mm({ profile: '6.19' }), request)).toEqual(expect.any(Number));
  });
});
