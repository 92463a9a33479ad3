#!/usr/bin/env node
// fuzz.mjs [--flavour NAME,NAME|all] [--from SEED] [--count N] [--record FILE] [--keep-going]
// Random scenarios on the running kernel and in the model, compared step by step, field by field. The first difference of a
// scenario is shrunk and printed; exit status 1. --record appends what the kernel says to a file of recordings.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { runScenario } from 'fork-sim';
import { compileProber, ProberError, probeHeader, runOnKernel } from '../prober/kernelProber.mjs';
import { FLAVOUR_NAMES, generateScenario } from './generate.mjs';
import { shrinkScenario } from './shrink.mjs';

const BATCH = 100;
/** The features of format 2 are compared in every scenario: `wp` and `pt` say more. */
const FORMAT = 2;

const { values } = parseArgs({
  options: {
    flavour: { type: 'string', default: 'all' },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    show: { type: 'string', default: '5' },
  },
});

const program = compileProber();
const header = probeHeader(program, FORMAT);
const options = {
  profile: header.kernel,
  softDirty: header.softDirty,
  faultAroundPages: header.faultAroundPages,
  format: FORMAT,
};

/** Index of the first step that differs, or -1. */
function firstDifference(recorded, modelled) {
  return recorded.findIndex((step, i) => !isDeepStrictEqual(modelled[i], step));
}

function model(scenario) {
  try {
    return runScenario(scenario, options);
  } catch (error) {
    return [{ thrown: String(error.stack) }];
  }
}

function differs(scenario) {
  // Without a heap of the scenario's own, `brk` moves the prober's.
  const ops = scenario.ops.map(({ op }) => op);
  if (ops.includes('brk') && !ops.slice(0, ops.indexOf('brk')).includes('set_brk')) return false;
  try {
    const [record] = runOnKernel(program, [scenario], { format: FORMAT });
    return firstDifference(record.steps, model(scenario)) >= 0;
  } catch (error) {
    if (error instanceof ProberError) return false;
    throw error;
  }
}

function explain(scenario) {
  const [record] = runOnKernel(program, [scenario], { format: FORMAT });
  const steps = model(scenario);
  const at = firstDifference(record.steps, steps);
  const lines = scenario.ops.slice(0, at + 1).map((op, i) => `  ${JSON.stringify(op)} ${record.steps[i].res}`);
  if (at > 0)
    lines.push(
      `  before  ${JSON.stringify(record.steps[at - 1].vmas)} ${JSON.stringify(record.steps[at - 1].pages)} pt ${record.steps[at - 1].pt}`,
    );
  if (steps[0]?.thrown) return [...lines, steps[0].thrown].join('\n');
  for (const key of new Set([...Object.keys(record.steps[at]), ...Object.keys(steps[at] ?? {})])) {
    const [kernel, ours] = [record.steps[at][key], steps[at]?.[key]];
    if (isDeepStrictEqual(kernel, ours)) continue;
    lines.push(`  ${key}`, `    kernel ${JSON.stringify(kernel)}`, `    model  ${JSON.stringify(ours)}`);
  }
  return lines.join('\n');
}

let scenarios = 0;
let steps = 0;
const shown = [];
const wrong = [];
for (const flavour of values.flavour === 'all' ? FLAVOUR_NAMES : values.flavour.split(',')) {
  let different = 0;
  const from = Number(values.from);
  const to = from + Number(values.count);
  for (let seed = from; seed < to; seed += BATCH) {
    const batch = [];
    for (let i = seed; i < Math.min(seed + BATCH, to); i++) batch.push(generateScenario(i, flavour));
    const iterator = runOnKernel(program, batch, { format: FORMAT });
    for (const scenario of batch) {
      const { value: record } = iterator.next();
      const at = firstDifference(record.steps, model(scenario));
      scenarios++;
      steps += at < 0 ? record.steps.length : at;
      if (at < 0) continue;
      different++;
      wrong.push(scenario.id);
      if (shown.filter((id) => id.includes(flavour)).length >= Number(values.show)) continue;
      shown.push(scenario.id);
      const small = shrinkScenario(scenario, differs);
      console.log(`${scenario.id}: step ${at} differs; shrunk:\n${JSON.stringify(small)}\n${explain(small)}\n`);
    }
  }
  console.log(`${flavour}: ${different} of ${to - from} differ`);
}
console.log(`${scenarios - wrong.length} of ${scenarios} scenarios, ${steps} steps agree with ${header.kernel}`);
if (wrong.length > 0) process.exitCode = 1;
