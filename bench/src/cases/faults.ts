import type { Process } from 'fork-sim';
import { PAGE_SIZE } from 'vma-core';
import type { BenchCase, BenchContext } from '../benchCase.ts';
import { timeOf } from '../cpuTime.ts';
import { BASE, withAnonymous, withSharedFile } from './addressSpaces.ts';

const MIB = 64;
const PAGES: number = (MIB * 2 ** 20) / PAGE_SIZE;

/** What a fork leaves to be done: the child touches every page once. */
export const FAULTS: readonly BenchCase[] = [
  touchCase('copy-on-write', 'copy-on-write in the child', 'write', () => withAnonymous(MIB), `cow ${PAGES}`),
  touchCase(
    'refault/read',
    'refault of a shared file, by reads',
    'read',
    () => withSharedFile(MIB),
    `refault read ${PAGES}`,
  ),
  touchCase(
    'refault/write',
    'refault of a shared file, by writes',
    'write',
    () => withSharedFile(MIB),
    `refault write ${PAGES}`,
  ),
];

function touchCase(
  name: string,
  title: string,
  access: 'read' | 'write',
  make: () => Process,
  request: string,
): BenchCase {
  return {
    name: `fault/${name}`,
    title,
    unit: 'ns',
    per: 'a page',
    rounds: 11,
    prepare: ({ kernel }: BenchContext) => {
      const parent = make();
      return {
        ours: () => {
          const { child } = parent.fork();
          const ns = timeOf(() => {
            for (let i = 0; i < PAGES; i++) child.access(BASE + i * PAGE_SIZE, access);
          });
          child.exit();
          return ns / PAGES;
        },
        kernel: async () => {
          const ns = (await kernel?.numbers(request))?.[0];
          return ns === undefined ? null : ns / PAGES;
        },
      };
    },
  };
}
