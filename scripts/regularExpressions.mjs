// Finds regular expressions whose time can grow faster than the text: with its square, or worse. `node scripts/regularExpressions.mjs FILE...`;
// without a file, all sources that ship: packages/*/src and apps/docs/src. Exits 1 where there is one.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyse } from 'scslre';

const root = fileURLToPath(new URL('../', import.meta.url));
/** The site's compiler: that of the packages has no parser for scripts. */
const ts = /** @type {typeof import('../apps/docs/node_modules/typescript/lib/typescript.js')} */ (
  createRequire(join(root, 'apps/docs/package.json'))('typescript')
);

/** @typedef {{ line: number, column: number, says: string }} Fault */

/**
 * @param {string} name of the file
 * @param {string} text
 * @returns {Fault[]}
 */
export function regexFaults(name, text) {
  if (!/\/|RegExp/.test(text)) return [];
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  /** @type {Fault[]} */
  const faults = [];
  /** @param {import('../apps/docs/node_modules/typescript/lib/typescript.js').Node} node */
  const visit = (node) => {
    const literal = literalOf(node);
    if (literal !== null) {
      const { line, character } = file.getLineAndCharacterOfPosition(node.getStart(file));
      faults.push(...faultsOf(literal).map((says) => ({ line: line + 1, column: character + 1, says })));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return faults;
}

/**
 * @param {import('../apps/docs/node_modules/typescript/lib/typescript.js').Node} node
 * @returns {{ source: string, flags: string } | null} A literal, or what `RegExp` makes of a plain string.
 */
function literalOf(node) {
  if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) {
    const text =
      /** @type {import('../apps/docs/node_modules/typescript/lib/typescript.js').RegularExpressionLiteral} */ (node)
        .text;
    const end = text.lastIndexOf('/');
    return { source: text.slice(1, end), flags: text.slice(end + 1) };
  }
  if (!(ts.isNewExpression(node) || ts.isCallExpression(node)) || node.expression.getText() !== 'RegExp') return null;
  const [source, flags] = node.arguments ?? [];
  if (source === undefined || !ts.isStringLiteralLike(source)) return null;
  return { source: source.text, flags: flags !== undefined && ts.isStringLiteralLike(flags) ? flags.text : '' };
}

/** @param {{ source: string, flags: string }} literal @returns {string[]} */
function faultsOf(literal) {
  return analyse(literal).reports.map(
    ({ type, exponential, character }) =>
      `/${literal.source}/${literal.flags} takes ${exponential ? 'exponential' : 'quadratic'} time (${type}) on a long run of ${JSON.stringify(character.pick)}`,
  );
}

/** @returns {string[]} What ships. */
function sources() {
  const folders = [...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/src`), 'apps/docs/src'];
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:[jt]sx?|mjs)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
}

/** @param {readonly string[]} files relative to the repository @returns {string[]} A line for each fault. */
export function checkRegularExpressions(files = sources()) {
  return files.flatMap((name) =>
    regexFaults(name, readFileSync(join(root, name), 'utf8')).map(
      ({ line, column, says }) => `${name}:${line}:${column}: ${says}`,
    ),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2);
  const lines = checkRegularExpressions(given.length > 0 ? given : undefined);
  for (const line of lines) console.error(line);
  process.exitCode = lines.length > 0 ? 1 : 0;
}
