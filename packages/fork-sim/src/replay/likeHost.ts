import {
  MADV,
  PAGE_SIZE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  pgoff,
  VM_ACCESS_FLAGS,
  VM_EXEC,
  VM_LOCKED,
  VM_MAYSHARE,
  VM_NORESERVE,
  VM_READ,
  VM_SEALED,
  VM_WRITE,
  type Vma,
  type VmFlags,
} from 'vma-core';
import type { Process } from '../process/process.ts';

/** Longer inaccessible ranges are reserves, not guards, unless another bound is given; bytes. */
export const LONGEST_GUARD: number = 64 * 1024;

/** Private anonymous memory that nothing can be read from or written to. */
export function isInaccessible(vma: Vma): boolean {
  return isPrivateAnonymous(vma) && (vma.vmFlags & VM_ACCESS_FLAGS) === 0n;
}

/** Memory that may hold guard markers in place of PROT_NONE guards beside it: private, anonymous, writable. */
export function isHost(vma: Vma): boolean {
  return isPrivateAnonymous(vma) && (vma.vmFlags & (VM_WRITE | VM_LOCKED | VM_SEALED)) === VM_WRITE;
}

/**
 * Was inaccessible memory reserved, and committed beside it by mapping it anew? Then the one was mapped with MAP_NORESERVE and the
 * other was not, and what is left of the reserve guards nothing.
 */
export function isReserveOf(inaccessible: Pick<Vma, 'vmFlags'>, committed: Pick<Vma, 'vmFlags'>): boolean {
  return (inaccessible.vmFlags & ~committed.vmFlags & VM_NORESERVE) !== 0n;
}

/**
 * Makes of a VMA a part of its host with guard markers in it: what it would be, had the program installed markers and never made a VMA of
 * it. It takes every attribute of the host, such as MAP_STACK's NOHUGEPAGE, and no anon_vma: that of a part of a VMA is the VMA's.
 */
export function becomeMarkers(process: Process, guard: Vma, host: Vma): void {
  const { vmStart, vmEnd } = guard;
  const length = vmEnd - vmStart;
  const offset = host.vmPgoff + (vmStart - host.vmStart) / PAGE_SIZE;
  process.munmap(vmStart, length);
  const vmFlags = (host.vmFlags & ~VM_ACCESS_FLAGS) as VmFlags;
  process.mm.add({
    vmStart,
    vmEnd,
    vmPgoff: offset < 0 ? guard.vmPgoff : pgoff(offset),
    vmFlags,
    anonName: host.anonName,
  });
  process.mprotect(vmStart, length, protOf(host));
  process.madvise(vmStart, length, MADV.GUARD_INSTALL);
}

function isPrivateAnonymous({ vmFile, vmFlags }: Vma): boolean {
  return vmFile === null && (vmFlags & VM_MAYSHARE) === 0n;
}

function protOf({ vmFlags }: Vma): number {
  const has = (flag: bigint, prot: number): number => ((vmFlags & flag) === 0n ? 0 : prot);
  return has(VM_READ, PROT_READ) | has(VM_WRITE, PROT_WRITE) | has(VM_EXEC, PROT_EXEC);
}
