import { fileURLToPath } from 'node:url';
import type { Process } from 'fork-sim';
import { PAGE_SIZE } from 'vma-core';
import type { BenchCase } from '../benchCase.ts';
import { cpuNanoseconds } from '../cpuTime.ts';
import { LineProcess } from '../lineProcess.ts';
import { BASE, MADV_GUARD_INSTALL, withAnonymous, withSharedFile } from './addressSpaces.ts';

const SCRIPT = fileURLToPath(new URL('../manyVmasProcess.js', import.meta.url));

/** The shared file's size: what it takes to fork it does not depend on it, until there is a guard page. */
const FILE_MIB = 256;

/** VMAs of the fork that has the most. */
const MANY_VMAS = 1_000_000;

/** Pages forked until nothing is compiled any more. */
const PAGES_TO_COMPILE = 2 ** 20;

/**
 * One fork, without the child's exit. Every child is kept until the end, so that each has fresh page tables.
 * Both sides fork the same pages again and again: they are written once, before the first round.
 */
export const FORK: readonly BenchCase[] = [
  ...[16, 256, 1024, 4096].map((mib) =>
    forkCase('anon', mib, 0, `fork, ${sizeOf(mib)} of anonymous memory resident`, () => withAnonymous(mib)),
  ),
  forkCase('shared', FILE_MIB, 0, `fork, ${FILE_MIB} MiB of a shared file on tmpfs`, () => withSharedFile(FILE_MIB)),
  forkCase('shared', FILE_MIB, 1, 'fork, the same with one guard page', () => {
    const process = withSharedFile(FILE_MIB);
    process.madvise(BASE, PAGE_SIZE, MADV_GUARD_INSTALL);
    return process;
  }),
  manyVmasCase(),
];

/** Ours alone: a kernel forks no such process without a higher `max_map_count`. In a process of its own, see there. */
function manyVmasCase(): BenchCase {
  return {
    name: `fork/vmas/${MANY_VMAS}`,
    title: 'fork of 1,000,000 VMAs, a written page in each',
    unit: 'ms',
    per: 'a fork',
    rounds: 7,
    warmUp: 2,
    // The child's VMAs and page tables.
    freshMib: 128,
    needsMib: 1024,
    prepare: () => {
      const forks = new LineProcess('the fork', process.execPath, [SCRIPT, String(MANY_VMAS)]);
      let ptes = 0;
      return {
        ours: async () => {
          const [ms, copied] = (await forks.ask('fork')).split(' ').map(Number) as [number, number];
          ptes = copied;
          return ms;
        },
        counts: () => ({ ptesCopied: ptes }),
        dispose: () => forks.stop(),
      };
    },
  };
}

function forkCase(kind: string, mib: number, guards: number, title: string, make: () => Process): BenchCase {
  return {
    name: `fork/${kind}/${mib}${guards > 0 ? '/guard' : ''}`,
    title,
    unit: 'ms',
    per: 'a fork',
    rounds: mib > 1024 ? 7 : 11,
    // The code is compiled while it forks: after so many pages, however many forks that takes.
    warmUp: Math.max(3, PAGES_TO_COMPILE / ((mib * 2 ** 20) / PAGE_SIZE)),
    // Its page tables, and as much again.
    freshMib: Math.max(1, mib >> 9),
    // What the C program keeps resident, and room for page tables on both sides.
    needsMib: Math.ceil(mib * 1.25) + 512,
    prepare: ({ kernel }) => {
      const parent = make();
      const children: Process[] = [];
      let ptes = 0;
      return {
        ours: () => {
          const from = cpuNanoseconds();
          const { child, decisions } = parent.fork();
          const ns = cpuNanoseconds() - from;
          children.push(child);
          ptes = decisions.reduce((sum, decision) => sum + decision.ptes, 0);
          return ns / 1e6;
        },
        kernel: async () => {
          const ns = (await kernel?.numbers(`fork ${kind} ${mib} ${guards}`))?.[0];
          return ns === undefined ? null : ns / 1e6;
        },
        counts: () => ({ ptesCopied: ptes }),
        dispose: () => {
          for (const child of children) child.exit();
        },
      };
    },
  };
}

function sizeOf(mib: number): string {
  return mib < 1024 ? `${mib} MiB` : `${mib / 1024} GiB`;
}
