import type { Op } from 'fork-sim';
import { expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { explore, transitionsOf } from '../src/index.ts';

it('gives each state one way to it, and each call in it', () => {
  const all = [...transitionsOf(kernelProfile('6.19'), { ops: ['anonRw', 'munmap'], pages: 1, depth: 2 })];
  const map: Op = { op: 'mmap', page: 0, pages: 1, prot: 'rw' };
  const unmap: Op = { op: 'munmap', page: 0, pages: 1 };
  expect(all).toEqual([[map], [unmap], [map, map], [map, unmap]]);
});

it('gives as many calls as a search makes', async () => {
  const options = { ops: 'small', pages: 2, depth: 4 } as const;
  const { transitions } = await explore(kernelProfile('6.19'), options);
  expect([...transitionsOf(kernelProfile('6.19'), options)]).toHaveLength(transitions);
});
