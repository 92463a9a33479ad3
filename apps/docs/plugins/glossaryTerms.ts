import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseGlossary, wordAnchor } from '../src/content/glossary.ts';

/** Words of GLOSSARY.md that are explained where a page first uses them. Words of everyday English are left alone. */
const TERMS = [
  'VMA',
  'address space',
  'page table',
  'guard page',
  'guard marker',
  'anon_vma',
  'sticky flag',
  'max_map_count',
  'soft-dirty',
  'zero page',
  'refault',
  'open file',
  'special mapping',
  'close hook',
  'fault-around',
  'prober',
];

/** Never searched: text that is no sentence, or leads elsewhere already. */
const SKIPPED = new Set(['heading', 'link', 'linkReference', 'table', 'inlineCode', 'code']);
/** Pages that are made from sources, and the glossary itself. */
const NO_PAGES = /[\\/](?:api[\\/].*|glossary)\.mdx$/;

/** Of an element's attribute: a text, nothing, or an expression with its estree. */
export type AttributeValue =
  | string
  | null
  | { readonly data?: { readonly estree?: { readonly body: readonly { readonly expression?: unknown }[] } } };

/** A node of the Markdown syntax tree (mdast), as far as it is needed here. */
export interface TreeNode {
  readonly type: string;
  readonly value?: string;
  readonly name?: string;
  /** Of an element; a `value` of null: the attribute has none. */
  readonly attributes?: { readonly type: string; readonly name: string; readonly value: AttributeValue }[];
  children?: TreeNode[];
}

/** A word, its place in the glossary, and its sentence as plain text. */
interface Term {
  readonly anchor: string;
  readonly meaning: string;
}

/**
 * A remark plugin: at the first use of each term on a page, an element `Term` with the glossary's sentence.
 * @throws Error for a term that the glossary does not have
 */
export function glossaryTerms(): (tree: TreeNode, file: { readonly path: string }) => void {
  const glossary = readFileSync(fileURLToPath(new URL('../../../GLOSSARY.md', import.meta.url)), 'utf8');
  const terms = termsOf(glossary);
  return (tree, { path }) => {
    if (!NO_PAGES.test(path)) markTerms(tree, terms);
  };
}

/** The terms, by their words in lower case. */
function termsOf(glossary: string): ReadonlyMap<string, Term> {
  const rows = parseGlossary(glossary).flatMap(({ words }) => words);
  return new Map(
    TERMS.map((term) => {
      const row = rows.find(({ word }) => word.split(', ').includes(term));
      if (!row) throw new Error(`GLOSSARY.md has no row for "${term}"`);
      return [term.toLowerCase(), { anchor: wordAnchor(row.word), meaning: sentenceOf(row.meaning) }];
    }),
  );
}

/** A meaning of the glossary as a sentence, without marks of code. */
function sentenceOf(meaning: string): string {
  const plain = meaning.replaceAll('`', '').replace(/ \(our words?\)$/, '');
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}.`;
}

/** Marks the first use of each term in the paragraphs of a page. */
function markTerms(tree: TreeNode, terms: ReadonlyMap<string, Term>): void {
  const words = [...terms.keys()].sort((a, b) => b.length - a.length).join('|');
  const pattern = new RegExp(`(?<![\\w/-])(${words})s?(?![\\w-])`, 'gi');
  const seen = new Set<string>();
  const visit = (node: TreeNode, inParagraph: boolean): void => {
    if (SKIPPED.has(node.type) || node.children === undefined) return;
    const here = inParagraph || node.type === 'paragraph';
    node.children = node.children.flatMap((child) => {
      if (child.type === 'text' && here) return markText(child.value ?? '', pattern, terms, seen);
      visit(child, here);
      return [child];
    });
  };
  visit(tree, false);
}

function markText(text: string, pattern: RegExp, terms: ReadonlyMap<string, Term>, seen: Set<string>): TreeNode[] {
  const nodes: TreeNode[] = [];
  let end = 0;
  for (const { 0: found, 1: base = '', index } of text.matchAll(pattern)) {
    const word = base.toLowerCase();
    const term = terms.get(word);
    if (!term || seen.has(word)) continue;
    seen.add(word);
    nodes.push({ type: 'text', value: text.slice(end, index) }, termNode(found, term));
    end = index + found.length;
  }
  return [...nodes, { type: 'text', value: text.slice(end) }];
}

function termNode(text: string, term: Term): TreeNode {
  const attributes = Object.entries(term).map(([name, value]) => ({ type: 'mdxJsxAttribute', name, value }));
  return { type: 'mdxJsxTextElement', name: 'Term', attributes, children: [{ type: 'text', value: text }] };
}
