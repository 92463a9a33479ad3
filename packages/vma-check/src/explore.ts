import type { Op } from 'fork-sim';
import type { KernelProfile } from 'vma-core';
import { CALL_KINDS, type CallKindName, THEMES, type Theme } from './callKinds.ts';
import { pathsTo } from './path.ts';
import { PAIR_PROPERTIES, PROPERTIES, type Property } from './properties.ts';
import { NotReplayedError, rerun } from './rerun.ts';
import type { Break, SearchSpace } from './searchSpace.ts';
import { MOST_PAGES } from './stateWords.ts';
import { alone, type Team } from './team.ts';

/** What a search looks for, in which space, and when it gives up. */
export interface ExploreOptions {
  /** Pages of the arena: 1 to 16. Default 3. */
  readonly pages?: number;
  /** A theme, or words of kinds of calls. Default `small`. */
  readonly ops?: Theme | readonly CallKindName[];
  /** Most calls. Default: no limit. */
  readonly depth?: number;
  /** What is to hold. Default: all of PROPERTIES; with `vs`, the first of PAIR_PROPERTIES. */
  readonly properties?: readonly Property[];
  /** A second kernel that makes the same calls. */
  readonly vs?: KernelProfile;
  /** The kernel tracks soft-dirty pages. Default: where the calls have `clearRefs`. */
  readonly softDirty?: boolean;
  /** Most states. Default: no limit. */
  readonly maxStates?: number;
  /** Most bytes for states. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Keep states themselves, so that no two are taken for one. Default false: hashes of 64 bits; see StateSet. */
  readonly exact?: boolean;
  /** Keep what no call looks at. For tests. */
  readonly everyBit?: boolean;
  /** Who searches: one shard, or several. Default: one, in this thread. */
  readonly team?: (space: SearchSpace) => Team;
  /** Ends the search: with what is known by then. */
  readonly signal?: { readonly aborted: boolean };
  /** Told how far the search is, each few thousand calls. */
  readonly onProgress?: (progress: ExploreProgress) => void;
  /** Waited for each few thousand calls: who lives with others takes in messages here. */
  readonly pause?: () => Promise<void>;
}

/** How far a search is. */
export interface ExploreProgress {
  /** Calls of the sequences that are tried now. */
  readonly depth: number;
  /** States met. */
  readonly states: number;
  /** States of this level that are still to be tried. */
  readonly left: number;
  /** Calls made. */
  readonly transitions: number;
  /** Bytes of all states. */
  readonly bytes: number;
}

/** Why a search ended before the space did. */
export type Bound = 'depth' | 'states' | 'bytes' | 'aborted' | 'offsets';

/** What a search came to. Never more than it says. */
export type Explored = {
  /** Every sequence of this number of calls was tried. */
  readonly depth: number;
  readonly states: number;
  readonly transitions: number;
  readonly bytes: number;
} & (
  | {
      /** No sequence of any length breaks a property: every state was met. */
      readonly verdict: 'closed';
    }
  | {
      /** No sequence of up to `depth` calls breaks a property. */
      readonly verdict: 'bounded';
      readonly bound: Bound;
    }
  | {
      /** The shortest sequence that breaks a property: its last call does. */
      readonly verdict: 'counterexample';
      readonly path: readonly Op[];
      readonly property: Property;
      /** The page that breaks it, from 0. */
      readonly page: number;
    }
);

/** Bytes for states, where nothing is said. */
export const DEFAULT_SEARCH_BYTES: number = 2 ** 30;
/** The calls that a search makes in every state. */
export function callsOf(ops: Theme | readonly CallKindName[], pages: number): Op[] {
  const names: readonly CallKindName[] = typeof ops === 'string' ? THEMES[ops] : ops;
  return names.flatMap((name) => CALL_KINDS[name].ops(pages));
}

/** The space that options describe. @throws RangeError where there is none */
export function spaceOf(profile: KernelProfile, options: ExploreOptions): SearchSpace {
  const { pages = 3, ops = 'small', vs, everyBit = false, exact = false } = options;
  if (!Number.isInteger(pages) || pages < 1 || pages > MOST_PAGES) {
    throw new RangeError(`an arena has 1 to ${MOST_PAGES} pages, not ${pages}`);
  }
  const calls = callsOf(ops, pages);
  if (calls.length === 0) throw new RangeError('a search needs a call to make');
  const softDirty = options.softDirty ?? calls.some(({ op }) => op === 'clear_refs');
  const profiles = vs === undefined ? [profile] : [profile, vs];
  const asked = options.properties ?? (vs === undefined ? PROPERTIES : PAIR_PROPERTIES.slice(0, 1));
  const properties = asked.filter(({ applies }) => applies?.({ profiles, softDirty }) ?? true);
  return { profiles, pages, ops: calls, softDirty, properties, everyBit, exact };
}

/**
 * Tries every sequence of calls on a few pages, breadth first: one call, then two, ... The first sequence that breaks a property is
 * therefore a shortest one; where no new state is met any more, no sequence of any length breaks one.
 *
 * A counterexample was run again without the search's shortcuts, with every invariant checked.
 * @throws NotReplayedError where that did not show it: a mistake of the search
 */
export async function explore(profile: KernelProfile, options: ExploreOptions = {}): Promise<Explored> {
  const space = spaceOf(profile, options);
  const team = (options.team ?? alone)(space);
  try {
    return await search(space, team, options);
  } finally {
    await team.dispose();
  }
}

async function search(space: SearchSpace, team: Team, options: ExploreOptions): Promise<Explored> {
  await team.begin();
  for (let depth = 0; ; depth++) {
    if (depth === options.depth) return { verdict: 'bounded', bound: 'depth', ...countsOf(depth, team) };
    while (await team.expand()) {
      const { tooFar: _, ...progress } = team.progress();
      options.onProgress?.({ depth: depth + 1, ...progress });
      const bound = boundOf(options, progress);
      if (bound !== null) return { verdict: 'bounded', bound, ...countsOf(depth, team) };
      await options.pause?.();
    }
    const { states, found } = await team.endLevel();
    if (found !== null) return { ...countsOf(depth + 1, team), ...(await counterexample(space, team, found, depth)) };
    if (team.progress().tooFar > 0) return { verdict: 'bounded', bound: 'offsets', ...countsOf(depth, team) };
    if (states === 0) return { verdict: 'closed', ...countsOf(depth, team) };
  }
}

function countsOf(depth: number, team: Team): Pick<Explored, 'depth' | 'states' | 'transitions' | 'bytes'> {
  const { states, transitions, bytes } = team.progress();
  return { depth, states, transitions, bytes };
}

function boundOf(options: ExploreOptions, { states, bytes }: { states: number; bytes: number }): Bound | null {
  if (options.signal?.aborted) return 'aborted';
  if (states > (options.maxStates ?? Number.POSITIVE_INFINITY)) return 'states';
  return bytes > (options.maxBytes ?? DEFAULT_SEARCH_BYTES) ? 'bytes' : null;
}

/** The sequence behind a break, run again. */
async function counterexample(
  space: SearchSpace,
  team: Team,
  found: Break,
  level: number,
): Promise<Pick<Explored & { verdict: 'counterexample' }, 'verdict' | 'path' | 'property' | 'page'>> {
  const property = space.properties[found.property]!;
  for await (const path of pathsTo(found, level, space.ops, (...of) => team.find(...of))) {
    const page = rerun(space, path, found.property);
    if (page >= 0) return { verdict: 'counterexample', path, property, page };
  }
  throw new NotReplayedError(`a break of "${property.name}" is not there when it is run again`);
}
