import { PAGE_SIZE } from 'vma-core';
import type { BenchCase } from '../benchCase.ts';
import { BASE, freshProcess, PRIVATE_FIXED, READ_WRITE, withAnonymous } from './addressSpaces.ts';

const VMAS = 1_000_000;
/** Below, what every address space has at least would be most of it. */
const FIRST_VMAS = 1_000;
const MIB = 1024;

/** Bytes of the model's own arrays, free room included. */
export const MEMORY: readonly BenchCase[] = [
  {
    name: 'memory/vma',
    title: 'memory of VMAs and their index, at worst up to a million',
    unit: 'bytes',
    per: 'a VMA',
    rounds: 1,
    warmUp: 0,
    prepare: () => ({ ours: worstBytesAVma }),
  },
  {
    name: 'memory/page',
    title: `memory of pages, ${MIB} MiB resident`,
    unit: 'bytes',
    per: 'a page',
    rounds: 1,
    warmUp: 0,
    prepare: () => ({ ours: () => bytesOf(withAnonymous(MIB)) / pagesOf(MIB) }),
  },
  {
    name: 'memory/sharer',
    title: 'memory of the same pages in a fork child',
    unit: 'bytes',
    per: 'a page',
    rounds: 1,
    warmUp: 0,
    prepare: () => {
      const parent = withAnonymous(MIB);
      return {
        ours: () => {
          const before = bytesOf(parent);
          parent.fork();
          return (bytesOf(parent) - before) / pagesOf(MIB);
        },
      };
    },
  },
];

/** Whatever the number of VMAs, and so however much room the arrays have just been given. */
function worstBytesAVma(): number {
  const process = freshProcess();
  const { store, index } = process.mm;
  let worst = 0;
  for (let i = 1; i <= VMAS; i++) {
    process.mmap({ addr: BASE + 2 * i * PAGE_SIZE, length: PAGE_SIZE, prot: READ_WRITE, flags: PRIVATE_FIXED });
    if (i >= FIRST_VMAS) worst = Math.max(worst, (store.byteLength + index.byteLength) / i);
  }
  return worst;
}

function bytesOf(process: ReturnType<typeof freshProcess>): number {
  return process.world.frames.memory.bytes;
}

function pagesOf(mib: number): number {
  return (mib * 2 ** 20) / PAGE_SIZE;
}
