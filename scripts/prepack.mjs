// Builds a package before it is packed, so that no tarball leaves without its code, or with an old build. Run by npm in the folder of
// the package. What the build says goes to standard error: `npm pack` prints the name of the tarball to standard output.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { removeStale } from './removeStale.mjs';

const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const turbo = fileURLToPath(new URL('turbo.mjs', import.meta.url));
const args = [turbo, 'run', 'build', `--filter=${name}`, '--output-logs=errors-only'];
const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 2, 2] });
if (status !== 0) process.exit(status ?? 1);
removeStale('.');

/** @param {string | Record<string, string>} target @returns {string[]} */
const filesOf = (target) => (typeof target === 'string' ? [target] : Object.values(target));
const missing = Object.values(exports)
  .flatMap(filesOf)
  .filter((file) => !existsSync(file));
for (const file of missing) console.error(`${name}: ${file} is exported, and the build did not make it`);
process.exitCode = missing.length > 0 ? 1 : 0;
