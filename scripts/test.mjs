// Everything that must hold: `npm test`. A step that passes prints one line; one that fails prints all it said.
// Two steps run at a time; the tests come last, alone, and report as they run. The last line is the sum: tests, plus
// one for each failed step, and one where temporary files are left behind. `npm test -- lint vitest` runs only the steps named.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from './tempFolder.mjs';
import { sumOf } from './testSum.mjs';

/** Steps that run at the same time. */
const AT_ONCE = 2;
const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/test');
const report = join(cache, 'vitest.json');
/** For what the steps put into a temporary folder: they are to take it away again. */
const temporary = tempFolder('vma-lab-test-');
/** The site's builder keeps a cache in its temporary folder, which stays with the other caches. */
const ofBuilder = join(root, 'node_modules/.cache/docs');
const env = {
  ...process.env,
  TMPDIR: temporary,
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
};

// The site is built to be served under a path, as most hosts do, so that every test of a page is a test of that too.
/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} command
 * @property {Record<string, string>} [env]
 * @property {readonly string[]} [after] Steps that must be over before it begins, passed or failed.
 * @property {boolean} [live] Prints as it runs, and runs alone.
 */

/** The longest chain first: of the steps that may begin, the first one does. @type {readonly Step[]} */
const STEPS = [
  { name: 'build', command: ['node', 'scripts/turbo.mjs', 'run', 'build'] },
  {
    name: 'docs',
    command: ['npm', 'run', 'docs:build'],
    env: { DOCS_BASE_URL: '/lab/', TMPDIR: ofBuilder },
    after: ['build'],
  },
  { name: 'packages', command: ['node', 'scripts/check-packages.mjs'], after: ['build'] },
  { name: 'typecheck', command: ['npm', 'run', 'typecheck'] },
  { name: 'lock', command: ['npm', 'ci', '--dry-run', '--ignore-scripts'] },
  { name: 'format', command: ['biome', 'ci', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware'] },
  { name: 'unused', command: ['knip', '--no-config-hints'] },
  {
    name: 'vitest',
    command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    live: true,
  },
];

const wanted = process.argv.slice(2);
if (wanted.includes('--help')) {
  console.log(`npm test [-- STEP...]

Everything that must hold, or only the steps named: ${STEPS.map((step) => step.name).join(', ')}.
A step that passes prints one line; one that fails prints all it said. The last line is the sum: tests, and one for each failed step.`);
  process.exit();
}
const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`test: no step ${unknown.join(', ')}; there are ${STEPS.map((step) => step.name).join(', ')}`);
  process.exit(2);
}

mkdirSync(cache, { recursive: true });
mkdirSync(ofBuilder, { recursive: true });
rmSync(report, { force: true });

/** @type {string[]} */
const failedSteps = [];

/** @param {Step} step */
async function run({ name, command: [program = '', ...args], live = false, env: own = {} }) {
  const begin = performance.now();
  if (live) console.log(`\n${name}`);
  const child = spawn(program, args, { cwd: root, env: { ...env, ...own }, stdio: live ? 'inherit' : 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
  const [status] = await once(child, 'close').catch((error) => {
    said += error.message;
    return [1];
  });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
  if (status === 0) return;
  failedSteps.push(name);
  if (!live) console.log(said);
}

const waiting = STEPS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
/** @type {Map<Step, Promise<void>>} */
const running = new Map();
while (waiting.length > 0 || running.size > 0) {
  const pending = new Set([...waiting, ...running.keys()].map(({ name }) => name));
  const next = waiting.find(
    ({ live, after = [] }) => !(live && running.size > 0) && !after.some((name) => pending.has(name)),
  );
  if (next === undefined || running.size === AT_ONCE || (next.live && waiting.length > 1)) {
    await Promise.race(running.values());
    continue;
  }
  waiting.splice(waiting.indexOf(next), 1);
  running.set(
    next,
    run(next).finally(() => running.delete(next)),
  );
}

// Chromium makes a folder of its own there, and now and then a killed one leaves it.
const left = readdirSync(temporary).filter((name) => !name.startsWith('.org.chromium.'));
if (left.length > 0) {
  failedSteps.push('temporary files');
  console.log(`FAIL temporary files: left behind are ${left.join(', ')}`);
}

const vitest = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
const sum = sumOf(failedSteps, vitest);
for (const line of sum.notes) console.log(line);
const last = `${sum.passed} passed, ${sum.failed} failed`;
writeFileSync(join(cache, 'sum.txt'), `${last}\n`);
console.log(`\n${last}`);
process.exitCode = sum.failed > 0 ? 1 : 0;
