import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { CALL_KINDS, explore, PAIR_PROPERTIES, PROPERTIES, type Property, THEMES } from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('the examples of the README are true', async () => {
  const explored = await explore(kernelProfile('as-posted'), { pages: 2, ops: 'guards' });
  expect([explored.verdict, explored.depth]).toEqual(['counterexample', 4]);
  if (explored.verdict === 'counterexample') expect(readme).toContain(explored.property.says);
  const noHole: Property = {
    name: 'no-hole',
    says: 'Page 0 stays mapped.',
    broken: ({ after }) => (after.isMapped(0) ? -1 : 0),
  };
  const own = await explore(kernelProfile('6.19'), { pages: 2, properties: [noHole] });
  expect(own).toMatchObject({ verdict: 'counterexample', depth: 1, page: 0 });
});

it('names the themes that there are', () => {
  for (const theme of Object.keys(THEMES)) expect(readme).toContain(`\`${theme}\``);
});

it('each property and kind of call says what it is, in a sentence of its own', () => {
  const says = [...PROPERTIES, ...PAIR_PROPERTIES, ...Object.values(CALL_KINDS)].map((one) => one.says);
  expect(new Set(says).size).toBe(says.length);
  for (const { says: sentence } of [...PROPERTIES, ...PAIR_PROPERTIES]) expect(sentence).toMatch(/^[A-Z].*\.$/);
});
