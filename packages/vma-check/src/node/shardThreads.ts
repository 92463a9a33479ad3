// oxlint-disable-next-line typescript/triple-slash-reference -- comlink has no types for its adapter; a declaration cannot be imported
/// <reference path="./comlinkNodeAdapter.d.ts" />
import { Worker } from 'node:worker_threads';
import { type Remote, transfer, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { LevelEnd, SearchSpace } from '../searchSpace.ts';
import { addProgress, joinEnds, type Team, type TeamProgress } from '../team.ts';
import { type PlainSpace, propertiesNamed, type ShardService } from './shardService.ts';

/** How threads are started. */
export interface ShardThreadsOptions {
  /** Makes a worker, where the one of the package is not to be used. */
  readonly worker?: () => Worker;
}

/** States that a thread expands before it hands over what falls to others: some tenths of a second. */
const ROUND = 4096;
const NONE: TeamProgress = { states: 0, left: 0, transitions: 0, bytes: 0, tooFar: 0 };

/**
 * A team of threads, one shard each, for `explore`'s option `team`. Counts and answers are those of one.
 *
 *     explore(profile, { team: shardThreads(2) })
 *
 * @throws RangeError, when the search begins, for a property of one's own: a function cannot go to another thread
 */
export function shardThreads(threads: number, options: ShardThreadsOptions = {}): (space: SearchSpace) => Team {
  return (space) => new ShardThreads(space, threads, options.worker ?? packagedWorker);
}

function packagedWorker(): Worker {
  return new Worker(new URL('./shard.worker.js', import.meta.url), { execArgv: [] });
}

class ShardThreads implements Team {
  readonly #space: PlainSpace;
  readonly #workers: readonly Worker[];
  readonly #shards: readonly Remote<ShardService>[];
  /** What waits for each shard. */
  #incoming: Int32Array[][];
  #progress: readonly TeamProgress[];
  /** Rejected where a thread dies: its calls would wait for ever. */
  readonly #died: Promise<never>;

  constructor(space: SearchSpace, threads: number, worker: () => Worker) {
    const properties = space.properties.map(({ name }) => name);
    propertiesNamed(properties);
    this.#space = { ...space, properties };
    this.#workers = Array.from({ length: threads }, worker);
    this.#shards = this.#workers.map((one) => wrap<ShardService>(nodeEndpoint(one)));
    this.#incoming = this.#workers.map(() => []);
    this.#progress = this.#workers.map(() => NONE);
    this.#died = new Promise((_, reject) => {
      for (const one of this.#workers) {
        one.on('error', reject);
        one.on('exit', (code) => reject(new Error(`a thread of the search ended, with exit status ${code}`)));
      }
    });
    this.#died.catch(() => {});
  }

  async begin(): Promise<void> {
    const shards = this.#shards.length;
    await this.#all((shard, at) => shard.begin(this.#space, at, shards));
  }

  async expand(): Promise<boolean> {
    const waiting = this.#incoming;
    this.#incoming = this.#workers.map(() => []);
    const rounds = await this.#all((shard, at) => {
      const blocks = waiting[at]!;
      return shard.round(
        ROUND,
        transfer(
          blocks,
          blocks.map(({ buffer }) => buffer),
        ),
      );
    });
    let sent = 0;
    for (const { blocks } of rounds) {
      for (const [to, block] of blocks.entries()) {
        if (block.length > 0) this.#incoming[to]!.push(block);
        sent += block.length;
      }
    }
    this.#progress = rounds.map(({ progress }) => progress);
    return sent > 0 || this.#progress.some(({ left }) => left > 0);
  }

  async endLevel(): Promise<LevelEnd> {
    const ends = await this.#all((shard) => shard.endLevel());
    this.#progress = ends.map(({ progress }) => progress);
    return ends.map(({ end }) => end).reduce(joinEnds);
  }

  readonly find: Team['find'] = async (level, hashLo, hashHi) =>
    (await this.#all((shard) => shard.find(level, hashLo, hashHi))).flat();

  progress(): TeamProgress {
    return this.#progress.reduce(addProgress);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #all<T>(ask: (shard: Remote<ShardService>, at: number) => Promise<T>): Promise<T[]> {
    return Promise.race([Promise.all(this.#shards.map(ask)), this.#died]);
  }
}
