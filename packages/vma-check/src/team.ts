import type { FindStates } from './path.ts';
import { isLessBreak, type LevelEnd, type SearchSpace } from './searchSpace.ts';
import { Shard } from './shard.ts';

/** How far a team is. */
export interface TeamProgress {
  /** States met. */
  readonly states: number;
  /** States of this level that are still to be expanded. */
  readonly left: number;
  /** Calls made. */
  readonly transitions: number;
  /** Bytes of all states. */
  readonly bytes: number;
  /** States that did not fit into their words. */
  readonly tooFar: number;
}

/** Shards that search one space together, level by level. What they find does not depend on how many they are, nor where. */
export interface Team {
  /** Begins with the empty address space. */
  begin(): Promise<void> | void;
  /** Goes on with the level for a while; false: every state of it is expanded. */
  expand(): Promise<boolean> | boolean;
  /** Begins the next level. */
  endLevel(): Promise<LevelEnd> | LevelEnd;
  readonly find: FindStates;
  progress(): TeamProgress;
  /** Ends it, and gives everything back. */
  dispose(): Promise<void> | void;
}

/** States that a shard expands between two looks at the clock. */
const SLICE = 64;

/** One shard in this thread. */
export function alone(space: SearchSpace): Team {
  return inThisThread(space, 1);
}

/** Several shards in this thread: for tests that how many they are changes nothing. */
export function inThisThread(space: SearchSpace, shards: number): Team {
  const all = Array.from({ length: shards }, (_, shard) => new Shard(space, shard, shards));
  return {
    begin: () => {
      for (const shard of all) shard.begin();
    },
    expand: () => {
      for (const shard of all) shard.expand(SLICE);
      exchange(all);
      return all.some(({ left }) => left > 0);
    },
    endLevel: () => all.map((shard) => shard.endLevel()).reduce(joinEnds),
    find: (...of) => all.flatMap((shard) => shard.find(...of)),
    progress: () => all.map(progressOf).reduce(addProgress),
    dispose: () => {},
  };
}

function exchange(shards: readonly Shard[]): void {
  for (const from of shards) for (const [to, shard] of shards.entries()) if (shard !== from) shard.take(from.block(to));
}

/** How far a shard is. */
export function progressOf({ states, left, transitions, byteLength: bytes, tooFar }: Shard): TeamProgress {
  return { states, left, transitions, bytes, tooFar };
}

/** How far two are together. */
export function addProgress(a: TeamProgress, b: TeamProgress): TeamProgress {
  return {
    states: a.states + b.states,
    left: a.left + b.left,
    transitions: a.transitions + b.transitions,
    bytes: a.bytes + b.bytes,
    tooFar: a.tooFar + b.tooFar,
  };
}

/** What two found in a level: of two breaks the lesser. */
export function joinEnds(a: LevelEnd, b: LevelEnd): LevelEnd {
  const found =
    a.found !== null && b.found !== null ? (isLessBreak(a.found, b.found) ? a.found : b.found) : (a.found ?? b.found);
  return { states: a.states + b.states, found };
}
