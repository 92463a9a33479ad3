import type { Op } from 'fork-sim';
import type { KernelProfile } from 'vma-core';
import { type ExploreOptions, spaceOf } from './explore.ts';
import type { Property } from './properties.ts';
import { rerun } from './rerun.ts';

/**
 * Which property the last of some calls breaks, and at which page: the question that a search asks after every call.
 *
 * @param ops from an empty address space on; `callsOf` lists what a search makes
 * @returns `null`: none of the options' properties, or there is no call
 * @throws NotReplayedError where an invariant of the model does not hold
 */
export function brokenBy(
  profile: KernelProfile,
  ops: readonly Op[],
  options: Pick<ExploreOptions, 'pages' | 'ops' | 'properties' | 'vs' | 'softDirty'> = {},
): { readonly property: Property; readonly page: number } | null {
  const space = spaceOf(profile, options);
  for (const [at, property] of space.properties.entries()) {
    const page = rerun(space, ops, at);
    if (page >= 0) return { property, page };
  }
  return null;
}
