#!/usr/bin/env node
// Random scenarios on the kernel and in the model, compared step by step, field by field; `--help` says more.
import { writeFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { runScenario } from 'fork-sim';
import { compileProber, ProberError, probeHeader, runOnKernel } from '../prober/kernelProber.mjs';
import { proberInVm } from '../prober/proberInVm.mjs';
import { FLAVOUR_NAMES, generateScenario } from './generate.mjs';
import { shrinkScenario } from './shrink.mjs';

/** The features of format 2 are compared in every scenario: `wp` and `pt` say more. */
const FORMAT = 2;

const USAGE = `usage: fuzz.mjs [--flavour NAME,NAME|all] [--from SEED] [--count N] [--show N] [--kernel IMAGE] [--record FILE]

Random scenarios on the running kernel and in the model, compared step by step, field by field. The first difference of a scenario is
shrunk and printed; the exit status is then 1.

  --flavour NAMES  kinds of scenarios, of ${FLAVOUR_NAMES.join(', ')}; default: all
  --from SEED      the first seed; default 1
  --count N        scenarios of each kind; default 100
  --show N         differences that are printed of each kind; default 5
  --kernel IMAGE   on the kernel of this image, in a virtual machine (qemu-system-x86_64)
  --record FILE    writes what the kernel said as a recording; .gz: compressed
  --help           this text`;

const { values } = parseArgs({
  options: {
    flavour: { type: 'string', default: 'all' },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    show: { type: 'string', default: '5' },
    kernel: { type: 'string' },
    record: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}

const program = compileProber();
const prober = values.kernel === undefined ? program : proberInVm(program, values.kernel);
const header = probeHeader(prober, FORMAT);
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
    const [record] = runOnKernel(prober, [scenario], { format: FORMAT });
    return firstDifference(record.steps, model(scenario)) >= 0;
  } catch (error) {
    if (error instanceof ProberError) return false;
    throw error;
  }
}

function explain(scenario, record) {
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

/** A scenario that differs, in words. In a virtual machine each attempt to shrink it would take a boot, so there it is left whole. */
function report(scenario, record) {
  if (values.kernel !== undefined) return `${JSON.stringify(scenario)}\n${explain(scenario, record)}\n`;
  const small = shrinkScenario(scenario, differs);
  const [again] = runOnKernel(prober, [small], { format: FORMAT });
  return `shrunk: ${JSON.stringify(small)}\n${explain(small, again)}\n`;
}

const flavours = values.flavour === 'all' ? FLAVOUR_NAMES : values.flavour.split(',');
const from = Number(values.from);
const count = Number(values.count);
const scenarios = flavours.flatMap((flavour) =>
  Array.from({ length: count }, (_, i) => generateScenario(from + i, flavour)),
);
const records = [];
const wrong = new Map(flavours.map((flavour) => [flavour, 0]));
let steps = 0;
for (const record of runOnKernel(prober, scenarios, { format: FORMAT, kernel: header.label })) {
  const scenario = scenarios[records.length];
  const flavour = flavours[Math.floor(records.length / count)];
  records.push(record);
  const at = firstDifference(record.steps, model(scenario));
  steps += at < 0 ? record.steps.length : at;
  if (at >= 0) {
    wrong.set(flavour, wrong.get(flavour) + 1);
    if (wrong.get(flavour) <= Number(values.show)) {
      console.log(`${scenario.id}: step ${at} differs; ${report(scenario, record)}`);
    }
  }
  if (records.length % count === 0) console.log(`${flavour}: ${wrong.get(flavour)} of ${count} differ`);
}
const different = [...wrong.values()].reduce((sum, some) => sum + some, 0);
console.log(`${records.length - different} of ${records.length} scenarios, ${steps} steps agree with ${header.kernel}`);
if (values.record !== undefined) {
  const lines = [{ ...header, set: 'fuzz', scenarios: records.length }, ...records].map(
    (one) => `${JSON.stringify(one)}\n`,
  );
  writeFileSync(values.record, values.record.endsWith('.gz') ? gzipSync(lines.join('')) : lines.join(''));
}
if (different > 0) process.exitCode = 1;
