import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { CALL_KINDS, type CallKindName, explore, PAIR_PROPERTIES } from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const [, section = ''] = readme.split('## Every recorded difference, found');
const rows = section
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  .map(([, a = '', b = '', what = '', ops = '', pages = '', length = '']) => ({ a, b, what, ops, pages, length }));

const isKind = (word: string): word is CallKindName => Object.hasOwn(CALL_KINDS, word);

describe('what differs between two recorded kernels', () => {
  it('is a table with the rows of DIFFS.md that a program can see', () => {
    expect(rows).toHaveLength(15);
  });

  it.each(rows)('$a, $b: $what', async ({ a, b, ops, pages, length }) => {
    const kinds = ops.split(',');
    expect(kinds.filter((word) => !isKind(word))).toEqual([]);
    const explored = await explore(kernelProfile(a), {
      vs: kernelProfile(b),
      ops: kinds.filter(isKind),
      pages: Number(pages),
      depth: 6,
      properties: PAIR_PROPERTIES.slice(0, 1),
    });
    expect([explored.verdict, explored.depth]).toEqual(['counterexample', Number(length)]);
  });
});
