import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runsTable, withRun } from '../../conformance/runsTable.mjs';

const read = (name: string): string => readFileSync(new URL(`../../conformance/${name}`, import.meta.url), 'utf8');

it('RUNS.md is made of runs.json: node conformance/addRun.mjs', () => {
  expect(read('RUNS.md')).toBe(runsTable(JSON.parse(read('runs.json'))));
});

it('random scenarios of a day are one row; a repeated seed counts once, a repeated part replaces', () => {
  const run = (seed: number, different = 0): Parameters<typeof withRun>[1] => ({
    date: '2026-11-28',
    kernel: { label: '6.18.44' },
    profile: '6.19',
    seed,
    parts: [
      { name: 'litmus files', done: 155, steps: null, different, differentOnce: 0 },
      { name: `random, seed ${seed}`, done: 10, steps: 300, different, differentOnce: 1 },
      { name: 'second set', done: 0, steps: 0, different: 0, differentOnce: 0 },
    ],
  });
  const rows = [run(7), run(3, 1), run(7, 1)].reduce(withRun, []);
  const head = { date: '2026-11-28', kernel: '6.18.44', profile: '6.19' };
  expect(rows).toEqual([
    { ...head, what: 'litmus files', seeds: [], number: 155, calls: 0, different: 1, once: 0 },
    { ...head, what: 'random scenarios', seeds: [3, 7], number: 20, calls: 600, different: 1, once: 2 },
  ]);
});
