// @ts-check
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** @import { LiveBlock } from './findLiveBlocks.mjs' */

/**
 * Something wrong in a live block; line and column are those of the page, from 1.
 * @typedef {object} LiveProblem
 * @property {string} file
 * @property {number} line
 * @property {number} column
 * @property {string} message
 */

const site = fileURLToPath(new URL('..', import.meta.url));
const scopeFile = join(site, 'src/theme/ReactLiveScope/index.tsx');

/**
 * Checks the types of live blocks against what they have in scope, as the site's own code is checked.
 * @param {readonly LiveBlock[]} blocks
 * @returns {LiveProblem[]}
 */
export function checkLiveBlocks(blocks) {
  const options = { ...siteOptions(), noUnusedLocals: false, noUnusedParameters: false };
  const host = readOnce(ts.createCompilerHost(options));
  const scope = scopeNames(options, host);
  // One line before the code, so that a line of the page is a line of the program and a constant.
  const head = `import scope from ${JSON.stringify(scopeFile)}; const { ${scope.join(', ')} } = scope; export const live: import('react').ReactElement | import('react').ComponentType = (`;
  /** @type {Map<string, { block: LiveBlock, text: string }>} */
  const programs = new Map();
  for (const [index, block] of blocks.entries()) {
    const name = join(dirname(resolve(site, block.file)), `live.${index}.tsx`);
    programs.set(name, { block, text: `${head}\n${block.code.replace(/;\s*$/, '')}\n);\n` });
  }
  const withBlocks = {
    ...host,
    fileExists: (/** @type {string} */ name) => programs.has(name) || host.fileExists(name),
    readFile: (/** @type {string} */ name) => programs.get(name)?.text ?? host.readFile(name),
    /** @type {ts.CompilerHost['getSourceFile']} */
    getSourceFile: (name, version, ...rest) => {
      const text = programs.get(name)?.text;
      return text === undefined
        ? host.getSourceFile(name, version, ...rest)
        : ts.createSourceFile(name, text, version, true);
    },
  };
  const program = ts.createProgram([...programs.keys(), ...globalTypes()], options, withBlocks);
  return [...programs].flatMap(([name, { block }]) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(name)).map((found) => problemOf(block, found)),
  );
}

/**
 * @param {LiveBlock} block
 * @param {ts.Diagnostic} found
 * @returns {LiveProblem}
 */
function problemOf(block, found) {
  const text = ts.flattenDiagnosticMessageText(found.messageText, '\n');
  const at = found.file?.getLineAndCharacterOfPosition(found.start ?? 0) ?? { line: 1, character: 0 };
  // Line 0 of the program is the head; what is wrong with the block as a whole is said at its first line.
  const inside = at.line > 0;
  return {
    file: block.file,
    line: block.line + (inside ? at.line - 1 : 0),
    column: inside ? at.character + 1 : 1,
    message: `TS${found.code}: ${text}`,
  };
}

/** @returns {ts.CompilerOptions} */
function siteOptions() {
  const file = join(site, 'tsconfig.json');
  const { config, error } = ts.readConfigFile(file, (name) => ts.sys.readFile(name));
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, site);
  return parsed.options;
}

/** Declarations that the site's own program has. */
function globalTypes() {
  return ts.sys.readDirectory(join(site, 'src'), ['.d.ts']);
}

/**
 * Two programs are made, and what they share is read once.
 * @param {ts.CompilerHost} host
 * @returns {ts.CompilerHost}
 */
function readOnce(host) {
  /** @type {Map<string, ts.SourceFile | undefined>} */
  const kept = new Map();
  return {
    ...host,
    getSourceFile: (name, ...rest) => {
      if (!kept.has(name)) kept.set(name, host.getSourceFile(name, ...rest));
      return kept.get(name);
    },
  };
}

/**
 * What live code can name: the properties of the scope that the site gives to it.
 * @param {ts.CompilerOptions} options
 * @param {ts.CompilerHost} host
 * @returns {string[]}
 */
function scopeNames(options, host) {
  const program = ts.createProgram([scopeFile, ...globalTypes()], options, host);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(scopeFile);
  const symbol = source && checker.getSymbolAtLocation(source);
  const exported = symbol && checker.getExportsOfModule(symbol).find(({ name }) => name === 'default');
  if (!exported) throw new Error(`${scopeFile} has no default export`);
  return checker
    .getTypeOfSymbol(exported)
    .getProperties()
    .map(({ name }) => name)
    .filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
}
