// Packs each package as `npm publish` would and checks the tarball: publint (exports, files, formats) and
// arethetypeswrong (what TypeScript resolves), and what it weighs. Needs dist; prints one line for each fault, exits 1 when there is one.
// `--sizes` prints every size.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { checkSizes } from './packageSizes.mjs';
import { removeStale } from './removeStale.mjs';
import { tempFolder } from './tempFolder.mjs';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));
const names = readdirSync(packages).sort();

/**
 * @param {Uint8Array} tarball
 * @returns {Promise<string[]>} What TypeScript would resolve wrongly. The packages are ES modules only: the resolutions
 *   that `require` them, and the one of Node 10, which knows no `exports`, are not promised.
 */
async function typeFaults(tarball) {
  const result = await checkPackage(createPackageFromTarballData(tarball));
  if (!result.types) return ['no types in the tarball'];
  return result.problems
    .filter((problem) => !('resolutionKind' in problem && /^node10$|-cjs$/.test(problem.resolutionKind)))
    .map(({ kind, ...where }) => `${kind} ${JSON.stringify(where)}`);
}

/** @param {Uint8Array} tarball @returns {Promise<string[]>} */
async function publishFaults(tarball) {
  const { messages, pkg } = await publint({
    pack: { tarball: Uint8Array.from(tarball).buffer },
    level: 'warning',
  });
  return messages.map(
    (message) => formatMessage(message, /** @type {Record<string, any>} */ (pkg ?? {})) ?? message.code,
  );
}

/**
 * @param {Uint8Array} tarball
 * @returns {string[]} Files that a packed file leads to and that are not packed: imports, source maps, their sources. Sources packed twice.
 */
function linkFaults(tarball) {
  const pack = createPackageFromTarballData(tarball);
  const files = new Set(pack.listFiles());
  return [...files].flatMap((file) => {
    if (!/\.(?:js|d\.ts|map)$/.test(file)) return [];
    const text = pack.readFile(file);
    const { paths, faults } = file.endsWith('.map')
      ? mapLinks(file, text)
      : { paths: codeLinks(file, text), faults: [] };
    const missing = paths.filter((path) => !files.has(join(dirname(file), path)));
    return [...faults, ...missing.map((path) => `${file} leads to ${path}, which is not packed`)];
  });
}

/** @param {string} file @param {string} text @returns {string[]} */
function codeLinks(file, text) {
  const links = text.matchAll(
    /(?:\bfrom|\bimport|\bimport\(|new URL\()\s*["'](\.\.?\/[^"'\n]+)["']|^\/\/# sourceMappingURL=(\S+)$/gm,
  );
  return [...links].map(
    ([, path = '', map]) => map ?? (file.endsWith('.d.ts') ? path.replace(/\.[jt]s$/, '.d.ts') : path),
  );
}

/** @param {string} file @param {string} text @returns {{ paths: string[], faults: string[] }} */
function mapLinks(file, text) {
  /** @type {{ sources: string[], sourcesContent?: string[] }} */
  const { sources, sourcesContent } = JSON.parse(text);
  return sourcesContent === undefined
    ? { paths: sources, faults: [] }
    : { paths: [], faults: [`${file} holds its sources, which are packed beside it`] };
}

/** @returns {string[]} What the bundled command line would still load from elsewhere: nothing else is installed with it. */
function bundleFaults() {
  const files = new Set(['./bin.js', './index.js', './conform/index.js', './shard.worker.js']);
  const faults = [];
  for (const file of files) {
    const text = readFileSync(join(packages, 'vma-lab/dist', file), 'utf8');
    for (const [, from = ''] of text.matchAll(
      /\b(?:import|export)(?:[\w$*{},\s]*from|\()?\s*["'`]([\w@.:/-]+)["'`]/g,
    )) {
      if (from.startsWith('.')) files.add(`./${join(dirname(file), from)}`);
      else if (!from.startsWith('node:')) faults.push(`dist/${file} loads ${from}`);
    }
  }
  return files.size <= 8 ? faults : [...faults, `dist/bin.js is ${files.size} files`];
}

for (const name of names) removeStale(join(packages, name));
const folder = tempFolder('check-packages-');
try {
  const npm = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const root = join(packages, '..');
  const said = execFileSync('npm', [...npm, ...names.flatMap((name) => ['--workspace', name])], { cwd: root });
  /** @type {{ name: string, size: number, unpackedSize: number }[]} */
  const packed = Object.values(JSON.parse(said.toString()));
  const tarballs = new Map(
    packed.map(({ name, size, unpackedSize }) => [name, { packed: size, unpacked: unpackedSize }]),
  );
  const sizes = await checkSizes(root, tarballs);
  for (const line of process.argv.includes('--sizes') ? sizes.lines : sizes.faults) console.error(line);
  let faults = sizes.faults.length;
  for (const name of names) {
    const { version } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'));
    const tarball = readFileSync(join(folder, `${name}-${version}.tgz`));
    for (const fault of [
      ...(await publishFaults(tarball)),
      ...(await typeFaults(tarball)),
      ...linkFaults(tarball),
      ...(name === 'vma-lab' ? bundleFaults() : []),
    ]) {
      faults++;
      console.error(`${name}: ${fault}`);
    }
  }
  console.log(`check-packages: ${names.length} packages, ${faults} faults`);
  if (faults > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
