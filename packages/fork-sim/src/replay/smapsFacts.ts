import type { SmapsEntry } from 'proc-io';
import { flagsHi, flagsLo, TASK_SIZE, VM_GROWSDOWN } from 'vma-core';
import { flagsOfSmaps } from './flagsOfSmaps.ts';

/** What one mapping of a smaps is to an address space that adopts it. */
export interface VmaFacts {
  readonly lo: number;
  readonly hi: number;
  /** What makes two mappings one open file: device, inode and name; `null`: it maps no file. */
  readonly fileKey: string | null;
  /** The name that `prctl` gave it; `null`: none. */
  readonly anonName: string | null;
  /** It is `[stack]`, `[vdso]` or another part that the kernel names itself, the heap left out. */
  readonly isSpecial: boolean;
  readonly isHeap: boolean;
}

const factsBySmaps: WeakMap<readonly SmapsEntry[], SmapsFacts> = new WeakMap();

/** A smaps of more mappings is no program's that a log runs again and again: keeping its facts would only cost memory. */
const MOST_KEPT = 4096;

/** A log that runs a program a thousand times adopts its smaps as often: what it says is made out once. */
export class SmapsFacts {
  readonly #vmas: readonly SmapsEntry[];
  readonly #facts: VmaFacts[] = [];
  #top: number | null = null;

  private constructor(vmas: readonly SmapsEntry[]) {
    this.#vmas = vmas;
  }

  /** Those of a smaps, which must not change any more. */
  static of(vmas: readonly SmapsEntry[]): SmapsFacts {
    const known = factsBySmaps.get(vmas) ?? new SmapsFacts(vmas);
    factsBySmaps.set(vmas, known);
    return known;
  }

  /** The facts of a mapping, by its place in the smaps. */
  at(place: number): VmaFacts {
    const known = this.#facts[place];
    if (known !== undefined) return known;
    const facts = factsOf(this.#vmas[place] as SmapsEntry);
    if (place === this.#facts.length && place < MOST_KEPT) this.#facts.push(facts);
    return facts;
  }

  /** Where placement starts, from the top down: the end of the highest mapping below the stack, which is the loader. */
  get topOfMappings(): number {
    this.#top ??= topOfMappings(this.#vmas);
    return this.#top;
  }
}

function factsOf(vma: SmapsEntry): VmaFacts {
  const flags = flagsOfSmaps(vma);
  return {
    lo: flagsLo(flags),
    hi: flagsHi(flags),
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
