import { describe, expect, it } from 'vitest';
import { chooseKernelProfile, KERNEL_CHANGES } from '../src/changes/index.ts';
import { mergeDiagram } from '../src/diagram/index.ts';
import {
  EARLIER_PROFILES,
  formatVmFlags,
  KERNEL_PROFILES,
  type KernelProfile,
  kernelProfile,
  ProfileError,
  VM_MAYBE_GUARD,
  VM_NONE,
  VM_SOFTDIRTY,
  vmFlags,
} from '../src/index.ts';
import { defineKernelProfile, type ProfileOverrides } from '../src/profiles/index.ts';

describe('chooseKernelProfile', () => {
  it.each([
    // Recorded versions, as `uname -r` writes them.
    ['6.12.11', '6.12', true],
    ['6.12.107+deb13-amd64', '6.12', true],
    ['6.16.12', '6.16', true],
    ['6.18.8', '6.18', true],
    ['6.18.15', '6.18', true],
    ['5.10.200', '5.10', true],
    ['5.12.3', '5.11', false],
    ['6.1.149', '6.1', true],
    ['6.1.190', '6.1', true],
    ['6.1.100', '6.1.0', false],
    ['6.2.16', '6.1.0', false],
    ['6.12.3', '6.12.0', false],
    // The stable backport of the sticky flags.
    ['6.18.36', '6.18', true],
    ['6.18.37', '6.19', true],
    ['6.18.44-fc', '6.19', true],
    ['6.19.14+deb13', '6.19', true],
    ['6.19-rc1', '6.19', true],
    ['7.3.4', '7.3', true],
    ['v7.3', '7.3', true],
    [' 6.16.12 ', '6.16', true],
    // Nobody recorded these: the first release with the same rules names them.
    ['5.15.167', '5.15', false],
    ['5.17', '5.17', false],
    ['6.5.13', '6.4', false],
    ['6.6.30', '6.4', false],
    ['6.6.51+rpt-rpi-v8', '6.6.31', false],
    ['5.15.190', '5.15.190', false],
    ['6.8', '6.7', false],
    ['6.11.4-301.fc41.x86_64', '6.11', false],
    ['6.12.112', '6.12', true],
    ['6.12.114', '6.12.114', false],
    ['6.1.191', '6.1.191', false],
    ['6.13', '6.13', false],
    ['6.14.9', '6.14', false],
    ['6.15.2', '6.15', false],
    ['6.17', '6.17', false],
    ['6.18.0', '6.18.0', false],
    ['6.18.3', '6.18.0', false],
    ['6.18.7', '6.18.0', false],
    ['7.0', '6.19', false],
    ['7.2.11', '6.19', false],
    ['7.3.1', '7.3.0', false],
    ['8.0', '7.3', false],
    ['10.1.2', '7.3', false],
    ['5.4.0-200-generic', '5.10', false],
    ['4.19.0-21-amd64', '5.10', false],
    ['3.10.0-1160.el7.x86_64', '5.10', false],
    // Names of distributions that hide the patch level, and lines that give it.
    ['5.15.0-130-generic', '5.15', false],
    ['6.8.0-45-generic', '6.7', false],
    ['5.10.0-32-amd64', '5.10', true],
    ['6.1.0-41-amd64', '6.1', false],
    ['6.1.0-41-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.158-1 (2025-11-09)', '6.1', true],
    [
      'Linux box 6.1.0-57-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-3 (2026-11-26) x86_64 GNU/Linux',
      '6.1.191',
      false,
    ],
    [
      'Linux version 5.10.0-32-amd64 (debian-kernel@lists.debian.org) #1 SMP Debian 5.10.223-1 (2024-08-10)',
      '5.10',
      true,
    ],
    ['Ubuntu 5.15.0-130.140-generic 5.15.167', '5.15', false],
    ['5.15.153.1-microsoft-standard-WSL2', '5.15', false],
    ['5.14.0-427.13.1.el9_4.x86_64', '5.14', false],
    ['6.12.0-55.el10', '6.12', false],
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
    ['5.10', 'none'],
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
        `unknown kernel profile "${kernel}": give one of 5.10, 6.1, 6.12, 6.16, 6.18, guard-flag, as-posted, 6.19, 7.3, or a version`,
      );
    },
  );

  it.each([
    ['6.12.30', '6.12.30: profile 6.12, recorded on 6.12.107'],
    ['6.18.44', '6.18.44: profile 6.19, recorded on 6.18.44'],
    ['6.18', 'profile 6.18: 6.18.8 to 6.18.36; recorded on 6.18.15'],
    ['6.18.3', "6.18.3: profile 6.18.0, not measured: the rules of 6.18.0 to before 6.18.8, by the source's history"],
    ['5.15.167', "5.15.167: profile 5.15, not measured: the rules of 5.15 to before 5.15.190, by the source's history"],
    [
      '7.2',
      /^7\.2: profile 6\.19, not measured: .*; not sure whether the copy that MREMAP_DONTUNMAP makes .* \(by 7\.3\)/,
    ],
    ['8.0', '8.0: profile 7.3, not measured: newer than any recorded kernel'],
    [
      '6.1.0-41-amd64',
      /^6\.1\.0-41-amd64: profile 6\.1, not measured: .*; the name does not give the patch level: only from 6\.1\.149 on, MADV_REMOVE [^;]*; from 6\.1\.191 on, closing a userfaultfd .*, and the copy that MREMAP_DONTUNMAP makes [^;]*$/,
    ],
    ['5.14.0-427.el9.x86_64', /Red Hat takes much of later kernels over/],
    [
      '4.19.325',
      /^4\.19\.325: not measured, and older than any kernel that is modelled; takes profile 5\.10, the nearest/,
    ],
  ])('%s: says which profile, and what is not sure', (kernel, note) => {
    const said = chooseKernelProfile(kernel).note;
    if (typeof note === 'string') expect(said).toBe(note);
    else expect(said).toMatch(note);
  });

  it('6.18.0 to 6.18.7 lack the fix that came with 6.18.8, and nothing else', () => {
    const { name, kernels, ...before } = kernelProfile('6.18.7');
    expect([name, kernels]).toEqual(['6.18.0', '6.18.0 to before 6.18.8']);
    expect(kernelProfile('6.18.8')).toMatchObject({ ...before, copiedRangeKeepsAnonVma: true });
    expect(before.copiedRangeKeepsAnonVma).toBe(false);
    expect(kernelProfile('6.17').copiedRangeKeepsAnonVma).toBe(false);
  });
});

describe('KERNEL_CHANGES', () => {
  it('names each change by a release, oldest first, and says what it does', () => {
    const mains = KERNEL_CHANGES.map(({ since }) => since[0].split('.').map(Number) as [number, number]);
    const order = mains.map(([major, minor]) => major * 100 + minor);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    for (const { since, says, notBefore } of KERNEL_CHANGES) {
      for (const release of [...since, notBefore ?? '6.0']) expect(release).toMatch(/^\d+\.\d+(\.\d+)?$/);
      expect(says).not.toBe('');
    }
  });

  it.each(KERNEL_CHANGES.map(({ says, since, fields }) => [since[0], says, fields] as const))(
    'a kernel before %s does otherwise: %s',
    (release, _, fields) => {
      const before = KERNEL_CHANGES.filter(({ since }) => since[0] !== release);
      const has = (kernel: string): boolean =>
        Object.entries(fields).every(([key, value]) => kernelProfile(kernel)[key as keyof KernelProfile] === value);
      expect(before.length).toBeGreaterThan(0);
      const [major, minor] = release.split('.').map(Number) as [number, number];
      const earlier = minor === 0 ? `${major - 1}.19` : `${major}.${minor - 1}`;
      expect([has(release), has(`${earlier}.0`)]).toEqual([true, false]);
    },
  );
});

describe('the earlier profiles', () => {
  it('are the recorded kernels before 6.12, and are not among the seven', () => {
    expect(EARLIER_PROFILES.map(({ name }) => name)).toEqual(['5.10', '6.1']);
    for (const profile of EARLIER_PROFILES) expect(KERNEL_PROFILES).not.toContain(profile);
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
