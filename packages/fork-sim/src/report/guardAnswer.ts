import { type ForkAction, InvariantError, MADV, NO_VMA, PAGE_SIZE, type Vma, type VmFlags } from 'vma-core';
import { type Process, World } from '../process/process.ts';
import { forkPreview } from './forkPreview.ts';
import { tablesFor } from './tablesFor.ts';

/** What one guard page at the start of a VMA would change, asked of a copy. */
export interface GuardAnswer {
  /** What `MADV_GUARD_INSTALL` answers: 0, or an errno. */
  readonly result: string;
  /** What a fork does with the VMA now, and with the guard. */
  readonly before: ForkAction;
  readonly after: ForkAction;
  /** Page tables for all of the VMA, were every page mapped; kB. */
  readonly kBAtMost: number | null;
  /** Flags that the guard sets. */
  readonly flags: VmFlags;
}

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
  return { result: String(result), before, after, kBAtMost: kB, flags: set };
}

function processWith(process: Process, vma: Vma): Process {
  const world = new World({ profile: process.world.profile, softDirty: process.world.softDirty });
  const copy = world.newProcess();
  const vmFile = vma.vmFile && world.open({ inode: world.newInode({ pages: 2 ** 40 }) });
  // The userfaultfd is the other process's.
  copy.mm.add({ ...vma, vmFile, userfaultfd: null });
  return copy;
}

function forkOf(process: Process): ForkAction {
  return forkPreview(process).vmas[0]?.action ?? 'skip';
}
