import { formatOp } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { kernelProfile, LO_ACCESS } from 'vma-core';
import { defineKernelProfile, type ProfileOverrides } from 'vma-core/profiles';
import {
  CALL_KINDS,
  type ExploreOptions,
  explore,
  PAIR_PROPERTIES,
  PROPERTIES,
  type Property,
  THEMES,
} from '../src/index.ts';

/** The counterexample as lines, with the property it breaks; or the verdict. */
async function found(profile: string, options: ExploreOptions): Promise<string> {
  const explored = await explore(kernelProfile(profile), options);
  if (explored.verdict !== 'counterexample') return `${explored.verdict} ${explored.depth}`;
  const { property, path, page, depth } = explored;
  return `${property.name} at ${page}, ${depth}: ${path.map(formatOp).join('; ')}`;
}

describe('the shortest sequence that breaks a property', () => {
  it.each([
    [
      'as-posted',
      { ops: 'guards', pages: 2 },
      'guard-flag at 1, 4: mmap 0+2 rw file0; mprotect 1+1 r; madvise 1+1 GUARD_INSTALL; mprotect 0+1 r',
    ],
    [
      'as-posted',
      { ops: 'anonymous', pages: 2 },
      'guard-flag at 0, 4: mmap 0+2 rw; mprotect 0+1 r; madvise 0+1 GUARD_INSTALL; mprotect 0+2 r',
    ],
    [
      '6.12',
      { ops: 'softDirty', pages: 2 },
      'soft-dirty at 0, 4: mmap 1+1 r; clear_refs 4; mmap 0+1 rw; mprotect 0+2 rw',
    ],
  ] as const)('on %s with %o', async (profile, options, answer) => {
    expect(await found(profile, options)).toBe(answer);
  });

  it('is a guard, or a written page, that a moved range loses on 6.16 when it forks', async () => {
    const options: ExploreOptions = { ops: ['fileRw', 'GUARD_INSTALL', 'write', 'move'], pages: 3 };
    for (const name of ['child-guards', 'child-reads']) {
      const properties = PROPERTIES.filter((one) => one.name === name);
      expect(await found('6.16', { ...options, properties })).toMatch(/4: mmap .* file0.*; fork$/);
      expect(await found('6.18', { ...options, properties, depth: 4 })).toBe('bounded 4');
    }
  });
});

describe('a space that closes', () => {
  it.each([
    ['6.19', 'guards', 2],
    ['7.3', 'guards', 2],
    ['6.18', 'guards', 2],
  ] as const)('%s, %s over %i pages', async (profile, ops, pages) => {
    const explored = await explore(kernelProfile(profile), { ops, pages });
    expect(explored.verdict).toBe('closed');
  });

  it('says no more than was tried', async () => {
    const options: ExploreOptions = { ops: 'small', pages: 3 };
    expect(await found('6.19', { ...options, depth: 2 })).toBe('bounded 2');
    const limited = await explore(kernelProfile('6.19'), { ...options, maxStates: 100 });
    expect(limited).toMatchObject({ verdict: 'bounded', bound: 'states' });
    expect(limited.depth).toBeLessThan(4);
    const stopped = await explore(kernelProfile('6.19'), { ...options, signal: { aborted: true } });
    expect(stopped).toMatchObject({ verdict: 'bounded', bound: 'aborted' });
    const small = await explore(kernelProfile('6.19'), { ...options, maxBytes: 1 });
    expect(small).toMatchObject({ verdict: 'bounded', bound: 'bytes' });
  });

  it('is never said of offsets that wander', async () => {
    const explored = await explore(kernelProfile('6.19'), {
      ops: ['anonRw', 'write', 'move', 'grow', 'munmap'],
      pages: 2,
      depth: 12,
    });
    expect(explored).toMatchObject({ verdict: 'bounded', depth: 12 });
  });
});

/** Profiles with a rule that is wrong, and which property tells. `null`: it only copies more, or blocks more merges. */
const WRONG: readonly (readonly [name: string, ProfileOverrides, property: string | null])[] = [
  ['a guard flag that is not sticky', { sticky: ['SOFTDIRTY'] }, 'guard-flag'],
  ['merged flags that are not handed back', { mergeReturnsFlags: false }, 'guard-flag'],
  ['guards that fork does not copy', { copyOnFork: ['PFNMAP', 'MIXEDMAP', 'UFFD_WP'] }, 'child-guards'],
  ['an install that sets no flag', { guardSetsFlag: false }, 'child-guards'],
  ['write access that does not block', { ignoreMerge: ['SOFTDIRTY', 'MAYBE_GUARD', 'WRITE'] }, 'flags'],
  [
    'a sticky WIPEONFORK',
    { sticky: ['SOFTDIRTY', 'MAYBE_GUARD', 'WIPEONFORK'], ignoreMerge: ['SOFTDIRTY', 'MAYBE_GUARD', 'WIPEONFORK'] },
    'flags',
  ],
  ['DONTCOPY that does not block', { ignoreMerge: ['SOFTDIRTY', 'MAYBE_GUARD', 'DONTCOPY'] }, 'flags'],
  ['LOCKED that does not block', { ignoreMerge: ['SOFTDIRTY', 'MAYBE_GUARD', 'LOCKED'] }, 'flags'],
  ['SOFTDIRTY that is not sticky', { sticky: ['MAYBE_GUARD'] }, 'soft-dirty'],
  ['a guard flag that blocks merges', { sticky: ['SOFTDIRTY'], ignoreMerge: ['SOFTDIRTY'] }, null],
];

describe('a rule that is wrong', () => {
  it.each(WRONG)('%s', async (_, overrides, property) => {
    const profile = defineKernelProfile('wrong', '6.19', overrides);
    const properties = PROPERTIES.filter(({ name }) => property === null || name === property);
    const broken: string[] = [];
    for (const ops of ['guards', 'softDirty', 'hints'] as const) {
      const explored = await explore(profile, { ops, pages: 2, depth: ops === 'hints' ? 3 : 4, properties });
      if (explored.verdict !== 'counterexample') continue;
      broken.push(explored.property.name);
      break;
    }
    expect(broken).toEqual(property === null ? [] : [property]);
  });
});

describe('a counter that is not back', () => {
  const counters = PROPERTIES.filter(({ name }) => name === 'counters');
  const lost = /^counters at \d, (\d): /;

  it('is the charge that 6.16 conceals and never gives back', async () => {
    const options: ExploreOptions = { ops: ['anonRw', 'dontUnmap'], pages: 2, properties: counters };
    expect(await found('6.16', options)).toMatch(/^counters at 0, 2: mmap 0\+\d rw; mremap 0\+1 -> 1 dontUnmap$/);
    expect(await found('6.18', options)).toMatch(/^closed/);
  });

  it.each([
    ['a source whose charge is forgotten', { dontUnmapDropsAccount: true }, 2],
    ['a copy whose lock counts twice', { dontUnmapCountsLocked: true }, 3],
    ['a lock that spreads to what merges', { ignoreMerge: ['SOFTDIRTY', 'MAYBE_GUARD', 'LOCKED'] }, 3],
    ['a charge that does not block a merge', { ignoreMerge: ['SOFTDIRTY', 'MAYBE_GUARD', 'ACCOUNT', 'WRITE'] }, 2],
  ] as const)('is found on a kernel with %s', async (_, overrides: ProfileOverrides, calls) => {
    const wrong = defineKernelProfile('wrong', '7.3', overrides);
    const explored = await explore(wrong, { ops: 'counters', pages: 2, properties: counters });
    expect(explored).toMatchObject({ verdict: 'counterexample', depth: calls });
  });

  it('is none on 7.3', async () => {
    expect(await found('7.3', { ops: 'counters', pages: 2, depth: 4, properties: counters })).toBe('bounded 4');
    expect(await found('6.12', { ops: 'counters', pages: 2, properties: counters })).toMatch(lost);
  });
});

describe('two kernels', () => {
  const vs = (name: string, property: string): ExploreOptions => ({
    vs: kernelProfile(name),
    properties: PAIR_PROPERTIES.filter((one) => one.name === property),
  });

  it('a program sees the first guard on 6.16', async () => {
    expect(await found('6.12', { ...vs('6.16', 'program'), ops: ['fileRw', 'GUARD_INSTALL'], pages: 2 })).toMatch(
      /^program at \d, 1: madvise/,
    );
  });

  it('a child of 6.16 loses a page that one of 6.18 has', async () => {
    const options: ExploreOptions = { ...vs('6.18', 'program'), ops: ['fileRw', 'write', 'move'], pages: 3 };
    expect(await found('6.16', options)).toMatch(/^program at \d, 4: mmap.*; fork$/);
  });

  it('a guard flag that blocks merges makes more VMAs', async () => {
    const options: ExploreOptions = { ...vs('guard-flag', 'merges'), ops: 'guards', pages: 2 };
    expect(await found('6.19', options)).toMatch(/^merges at \d, 3:/);
  });

  it('are alike where they are one', async () => {
    expect(await found('6.19', { ...vs('6.19', 'vmas'), ops: 'guards', pages: 2 })).toMatch(/^closed/);
  });
});

it('takes a property of one’s own', async () => {
  const neverWritable: Property = {
    name: 'never-writable',
    says: 'Nothing is writable right above a guard.',
    broken: ({ after }) => {
      for (let page = 1; page < after.pages; page++) {
        const readOnly = (after.flagsLo[page]! & LO_ACCESS & 2) === 0;
        if (after.isGuard(page - 1) && after.isMapped(page) && !readOnly) return page;
      }
      return -1;
    },
  };
  expect(await found('6.19', { ops: 'guards', pages: 2, properties: [neverWritable] })).toBe(
    'never-writable at 1, 2: mmap 0+2 rw file0; madvise 0+1 GUARD_INSTALL',
  );
});

it('tells how far it is', async () => {
  const told: number[] = [];
  await explore(kernelProfile('6.19'), { pages: 2, depth: 5, onProgress: ({ states }) => told.push(states) });
  expect(told.length).toBeGreaterThan(2);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

it('every theme has kinds that there are', () => {
  for (const kinds of Object.values(THEMES)) for (const kind of kinds) expect(CALL_KINDS).toHaveProperty(kind);
});
