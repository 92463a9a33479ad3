#!/usr/bin/env node
// Real calls with odd arguments under strace, replayed and compared with what the kernel answered and mapped; `--help` says more.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { compareMaps, Replay, rowsOfSmaps, validateWorld, vmaRows } from 'fork-sim';
import { parseSmaps, parseStrace } from 'proc-io';
import { formatVmFlags } from 'vma-core';
import { chooseKernelProfile } from 'vma-core/changes';
import { tempFolder } from '../../scripts/tempFolder.mjs';

const USAGE = `usage: oddCalls.mjs [--from SEED] [--seeds N] [--calls N] [--record FILE] [--replay FILE]

A C program makes random memory calls with odd arguments under strace (unaligned, wrapping, unknown flags, files opened for reading or writing
only). Its log is replayed from its first smaps; every result, place and the last smaps are compared. Needs Linux on x86-64, cc and strace.

  --from SEED      the first seed; default 1
  --seeds N        programs; default 20
  --calls N        calls of each; default 200
  --record FILE    writes the logs and their maps, one line of JSON each, compressed
  --replay FILE    replays what was recorded
  --help           this text`;

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20' },
    calls: { type: 'string', default: '200' },
    record: { type: 'string' },
    replay: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}

const KERNEL = release().split('-')[0];
const TRACED = '%memory,%ipc,openat,memfd_create,getppid';
const MARKER = /^getppid\(\)/;
/** What is known of descriptors counts from the start; the calls between the markers are those that the maps bracket. */
const OPENS = /^(openat|memfd_create|shmget)\(/;

/** Runs the program with a seed: the log between its two maps, and the maps. */
function record(program, folder, seed, calls) {
  const log = join(folder, 'log');
  execFileSync('strace', ['-y', '-o', log, '-e', `trace=${TRACED}`, program, seed, calls, folder], { stdio: 'pipe' });
  const lines = readFileSync(log, 'utf8').split('\n');
  const [begin, end] = lines.flatMap((line, at) => (MARKER.test(line) ? [at] : []));
  const before = lines.slice(0, begin).filter((line) => OPENS.test(line));
  return {
    log: `${[...before, ...lines.slice(begin + 1, end)].join('\n')}\n`.replaceAll(folder, '/odd'),
    initial: readFileSync(join(folder, 'initial.smaps'), 'utf8').replaceAll(folder, '/odd'),
    final: readFileSync(join(folder, 'final.smaps'), 'utf8').replaceAll(folder, '/odd'),
  };
}

/** Replays a log, and lists what differs. */
function replayed({ kernel = KERNEL, log, initial, final }) {
  const smaps = parseSmaps(initial).entries;
  const { profile } = chooseKernelProfile(kernel);
  const replay = new Replay({ profile, faults: 'never', initial: new Map([['first', smaps]]) });
  for (const event of parseStrace(log)) replay.feed(event);
  replay.end();
  const { space } = replay.first;
  const { notes } = space;
  const map = vmaRows(space.process, { space, files: replay.files, isSmaps: false }, {});
  const { differences } = compareMaps(rowsOfSmaps(parseSmaps(final).entries), map);
  const text = (what, { call, log: said, model }) =>
    `${what} line ${call.line}: ${said} in the log, ${model} in the model`;
  return {
    calls: notes.calls,
    outside: notes.outsideResults.count,
    differs: [
      ...notes.wrongResults.examples.map((wrong) => text('result', wrong)),
      ...notes.wrongPlaces.examples.map((wrong) => text('place', wrong)),
      ...differences.map(({ real, model, fields }) => `map ${show(real)} | ${show(model)} ${fields.join(' ')}`),
      ...validateWorld(replay.world).map(({ message }) => `unsound: ${message}`),
    ],
  };
}

function show(row) {
  return row === null
    ? '-'
    : `${row.start.toString(16)}-${row.end.toString(16)} ${row.perms} ${row.pgoff.toString(16)} ${formatVmFlags(row.flags)}`;
}

function report(name, recorded) {
  const { calls, outside, differs } = replayed(recorded);
  const lines = recorded.log.split('\n');
  const numbered = differs.map((one) => {
    const line = /line (\d+):/.exec(one)?.[1];
    return line === undefined ? one : `${one}\n      ${lines[Number(line) - 1]}`;
  });
  if (differs.length > 0) console.log(`${name}: ${differs.length} differences\n  ${numbered.slice(0, 8).join('\n  ')}`);
  return { calls, outside, isEqual: differs.length === 0 };
}

if (values.replay !== undefined) {
  const lines = gunzipSync(readFileSync(values.replay)).toString().trimEnd().split('\n');
  const equal = lines.map((line) => JSON.parse(line)).filter((one) => report(`seed ${one.seed}`, one).isEqual);
  console.log(`${equal.length} of ${lines.length} equal`);
  process.exit(equal.length === lines.length ? 0 : 1);
}

const folder = tempFolder('odd-calls-');
try {
  const program = join(folder, 'oddCalls');
  execFileSync('cc', ['-O1', '-Wall', '-o', program, fileURLToPath(new URL('./src/oddCalls.c', import.meta.url))]);
  const from = Number(values.from);
  const totals = { equal: 0, calls: 0, outside: 0 };
  const recordings = [];
  for (let seed = from; seed < from + Number(values.seeds); seed++) {
    const recorded = record(program, folder, String(seed), values.calls);
    const { calls, outside, isEqual } = report(`seed ${seed}`, recorded);
    totals.calls += calls;
    totals.outside += outside;
    if (isEqual) totals.equal++;
    if (values.record !== undefined) recordings.push(`${JSON.stringify({ seed, kernel: KERNEL, ...recorded })}\n`);
  }
  if (values.record !== undefined) writeFileSync(values.record, gzipSync(recordings.join('')));
  const { equal, calls, outside } = totals;
  console.log(
    `${equal} of ${values.seeds} equal in every result and in the last map; ${calls} calls, ${outside} refused for reasons outside of the model`,
  );
  process.exitCode = equal === Number(values.seeds) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
