#!/usr/bin/env node
// Compares the model with the running kernel in every state of a small space; `--help` says more.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { formatOp, recordedKernel, runScenario } from 'fork-sim';
import { THEMES, transitionsOf } from 'vma-check';
import { chooseKernelProfile } from 'vma-core';
import { compileProber, ProberError, probeHeader, runOnKernel } from './kernelProber.mjs';

const USAGE = `usage: check-running.mjs [--pages N] [--ops THEME|LIST] [--depth N] [--profile NAME] [--at-most N]

Makes every call in every state that --depth calls lead to, on the running kernel and on the model, and compares results, VMAs,
VmFlags, offsets, pages, soft-dirty bits, and those of the child where a call is a fork. Exits 1 where something differs.
Needs root and a C compiler. P=3 small to depth 4 takes some minutes.

  --pages N         pages of the arena (default 2)
  --ops THEME|LIST  ${Object.keys(THEMES).join(', ')}, or kinds with commas between them (default small)
  --depth N         most calls (default 3)
  --profile NAME    the model (default: that of the running kernel)
  --at-most N       sequences that differ and are shown (default 10); then it stops
  --help            this text`;
/** Sequences that the kernel is asked at once. */
const CHUNK = 1000;

/** @param {Iterable<readonly import('fork-sim').Op[]>} all */
function* chunks(all) {
  let chunk = [];
  for (const ops of all) {
    chunk.push({ id: `sequence ${chunk.length}`, ops });
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  yield chunk;
}

function main() {
  const { values } = parseArgs({
    options: {
      pages: { type: 'string', default: '2' },
      ops: { type: 'string', default: 'small' },
      depth: { type: 'string', default: '3' },
      profile: { type: 'string' },
      'at-most': { type: 'string', default: '10' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(USAGE);
  const prober = compileProber();
  const header = probeHeader(prober, 1);
  const { profile, measured, note } = chooseKernelProfile(values.profile ?? recordedKernel(header));
  if (!measured) console.log(note);
  const { softDirty, faultAroundPages } = header;
  const options = { profile, softDirty, faultAroundPages };
  const ops = Object.hasOwn(THEMES, values.ops) ? values.ops : values.ops.split(',');
  const space = { pages: Number(values.pages), ops, depth: Number(values.depth), softDirty };
  let compared = 0;
  let different = 0;
  for (const chunk of chunks(transitionsOf(profile, space))) {
    const records = runOnKernel(prober, chunk, { format: 1 });
    for (const [at, { steps }] of [...records].entries()) {
      compared++;
      const scenario = chunk[at];
      const last = runScenario(scenario, options).at(-1);
      if (isDeepStrictEqual(JSON.parse(JSON.stringify(last)), steps.at(-1))) continue;
      different++;
      if (different > Number(values['at-most'])) break;
      console.log(
        `${scenario.ops.map(formatOp).join('; ')}\n  kernel ${JSON.stringify(steps.at(-1))}\n  model  ${JSON.stringify(last)}`,
      );
    }
    if (process.stderr.isTTY) process.stderr.write(`\r${compared} calls compared, ${different} differ`);
    if (different > Number(values['at-most'])) break;
  }
  console.log(
    `${header.kernel}, profile ${profile.name}: ${values.ops}, ${values.pages} pages, depth ${values.depth}: ${compared} calls compared, ${different} differ`,
  );
  if (different > 0) process.exitCode = 1;
}

try {
  main();
} catch (error) {
  if (!(error instanceof ProberError || error instanceof RangeError)) throw error;
  console.error(`check-running: ${error.message}`);
  process.exitCode = 2;
}
