// One mutant: searches with the packages of the folder that it is started in, and prints what came of it as a line of JSON.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const packages = process.argv[2];
/** @param {string} name @returns {Promise<any>} */
const from = (name) => import(pathToFileURL(`${packages}/${name}/dist/index.js`).href);
const { explore, transitionsOf } = await from('vma-check');
const { runScenario } = await from('fork-sim');
const { kernelProfile } = await from('vma-core');

/** What `check` is asked; nothing is broken in any of these. */
const SEARCHES = [
  ['6.19', { ops: 'guards', pages: 2 }],
  ['6.19', { ops: 'moves', pages: 3, depth: 4 }],
  ['6.19', { ops: 'softDirty', pages: 2, depth: 5 }],
  ['6.19', { ops: 'hints', pages: 2, depth: 4 }],
  ['6.19', { ops: 'small', pages: 2, depth: 5 }],
  ['7.3', { ops: 'small', pages: 3, depth: 4 }],
  ['7.3', { ops: 'counters', pages: 2, depth: 4 }],
  ['6.19', { ops: 'medium', pages: 2, depth: 4 }],
  ['6.19', { ops: 'full', pages: 2, depth: 3 }],
  ['6.19', { ops: ['fileRw', 'protR', 'protRw', 'write', 'GUARD_INSTALL', 'munmap', 'fork'], pages: 3, depth: 5 }],
];

/** Spaces in which survivors are compared with the unchanged engine, call by call. */
const COMPARED = [
  ['6.19', { ops: 'medium', pages: 2, depth: 3 }],
  ['7.3', { ops: 'small', pages: 3, depth: 3 }],
  ['6.19', { ops: 'full', pages: 2, depth: 2 }],
  ['6.19', { ops: ['fileRw', 'anonRw', 'protR', 'protRw', 'write', 'GUARD_INSTALL', 'fork'], pages: 2, depth: 4 }],
];

/** Every call in every state of those spaces. */
function sequences() {
  return COMPARED.map(([name, options]) => [name, [...transitionsOf(kernelProfile(name), options)]]);
}

/**
 * What a program sees of the last call of each sequence: results, faults, values, guards and pages; not VMAs.
 * @param {readonly (readonly [profile: string, paths: readonly object[][]])[]} all
 */
function seen(all) {
  return all.flatMap(([name, paths]) => {
    const profile = kernelProfile(name);
    return paths.map((ops) => {
      const { res, faults, vals, pages, sd, child } = runScenario({ id: '', ops }, { profile }).at(-1);
      return JSON.stringify([res, faults, vals, pages, sd, child?.pages, child?.sd]);
    });
  });
}

/** The property that a search finds broken, or null. */
async function search() {
  for (const [name, options] of SEARCHES) {
    const explored = await explore(kernelProfile(name), options);
    if (explored.verdict === 'counterexample') return explored.property.name;
  }
  return null;
}

async function main() {
  const [, , , task, file = ''] = process.argv;
  if (task === 'sequences') return sequences();
  if (task === 'seen') return seen(JSON.parse(readFileSync(file, 'utf8')));
  return { caught: await search() };
}

console.log(JSON.stringify(await main().catch((error) => ({ caught: `${error.name}: ${error.message}` }))));
