// The rules of our prose that a machine can see: words that hide who does what, and long sentences.
// `node scripts/prose.mjs [FILE...]` checks the Markdown of the repository, or the files named, as `npm test` does.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import remarkGfm from 'remark-gfm';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The most words that a sentence may have. Code in backticks is one word. */
const LONGEST_SENTENCE = 35;

/** Our tics: what must not match, and what to write instead. */
const TICS = [
  { pattern: /\bwho(?:so)?ever\b/gi, advice: 'name the person: "a reader who ..."' },
  { pattern: /\bwhatever\b/gi, advice: 'name the thing, or say "any"' },
  { pattern: /\bso many\b/gi, advice: 'give the number' },
  { pattern: /\bput off\b/gi, advice: 'say "delayed" or "later"' },
  { pattern: /\b(?:of which one|that of which|those of which)\b/gi, advice: 'name the thing' },
  {
    // A question may begin with "What": only a clause in the place of a noun is a riddle.
    pattern:
      /(?<=[a-z,;:)`] )what (?:it|they|he|she|is|are|was|were|has|had|remains?|stays?|differs?|came|follows|happened|nothing|nobody|no)\b(?![^.!?]*\?)/g,
    advice: 'name the thing: "unreadable lines", not "what it cannot read"',
  },
  { pattern: /\bone['’]s own\b/gi, advice: 'say "your own"' },
];

/** Nobody writes these: what tools install, build and generate, and the changes that a release has gathered. */
const NOT_WRITTEN = new Set(['node_modules', 'dist', 'build', '.git', '.turbo', '.docusaurus', 'CHANGELOG.md']);
/** Kept as they were made: generated pages, counts of recordings, pages that are wrong on purpose. */
const NOT_OURS = /^(?:apps\/docs\/docs\/api|apps\/docs\/test\/fixtures|conformance\/recordings\/DIFFS2?\.md)$/;

/** Text that is read in one go, such as a paragraph or a cell of a table, without its code. */
const BLOCKS = new Set(['paragraph', 'heading', 'tableCell']);

/**
 * @typedef {object} Fault
 * @property {string} file
 * @property {number} line From 1.
 * @property {string} message
 * @typedef {object} TreeNode A node of the Markdown syntax tree (mdast), as far as it is needed here.
 * @property {string} type
 * @property {string} [value]
 * @property {TreeNode[]} [children]
 * @property {{ start: { line: number } }} [position]
 */

/**
 * Each block of prose in a Markdown file, as pieces of text with the line where each begins.
 * @param {TreeNode} node
 * @returns {{ text: string, line: number }[][]}
 */
function blocksOf(node) {
  if (BLOCKS.has(node.type)) return [piecesOf(node)];
  return (node.children ?? []).flatMap(blocksOf);
}

/**
 * @param {TreeNode} node
 * @returns {{ text: string, line: number }[]}
 */
function piecesOf({ type, value = '', children = [], position }) {
  const line = position?.start.line ?? 1;
  if (type === 'text') return value.split(/(?<=\n)/).map((text, at) => ({ text, line: line + at }));
  if (type === 'inlineCode') return [{ text: '`code`', line }];
  if (type === 'break') return [{ text: ' ', line }];
  return children.flatMap(piecesOf);
}

/**
 * What is wrong with the prose of one file.
 * @param {string} file Its name; `.mdx` is read as MDX.
 * @param {string} markdown
 * @returns {Fault[]}
 */
export function proseFaults(file, markdown) {
  const parser = unified().use(remarkParse).use(remarkGfm);
  if (file.endsWith('.mdx')) parser.use(remarkMdx);
  const { head, body } = frontMatter(markdown);
  const blocks = [...head.map((piece) => [piece]), ...blocksOf(/** @type {TreeNode} */ (parser.parse(body)))];
  return blocks.flatMap((pieces) => faultsOfBlock(pieces).map((fault) => ({ file, ...fault })));
}

/**
 * The values of a page's front matter, and its body on the same lines as before.
 * @param {string} markdown
 */
function frontMatter(markdown) {
  const [block = ''] = /^---\n[\s\S]*?\n---\n/.exec(markdown) ?? [];
  const lines = block.split('\n');
  const head = lines.map((text, at) => ({ text: text.replace(/^\w+: ?/, ''), line: at + 1 }));
  return { head, body: '\n'.repeat(Math.max(0, lines.length - 1)) + markdown.slice(block.length) };
}

/** @param {{ text: string, line: number }[]} pieces */
function faultsOfBlock(pieces) {
  const text = pieces.map((piece) => piece.text).join('');
  /** The line of an offset in the text. @param {number} offset */
  const lineOf = (offset) => {
    let end = 0;
    for (const piece of pieces) {
      end += piece.text.length;
      if (offset < end) return piece.line;
    }
    return 1;
  };
  const tics = TICS.flatMap(({ pattern, advice }) =>
    [...text.matchAll(pattern)].map(({ 0: words, index }) => ({
      line: lineOf(index),
      message: `"${words}": ${advice}`,
    })),
  );
  const long = sentencesOf(text)
    .map(({ sentence, at }) => ({ at, words: sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)) }))
    .filter(({ words }) => words.length > LONGEST_SENTENCE)
    .map(({ at, words }) => ({
      line: lineOf(at),
      message: `${words.length} words in one sentence, "${words.slice(0, 5).join(' ')} ...": split it, ${LONGEST_SENTENCE} at most`,
    }));
  return [...tics, ...long];
}

/** @param {string} text */
function sentencesOf(text) {
  return [...text.matchAll(/.+?(?:[.!?]["')\]]*(?=\s+[^a-z\s]|\s*$)|$)/gs)].map(({ 0: sentence, index }) => ({
    sentence,
    at: index + sentence.length - sentence.trimStart().length,
  }));
}

/**
 * The Markdown of the repository that people write, by path.
 * @param {string} folder
 * @returns {string[]}
 */
export function proseFiles(folder = '') {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (NOT_WRITTEN.has(entry.name) || NOT_OURS.test(path)) return [];
    if (entry.isDirectory()) return proseFiles(path);
    return /\.mdx?$/.test(entry.name) ? [path] : [];
  });
}

/** @param {string} file */
export const readFaults = (file) => proseFaults(file, readFileSync(join(root, file), 'utf8'));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2);
  const faults = (named.length > 0 ? named : proseFiles()).flatMap(readFaults);
  for (const { file, line, message } of faults) console.log(`${file}:${line}: ${message}`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
