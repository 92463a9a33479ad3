import {
  flagsHi,
  flagsLo,
  formatVmFlags,
  InvariantError,
  MADV,
  NO_VMA,
  PAGE_SIZE,
  type Vma,
  type VmFlags,
} from 'vma-core';
import type { Process } from '../process/process.ts';
import { World } from '../process/world.ts';
import { type ForkPreviewVma, forkPreview } from '../report/forkPreview.ts';
import { tablesFor } from '../report/tablesFor.ts';
import type { GuardAnswer } from './logTypes.ts';

/**
 * Asks a copy of the VMA that holds an address, in a process of its own, what one guard page at its start would change.
 * @throws InvariantError where there is no VMA
 */
export function guardAnswer(process: Process, addr: number): GuardAnswer {
  const ref = process.mm.vmaLookup(addr);
  if (ref === NO_VMA) throw new InvariantError(`nothing is mapped at 0x${addr.toString(16)}`);
  const vma = process.mm.view(ref);
  const copy = processWith(process, vma);
  const before = forkOf(copy);
  const result = copy.madvise(vma.vmStart, PAGE_SIZE, MADV.GUARD_INSTALL);
  const after = forkOf(copy);
  const [first] = copy.mm.vmas();
  const set = ((first?.vmFlags ?? 0n) & ~vma.vmFlags) as VmFlags;
  const { kB } = tablesFor([{ start: vma.vmStart, end: vma.vmEnd }]);
  return { result: String(result), before, after, kBAtMost: kB, flags: formatVmFlags(set) };
}

function processWith(process: Process, vma: Vma): Process {
  const world = new World({ profile: process.world.profile, softDirty: process.world.softDirty });
  const copy = world.newProcess();
  const { mm } = copy;
  const { store } = mm;
  const ref = store.alloc();
  store.start[ref] = vma.vmStart;
  store.end[ref] = vma.vmEnd;
  store.pgoff[ref] = vma.vmPgoff;
  store.anonPgoff[ref] = vma.anonPgoff;
  store.flagsLo[ref] = flagsLo(vma.vmFlags);
  store.flagsHi[ref] = flagsHi(vma.vmFlags);
  if (vma.vmFile !== null) store.file[ref] = world.open({ inode: world.newInode({ pages: 2 ** 40 }) });
  store.anonVma[ref] = vma.anonVma ?? 0;
  store.anonVmaChain[ref] = vma.anonVmaChain;
  mm.linkVma(ref);
  return copy;
}

function forkOf(process: Process): ForkPreviewVma['action'] {
  return forkPreview(process).vmas[0]?.action ?? 'skip';
}
