import { isDeepStrictEqual } from 'node:util';
import { runScenario, World } from 'fork-sim';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { drawDifference } from './support/drawDifference.ts';
import { readRecording } from './support/readRecording.ts';

const KERNELS = ['6.12.107', '6.16.12', '6.18.15', '6.18.44', '6.19.14', '7.3.4'] as const;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Attaches an observer to every process that is made from now on, fork children too. Answers what it counts. */
function watchEveryProcess(): { readonly seen: Record<string, number> } {
  const seen: Record<string, number> = { merged: 0, refused: 0, split: 0 };
  const unwatched = Reflect.get(World.prototype, 'newProcess');
  vi.spyOn(World.prototype, 'newProcess').mockImplementation(function newWatchedProcess(this: World) {
    const process = unwatched.call(this);
    process.mm.observer = ({ kind }) => {
      seen[kind] = (seen[kind] ?? 0) + 1;
    };
    return process;
  });
  return { seen };
}

// The recordings themselves are verified unwatched (recordings.test.ts): whoever watches must see the same states.
describe.each(['kernels', 'kernels2'])('%s, watched: the same states', (folder) => {
  it.each(KERNELS)('%s', (kernel) => {
    const { options, scenarios } = readRecording(`${folder}/${kernel}.jsonl.gz`);
    const { seen } = watchEveryProcess();
    for (const { scenario, steps } of scenarios) {
      const watched = runScenario(scenario, options);
      if (!isDeepStrictEqual(watched, steps)) {
        expect.fail(`${scenario.id} on ${kernel}: ${drawDifference(steps, watched)}`);
      }
    }
    for (const kind of ['merged', 'refused', 'split']) expect([kind, (seen[kind] ?? 0) > 500]).toEqual([kind, true]);
  });
});
