import {
  MADV,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  VM_ACCESS_FLAGS,
  VM_EXEC,
  VM_MAYSHARE,
  VM_READ,
  VM_WRITE,
  type Vma,
} from 'vma-core';
import type { Process } from '../process/process.ts';
import { LONGEST_GUARD } from '../replay/guardsAsMarkers.ts';
import { backingOf } from './backingOf.ts';

/**
 * Turns every short PROT_NONE range beside accessible anonymous memory into a guard marker in it, and answers how many there were: the
 * process then has the VMAs that it would have at best. Wants a process whose VMAs have no anon_vmas, which would stand in the way,
 * and a profile with guards.
 */
export function guardsAtBest(process: Process): number {
  const vmas = process.mm.vmas();
  let count = 0;
  for (const [at, vma] of vmas.entries()) {
    if (!isGuard(vma)) continue;
    const host = [vmas[at + 1], vmas[at - 1]].find((one) => one !== undefined && isHost(one) && touches(vma, one));
    if (host === undefined) continue;
    count++;
    const length = vma.vmEnd - vma.vmStart;
    process.mprotect(vma.vmStart, length, protOf(host));
    process.madvise(vma.vmStart, length, MADV.GUARD_INSTALL);
  }
  return count;
}

function isGuard(vma: Vma): boolean {
  const isPrivateAnonymous = vma.vmFile === null && (vma.vmFlags & VM_MAYSHARE) === 0n;
  return isPrivateAnonymous && (vma.vmFlags & VM_ACCESS_FLAGS) === 0n && vma.vmEnd - vma.vmStart <= LONGEST_GUARD;
}

function isHost(vma: Vma): boolean {
  return backingOf(vma) === 'anonymous' && (vma.vmFlags & VM_WRITE) !== 0n;
}

function touches(a: Vma, b: Vma): boolean {
  return a.vmEnd === b.vmStart || b.vmEnd === a.vmStart;
}

function protOf(vma: Vma): number {
  const has = (flag: bigint, prot: number): number => ((vma.vmFlags & flag) === 0n ? 0 : prot);
  return has(VM_READ, PROT_READ) | has(VM_WRITE, PROT_WRITE) | has(VM_EXEC, PROT_EXEC);
}
