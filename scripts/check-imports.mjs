// Holds the direction of the imports: reads every source, manifest and compiler setting of packages/, prints one line
// for each fault, exits 1 when there is one.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkCompilerSettings, checkManifest, checkSource, PACKAGE_RULES } from './importRules.mjs';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));
/** @param {string} path */
const read = (path) => readFileSync(`${packages}${path}`, 'utf8');

const names = readdirSync(packages).sort();
/** @type {Record<string, string>} */
const versions = Object.fromEntries(names.map((name) => [name, JSON.parse(read(`${name}/package.json`)).version]));

let sources = 0;
const faults = names.flatMap((name) => {
  const found = checkManifest(name, JSON.parse(read(`${name}/package.json`)), versions);
  if (!PACKAGE_RULES[name]) return found;
  found.push(...checkCompilerSettings(name, JSON.parse(read(`${name}/tsconfig.json`))));
  for (const folder of ['src', 'test']) {
    if (!existsSync(`${packages}${name}/${folder}`)) continue;
    for (const entry of readdirSync(`${packages}${name}/${folder}`, { recursive: true })) {
      const file = `${folder}/${String(entry).replaceAll('\\', '/')}`;
      if (!/\.[mc]?tsx?$/.test(file)) continue;
      sources++;
      found.push(...checkSource(name, file, read(`${name}/${file}`)));
    }
  }
  return found;
});

for (const fault of faults) console.error(fault);
console.log(`check-imports: ${names.length} packages, ${sources} sources, ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
