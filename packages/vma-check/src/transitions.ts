import type { Op } from 'fork-sim';
import type { KernelProfile } from 'vma-core';
import { type ExploreOptions, spaceOf } from './explore.ts';
import { Shard } from './shard.ts';

/**
 * Every call in every state that `depth - 1` calls lead to, each with calls that lead to that state: what another kernel, a running
 * one, is to be asked so that it is compared with the model state by state. One way to each state is given, not every way.
 */
export function* transitionsOf(
  profile: KernelProfile,
  options: Pick<ExploreOptions, 'pages' | 'ops' | 'softDirty'> & { readonly depth: number },
): Generator<readonly Op[]> {
  const space = { ...spaceOf(profile, options), properties: [] };
  const shard = new Shard(space);
  shard.begin();
  /** The calls that lead to each state of the level, by half of its hash: as much as its children know of it. */
  let paths: ReadonlyMap<number, readonly Op[]> = new Map([[0, []]]);
  for (let level = 0; level < options.depth; level++) {
    const here = new Map<number, readonly Op[]>();
    for (const { hashLo, parent, call } of shard.level(level)) {
      const path = level === 0 ? [] : [...(paths.get(parent) ?? []), space.ops[call]!];
      here.set(hashLo, path);
      for (const op of space.ops) yield [...path, op];
    }
    paths = here;
    while (shard.expand(4096));
    shard.endLevel();
  }
}
