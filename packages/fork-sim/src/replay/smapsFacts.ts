import type { SmapsEntry } from 'proc-io';
import { TASK_SIZE, VM_GROWSDOWN, type VmFlags } from 'vma-core';
import { flagsOfSmaps } from './flagsOfSmaps.ts';

/** What one mapping of a smaps is to an address space that adopts it. */
export interface VmaFacts {
  readonly vmFlags: VmFlags;
  /** What makes two mappings one open file: device, inode and name; `null`: it maps no file. */
  readonly fileKey: string | null;
  /** The name that `prctl` gave it; `null`: none. */
  readonly anonName: string | null;
  /** It is `[stack]`, `[vdso]` or another part that the kernel names itself, the heap left out. */
  readonly isSpecial: boolean;
  readonly isHeap: boolean;
}

/** What a smaps says. */
interface SmapsFacts {
  /** The facts of a mapping, by its place in the smaps. */
  at(place: number): VmaFacts;
  /** Where placement starts, from the top down: the end of the highest mapping below the stack, which is the loader. */
  readonly topOfMappings: number;
}

const factsBySmaps: WeakMap<readonly SmapsEntry[], SmapsFacts> = new WeakMap();

/** A smaps of more mappings is no program's that a log runs again and again: keeping its facts would only cost memory. */
const MOST_KEPT = 4096;

/** A log that runs a program a thousand times adopts its smaps as often: what it says is made out once. It must not change any more. */
export function smapsFacts(vmas: readonly SmapsEntry[]): SmapsFacts {
  const known = factsBySmaps.get(vmas);
  if (known !== undefined) return known;
  const kept = vmas.slice(0, MOST_KEPT).map(factsOf);
  const facts = { at: (place: number) => kept[place] ?? factsOf(vmas[place]!), topOfMappings: topOfMappings(vmas) };
  factsBySmaps.set(vmas, facts);
  return facts;
}

function factsOf(vma: SmapsEntry): VmaFacts {
  return {
    vmFlags: flagsOfSmaps(vma),
    fileKey: vma.inode === '0' ? null : `${vma.dev} ${vma.inode} ${vma.name}`,
    anonName: /^\[anon:(.*)\]$/.exec(vma.name)?.[1] ?? null,
    isSpecial: /^\[(?!heap\]|anon:|anon_shmem:)/.test(vma.name),
    isHeap: vma.name === '[heap]',
  };
}

function topOfMappings(vmas: readonly SmapsEntry[]): number {
  const stack =
    vmas.find((vma) => vma.name === '[stack]') ?? vmas.findLast((vma) => (flagsOfSmaps(vma) & VM_GROWSDOWN) !== 0n);
  const limit = stack?.start ?? TASK_SIZE;
  const below = vmas.filter((vma) => vma.end <= limit && vma.name !== '[heap]');
  return below.at(-1)?.end ?? limit;
}
