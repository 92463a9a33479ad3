// Installs the packed packages into blank projects and uses them as others would: `npm run consumers [-- --nodes 20,22,24] [-- --typescript 5.7,5.9,6]`.
//
// Each package alone: every entry by `import` and by `require` on each Node, with the same names; the types under NodeNext and bundler resolution, strict, with
// library checks on; a bundle by esbuild. Then the first tasks of a kernel developer and of the author of a runtime (the teacher's page is in
// packages/fork-sim/test/consumers, with Vite, rspack and an import map). Without options: this Node and this TypeScript, and nothing is downloaded.
// Prints a line for everything that it tried, with its seconds, and exits 1 when anything failed.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const names = readdirSync(join(root, 'packages')).sort();
const { values: asked } = parseArgs({ options: { nodes: { type: 'string' }, typescript: { type: 'string' } } });
const work = mkdtempSync(join(tmpdir(), 'consumers-'));
/** @type {string[]} */
const faults = [];
/** Milliseconds that one program may take: nothing here takes a tenth of it. */
const LONGEST = 300_000;
let tried = 0;

/** @param {string} program @param {readonly string[]} args @param {string} cwd @returns {string} */
function run(program, args, cwd) {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe', timeout: LONGEST });
  } catch (error) {
    const { stdout, stderr, message } = /** @type {{ stdout?: string, stderr?: string, message: string }} */ (error);
    throw new Error(`${stdout ?? ''}${stderr ?? ''}`.trim().slice(0, 2000) || message, { cause: error });
  }
}

/** @param {string} what @param {() => unknown} check */
async function attempt(what, check) {
  const begin = performance.now();
  let failed = '';
  tried++;
  try {
    await check();
  } catch (error) {
    failed = `: ${/** @type {Error} */ (error).message}`;
    faults.push(`${what}${failed}`);
  }
  console.log(
    `${failed === '' ? 'ok  ' : 'FAIL'} ${what} (${((performance.now() - begin) / 1000).toFixed(1)} s)${failed}`,
  );
}

/** @typedef {{ version: string, dependencies?: Record<string, string>, exports: Record<string, unknown> }} Manifest */
/** @param {string} name @returns {Manifest} */
const manifest = (name) => JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));

/** @param {string} name @returns {Set<string>} What has to be installed for a package, itself first. */
function needs(name, all = new Set()) {
  all.add(name);
  const own = names.includes(name) ? manifest(name) : { dependencies: {} };
  for (const one of Object.keys(own.dependencies ?? {})) needs(one, all);
  return all;
}

/** @param {string} name @returns {string[]} What can be imported: the entries that have types. */
const entriesOf = (name) =>
  Object.entries(manifest(name).exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([path]) => `${name}${path.slice(1)}`);

/** @param {string} name @returns {string} A project with nothing but the package and what it needs. */
function install(name) {
  const project = join(work, name);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const parts = [...needs(name)].map((one) =>
    names.includes(one)
      ? join(work, 'tarballs', `${one}-${manifest(one).version}.tgz`)
      : join(root, 'node_modules', one),
  );
  const quiet = ['--offline', '--install-links', '--silent', '--no-audit', '--no-fund', '--ignore-scripts'];
  run('npm', ['install', ...quiet, ...parts], project);
  return project;
}

/** @param {string} project @param {readonly string[]} entries @param {string} node */
function useOnNode(project, entries, node) {
  const listed =
    'console.log(JSON.stringify(all.map((one) => Object.keys(one).filter((key) => key !== "module.exports").sort())))';
  const names = entries.map((_, at) => `all${at}`).join(', ');
  const imports = entries.map((entry, at) => `import * as all${at} from '${entry}';\n`).join('');
  writeFileSync(join(project, 'use.mjs'), `${imports}const all = [${names}];\n${listed};\n`);
  const required = entries.map((entry) => `require('${entry}')`).join(', ');
  writeFileSync(join(project, 'use.cjs'), `const all = [${required}];\n${listed};\n`);
  const [esm, cjs] = ['use.mjs', 'use.cjs'].map((file) => JSON.parse(run(node, ['--no-warnings', file], project)));
  for (const [at, keys] of esm.entries()) {
    const missing = keys.filter((/** @type {string} */ key) => !cjs[at].includes(key));
    if (missing.length > 0) throw new Error(`require of ${entries[at]} does not give ${missing.join(', ')}`);
  }
}

/** @param {string} project @param {readonly string[]} entries @param {string} tsc @param {'nodenext' | 'bundler'} resolution */
function checkTypes(project, entries, tsc, resolution) {
  writeFileSync(
    join(project, 'use.ts'),
    `${entries.map((entry, at) => `import * as all${at} from '${entry}';`).join('\n')}\nconsole.log(${entries.map((_, at) => `all${at}`).join(', ')});\ndeclare const console: { log(...values: unknown[]): void };\n`,
  );
  const compilerOptions = {
    target: 'es2022',
    lib: entries.some((entry) => entry.endsWith('/worker')) ? ['es2023', 'dom', 'dom.asynciterable'] : ['es2023'],
    module: resolution === 'bundler' ? 'esnext' : 'nodenext',
    moduleResolution: resolution,
    // Valibot's types name Blob and File: of the DOM, or of Node.
    types: entries.some((entry) => entry.endsWith('/worker')) ? [] : ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
  run(process.execPath, [tsc, '-p', '.'], project);
}

/** @param {string} project @param {string} entry */
async function bundle(project, entry) {
  const contents = `import * as all from '${entry}';\nif (Object.keys(all).length === 0 && !'${entry}'.endsWith('/json')) throw new Error('nothing');`;
  const outfile = join(project, 'bundled.mjs');
  await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    format: 'esm',
    platform: /^vma-lab|\/node$/.test(entry) ? 'node' : 'neutral',
    mainFields: ['module', 'main'],
    external: ['node:*'],
    outfile,
    logLevel: 'silent',
  });
  run(process.execPath, [outfile], project);
}

/** @param {string} tsc @returns {string} Of its package. */
function versionOf(tsc) {
  return JSON.parse(readFileSync(join(tsc, '../../package.json'), 'utf8')).version;
}

/** @param {string} versions @param {string} name @param {string} file @returns {string[]} Tools of the registry, one a version. */
function tools(versions, name, file) {
  return versions.split(',').map((version) => {
    const folder = join(work, 'tools', `${name}-${version}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{}');
    run('npm', ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`], folder);
    return join(folder, 'node_modules', name, file);
  });
}

try {
  mkdirSync(join(work, 'tarballs'));
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', join(work, 'tarballs')];
  run('npm', [...pack, ...names.flatMap((name) => ['--workspace', name])], root);
  const nodes = asked.nodes ? tools(asked.nodes, `node-linux-${process.arch}`, 'bin/node') : [process.execPath];
  const compilers = [
    join(root, 'node_modules/typescript/bin/tsc'),
    ...(asked.typescript ? tools(asked.typescript, 'typescript', 'bin/tsc') : []),
  ];
  for (const name of names) {
    let project = '';
    await attempt(`${name} installed alone`, () => {
      project = install(name);
    });
    if (project === '') continue;
    const entries = entriesOf(name);
    for (const node of nodes) {
      const version = run(node, ['--version'], project).trim();
      await attempt(`${entries.join(', ')} by import and require on Node ${version}`, () =>
        useOnNode(project, entries, node),
      );
    }
    const typed = entries.filter((entry) => !entry.startsWith('vma-lab'));
    const apart = [typed.filter((entry) => entry.endsWith('/node')), typed.filter((entry) => !entry.endsWith('/node'))];
    for (const tsc of compilers) {
      for (const resolution of /** @type {const} */ (['nodenext', 'bundler'])) {
        for (const some of apart.filter((list) => list.length > 0)) {
          await attempt(`types of ${some.join(', ')}, ${resolution}, TypeScript ${versionOf(tsc)}`, () =>
            checkTypes(project, some, tsc, resolution),
          );
        }
      }
    }
    for (const entry of entries) await attempt(`${entry} bundled by esbuild`, () => bundle(project, entry));
    const person = { 'vma-core': 'kernelDeveloper.mjs', 'fork-sim': 'runtimeAuthor.mjs' }[name];
    if (person !== undefined) {
      cpSync(join(root, 'scripts/consumers', person), join(project, person));
      for (const node of nodes)
        await attempt(`${person} on Node ${run(node, ['--version'], project).trim()}`, () =>
          run(node, ['--no-warnings', person], project),
        );
    }
    if (name === 'vma-lab')
      await attempt('vma-lab --version', () => run(join(project, 'node_modules/.bin/vma-lab'), ['--version'], project));
    if (!existsSync(join(project, 'node_modules', name))) faults.push(`${name} was not installed`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
console.log(`consumers: ${names.length} packages, ${tried} things tried, ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
