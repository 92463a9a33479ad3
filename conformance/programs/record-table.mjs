#!/usr/bin/env node
// Records the programs of tablePrograms.mjs, one by one, verifies each recording, and writes TABLE.md; `--help` says more.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tempFolder } from '../../scripts/tempFolder.mjs';
import { ALL } from './tablePrograms.mjs';

const USAGE = `usage: record-table.mjs [--only TEXT] [--keep FOLDER]

Records each program of tablePrograms.mjs that is installed, verifies the recording, and writes table.json and TABLE.md. Rows of
programs that were not run stay as they are. Needs Linux, strace, the packages built; perf, and the right to trace with it, for page faults.

  --only TEXT    programs whose name has TEXT in it
  --keep FOLDER  keep the recordings of what is not exact there
  --help         this text`;

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const CLI = here('../../packages/vma-lab/bin/vma-lab.js');
const MAX_MS = 120_000;
/** The system's own programs first, not the scripts that choose one of several versions. */
const PATH = `/usr/lib/postgresql/15/bin:/usr/bin:/bin:/usr/sbin:${process.env.PATH}`;

/** A line of sh in a folder. */
function sh(script, cwd, user) {
  const command =
    user === undefined ? ['sh', '-c', script] : ['setpriv', `--reuid=${user}`, '--clear-groups', 'sh', '-c', script];
  return spawnSync(command[0], command.slice(1), {
    cwd,
    env: { ...process.env, PATH },
    stdio: 'ignore',
    timeout: MAX_MS,
  });
}

function vmaLab(args, options = {}) {
  return spawnSync('node', [CLI, ...args], { encoding: 'utf8', maxBuffer: 2 ** 30, timeout: MAX_MS * 2, ...options });
}

/** Records and verifies one program. `null`: it is not installed. */
function recordOne({ needs, test = 'true', user, before = 'true', run }, keep) {
  if (sh(`command -v ${needs} && ${test}`, '/').status !== 0) return null;
  const work = tempFolder('table-');
  const recording = join(tempFolder('table-recording-'), 'recording');
  try {
    if (user !== undefined) spawnSync('chown', [user, work]);
    if (sh(before, work, user).status !== 0) return { problem: 'it could not be prepared' };
    const as =
      user === undefined ? ['sh', '-c', run] : ['setpriv', `--reuid=${user}`, '--clear-groups', 'sh', '-c', run];
    const recorded = vmaLab(['record', '-o', recording, '--', ...as], {
      cwd: work,
      env: { ...process.env, PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
      killSignal: 'SIGTERM',
    });
    if (!existsSync(join(recording, 'meta.json'))) return { problem: recorded.stderr.trim().split('\n').at(-1) };
    const meta = JSON.parse(readFileSync(join(recording, 'meta.json'), 'utf8'));
    const verified = vmaLab(['verify', recording, '--json']);
    if (verified.stdout === '') return { problem: verified.stderr.trim().split('\n').at(-1) ?? 'verify did not end' };
    const [{ calls, processes, equal, different, unjudged }] = JSON.parse(verified.stdout).recordings;
    if (different.length > 0 && keep !== undefined) {
      mkdirSync(keep, { recursive: true });
      spawnSync('cp', ['-r', recording, keep]);
    }
    const ended = meta.processes.filter(({ final }) => final === undefined).length;
    const open = Object.values(unjudged).reduce((sum, one) => sum + one, 0);
    return { calls, processes, equal, unjudged: open, ended, faults: meta.faults !== undefined };
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(recording, { recursive: true, force: true });
  }
}

const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

function tableOf({ kernel, rows, why }) {
  const cells = ALL.filter(({ name }) => rows[name] !== undefined).map(({ name }) => {
    const { calls, processes, equal, unjudged = 0, ended, faults, problem } = rows[name];
    const note = why[name] ?? '';
    if (problem !== undefined) return `| ${name} | | | | | | ${problem}. ${note} |`;
    const exact = equal === processes ? `${equal}` : `**${equal} of ${processes}**`;
    return `| ${name} | ${count(calls)} | ${exact} | ${unjudged || ''} | ${ended || ''} | ${faults ? 'recorded' : 'assumed'} | ${note} |`;
  });
  const all = Object.values(rows).filter(({ problem }) => problem === undefined);
  const sum = (field) => all.reduce((total, row) => total + row[field], 0);
  const exact = all.filter(({ equal, processes }) => equal === processes).length;
  return `# Programs, recorded and verified

Made by \`npm run programs:table\` on Linux ${kernel}: \`vma-lab record\` records each program, and \`vma-lab verify\` replays it from its
first maps. It compares the map of every process at its end, VMA for VMA and flag for flag, the address of every mapping and the result of every call.
Where page faults are recorded, nothing is assumed.

${count(exact)} of ${count(all.length)} programs are exact; ${count(sum('equal'))} of ${count(sum('processes'))} processes, in ${count(sum('calls'))} calls.

| program | calls | exact processes | calls not judged | processes without a last map | page faults | what differs, and why |
| --- | --: | --: | --: | --: | --- | --- |
${cells.join('\n')}

Calls not judged: of kinds that are not modelled, or refused for a reason outside the model. Without a last map: processes that were killed,
or that ended by \`exit\` of their last thread.
`;
}

function main() {
  const { values } = parseArgs({
    options: { only: { type: 'string', default: '' }, keep: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const data = existsSync(here('table.json'))
    ? JSON.parse(readFileSync(here('table.json'), 'utf8'))
    : { rows: {}, why: {} };
  data.kernel = release().replace(/-.*/, '');
  for (const program of ALL.filter(({ name }) => name.includes(values.only))) {
    const row = recordOne(program, values.keep);
    console.log(`${program.name}: ${row === null ? 'not installed' : JSON.stringify(row)}`);
    if (row === null) continue;
    data.rows[program.name] = row;
    writeFileSync(here('table.json'), `${JSON.stringify(data, null, 2)}\n`);
    writeFileSync(here('TABLE.md'), tableOf(data));
  }
}

main();
