import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { startForkSim } from 'fork-sim/node';
import type { BenchCase, PreparedCase } from '../benchCase.ts';
import { syntheticLog } from '../syntheticLog.ts';

const CALLS = 200;
const PAGES = 2 ** 22;
const LINES = 1_000_000;
const GIB = 2 ** 30;
/** A long task of ours would be in each of them; what other programs do to the thread is not. */
const GAP_ROUNDS = 3;

type Client = Awaited<ReturnType<typeof startForkSim>>;

/**
 * A simulation in a worker thread. These are times by the clock, not CPU times: what counts is how long one waits, and how long the
 * main thread is kept from anything else.
 */
export const WORKER: readonly BenchCase[] = [
  workerCase('call', 'worker: a call and its answer (by the clock)', 15, async (client) => {
    await client.newProcess();
    return async () => {
      const from = performance.now();
      for (let i = 0; i < CALLS; i++) await client.state();
      return (performance.now() - from) / CALLS;
    };
  }),
  workerCase('pages', 'worker: the states of 4 million pages, 8 MiB transferred (by the clock)', 9, async (client) => {
    await client.newProcess();
    const { addr } = await client.buildAnon({ bytes: PAGES * 4096 });
    return async () => {
      const from = performance.now();
      await client.readPages({ addr, pages: PAGES });
      return performance.now() - from;
    };
  }),
  workerCase('gap/fork', 'main thread, longest gap while a worker forks 4 GiB', GAP_ROUNDS, async (client) => {
    return async () =>
      await longestGap(async (onProgress) => {
        await client.newProcess();
        await client.buildAnon({ bytes: 4 * GIB }, { onProgress });
        await client.fork({}, { onProgress });
      });
  }),
  workerCase(
    'gap/replay',
    'main thread, longest gap while a worker replays a million lines',
    GAP_ROUNDS,
    async (client) => {
      const source = new Blob([...syntheticLog(LINES).chunks]);
      return async () =>
        await longestGap(async (onProgress) => {
          await client.loadStrace({ source, explain: false }, { onProgress });
        });
    },
  ),
];

function workerCase(
  name: string,
  title: string,
  rounds: number,
  prepare: (client: Client) => Promise<PreparedCase['ours']>,
): BenchCase {
  return {
    name: `worker/${name}`,
    title,
    unit: 'ms',
    per: '',
    rounds,
    warmUp: rounds === GAP_ROUNDS ? 0 : 2,
    prepare: async () => {
      const client = await startForkSim();
      const ours = await prepare(client);
      const gaps = rounds === GAP_ROUNDS;
      const beside = gaps ? await longestGap(async () => await besideAnother()) : 0;
      return {
        ours,
        ...(gaps ? { counts: () => ({ besideAnyBusyThreadMs: beside }) } : {}),
        dispose: async () => await client.dispose(),
      };
    },
  };
}

/** The longest time, in ms, for which this thread did nothing else while `work` ran. */
async function longestGap(work: (onProgress: () => void) => Promise<void>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work(() => {});
  delay.disable();
  return delay.max / 1e6;
}

/** A thread that does nothing but count for two seconds: the gaps beside it are those of the machine. */
async function besideAnother(): Promise<void> {
  const script = 'const end = Date.now() + 2000; while (Date.now() < end);';
  await once(new Worker(script, { eval: true, execArgv: [] }), 'exit');
}
