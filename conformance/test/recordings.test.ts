import { parseScenarios, runScenario, type Scenario } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { drawDifference } from './support/drawDifference.ts';
import { readLines, readRecording } from './support/readRecording.ts';
import { replayWatched } from './support/replayWatched.ts';

/** Kernels that performed random scenarios too. */
const FUZZED = ['6.12.107', '6.16.12', '6.18.15', '6.18.44', '6.19.14', '7.3.4'] as const;
const KERNELS = ['5.10.223', '6.1.176', ...FUZZED] as const;
const SETS = [
  { folder: 'kernels', scenarios: 1119, steps: 15_762 },
  { folder: 'kernels2', scenarios: 1185, steps: 12_427 },
] as const;

// Each recording is replayed once, watched. Unwatched, these sets are replayed for the site's page "How we know", whose test
// wants every scenario equal, and two of them by the command line; the random scenarios below are unwatched, of every kernel.
describe.each(SETS)('$folder: every step, every field, watched by an observer', ({ folder, scenarios, steps }) => {
  const tags = [...new Set([...parseScenarios(readLines(`${folder}/scenarios.jsonl.gz`), folder)].map(tagOf))];

  it.each(KERNELS)(`%s has ${scenarios} scenarios and ${steps} steps`, (kernel) => {
    const recording = readRecording(`${folder}/${kernel}.jsonl.gz`);
    expect(recording.scenarios).toHaveLength(scenarios);
    expect(recording.scenarios.reduce((sum, recorded) => sum + recorded.steps.length, 0)).toBe(steps);
  });

  describe.each(KERNELS)('%s', (kernel) => {
    it.each(tags)('%s', (tag) => {
      const { differences } = replayWatched(`${folder}/${kernel}.jsonl.gz`);
      const ofTag = differences.filter(({ scenario }) => tagOf(scenario) === tag);
      expect(ofTag.length).toBeGreaterThan(0);
      const different = ofTag.filter(({ difference }) => difference !== null);
      const [first] = different;
      expect(different, `first: ${first?.scenario.id} on ${kernel}: ${first?.difference}`).toHaveLength(0);
    });

    it('the observer has seen what merged, what was refused and what was split', () => {
      const { seen } = replayWatched(`${folder}/${kernel}.jsonl.gz`);
      for (const kind of ['merged', 'refused', 'split']) expect([kind, (seen[kind] ?? 0) > 500]).toEqual([kind, true]);
    });
  });
});

describe('fuzz: what random scenarios found on the running kernel', () => {
  const { options, scenarios } = readRecording('fuzz/found.jsonl');

  it.each(scenarios)('$scenario.id: $scenario.note', ({ scenario, steps }) => {
    expect(drawDifference(steps, runScenario(scenario, options))).toBeNull();
  });
});

describe.each(FUZZED)('fuzz: random scenarios, as %s answered them', (kernel) => {
  const { options, scenarios } = readRecording(`fuzz/random-${kernel}.jsonl.gz`);
  const flavours = [...new Set(scenarios.map(({ scenario }) => scenario.tags?.[1] ?? ''))];

  it.each(flavours)('%s', (flavour) => {
    const some = scenarios.filter(({ scenario }) => scenario.tags?.[1] === flavour);
    for (const { scenario, steps } of some) {
      const difference = drawDifference(steps, runScenario(scenario, options));
      expect(difference, `${scenario.id}: ${difference}`).toBeNull();
    }
    expect(some.length).toBeGreaterThan(0);
  });
});

function tagOf({ tags }: Scenario): string {
  return tags?.[0] ?? 'none';
}
