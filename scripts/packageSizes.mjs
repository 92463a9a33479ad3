// What the packages weigh, and the most that each may: a bundle of esbuild, minified and packed by brotli; tarballs; the installed command line.
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

/**
 * Bundles of what an importer takes; bytes. "All of vma-core" is all that its first entry exports; the others weigh what they add to it or less.
 * @type {readonly (readonly [what: string, code: string, most: number])[]}
 */
const BUNDLES = [
  ['all of vma-core', "export * from 'vma-core';", 15_100],
  ['merges and their reasons', "export { pairVerdict, explain, Mm } from 'vma-core';", 13_500],
  ['all entries of vma-core', "export * from 'vma-core/page.js';", 32_000],
  ['vmaNeedsCopy', "export { vmaNeedsCopy } from 'vma-core';", 250],
  [
    'vmaNeedsCopy on one kernel',
    "export { vmaNeedsCopy } from 'vma-core'; export { KERNEL_6_19 } from 'vma-core/profiles';",
    2000,
  ],
  ['the client of a worker', "export { startForkSim } from 'fork-sim/worker';", 4500],
];

/** Tarballs, bytes. @type {Readonly<Record<string, number>>} */
const TARBALLS = {
  'vma-core': 310_000,
  'pt-model': 80_000,
  'proc-io': 230_000,
  'fork-sim': 420_000,
  'vma-check': 60_000,
  'vma-lab': 500_000,
};

/** The command line as it is installed, which installs nothing else; bytes. */
const INSTALLED = 3_000_000;

/** @param {string} code @param {string} resolveDir @returns {Promise<number>} Bytes of its bundle. */
async function bundled(code, resolveDir) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return brotliCompressSync(outputFiles[0]?.contents ?? new Uint8Array(0)).length;
}

/**
 * @param {string} root The repository, built.
 * @param {ReadonlyMap<string, { packed: number, unpacked: number }>} tarballs
 * @returns {Promise<{ faults: string[], lines: string[] }>} What is too large, and every size.
 */
export async function checkSizes(root, tarballs) {
  /** @type {[what: string, size: number, most: number][]} */
  const sizes = [];
  for (const [what, code, most] of BUNDLES) sizes.push([`${what}, bundled`, await bundled(code, root), most]);
  for (const [name, { packed, unpacked }] of tarballs) {
    sizes.push([`the tarball of ${name}`, packed, TARBALLS[name] ?? 0]);
    if (name === 'vma-lab') sizes.push(['vma-lab, installed', unpacked, INSTALLED]);
  }
  const lines = sizes.map(([what, size, most]) => `${what}: ${size} of ${most} bytes`);
  return { lines, faults: lines.filter((_, at) => (sizes[at]?.[1] ?? 0) > (sizes[at]?.[2] ?? 0)) };
}
