import { startForkSim } from 'fork-sim/node';
import type { BenchCase } from '../benchCase.ts';
import { syntheticLog } from '../syntheticLog.ts';

const LINES = 1_000_000;
/** Steps back in a row. */
const STEPS = 60;
/** Positions that one run of the log puts at hand: at most so many are kept, for a map of this size. */
const AT_HAND = 1024;

type Client = Awaited<ReturnType<typeof startForkSim>>;

/**
 * Going back in a log of a million lines. What was to be seen at the last positions is kept; further back, the log is run again to where one
 * goes, and what is to be seen at up to 1,024 positions before is at hand then. Times by the clock, as one waits for them.
 */
export const STEP_BACK: readonly BenchCase[] = [
  stepBackCase('near', `a step back, ${STEPS} in a row from the end`, 5, async (client, end) => {
    await client.jump(end);
    const from = performance.now();
    for (let i = 0; i < STEPS; i++) await client.stepBack();
    return (performance.now() - from) / STEPS;
  }),
  stepBackCase(
    'far',
    `to where nothing is at hand, and ${AT_HAND} positions are then`,
    2,
    async (client, end, round) => {
      const from = performance.now();
      await client.jump(end - (round + 1) * 2 * AT_HAND);
      return performance.now() - from;
    },
  ),
];

function stepBackCase(
  name: string,
  title: string,
  rounds: number,
  run: (client: Client, end: number, round: number) => Promise<number>,
): BenchCase {
  return {
    name: `stepBack/${name}`,
    title: `back in a million lines: ${title} (by the clock)`,
    unit: 'ms',
    per: '',
    rounds,
    warmUp: 0,
    prepare: async () => {
      const client = await startForkSim();
      const source = new Blob([...syntheticLog(LINES).chunks]);
      const { length } = await client.loadStrace({ source, explain: false });
      let round = 0;
      return { ours: () => run(client, length, round++), dispose: () => client.dispose() };
    },
  };
}
