// The table of the library, for litmus/README.md: files by kernels, and what was confirmed where.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isKernelIn, judgeLitmus, litmusTest, parseLitmus } from 'fork-sim';
import { KERNEL_PROFILES } from 'vma-core';

/**
 * A file of the library: its name without `.litmus`, its text, and its meaning.
 *
 * @typedef {{ readonly name: string, readonly text: string, readonly test: import('fork-sim').LitmusTest }} LibraryFile
 *
 * What a real kernel confirmed: the hashes of the files as they were run on it.
 * @typedef {{ readonly kernel: string, readonly files: Readonly<Record<string, string>> }} Confirmed
 */

/** @param {string} folder @returns {readonly LibraryFile[]} */
export function readLibrary(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.litmus'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((path) => {
      const text = readFileSync(join(folder, path), 'utf8');
      const name = path.replace(/\.litmus$/, '');
      return { name, text, test: litmusTest(parseLitmus(text, path), name) };
    });
}

/** @param {string} folder @returns {readonly Confirmed[]} */
export function readConfirmed(folder) {
  const file = join(folder, 'confirmed.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

/** Names a text: a file that was changed since is confirmed no more. @param {string} text */
export function hashOf(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

const HEAD = `# The library of litmus tests

Each file says one behaviour of Linux memory mappings: the calls, and the claims about them on each kernel. \`+\`: its claims hold in the model of
that kernel. \`*\`: they hold, and some are made for that kernel, which answers otherwise than 6.19. \`-\`: the file says nothing about it. The last
column names the real kernels that confirmed every claim a program can see. An empty cell: no real kernel was asked, or
the program could not make all calls. \`npx vma-lab litmus litmus\` judges all files.

This table is made by \`node scripts/litmus.mjs table\`; how to add a file is said in [CONTRIBUTING.md](../CONTRIBUTING.md).
`;

/** @param {readonly LibraryFile[]} files @param {readonly Confirmed[]} confirmed @returns {string} the text of the README */
export function libraryTable(files, confirmed) {
  const kernels = KERNEL_PROFILES.map(({ name }) => name);
  const lines = [HEAD];
  for (const group of new Set(files.map(({ name }) => name.split('/')[0] ?? ''))) {
    lines.push(
      `## ${group}\n`,
      `| file | says | ${kernels.join(' | ')} | confirmed on |`,
      `| --- | --- |${' --- |'.repeat(kernels.length)} --- |`,
    );
    for (const file of files.filter(({ name }) => name.startsWith(`${group}/`))) lines.push(rowOf(file, confirmed));
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Is a claim made for some kernels, and this is one of them? @param {import('fork-sim').LitmusTest} test @param {string} name */
function differs({ steps, rules }, name) {
  const claims = [...rules, ...steps.flatMap(({ results, claims }) => [...results, ...claims])];
  return claims.some(({ kernels }) => kernels !== null && isKernelIn(kernels, { name }));
}

/** @param {LibraryFile} file @param {readonly Confirmed[]} confirmed */
function rowOf({ name, text, test }, confirmed) {
  const signs = { holds: '+', fails: '**fails**', notApplicable: '-' };
  const verdicts = KERNEL_PROFILES.map((profile) => {
    const { verdict } = judgeLitmus(test, profile);
    return verdict === 'holds' && differs(test, profile.name) ? '*' : signs[verdict];
  });
  const where = confirmed.filter(({ files }) => files[name] === hashOf(text)).map(({ kernel }) => kernel);
  const title = test.title.replaceAll('|', '\\|');
  return `| [${name.replace(/^.*\//, '')}](${name}.litmus) | ${title} | ${verdicts.join(' | ')} | ${where.join(', ')} |`;
}
