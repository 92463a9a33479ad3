#!/usr/bin/env node
// Changes one rule at a time and asks `vma-check` whether it notices; `--help` says more. Needs `npm run build`.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tempFolder } from '../tempFolder.mjs';
import { MUTANTS } from './mutants.mjs';

const USAGE = `usage: run.mjs [--from N] [--to N] [--only TEXT]

Each mutant of mutants.mjs is put into a copy of the built packages. Searches (search.mjs) then look for a property that it breaks:
"caught". Of one that none notices, every call in every state of some small spaces is compared with the unchanged engine: where a
program sees no difference, it is "unseen" (it merges less or more, or changes nothing there); else it is "missed".
Prints a line a mutant and the score; exits 1 where more than one in ten of those that a program sees is missed.

  --from N, --to N  only these, from 0
  --only TEXT       only those whose file has the text`;

const root = fileURLToPath(new URL('../../', import.meta.url));
const search = fileURLToPath(new URL('./search.mjs', import.meta.url));
const PACKAGES = ['vma-core', 'pt-model', 'proc-io', 'fork-sim', 'vma-check'];
/** Milliseconds until a mutant counts as one that never ends. */
const TIME = 180_000;

/** A copy of the built packages, which find each other and, in the repository, what else they need. */
function copyPackages() {
  const folder = tempFolder('mutants-');
  mkdirSync(join(folder, 'node_modules'));
  for (const name of PACKAGES) {
    const to = join(folder, 'packages', name);
    cpSync(join(root, 'packages', name, 'dist'), join(to, 'dist'), { recursive: true });
    cpSync(join(root, 'packages', name, 'package.json'), join(to, 'package.json'));
    symlinkSync(to, join(folder, 'node_modules', name));
  }
  for (const name of ['comlink', 'jsonc-parser', 'valibot']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  return folder;
}

/**
 * Runs a task of search.mjs.
 * @param {string} folder The copy of the packages.
 * @param {...string} task
 * @returns {any} Its answer, or `{ caught }`: why there is none.
 */
function ask(folder, ...task) {
  const run = spawnSync(process.execPath, [search, join(folder, 'packages'), ...task], {
    encoding: 'utf8',
    timeout: TIME,
    maxBuffer: 2 ** 29,
  });
  if (/** @type {NodeJS.ErrnoException | undefined} */ (run.error)?.code === 'ETIMEDOUT')
    return { caught: 'it never ends' };
  try {
    return JSON.parse(run.stdout);
  } catch {
    return {
      caught: `it ends: ${
        run.stderr
          .trim()
          .split('\n')
          .find((line) => /Error/.test(line)) ?? run.status
      }`,
    };
  }
}

/**
 * @param {string} folder
 * @param {readonly string[]} expected What a program sees of the unchanged engine, call by call.
 * @param {string} paths The file of those calls.
 * @returns {['caught' | 'missed' | 'unseen', string]}
 */
function outcomeOf(folder, expected, paths) {
  const { caught } = ask(folder, 'search');
  if (caught !== null) return ['caught', caught];
  const seen = ask(folder, 'seen', paths);
  if (!Array.isArray(seen)) return ['missed', seen.caught];
  const differ = seen.filter((/** @type {string} */ line, at) => line !== expected[at]).length;
  return differ === 0 ? ['unseen', ''] : ['missed', `a program sees ${differ} of ${seen.length} calls differ`];
}

function main() {
  const { values } = parseArgs({
    options: {
      from: { type: 'string', default: '0' },
      to: { type: 'string', default: String(MUTANTS.length) },
      only: { type: 'string', default: '' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(USAGE);
  const folder = copyPackages();
  const paths = join(folder, 'sequences.json');
  writeFileSync(paths, JSON.stringify(ask(folder, 'sequences')));
  const expected = ask(folder, 'seen', paths);
  if (ask(folder, 'search').caught !== null) throw new Error('the unchanged engine breaks a property');
  const score = { caught: 0, missed: 0, unseen: 0 };
  for (const [at, [file, before, after]] of MUTANTS.entries()) {
    if (at < Number(values.from) || at >= Number(values.to) || !file.includes(values.only)) continue;
    const path = join(folder, 'packages', file);
    const text = readFileSync(path, 'utf8');
    if (text.split(before).length !== 2) throw new Error(`mutant ${at}: "${before}" is not in ${file} exactly once`);
    writeFileSync(
      path,
      text.replace(before, () => after),
    );
    const [outcome, how] = outcomeOf(folder, expected, paths);
    writeFileSync(path, text);
    score[outcome]++;
    const change = `${before.trim().split('\n')[0]} -> ${after.trim().split('\n').at(-1)?.trim() || 'nothing'}`;
    console.log(
      `${String(at).padStart(3)} ${outcome.padEnd(7)} ${file.split('/').at(-1)}: ${change}${how === '' ? '' : `  (${how})`}`,
    );
  }
  const visible = score.caught + score.missed;
  console.log(
    `${score.caught} of ${visible} mutants that a program sees are caught; ${score.unseen} are not seen by one`,
  );
  if (score.missed * 10 > visible) process.exitCode = 1;
}

main();
