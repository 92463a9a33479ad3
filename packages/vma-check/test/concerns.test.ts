import { describe, expect, it } from 'vitest';
import { KERNEL_PROFILES, kernelProfile } from 'vma-core';
import { defineKernelProfile, type ProfileOverrides } from 'vma-core/profiles';
import { concernedKinds, explore, PAIR_PROPERTIES, WIDENINGS, wideningsFor } from '../src/index.ts';

describe('the calls that the changed fields of a profile concern', () => {
  it('are none where nothing is changed', () => {
    expect(concernedKinds(kernelProfile('6.19'), kernelProfile('6.19'))).toEqual([]);
    for (const profile of KERNEL_PROFILES) expect(wideningsFor(profile)).toBe(WIDENINGS);
    expect(wideningsFor(defineKernelProfile('mine', '6.19', { uffdRwp: true }))).toBe(WIDENINGS);
  });

  it.each<[ProfileOverrides, readonly string[], string]>([
    [{ sticky: ['SOFTDIRTY'] }, ['GUARD_INSTALL', 'protR', 'protRw'], 'guard-flag'],
    [{ copyOnFork: ['UFFD_WP'] }, ['GUARD_INSTALL', 'protR', 'protRw'], 'child-guards'],
    [{ ignoreMerge: ['SOFTDIRTY', 'MAYBE_GUARD', 'DONTCOPY'] }, ['DONTFORK', 'DOFORK'], 'flags'],
    [{ ignoreMerge: ['SOFTDIRTY', 'MAYBE_GUARD', 'WRITE'] }, ['anonR', 'protR', 'protRw'], 'flags'],
    [{ dontUnmapDropsAccount: true }, ['dontUnmap'], 'counters'],
    [{ copiedRangeKeepsAnonVma: false }, ['move', 'write', 'GUARD_INSTALL'], 'child-reads'],
  ])('%o: are tried first, and show what it breaks', async (overrides, kinds, property) => {
    const mine = defineKernelProfile('mine', '6.19', overrides);
    expect(concernedKinds(mine, kernelProfile('6.19'))).toEqual(kinds);
    const broken: string[] = [];
    for (const space of wideningsFor(mine).slice(0, 2)) {
      const explored = await explore(mine, space);
      if (explored.verdict === 'counterexample') broken.push(explored.property.name);
    }
    expect(broken).toContain(property);
  });

  it('are those in which two kernels differ', async () => {
    const [a, b] = [kernelProfile('6.19'), kernelProfile('7.3')];
    const [first] = wideningsFor(a, b);
    expect(first?.ops).toContain('dontUnmap');
    const explored = await explore(a, { ...first, vs: b, properties: PAIR_PROPERTIES.slice(0, 1) });
    expect(explored).toMatchObject({ verdict: 'counterexample', depth: 4 });
  });
});
