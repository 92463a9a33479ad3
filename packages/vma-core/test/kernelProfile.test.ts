import { describe, expect, it } from 'vitest';
import {
  chooseKernelProfile,
  defineKernelProfile,
  formatVmFlags,
  KERNEL_PROFILES,
  type KernelProfile,
  kernelProfile,
  mergeDiagram,
  ProfileError,
  type ProfileOverrides,
  VM_MAYBE_GUARD,
  VM_NONE,
  VM_SOFTDIRTY,
  vmFlags,
} from '../src/index.ts';

describe('chooseKernelProfile', () => {
  it.each([
    // Recorded versions, as `uname -r` writes them.
    ['6.12.3', '6.12', true],
    ['6.12.107+deb13-amd64', '6.12', true],
    ['6.16.12', '6.16', true],
    ['6.18.15', '6.18', true],
    // The stable backport of the sticky flags.
    ['6.18.36', '6.18', true],
    ['6.18.37', '6.19', true],
    ['6.18.44-fc', '6.19', true],
    ['6.19.14+deb13', '6.19', true],
    ['6.19-rc1', '6.19', true],
    ['7.3.4', '7.3', true],
    ['v7.3', '7.3', true],
    [' 6.16.12 ', '6.16', true],
    // Nobody recorded these.
    ['6.13', '6.12', false],
    ['6.15.2', '6.12', false],
    ['6.17', '6.16', false],
    ['7.0', '6.19', false],
    ['7.2.11', '6.19', false],
    ['8.0', '7.3', false],
    ['10.1.2', '7.3', false],
    ['5.10', '6.12', false],
    ['4.19.0-21-amd64', '6.12', false],
    // Names.
    ['6.18', '6.18', true],
    ['guard-flag', 'guard-flag', false],
    ['as-posted', 'as-posted', false],
  ])('%s takes profile %s, measured: %s', (kernel, name, measured) => {
    const choice = chooseKernelProfile(kernel);
    expect([choice.profile.name, choice.measured]).toEqual([name, measured]);
    expect(choice.note.includes('not measured')).toBe(!measured);
    expect(kernelProfile(kernel)).toBe(choice.profile);
  });

  it.each([
    ['6.13', 'anonymous'],
    ['6.14.9', 'anonymous'],
    ['6.15', 'all'],
    ['6.12', 'none'],
    ['6.16', 'all'],
  ])('%s takes guards on: %s', (kernel, guards) => {
    expect(kernelProfile(kernel).guards).toBe(guards);
  });

  it.each(['', 'garbage', '6', '6.', '.12', '6.12x', 'linux-6.12', '6,12', 'NaN', '-6.12'])(
    '"%s" is neither a name nor a version',
    (kernel) => {
      expect(() => chooseKernelProfile(kernel)).toThrow(ProfileError);
      expect(() => chooseKernelProfile(kernel)).toThrow(
        `unknown kernel profile "${kernel}": give one of 6.12, 6.16, 6.18, guard-flag, as-posted, 6.19, 7.3, or a version`,
      );
    },
  );

  it('does not say that a higher profile is a lower one', () => {
    expect(chooseKernelProfile('5.10').note).toBe('5.10: not measured; takes profile 6.12, the lowest that was');
    expect(chooseKernelProfile('6.17').note).toBe(
      '6.17: not measured; takes profile 6.16, the nearest lower one that was',
    );
  });
});

describe('the seven profiles', () => {
  it('come in the order in which the behaviours came', () => {
    expect(KERNEL_PROFILES.map(({ name }) => name)).toEqual([
      '6.12',
      '6.16',
      '6.18',
      'guard-flag',
      'as-posted',
      '6.19',
      '7.3',
    ]);
  });

  it.each(KERNEL_PROFILES.map((profile) => [profile.name, profile] as const))(
    '%s has every field, and no sticky flag that stops a merge',
    (_, profile) => {
      expect(Object.keys(profile).sort()).toEqual(Object.keys(kernelProfile('6.12')).sort());
      expect(profile.sticky & ~profile.ignoreMerge).toBe(0n);
    },
  );
});

describe('defineKernelProfile', () => {
  it('changes the fields that are given, flags by name or as a set, and keeps the others', () => {
    const mine = defineKernelProfile('mine', '6.18', {
      sticky: ['VM_MAYBE_GUARD', 'softdirty'],
      ignoreMerge: vmFlags(VM_MAYBE_GUARD, VM_SOFTDIRTY),
      guards: 'anonymous',
      mremapRoom: { move: 1, dontUnmap: 2, inPlace: 3, copy: null },
    });
    const { name, kernels, sticky, ignoreMerge, guards, mremapRoom, ...rest } = mine;
    expect([name, kernels]).toEqual(['mine', 'derived from 6.18']);
    expect([sticky, ignoreMerge]).toEqual([
      vmFlags(VM_MAYBE_GUARD, VM_SOFTDIRTY),
      vmFlags(VM_MAYBE_GUARD, VM_SOFTDIRTY),
    ]);
    expect([guards, mremapRoom]).toEqual(['anonymous', { move: 1, dontUnmap: 2, inPlace: 3, copy: null }]);
    expect(kernelProfile('6.18')).toMatchObject(rest);
  });

  it('derives from a profile, its name, or a version, and from a derived one', () => {
    const one = defineKernelProfile('one', kernelProfile('7.3'), { fileAnonPgoff: false });
    const two = defineKernelProfile('two', one, { anonNames: true });
    expect([two.fileAnonPgoff, two.anonNames, two.uffdRwp]).toEqual([false, true, true]);
    expect(defineKernelProfile('three', '6.18.44', {}).sticky).toBe(kernelProfile('6.19').sticky);
  });

  it('makes a profile that merges as it says', () => {
    const letters = { A: { flags: 'rd wr mr mw me ac dd' } };
    const ignoring = defineKernelProfile('ignores dd', '6.19', {
      ignoreMerge: ['SOFTDIRTY', 'MAYBE_GUARD', 'DONTDUMP'],
    });
    expect(mergeDiagram('AA*', { profile: '6.19', letters }).state).toBe('nomerge');
    expect(mergeDiagram('AA*', { profile: ignoring, letters }).state).toBe('success');
  });

  it('leaves the profile it derives from as it was', () => {
    const before = { ...kernelProfile('6.12') };
    defineKernelProfile('mine', '6.12', { guards: 'all' });
    expect(kernelProfile('6.12')).toEqual(before);
  });

  it('passes over a field that is undefined', () => {
    expect(defineKernelProfile('mine', '6.19', { guards: undefined } as unknown as ProfileOverrides).guards).toBe(
      'all',
    );
  });

  const define = (overrides: Readonly<Record<string, unknown>>, name = 'mine'): (() => KernelProfile) => {
    return () => defineKernelProfile(name, '6.19', overrides as ProfileOverrides);
  };

  it.each([
    ['no name', define({}, ' '), 'a profile needs a name'],
    ['a built-in name', define({}, '7.3'), '"7.3" is the name of a built-in profile; choose another'],
    [
      'a built-in name among the fields',
      define({ name: '7.3' }),
      'profile "mine": the name is not a field that can be changed',
    ],
    ['an unknown field', define({ stiky: [] }), 'profile "mine": no field "stiky"; there are name, kernels, sticky'],
    ['an unknown flag', define({ sticky: ['VM_GARD'] }), 'profile "mine": sticky names an unknown flag "VM_GARD"'],
    ['flags as a number', define({ sticky: 5 }), 'profile "mine": sticky takes a bigint or a list of flag names'],
    ['negative flags', define({ copyOnFork: -1n }), 'profile "mine": copyOnFork is not 64 bits'],
    ['flags of 65 bits', define({ copyOnFork: 1n << 64n }), 'profile "mine": copyOnFork is not 64 bits'],
    ['a wrong type', define({ fileAnonPgoff: 1 }), 'profile "mine": fileAnonPgoff is a boolean, not a number'],
    ['a wrong choice', define({ guards: 'some' }), 'profile "mine": guards is one of none, anonymous, all, not "some"'],
    [
      'another wrong choice',
      define({ guardPreparesAnonVma: 'none' }),
      'profile "mine": guardPreparesAnonVma is one of all, anonymous, not "none"',
    ],
    [
      'room that is not a count',
      define({ mremapRoom: { move: -1, dontUnmap: 0, inPlace: 0, copy: 0 } }),
      'profile "mine": mremapRoom.move is a number of VMAs, 0 or more',
    ],
    [
      'room that is null',
      define({ mremapRoom: null }),
      'profile "mine": mremapRoom.move is a number of VMAs, 0 or more',
    ],
    [
      'a sticky flag that stops merges',
      define({ sticky: ['MAYBE_GUARD', 'LOCKED'] }),
      'profile "mine": VM_LOCKED is sticky but not in ignoreMerge; a flag cannot both stop a merge and survive it',
    ],
    [
      'an ignore mask that forgets a sticky flag of the parent',
      define({ ignoreMerge: VM_NONE }),
      'VM_MAYBE_GUARD, VM_SOFTDIRTY is sticky but not in ignoreMerge',
    ],
    ['an unknown parent', () => defineKernelProfile('mine', 'nix', {}), 'unknown kernel profile "nix"'],
  ])('refuses %s, and says so', (_, call, message) => {
    expect(call).toThrow(ProfileError);
    expect(call).toThrow(message);
  });
});

describe('a new copyOnFork', () => {
  it.each([
    { from: '6.19', dst: 'gu sd', src: '' },
    { from: 'as-posted', dst: 'uw', src: 'pf gu sd mm' },
  ])('takes the place of the one of $from, on the side that its vmaNeedsCopy asks', ({ from, dst, src }) => {
    const own = defineKernelProfile('own', from, { copyOnFork: ['MAYBE_GUARD', 'SOFTDIRTY'] });
    expect(formatVmFlags(own.needsCopyDst)).toBe(dst);
    expect(formatVmFlags(own.needsCopySrc)).toBe(src);
  });

  it('leaves a side alone that is given too', () => {
    const own = defineKernelProfile('own', '6.19', { copyOnFork: ['SOFTDIRTY'], needsCopyDst: ['PFNMAP'] });
    expect(formatVmFlags(own.needsCopyDst)).toBe('pf');
  });

  it('is refused where the kernel asks for none, unless a side is given', () => {
    expect(() => defineKernelProfile('own', '6.12', { copyOnFork: ['MAYBE_GUARD'] })).toThrow(/give needsCopyDst/);
    const own = defineKernelProfile('own', '6.12', { copyOnFork: ['MAYBE_GUARD'], needsCopySrc: ['MAYBE_GUARD'] });
    expect(formatVmFlags(own.needsCopySrc)).toBe('gu');
  });
});
