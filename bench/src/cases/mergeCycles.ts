import { PAGE_SIZE, PROT_READ } from 'vma-core';
import type { BenchCase, PreparedCase } from '../benchCase.ts';
import { timeOf } from '../cpuTime.ts';
import type { KernelSide } from '../kernelSide.ts';
import { pseudoRandom } from '../pseudoRandom.ts';
import {
  BASE,
  expectVmas,
  freshProcess,
  mapInStripes,
  mapWithHoles,
  PRIVATE_FIXED,
  READ_WRITE,
} from './addressSpaces.ts';

const CYCLES = 20_000;
/** A process may have 65,530 VMAs, so the kernel takes part no further than here. */
const KERNEL_LIMIT = 65_000;

/**
 * One cycle: two system calls, of which the first merges three VMAs into one (or two over a hole) and the second splits
 * them again, at a place chosen at random.
 */
export const MERGE_CYCLES: readonly BenchCase[] = [1_000, 65_000, 1_000_000].flatMap((vmas) => [
  mmapCycle(vmas),
  mprotectCycle(vmas),
]);

function mmapCycle(vmas: number): BenchCase {
  return {
    name: `merge/mmap/${vmas}`,
    title: `mmap into a gap, munmap, among ${vmas.toLocaleString('en')} VMAs`,
    unit: 'ns',
    per: 'a cycle',
    rounds: 15,
    prepare: ({ kernel }) => {
      const process = freshProcess();
      mapWithHoles(process, vmas);
      const random = pseudoRandom();
      const cycle = (): void => {
        const addr = BASE + (2 * random(vmas - 1) + 1) * PAGE_SIZE;
        process.mmap({ addr, length: PAGE_SIZE, prot: READ_WRITE, flags: PRIVATE_FIXED });
        process.munmap(addr, PAGE_SIZE);
      };
      return {
        ours: () => repeat(cycle),
        ...kernelCycle(kernel, 'mmap', vmas, vmas - 1),
        dispose: () => expectVmas(process, vmas),
      };
    },
  };
}

function mprotectCycle(vmas: number): BenchCase {
  return {
    name: `merge/mprotect/${vmas}`,
    title: `mprotect there and back, among ${vmas.toLocaleString('en')} VMAs`,
    unit: 'ns',
    per: 'a cycle',
    rounds: 15,
    prepare: ({ kernel }) => {
      const process = freshProcess();
      mapInStripes(process, vmas);
      const random = pseudoRandom();
      const cycle = (): void => {
        const addr = BASE + (2 * random((vmas - 1) >> 1) + 1) * PAGE_SIZE;
        process.mprotect(addr, PAGE_SIZE, READ_WRITE);
        process.mprotect(addr, PAGE_SIZE, PROT_READ);
      };
      return {
        ours: () => repeat(cycle),
        ...kernelCycle(kernel, 'mprotect', vmas, vmas - 2),
        dispose: () => expectVmas(process, vmas),
      };
    },
  };
}

function repeat(cycle: () => void): number {
  const ns = timeOf(() => {
    for (let i = 0; i < CYCLES; i++) cycle();
  });
  return ns / CYCLES;
}

/** The kernel's side; none where there would be more VMAs than a process may have. */
function kernelCycle(
  kernel: KernelSide | null,
  kind: string,
  vmas: number,
  whileMerged: number,
): Pick<PreparedCase, 'kernel'> {
  if (kernel === null || vmas > KERNEL_LIMIT) return {};
  return {
    kernel: async () => {
      const [ns, before, merged] = (await kernel.numbers(`cycle ${kind} ${vmas} ${CYCLES}`)) ?? [];
      if (before !== vmas || merged !== whileMerged) {
        throw new Error(`the kernel had ${before} VMAs and ${merged} while merged, not ${vmas} and ${whileMerged}`);
      }
      return ns! / CYCLES;
    },
  };
}
