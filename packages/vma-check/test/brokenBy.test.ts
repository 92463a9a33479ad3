import type { Op } from 'fork-sim';
import { expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { brokenBy, explore } from '../src/index.ts';

it('a counterexample breaks its property at its last call, and at none before', async () => {
  const profile = kernelProfile('as-posted');
  const found = await explore(profile, { pages: 2, ops: 'guards' });
  const path: readonly Op[] = found.verdict === 'counterexample' ? found.path : [];
  expect(path).toHaveLength(4);
  const broken = path.map((_, at) => brokenBy(profile, path.slice(0, at + 1), { pages: 2 })?.property.name ?? null);
  expect(broken).toEqual([null, null, null, 'guard-flag']);
  expect(brokenBy(profile, path, { pages: 2 })?.page).toBe(1);
  expect(brokenBy(kernelProfile('6.19'), path, { pages: 2 })).toBeNull();
  expect(brokenBy(profile, [], { pages: 2 })).toBeNull();
});
