// Completes package-lock.json after a change of dependencies; run through `npm run lock`.
// A registry mirror may lack packages of other platforms. npm then leaves these optional dependencies out of the
// lock, and npm 11's `npm ci` calls that lock out of sync. Each missing one gets an entry with the system and
// processor that its name tells, so that npm skips it everywhere else. Then the registry is asked for the hash of each entry that
// has none: without one nothing says that what another system downloads is what its author published.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = /(android|darwin|win32|freebsd|netbsd|openbsd|openharmony|linux|sunos|aix|wasi|wasm)/;
const PROCESSORS = /(arm64|x64|ia32|arm|ppc64|riscv64|s390x|loong64|mips64el|universal|wasm32)/;

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
/** @type {Record<string, any>} */
const packages = lock.packages;

/**
 * Finds the lock entry that `name`, required from the entry `from`, resolves to.
 * @param {string} from
 * @param {string} name
 */
function lookup(from, name) {
  for (let folder = from; ; ) {
    const key = `${folder ? `${folder}/` : ''}node_modules/${name}`;
    if (packages[key]) return key;
    if (!folder) return undefined;
    const parent = folder.lastIndexOf('/node_modules/');
    folder = parent >= 0 ? folder.slice(0, parent) : '';
  }
}

let added = 0;
for (const [key, entry] of Object.entries({ ...packages })) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lookup(key, name)) continue;
    const version = /(\d+\.\d+\.\d+[^\s|]*)/.exec(String(range))?.[1];
    if (!version) {
      console.error(`complete-lock: no version in ${key} -> ${name}@${range}`);
      process.exitCode = 1;
      continue;
    }
    const os = SYSTEMS.exec(name)?.[1] ?? 'none';
    const cpu = PROCESSORS.exec(name)?.[1] ?? 'none';
    packages[`node_modules/${name}`] = {
      version,
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      os: [os],
      ...(cpu === 'universal' ? {} : { cpu: [cpu] }),
      ...(name.includes('musl') ? { libc: ['musl'] } : {}),
    };
    added++;
  }
}

/** @param {string} wanted name@version @returns {Promise<string | undefined>} Its hash, if the registry has it. */
function integrityOf(wanted) {
  return new Promise((resolve) => {
    execFile('npm', ['view', wanted, 'dist.integrity'], (_, said) => resolve(said.trim() || undefined));
  });
}

/** Entries without a hash, which are not links to a workspace. */
const unhashed = Object.entries(packages).filter(
  ([key, { integrity, link }]) => key.includes('node_modules/') && !integrity && !link,
);
// One at a time, as an install asks too.
for (const [key, entry] of unhashed) {
  const wanted = `${key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${entry.version}`;
  const integrity = await integrityOf(wanted);
  if (integrity === undefined) {
    console.error(`complete-lock: the registry has no ${wanted}, so it stays without a hash`);
    process.exitCode = 1;
  } else {
    // Where npm has it: behind the version.
    const { version, ...rest } = entry;
    packages[key] = { version, integrity, ...rest };
  }
}

// In npm's own order, so that the next install changes nothing.
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`complete-lock: ${added} optional dependencies of other platforms added, ${unhashed.length} had no hash`);
