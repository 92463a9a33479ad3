// Everything that must hold: `npm test`. A step that passes prints one line; one that fails prints all it said.
// The tests themselves report as they run. The last line is the sum: tests, plus one for each failed step.
// `npm test -- lint vitest` runs only the steps named.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sumOf } from './testSum.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/test');
const report = join(cache, 'vitest.json');
const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` };

// The site is built to be served under a path, as most hosts do, so that every test of a page is a test of that too.
/** @type {readonly { name: string, command: string[], live?: boolean, env?: Record<string, string> }[]} */
const STEPS = [
  { name: 'lock', command: ['npm', 'ci', '--dry-run', '--ignore-scripts'] },
  { name: 'build', command: ['node', 'scripts/turbo.mjs', 'run', 'build'] },
  { name: 'typecheck', command: ['npm', 'run', 'typecheck'] },
  { name: 'format', command: ['biome', 'ci', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware'] },
  { name: 'unused', command: ['knip', '--no-config-hints'] },
  { name: 'docs', command: ['npm', 'run', 'docs:build'], env: { DOCS_BASE_URL: '/lab/' } },
  { name: 'packages', command: ['node', 'scripts/check-packages.mjs'] },
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
rmSync(report, { force: true });

/** @type {string[]} */
const failedSteps = [];
for (const { name, command, live = false, env: own = {} } of STEPS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const [program = '', ...args] = command;
  const begin = performance.now();
  if (live) console.log(`\n${name}`);
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    env: { ...env, ...own },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: live ? 'inherit' : 'pipe',
  });
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (status === 0) continue;
  failedSteps.push(name);
  if (!live) console.log(`${stdout}${stderr}${error?.message ?? ''}`);
}

const vitest = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
const sum = sumOf(failedSteps, vitest);
for (const line of sum.notes) console.log(line);
const last = `${sum.passed} passed, ${sum.failed} failed`;
writeFileSync(join(cache, 'sum.txt'), `${last}\n`);
console.log(`\n${last}`);
process.exitCode = sum.failed > 0 ? 1 : 0;
