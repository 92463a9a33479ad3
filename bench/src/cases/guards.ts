import { PAGE_SIZE } from 'vma-core';
import type { BenchCase } from '../benchCase.ts';
import { timeOf } from '../cpuTime.ts';
import {
  BASE,
  freshProcess,
  MADV_GUARD_INSTALL,
  MADV_GUARD_REMOVE,
  PRIVATE_FIXED,
  READ_WRITE,
} from './addressSpaces.ts';

const CALLS = 20_000;
const PAGES = 65_536;

/** Guard markers: one at a time, and over a large range. */
export const GUARDS: readonly BenchCase[] = [
  {
    name: 'guard/one',
    title: 'install one guard page and remove it',
    unit: 'ns',
    per: 'a pair',
    rounds: 15,
    prepare: ({ kernel }) => {
      const process = freshProcess();
      process.mmap({ addr: BASE, length: 512 * PAGE_SIZE, prot: READ_WRITE, flags: PRIVATE_FIXED });
      return {
        ours: () =>
          timeOf(() => {
            for (let i = 0; i < CALLS; i++) {
              const addr = BASE + (i % 512) * PAGE_SIZE;
              process.madvise(addr, PAGE_SIZE, MADV_GUARD_INSTALL);
              process.madvise(addr, PAGE_SIZE, MADV_GUARD_REMOVE);
            }
          }) / CALLS,
        kernel: async () => {
          const ns = (await kernel?.numbers(`guard one ${CALLS}`))?.[0];
          return ns === undefined ? null : ns / CALLS;
        },
      };
    },
  },
  {
    name: 'guard/range',
    title: `install guards over ${(PAGES * PAGE_SIZE) / 2 ** 20} MiB at once`,
    unit: 'ns',
    per: 'a page',
    rounds: 15,
    prepare: ({ kernel }) => {
      const process = freshProcess();
      const length = PAGES * PAGE_SIZE;
      process.mmap({ addr: BASE, length, prot: READ_WRITE, flags: PRIVATE_FIXED });
      return {
        ours: () => {
          process.madvise(BASE, length, MADV_GUARD_REMOVE);
          return timeOf(() => process.madvise(BASE, length, MADV_GUARD_INSTALL)) / PAGES;
        },
        kernel: async () => {
          const ns = (await kernel?.numbers(`guard range ${PAGES}`))?.[0];
          return ns === undefined ? null : ns / PAGES;
        },
      };
    },
  },
];
