// @ts-check
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RendererEvent } from 'typedoc';
import { API_MODULES } from './apiModules.mjs';

/** @import { MarkdownApplication } from 'typedoc-plugin-markdown' */

/** Lines of a page, about, at most: a longer group becomes several pages. */
const PAGE_LINES = 1500;

/**
 * A page of the reference.
 * @typedef {object} ApiPage
 * @property {string} file path below `api/`
 * @property {string} text
 */

/**
 * A symbol: its heading and all below it.
 * @typedef {{ name: string, anchor: string, lines: string[] }} Entry
 */

/**
 * A plugin of typedoc: divides the one long page of each package into a first page, which lists its symbols, and pages of one kind of symbol each.
 * @param {MarkdownApplication} app
 */
export function load(app) {
  app.renderer.on(RendererEvent.END, ({ outputDirectory }) => {
    const modules = API_MODULES.map(({ name }) => name);
    const texts = new Map(modules.map((name) => [name, readFileSync(join(outputDirectory, `${name}.mdx`), 'utf8')]));
    for (const name of modules) {
      rmSync(join(outputDirectory, `${name}.mdx`));
      mkdirSync(join(outputDirectory, name), { recursive: true });
    }
    for (const { file, text } of pagesOf(texts)) writeFileSync(join(outputDirectory, file), text);
    const index = join(outputDirectory, 'index.mdx');
    writeFileSync(index, readFileSync(index, 'utf8').replace(/\]\(([\w-]+)\.mdx/g, ']($1/index.mdx'));
  });
}

/**
 * The pages of all packages, each link in its place.
 * @param {ReadonlyMap<string, string>} texts the long page of each package
 * @returns {ApiPage[]}
 */
export function pagesOf(texts) {
  /** @type {Map<string, string>} where an anchor of a package is: `package#anchor` to a file */
  const places = new Map();
  const pages = [...texts].flatMap(([name, text]) => divide(name, text));
  for (const { file, text } of pages) {
    for (const [, anchor] of text.matchAll(/^#+ .*\{\/\* #(\S+) \*\/\}$/gm)) {
      const key = `${file.split('/')[0]}#${anchor}`;
      if (!places.has(key)) places.set(key, file);
    }
  }
  return pages.map(({ file, text }) => {
    const [own] = file.split('/');
    const linked = text.replace(/\]\((?:([\w-]+)\.mdx)?#([^)\s]+)\)/g, (whole, other, anchor) => {
      const place = places.get(`${other ?? own}#${anchor}`);
      if (place === undefined) return whole;
      return place === file ? `](#${anchor})` : `](../${place}#${anchor})`;
    });
    return { file, text: linked };
  });
}

/**
 * The first page of a package, and one or more for each group of its symbols.
 * @param {string} name
 * @param {string} text
 * @returns {ApiPage[]}
 */
function divide(name, text) {
  const [begin = '', ...groups] = text.split(/^(?=## )/m);
  const pages = groups.flatMap((group) => groupPages(name, group));
  const lists = pages.map(({ title, file, entries }) => {
    const links = entries.map((entry) => `- [${entry.name}](#${entry.anchor})${sentenceOf(entry)}`);
    return [`## ${title} {/* #${file.replace(/^.*\//, '').replace('.mdx', '')} */}`, links.join('\n')].join('\n\n');
  });
  const first = { file: `${name}/index.mdx`, text: [begin.trim(), ...lists].join('\n\n') };
  return [first, ...pages.map(({ file, text: page }) => ({ file, text: page }))];
}

/**
 * @param {string} name
 * @param {string} group
 */
function groupPages(name, group) {
  const [head = '', ...symbols] = group.split(/^(?=### )/m);
  const title = head.replace(/^## /, '').trim();
  const entries = symbols.map(entryOf);
  /** @type {Entry[][]} */
  const parts = [[]];
  let lines = 0;
  for (const entry of entries) {
    if (lines > 0 && lines + entry.lines.length > PAGE_LINES) {
      parts.push([]);
      lines = 0;
    }
    parts.at(-1)?.push(entry);
    lines += entry.lines.length;
  }
  return parts.map((part, at) => {
    const range = parts.length === 1 ? '' : `, ${part[0]?.name} to ${part.at(-1)?.name}`;
    const file = `${name}/${title.toLowerCase().replaceAll(' ', '-')}${at === 0 ? '' : `-${at + 1}`}.mdx`;
    const front = [
      '---',
      `title: '${name}: ${title.toLowerCase()}${range}'`,
      `sidebar_label: '${title}${range}'`,
      'toc_min_heading_level: 3',
      '---',
    ].join('\n');
    return {
      title: `${title}${range}`,
      file,
      entries: part,
      text: [front, `## ${title}`, ...part.map((entry) => entry.lines.join('\n').trim())].join('\n\n'),
    };
  });
}

/**
 * @param {string} text
 * @returns {Entry}
 */
function entryOf(text) {
  const lines = text.split('\n');
  const [, name = '', anchor = ''] = /^### (.*?) \{\/\* #(\S+) \*\/\}$/.exec(lines[0] ?? '') ?? [];
  if (anchor === '') throw new Error(`no anchor in ${lines[0]}`);
  return { name, anchor, lines };
}

/**
 * The first sentence of a symbol, behind a colon; nothing where it has none.
 * @param {Entry} entry
 * @returns {string}
 */
function sentenceOf({ lines }) {
  const text = lines
    .slice(1)
    .join('\n')
    .replace(/```[\s\S]*?```/g, '');
  const [paragraph = ''] = text.split(/\n\n+/).filter((one) => one.trim() !== '');
  if (/^[#<|\-*[]/.test(paragraph.trim())) return '';
  const [sentence = ''] = paragraph
    .trim()
    .replaceAll('\n', ' ')
    .split(/(?<=[.:;])\s/);
  return `: ${sentence.replace(/[.:;]$/, '')}`;
}
