import { PAGE_SIZE } from 'vma-core';
import type { BenchCase } from '../benchCase.ts';
import { timeOf } from '../cpuTime.ts';
import type { KernelSide } from '../kernelSide.ts';
import { pseudoRandom } from '../pseudoRandom.ts';
import { BASE, freshProcess, mapWithHoles } from './addressSpaces.ts';

const LOOKUPS = 200_000;

/** The VMA of an address, at random. The kernel's side is `msync(MS_ASYNC)`, which looks a VMA up and does nothing with it. */
export const LOOKUP: readonly BenchCase[] = [1_000, 65_000, 1_000_000].map((vmas) => ({
  name: `lookup/${vmas}`,
  title: `lookup among ${vmas.toLocaleString('en')} VMAs (kernel: msync MS_ASYNC)`,
  unit: 'ns',
  per: 'a lookup',
  rounds: 15,
  prepare: ({ kernel }) => {
    const process = freshProcess();
    mapWithHoles(process, vmas);
    const { mm } = process;
    const random = pseudoRandom();
    let lookups = 0;
    return {
      ours: () => {
        let found = 0;
        const ns = timeOf(() => {
          for (let i = 0; i < LOOKUPS; i++) found += mm.vmaLookup(BASE + 2 * random(vmas) * PAGE_SIZE) === 0 ? 0 : 1;
        });
        if (found !== LOOKUPS) throw new Error(`${LOOKUPS - found} lookups found nothing`);
        lookups += LOOKUPS;
        return ns / LOOKUPS;
      },
      ...(kernel !== null && vmas <= 65_000 ? { kernel: async () => await msync(kernel, vmas) } : {}),
      counts: () => ({ chunksALookup: mm.index.chunkVisits / lookups }),
    };
  },
}));

async function msync(kernel: KernelSide, vmas: number): Promise<number | null> {
  const ns = (await kernel.numbers(`lookup ${vmas} ${LOOKUPS}`))?.[0];
  return ns === undefined ? null : ns / LOOKUPS;
}
