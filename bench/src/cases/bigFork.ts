import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchCase } from '../benchCase.ts';

const SCRIPT = fileURLToPath(new URL('../bigForkProcess.js', import.meta.url));
const run = promisify(execFile);
const GIB = 64;

/** What `bigForkProcess` prints. */
interface BigFork {
  readonly forkMs: number;
  readonly rssMib: number;
  readonly pages: number;
}

/** The largest fork: each round in a process of its own, whose memory is told too. */
export const BIG_FORK: readonly BenchCase[] = [
  {
    name: 'bigfork',
    title: `fork, ${GIB} GiB resident (16.8 million pages)`,
    unit: 'ms',
    per: 'a fork',
    rounds: 3,
    warmUp: 0,
    needsMib: 1536,
    freshMib: 320,
    prepare: () => {
      let last: BigFork = { forkMs: 0, rssMib: 0, pages: 0 };
      return {
        ours: async () => {
          const { stdout } = await run(process.execPath, [SCRIPT, String(GIB)]);
          last = JSON.parse(stdout) as BigFork;
          return last.forkMs;
        },
        counts: () => ({ processMib: Math.round(last.rssMib), pages: last.pages }),
      };
    },
  },
];
