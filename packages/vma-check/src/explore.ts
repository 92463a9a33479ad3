import type { Op } from 'fork-sim';
import type { KernelProfile } from 'vma-core';
import { CALL_KINDS, type CallKindName, THEMES, type Theme } from './callKinds.ts';
import { pathsTo } from './path.ts';
import { PAIR_PROPERTIES, PROPERTIES, type Property } from './properties.ts';
import { NotReplayedError, rerun } from './rerun.ts';
import { type Break, Shard, type SearchSpace } from './shard.ts';
import { MOST_PAGES } from './stateWords.ts';

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
  /** Every sequence of so many calls was tried. */
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
/** States that are expanded between two looks at the clock. */
const SLICE = 64;

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
  const properties = options.properties ?? (vs === undefined ? PROPERTIES : PAIR_PROPERTIES.slice(0, 1));
  const profiles = vs === undefined ? [profile] : [profile, vs];
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
  const shard = new Shard(space);
  shard.begin();
  for (let depth = 0; ; depth++) {
    const counts = (): Omit<Explored & { verdict: 'closed' }, 'verdict'> => ({
      depth,
      states: shard.states,
      transitions: shard.transitions,
      bytes: shard.byteLength,
    });
    if (depth === options.depth) return { verdict: 'bounded', bound: 'depth', ...counts() };
    while (shard.expand(SLICE)) {
      const { states, transitions, left, byteLength: bytes } = shard;
      options.onProgress?.({ depth: depth + 1, states, left, transitions, bytes });
      const bound = boundOf(options, states, bytes);
      if (bound !== null) return { verdict: 'bounded', bound, ...counts() };
      await options.pause?.();
    }
    const { states, found } = shard.endLevel();
    if (found !== null) return { ...counts(), ...(await counterexample(space, shard, found, depth)) };
    if (shard.tooFar > 0) return { verdict: 'bounded', bound: 'offsets', ...counts() };
    if (states === 0) return { verdict: 'closed', ...counts() };
  }
}

function boundOf(options: ExploreOptions, states: number, bytes: number): Bound | null {
  if (options.signal?.aborted) return 'aborted';
  if (states > (options.maxStates ?? Number.POSITIVE_INFINITY)) return 'states';
  return bytes > (options.maxBytes ?? DEFAULT_SEARCH_BYTES) ? 'bytes' : null;
}

/** The sequence behind a break, run again. */
async function counterexample(
  space: SearchSpace,
  shard: Shard,
  found: Break,
  level: number,
): Promise<Pick<Explored & { verdict: 'counterexample' }, 'verdict' | 'depth' | 'path' | 'property' | 'page'>> {
  for await (const path of pathsTo(found, level, space.ops, (...of) => shard.find(...of))) {
    const page = rerun(space, path, found.property, shard.calls);
    if (page < 0) continue;
    const property = space.properties[found.property]!;
    return { verdict: 'counterexample', depth: level + 1, path, property, page };
  }
  throw new NotReplayedError(`a break of "${space.properties[found.property]!.name}" is not there when it is run again`);
}
