import { expect, it } from 'vitest';

it('runs in a browser, where Node is absent', () => {
  expect(typeof document).toBe('object');
  expect('Buffer' in globalThis).toBe(false);
});

it.each([
  ['vma-core', () => import('vma-core')],
  ['pt-model', () => import('pt-model')],
  ['proc-io', () => import('proc-io')],
  ['fork-sim', () => import('fork-sim')],
])('%s loads there', async (_name, load) => {
  await expect(load()).resolves.toBeTypeOf('object');
});
