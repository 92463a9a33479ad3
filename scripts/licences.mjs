// Lists the licences of what is published, and of what builds the site: `npm run licences [-- --all]`.
//
// Two circles, from package-lock.json. `published`: what an npm user gets with the packages, in their dependencies or in the bundle of the
// command line. `site`: all that is installed without development tools, to build and serve the pages. Exits 1 for a licence that no circle allows.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
/** @param {string} path @returns {any} */
const readJson = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

/** Licences of what is handed on: a notice is all that they ask for. */
const PERMISSIVE = [
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Zlib',
  'OFL-1.1',
];
/** Besides, of tools and data that build the site, of which nothing changed is handed on. */
const OF_TOOLS = ['MPL-2.0', 'MPL-1.1', 'CC-BY-4.0', 'CC-BY-3.0', 'Python-2.0', 'WTFPL', 'Artistic-2.0'];

/** Those that say it in their text alone, looked up there. @type {Readonly<Record<string, string>>} */
const IN_TEXT = { 'require-like 0.1.2': 'MIT' };

/** @typedef {{ name: string, version: string, licence: string, circle: 'published' | 'site' }} Licensed */

/**
 * The licence of an entry of the lock; of one that says none, its own package.json does.
 * @param {string} key @param {{ license?: string, optional?: boolean }} entry @returns {string}
 */
function licenceOf(key, entry) {
  if (entry.license !== undefined) return entry.license;
  try {
    const { name, version, license, licenses } = readJson(`${key}/package.json`);
    return String(license?.type ?? license ?? licenses?.[0]?.type ?? IN_TEXT[`${name} ${version}`] ?? 'not said');
  } catch {
    // Of another system: the package that names it has the same.
    return entry.optional ? 'not installed here' : 'not said';
  }
}

/** @returns {Licensed[]} Everything that is installed without development tools. */
export function listLicences() {
  /** @type {Record<string, any>} */
  const entries = readJson('package-lock.json').packages;
  /** @type {Set<string>} */
  const published = new Set();
  /** @param {string} name @param {string} from Folder of a workspace, which may have a version of its own. */
  const add = (name, from) => {
    const own = `${from}/node_modules/${name}`;
    const key = own in entries ? own : `node_modules/${name}`;
    if (published.has(key)) return;
    published.add(key);
    const entry = entries[key].link ? entries[entries[key].resolved] : entries[key];
    for (const one of Object.keys(entry.dependencies ?? {})) add(one, entries[key].resolved ?? from);
  };
  for (const folder of readdirSync(new URL('packages/', root))) {
    const manifest = readJson(`packages/${folder}/package.json`);
    for (const name of Object.keys(manifest.dependencies ?? {})) add(name, `packages/${folder}`);
    // What the command line is bundled from.
    if (folder === 'vma-lab') for (const name of Object.keys(manifest.devDependencies)) add(name, `packages/${folder}`);
  }
  return Object.entries(entries)
    .filter(([key, entry]) => key.includes('node_modules/') && !entry.link && (published.has(key) || !entry.dev))
    .map(([key, entry]) => ({
      name: key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version,
      licence: licenceOf(key, entry),
      circle: published.has(key) ? 'published' : 'site',
    }));
}

/** @param {Licensed} one @returns {boolean} One of its licences, of which it offers some, is allowed in its circle. */
export function isAllowed({ licence, circle }) {
  const allowed = circle === 'published' ? PERMISSIVE : [...PERMISSIVE, ...OF_TOOLS, 'not installed here'];
  const plain = licence.replace(/[()]/g, '');
  return plain.split(/ OR |\//i).some((part) => part.split(/ AND /i).every((one) => allowed.includes(one.trim())));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = listLicences();
  for (const { name, version, licence, circle } of all) {
    if (circle === 'published' || process.argv.includes('--all'))
      console.log(`${circle}\t${licence}\t${name} ${version}`);
  }
  const counts = new Map();
  for (const { circle, licence } of all)
    counts.set(`${circle}\t${licence}`, (counts.get(`${circle}\t${licence}`) ?? 0) + 1);
  for (const [what, count] of [...counts].sort(([a], [b]) => a.localeCompare(b, 'en')))
    console.log(`${count}\t${what}`);
  const refused = all.filter((one) => !isAllowed(one));
  for (const { name, version, licence, circle } of refused)
    console.error(`${name} ${version}: ${licence} is not allowed (${circle})`);
  console.log(`licences: ${all.length} packages, ${refused.length} not allowed`);
  if (refused.length > 0) process.exitCode = 1;
}
