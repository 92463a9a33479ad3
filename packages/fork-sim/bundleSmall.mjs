// After tsc: makes the files in dist small, one by one, so that a bundler can still leave out each that it does not need. Comments stay in the
// declarations, where editors show them. Writes dist/.npmignore: what no entry of the package leads to is not packed.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = join(root, 'dist');
/** One file that imports nothing; `bundleWorker.mjs` makes it. */
const WORKER = 'worker/forkSim.worker.js';

/** @param {string} file @returns {string[]} The files beside it that it imports, or makes a worker of. */
function importedBy(file) {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/(?:\bfrom|\bimport|\bimport\(|new URL\()\s*["'](\.[^"']+)["']/g);
  return [...found].map(([, path = '']) =>
    join(dirname(file), file.endsWith('.d.ts') ? path.replace(/\.[jt]s$/, '.d.ts') : path),
  );
}

/** @param {string[]} entries @returns {Set<string>} The files that they lead to, with them. */
function reachableFrom(entries) {
  const reached = new Set(entries);
  for (const file of reached) {
    if (!existsSync(file)) throw new Error(`${relative(root, file)} is imported, and is not there`);
    if (!file.endsWith(WORKER)) for (const next of importedBy(file)) reached.add(next);
  }
  return reached;
}

const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const targets = Object.values(exports)
  .flatMap((target) =>
    typeof target === 'string' ? [target, target.replace(/\.js$/, '.d.ts')] : [target.types, target.default],
  )
  .filter((path) => path !== './package.json')
  .map((path) => join(root, path));
const packed = reachableFrom(targets);

for (const file of packed) {
  if (!file.endsWith('.js') || file.endsWith(WORKER)) continue;
  const { code } = await transform(readFileSync(file, 'utf8'), { format: 'esm', target: 'es2022', minify: true });
  writeFileSync(file, code);
}
const left = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.(?:js|ts)$/.test(path) && !packed.has(join(dist, path)),
);
const lines = left.sort().map((path) => `/${path}\n`);
writeFileSync(join(dist, '.npmignore'), ['.npmignore\n', ...lines].join(''));
