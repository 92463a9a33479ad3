import type { SmapsEntry } from 'proc-io';
import { flagsLo, TASK_SIZE, VM_GROWSDOWN, VM_MAYSHARE, type VmFlags } from 'vma-core';
import { flagsOfSmaps, lacksFlags } from './flagsOfSmaps.ts';
import { geometryOf, isGateVma, isOtherMachine, type MapGeometry } from './mapGeometry.ts';

/** What one mapping of a smaps is to an address space that adopts it. */
export interface VmaFacts extends Pick<SmapsEntry, 'start' | 'end' | 'pgoff' | 'name'> {
  /** No address space holds it. */
  readonly isGate: boolean;
  readonly vmFlags: VmFlags;
  /** The low half of them. */
  readonly flagsLo: number;
  /** There is nothing in the high half. */
  readonly isLow: boolean;
  /** What makes two mappings one open file: device, inode and name; `null`: it maps no file. */
  readonly fileKey: string | null;
  /** The name that `prctl` gave it; `null`: none. */
  readonly anonName: string | null;
  /** It is `[stack]`, `[vdso]` or another part that the kernel names itself, the heap left out. */
  readonly isSpecial: boolean;
  readonly isHeap: boolean;
  /** It has pages that only a write to a private mapping makes; `null`: the file does not tell. */
  readonly isWritten: boolean | null;
}

/** What a smaps says. */
interface SmapsFacts {
  /** The facts of a mapping, by its place in the smaps. */
  at(place: number): VmaFacts;
  /** Where placement starts, from the top down: the end of the highest mapping below the stack, which is the loader. */
  readonly topOfMappings: number;
  readonly geometry: MapGeometry;
  readonly isOtherMachine: boolean;
  readonly lacksFlags: boolean;
  /** It shows protection keys. */
  readonly hasPkeys: boolean;
}

const factsBySmaps: WeakMap<readonly SmapsEntry[], SmapsFacts> = new WeakMap();

/** A smaps of more mappings is of no process that a default limit allows: keeping its facts would only cost memory. */
const MOST_KEPT = 1 << 17;

/** A log that runs a program a thousand times adopts its smaps as often: what it says is made out once. It must not change any more. */
export function smapsFacts(vmas: readonly SmapsEntry[]): SmapsFacts {
  const known = factsBySmaps.get(vmas);
  if (known !== undefined) return known;
  const kept = vmas.slice(0, MOST_KEPT).map(factsOf);
  const facts: SmapsFacts = {
    at: (place) => kept[place] ?? factsOf(vmas[place]!),
    topOfMappings: topOfMappings(vmas),
    geometry: geometryOf(vmas),
    isOtherMachine: isOtherMachine(vmas),
    lacksFlags: lacksFlags(vmas),
    hasPkeys: vmas.some(({ fields }) => fields.has('ProtectionKey')),
  };
  factsBySmaps.set(vmas, facts);
  return facts;
}

function factsOf(vma: SmapsEntry): VmaFacts {
  const vmFlags = flagsOfSmaps(vma);
  const { start, end, pgoff, name } = vma;
  return {
    start,
    end,
    pgoff,
    name,
    isGate: isGateVma(vma),
    vmFlags,
    flagsLo: flagsLo(vmFlags),
    isLow: vmFlags >> 32n === 0n,
    fileKey: vma.inode === '0' ? null : `${vma.dev} ${vma.inode} ${vma.name}`,
    anonName: /^\[anon:(.*)\]$/.exec(vma.name)?.[1] ?? null,
    isSpecial: /^\[(?!heap\]|anon:|anon_shmem:)/.test(vma.name),
    isHeap: vma.name === '[heap]',
    isWritten: (vmFlags & VM_MAYSHARE) === 0n && hasOwnPages(vma),
  };
}

/** What counts the pages that a private mapping alone has; huge pages of hugetlbfs are in no other field. */
const OWN_PAGES = ['Anonymous', 'Swap', 'Private_Hugetlb', 'Shared_Hugetlb'];

function hasOwnPages({ fields }: SmapsEntry): boolean | null {
  if (OWN_PAGES.some((key) => (fields.get(key) ?? 0) > 0)) return true;
  return fields.has('Anonymous') ? false : null;
}

function topOfMappings(vmas: readonly SmapsEntry[]): number {
  const stack =
    vmas.find((vma) => vma.name === '[stack]') ?? vmas.findLast((vma) => (flagsOfSmaps(vma) & VM_GROWSDOWN) !== 0n);
  const limit = stack?.start ?? TASK_SIZE;
  const below = vmas.filter((vma) => vma.end <= limit && vma.name !== '[heap]');
  return below.at(-1)?.end ?? limit;
}
