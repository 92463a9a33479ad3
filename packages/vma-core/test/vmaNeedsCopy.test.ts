import { describe, expect, it } from 'vitest';
import {
  findVmFlag,
  type NeedsCopyInput,
  type NeedsCopyReason,
  VM_FLAG_TABLE,
  VM_NONE,
  VM_READ,
  VM_WRITE,
  vmaNeedsCopy,
  vmFlagBit,
  vmFlags,
} from '../src/index.ts';
import { PROFILES } from './support/profiles.ts';

/** Which flags make fork copy, on the child's VMA and on the parent's, said here again and apart from the profiles' data. */
const COPIES: Readonly<Record<string, { readonly dst: readonly string[]; readonly src: readonly string[] }>> = {
  '6.12': { dst: ['UFFD_WP'], src: ['PFNMAP', 'MIXEDMAP'] },
  '6.16': { dst: ['UFFD_WP'], src: ['PFNMAP', 'MIXEDMAP'] },
  '6.18': { dst: ['UFFD_WP'], src: ['PFNMAP', 'MIXEDMAP'] },
  'guard-flag': { dst: ['UFFD_WP'], src: ['PFNMAP', 'MIXEDMAP', 'MAYBE_GUARD'] },
  'as-posted': { dst: ['UFFD_WP'], src: ['PFNMAP', 'MIXEDMAP', 'MAYBE_GUARD'] },
  '6.19': { dst: ['PFNMAP', 'MIXEDMAP', 'UFFD_WP', 'MAYBE_GUARD'], src: [] },
  '7.3': { dst: ['PFNMAP', 'MIXEDMAP', 'UFFD_WP', 'MAYBE_GUARD', 'UFFD_RWP'], src: [] },
};

const RW = vmFlags(VM_READ, VM_WRITE);
const flag = (name: string) => vmFlagBit(findVmFlag(name)?.bit ?? -1);

describe.each(PROFILES)('vmaNeedsCopy, profile %s', (name, profile) => {
  const { dst, src } = COPIES[name] ?? { dst: [], src: [] };
  const flagNames = VM_FLAG_TABLE.map((info) => info.name.replace('VM_', ''));

  it.each(flagNames)('VM_%s on the child, on the parent, on both', (one) => {
    const on = vmFlags(RW, flag(one));
    const ask = (ofDst: typeof RW, ofSrc: typeof RW): boolean =>
      vmaNeedsCopy({ vmFlags: ofDst, anonVma: null }, { vmFlags: ofSrc, anonVma: null }, profile);
    expect(ask(on, RW)).toBe(dst.includes(one));
    expect(ask(RW, on)).toBe(src.includes(one));
    expect(ask(on, on)).toBe(dst.includes(one) || src.includes(one));
  });

  it("an anon_vma of the parent's copies, one of the child's does not", () => {
    const plain = { vmFlags: RW, anonVma: null };
    expect(vmaNeedsCopy(plain, { ...plain, anonVma: 1 }, profile)).toBe(true);
    expect(vmaNeedsCopy({ ...plain, anonVma: 1 }, plain, profile)).toBe(false);
    expect(vmaNeedsCopy(plain, plain, profile)).toBe(false);
  });

  it('says why, in the order of the kernel: the child, the parent, the anon_vma', () => {
    const all = vmFlags(RW, ...['PFNMAP', 'MIXEDMAP', 'UFFD_WP', 'MAYBE_GUARD'].map(flag));
    const ofDst = vmFlags(...dst.filter((one) => one !== 'UFFD_RWP').map(flag));
    const ofSrc = vmFlags(...src.map(flag));
    const both = { vmFlags: all, anonVma: 1 };
    const why = (ofDst: NeedsCopyInput, ofSrc: NeedsCopyInput): NeedsCopyReason => {
      const reason: NeedsCopyReason = { rule: 'refault', flags: VM_NONE };
      expect(vmaNeedsCopy(ofDst, ofSrc, profile, reason)).toBe(reason.rule !== 'refault');
      return reason;
    };
    expect(why(both, both)).toEqual({ rule: 'dstFlags', flags: ofDst });
    const plain = { vmFlags: RW, anonVma: null };
    if (src.length > 0) expect(why(plain, both)).toEqual({ rule: 'srcFlags', flags: ofSrc });
    else expect(why(plain, both)).toEqual({ rule: 'anonVma', flags: VM_NONE });
    expect(why(plain, plain)).toEqual({ rule: 'refault', flags: VM_NONE });
  });
});

describe('VM_STICKY and VM_COPY_ON_FORK', () => {
  const names = (flags: bigint): string[] =>
    VM_FLAG_TABLE.filter(({ bit }) => (flags >> BigInt(bit)) & 1n).map((info) => info.name.replace('VM_', ''));
  const sets = Object.fromEntries(PROFILES.map(([name, profile]) => [name, profile]));

  it.each([
    ['6.12', [], ['SOFTDIRTY'], []],
    ['6.16', [], ['SOFTDIRTY'], []],
    ['6.18', [], ['SOFTDIRTY'], []],
    ['guard-flag', [], ['SOFTDIRTY'], []],
    ['as-posted', ['MAYBE_GUARD'], ['MAYBE_GUARD', 'SOFTDIRTY'], ['MAYBE_GUARD']],
    [
      '6.19',
      ['MAYBE_GUARD', 'SOFTDIRTY'],
      ['MAYBE_GUARD', 'SOFTDIRTY'],
      ['PFNMAP', 'MAYBE_GUARD', 'UFFD_WP', 'MIXEDMAP'],
    ],
    [
      '7.3',
      ['MAYBE_GUARD', 'SOFTDIRTY'],
      ['MAYBE_GUARD', 'SOFTDIRTY'],
      ['PFNMAP', 'MAYBE_GUARD', 'UFFD_WP', 'MIXEDMAP', 'UFFD_RWP'],
    ],
  ])('in %s: sticky %j, ignored %j, copied %j', (name, sticky, ignoreMerge, copyOnFork) => {
    const profile = sets[name];
    expect(names(profile?.sticky ?? VM_NONE)).toEqual(sticky);
    expect(names(profile?.ignoreMerge ?? VM_NONE)).toEqual(ignoreMerge);
    expect(names(profile?.copyOnFork ?? VM_NONE)).toEqual(copyOnFork);
  });
});
