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

// Recorded when each call began in a state that was loaded anew, and every check looked at every page.
describe('the counts are what they were before any shortcut', () => {
  it.each([
    ['6.19', 'small', 2, undefined, 4248, 97_704],
    ['7.3', 'small', 2, undefined, 5232, 120_336],
    ['6.19', 'softDirty', 2, undefined, 207, 3105],
    ['7.3', 'full', 2, 3, 2012, 12_412],
    ['6.19', 'full', 3, 3, 11_614, 79_112],
    ['6.12', 'anonymous', 3, 5, 762, 11_322],
  ] as const)('%s, %s, %i pages, depth %s: %i states, %i calls', async (profile, ops, pages, depth, states, calls) => {
    const options = { ops, pages, ...(depth === undefined ? {} : { depth }) };
    expect(await answer(profile, options)).toMatchObject({
      verdict: depth === undefined ? 'closed' : 'bounded',
      states,
      transitions: calls,
    });
  });

  it('of two kernels: 5588 states, 43,792 calls', async () => {
    const options: ExploreOptions = { ops: 'small', pages: 3, depth: 4, vs: kernelProfile('7.3') };
    expect(await answer('6.19', options)).toMatchObject({ verdict: 'bounded', states: 5588, transitions: 43_792 });
  });

  it('with every bit kept: 4811 states, 41,446 calls', async () => {
    const options: ExploreOptions = { ops: 'small', pages: 3, depth: 4, everyBit: true };
    expect(await answer('6.18', options)).toMatchObject({ verdict: 'bounded', states: 4811, transitions: 41_446 });
  });
});
