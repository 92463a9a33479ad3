#!/usr/bin/env node
// Performs scenarios on the kernel and records what it does; `--help` says more.
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { compileProber, formatOf, ProberError, probeHeader, runOnKernel } from './kernelProber.mjs';
import { proberInVm } from './proberInVm.mjs';

const USAGE = `usage: run-prober.mjs SCENARIOS [--out FILE] [--against RECORDING] [--format 1|2] [--kernel IMAGE]

Performs the scenarios of a .jsonl or .jsonl.gz file on the running kernel, and writes a recording (recordings/FORMAT.md).

  --out FILE           where to write it; .gz: compressed. Default: standard output
  --against RECORDING  compares instead, and exits 1 when a scenario differs
  --format 1|2         format of the recording. Default: what the scenarios ask for
  --kernel IMAGE       on the kernel of this image, in a virtual machine (qemu-system-x86_64)
  --help               this text`;
/** Scenarios that differ and are printed. */
const SHOWN = 10;

function parseLine(line, file, number) {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new ProberError(`${file}:${number}: not JSON: ${error.message}`);
  }
}

function readJsonLines(file) {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').flatMap((line, i) => (line === '' ? [] : [parseLine(line, file, i + 1)]));
}

/** Prints the first steps that differ, and how many scenarios are the same. */
function compare(records, recording) {
  const expected = new Map(
    readJsonLines(recording).flatMap((record) => (record.kind === 'scenario' ? [[record.id, record]] : [])),
  );
  let same = 0;
  let total = 0;
  for (const record of records) {
    total++;
    const steps = expected.get(record.id)?.steps;
    const at = record.steps.findIndex((step, i) => !isDeepStrictEqual(step, steps?.[i]));
    if (steps && at < 0 && steps.length === record.steps.length) same++;
    else if (total - same <= SHOWN) {
      console.log(
        `${record.id}, step ${at}:\n  here      ${JSON.stringify(record.steps[at])}\n  recorded  ${JSON.stringify(steps?.[at])}`,
      );
    }
  }
  console.log(`${same} of ${total} scenarios are the same as in ${recording}`);
  return same === total;
}

function write(header, records, out) {
  const lines = [header, ...records].map((record) => `${JSON.stringify(record)}\n`);
  if (out === undefined) for (const line of lines) process.stdout.write(line);
  else if (out.endsWith('.gz')) writeFileSync(out, gzipSync(lines.join('')));
  else {
    const stream = createWriteStream(out);
    for (const line of lines) stream.write(line);
    stream.end();
  }
}

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      against: { type: 'string' },
      format: { type: 'string' },
      kernel: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (positionals.length !== 1 || !['1', '2', undefined].includes(values.format)) throw new ProberError(USAGE);
  const scenarios = readJsonLines(positionals[0]);
  const format = values.format === undefined ? formatOf(scenarios) : Number(values.format);
  const program = compileProber();
  const prober = values.kernel === undefined ? program : proberInVm(program, values.kernel);
  const header = { ...probeHeader(prober, format), set: 'here', scenarios: scenarios.length };
  const records = runOnKernel(prober, scenarios, { format, kernel: header.label });
  if (values.against !== undefined) process.exitCode = compare(records, values.against) ? 0 : 1;
  else write(header, records, values.out);
}

try {
  main();
} catch (error) {
  if (!(error instanceof ProberError) && error.code === undefined) throw error;
  console.error(`run-prober: ${error.message}`);
  process.exitCode = 2;
}
