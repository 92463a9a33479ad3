// Which package may import what: the arrows of ARCHITECTURE.md, as data, and the rules that hold them.
import { dirname, relative, resolve, sep } from 'node:path';
import { parseSync } from 'vite';

/**
 * @typedef {object} PackageRule
 * @property {readonly string[]} siblings Packages of this repository it may import.
 * @property {readonly string[]} external Packages of others it may import.
 * @property {boolean} engine True: sources and their types must run anywhere, so no Node module and no DOM.
 */

/** @type {Readonly<Record<string, PackageRule>>} */
export const PACKAGE_RULES = {
  'vma-core': { siblings: [], external: [], engine: true },
  'pt-model': { siblings: [], external: [], engine: true },
  'proc-io': { siblings: ['vma-core'], external: [], engine: true },
  'fork-sim': { siblings: ['vma-core', 'pt-model', 'proc-io'], external: ['comlink'], engine: true },
  'vma-lab': {
    siblings: ['fork-sim', 'proc-io', 'vma-core'],
    external: ['commander', 'jsonc-parser', 'picocolors'],
    engine: false,
  },
};

/** Tools a test may import besides what its package may. */
const TEST_TOOLS = ['vitest', 'fast-check'];

/** The name a specifier starts with: `comlink/dist/x.mjs` is `comlink`, `@a/b/c` is `@a/b`. @param {string} specifier */
function packageOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** An entry of an engine package made for Node: named `*.node.ts` or kept under `src/node/`. @param {string} file */
function isNodeEntry(file) {
  return file.endsWith('.node.ts') || /(^|\/)src\/node\//.test(file);
}

/**
 * Every module a source names: imports, re-exports, `import()` as a value and as a type.
 * @param {string} file Name for messages and for the choice of the language (.ts, .tsx, .mjs).
 * @param {string} text
 * @returns {{ specifier: string, line: number }[]} Lines count from 1.
 */
export function importsOf(file, text) {
  const parsed = parseSync(file, text);
  const broken = parsed.errors[0];
  if (broken) throw new SyntaxError(`${file}: ${broken.message}`);
  /** @type {{ specifier: string, line: number }[]} */
  const found = [];
  /** @param {unknown} node */
  const visit = (node) => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (node === null || typeof node !== 'object') return;
    const { type, source } = /** @type {{ type?: string, source?: { value?: unknown, start: number } }} */ (node);
    if (/^(Import|Export|TSImportType)/.test(type ?? '') && typeof source?.value === 'string') {
      found.push({ specifier: source.value, line: text.slice(0, source.start).split('\n').length });
    }
    Object.values(node).forEach(visit);
  };
  visit(parsed.program);
  return found;
}

/**
 * What is wrong with the imports of one source file of a package.
 * @param {string} name The package, a key of PACKAGE_RULES.
 * @param {string} file Path inside the package, with `/`: `src/index.ts`.
 * @param {string} text
 * @returns {string[]} One line a fault; empty when all is well.
 */
export function checkSource(name, file, text) {
  const rule = PACKAGE_RULES[name];
  if (!rule) throw new RangeError(`no import rule for the package ${name}`);
  const isTest = file.startsWith('test/') || file.endsWith('.test-d.ts');
  /** @type {string[]} */
  const faults = [];
  const mayUseNode = isTest || !rule.engine || isNodeEntry(file);

  for (const { specifier, line } of importsOf(file, text)) {
    const fault = (/** @type {string} */ why) => faults.push(`${name}/${file}:${line}: '${specifier}': ${why}`);
    if (specifier.startsWith('.')) {
      const target = relative('/', resolve('/', name, dirname(file), specifier))
        .split(sep)
        .join('/');
      const [into, folder] = target.split('/');
      // A mutant of a rule replaces the file that holds it, which has no name outside its package.
      const mutant = isTest && folder === 'src' && rule.siblings.includes(into ?? '');
      if (!target.startsWith(`${name}/`)) {
        if (!mutant) fault('leaves the package; import the other package by its name');
      } else if (!isTest && !target.startsWith(`${name}/src/`)) fault('leaves src, which is all that is published');
      else if (!mayUseNode && isNodeEntry(target)) fault('an entry made for Node, in a source that must run anywhere');
    } else if (specifier.startsWith('node:')) {
      if (!mayUseNode) fault('a Node module, in a package that must run anywhere');
    } else {
      const wanted = packageOf(specifier);
      const allowed = [...rule.siblings, ...rule.external, ...(isTest ? [name, ...TEST_TOOLS] : [])];
      if (!allowed.includes(wanted)) fault(`${name} may import ${allowed.join(', ') || 'nothing'}`);
    }
  }

  if (rule.engine && !isTest) {
    text.split('\n').forEach((source, index) => {
      if (/^\s*\/\/\/\s*<reference\s+(types|lib)=/.test(source) && !isNodeEntry(file)) {
        faults.push(`${name}/${file}:${index + 1}: a reference directive brings in types of one platform`);
      }
    });
  }
  return faults;
}

/**
 * What is wrong with a package's manifest: dependencies against the arrows, and sibling versions, which must be exact.
 * @param {string} name The package, a key of PACKAGE_RULES.
 * @param {{ dependencies?: Record<string, string>, peerDependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} manifest
 * @param {Readonly<Record<string, string>>} versions The version of each package of this repository.
 * @returns {string[]}
 */
export function checkManifest(name, manifest, versions) {
  const rule = PACKAGE_RULES[name];
  if (!rule) return [`${name}: no import rule; add it to scripts/importRules.mjs`];
  const wanted = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  return Object.entries(wanted).flatMap(([dependency, range]) => {
    const where = `${name}/package.json: '${dependency}'`;
    if (rule.siblings.includes(dependency)) {
      const version = versions[dependency];
      return range === version ? [] : [`${where}: ${range} is not the version here, ${version}`];
    }
    return rule.external.includes(dependency) ? [] : [`${where}: not a dependency this package may have`];
  });
}

/**
 * What is wrong with an engine package's compiler settings: they must name no platform, so that the compiler itself
 * refuses `document`, `process` or `setTimeout`.
 * @param {string} name
 * @param {{ compilerOptions?: { types?: string[], lib?: string[] } }} config The package's tsconfig.json.
 * @returns {string[]}
 */
export function checkCompilerSettings(name, config) {
  if (!PACKAGE_RULES[name]?.engine) return [];
  const { types = [], lib = [] } = config.compilerOptions ?? {};
  const platform = [...types, ...lib.filter((entry) => !/^es/i.test(entry))];
  return platform.map((entry) => `${name}/tsconfig.json: '${entry}' brings in types of one platform`);
}
