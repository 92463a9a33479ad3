import { formatOp } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { type ExploreOptions, explore, inThisThread } from '../src/index.ts';

/** What must not depend on how the search is done. */
async function answer(profile: string, options: ExploreOptions): Promise<object> {
  const { bytes: _, ...explored } = await explore(kernelProfile(profile), options);
  if (explored.verdict !== 'counterexample') return explored;
  return { ...explored, property: explored.property.name, path: explored.path.map(formatOp) };
}

const SPACES: readonly (readonly [name: string, profile: string, ExploreOptions])[] = [
  ['as-posted: ops: guards pages: 2', 'as-posted', { ops: 'guards', pages: 2 }],
  ['6.16: ops: moves pages: 3', '6.16', { ops: 'moves', pages: 3 }],
  ['6.12: ops: softDirty pages: 2', '6.12', { ops: 'softDirty', pages: 2 }],
  ['6.19: ops: small pages: 2 depth: 5', '6.19', { ops: 'small', pages: 2, depth: 5 }],
  ['7.3: ops: full pages: 2 depth: 3', '7.3', { ops: 'full', pages: 2, depth: 3 }],
  [
    '6.16: ops: fileRw write move pages: 3 vs: (6.18)',
    '6.16',
    { ops: ['fileRw', 'write', 'move'], pages: 3, vs: kernelProfile('6.18') },
  ],
];

describe('the answer and the counts are the same', () => {
  it.each(SPACES)('of two and of three shards: %s', async (_, profile, options) => {
    const one = await answer(profile, options);
    for (const shards of [2, 3]) {
      expect(await answer(profile, { ...options, team: (space) => inThisThread(space, shards) })).toEqual(one);
    }
  });

  it.each(SPACES)('of states that are kept whole: %s', async (_, profile, options) => {
    expect(await answer(profile, { ...options, exact: true })).toEqual(await answer(profile, options));
  });
});

describe('without leaving out what no call looks at, the verdict, the depth and the property are the same', () => {
  it.each(SPACES)('%s', async (_, profile, options) => {
    const pick = ({ verdict, depth, property }: { verdict?: string; depth?: number; property?: string }): object => ({
      verdict,
      depth,
      property,
    });
    const few = await answer(profile, { ...options, softDirty: options.ops === 'softDirty' });
    const every = await answer(profile, { ...options, softDirty: options.ops === 'softDirty', everyBit: true });
    expect(pick(every)).toEqual(pick(few));
  });
});
