import type { Op } from 'fork-sim';
import type { KernelProfile } from 'vma-core';
import { PAIR_PROPERTIES, PROPERTIES, type Property } from '../properties.ts';
import type { LevelEnd, Met, SearchSpace } from '../searchSpace.ts';
import { Shard } from '../shard.ts';
import { progressOf, type TeamProgress } from '../team.ts';

/** A space as plain data: of properties their names. */
export interface PlainSpace extends Omit<SearchSpace, 'properties' | 'profiles' | 'ops'> {
  readonly profiles: readonly KernelProfile[];
  readonly ops: readonly Op[];
  readonly properties: readonly string[];
}

/** What a round came to, and what goes to the other shards. */
export interface Round {
  readonly blocks: readonly Int32Array[];
  readonly progress: TeamProgress;
}

/** Properties by name. @throws RangeError for one that another thread cannot know: a function of one's own */
export function propertiesNamed(names: readonly string[]): readonly Property[] {
  return names.map((name) => {
    const found = [...PROPERTIES, ...PAIR_PROPERTIES].find((one) => one.name === name);
    if (found === undefined) throw new RangeError(`another thread does not know the property "${name}"`);
    return found;
  });
}

/** A shard in a thread of its own, as the others call it. */
export class ShardService {
  #shard: Shard | null = null;
  #shards = 1;

  begin(space: PlainSpace, shard: number, shards: number): void {
    this.#shards = shards;
    this.#shard = new Shard({ ...space, properties: propertiesNamed(space.properties) }, shard, shards);
    this.#shard.begin();
  }

  /** Takes what others have met, and expands up to a number of states. */
  round(states: number, incoming: readonly Int32Array[]): Round {
    const shard = this.#begun();
    for (const block of incoming) shard.take(block);
    shard.expand(states);
    const blocks = Array.from({ length: this.#shards }, (_, to) => shard.block(to));
    return { blocks, progress: progressOf(shard) };
  }

  endLevel(): { readonly end: LevelEnd; readonly progress: TeamProgress } {
    const end = this.#begun().endLevel();
    return { end, progress: progressOf(this.#begun()) };
  }

  find(level: number, hashLo: number, hashHi?: number): Met[] {
    return this.#begun().find(level, hashLo, hashHi);
  }

  #begun(): Shard {
    if (this.#shard === null) throw new Error('begin comes first');
    return this.#shard;
  }
}
