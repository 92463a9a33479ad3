import type { SmapsEntry } from 'proc-io';
import {
  TASK_SIZE,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_SHARED,
  VM_SOFTDIRTY,
  type VmFlags,
  vmFlags,
} from 'vma-core';

/** True for what smaps lists and no address space holds: `[vsyscall]` is one page of the kernel for all. */
export function isGateVma(vma: SmapsEntry): boolean {
  return vma.start >= TASK_SIZE;
}

/** The flags of a mapping: its `VmFlags:` line, or where there is none what its permissions imply. */
export function flagsOfSmaps(vma: SmapsEntry): VmFlags {
  return vma.vmFlags ?? flagsByPerms.get(vma.perms) ?? flagsOfPerms(vma.perms);
}

/** A map of a million VMAs has a few permissions. */
const flagsByPerms = new Map<string, VmFlags>();

function flagsOfPerms(perms: string): VmFlags {
  const bits = ['r', 'w', 'x'].map((letter, bit) => (perms.includes(letter) ? 1n << BigInt(bit) : 0n));
  const kind = perms.endsWith('s') ? [VM_SHARED, VM_MAYSHARE] : [];
  const flags = vmFlags(...bits, ...kind, VM_MAYREAD, VM_MAYWRITE, VM_MAYEXEC);
  flagsByPerms.set(perms, flags);
  return flags;
}

/** True where any mapping is soft-dirty: then the kernel was built with CONFIG_MEM_SOFT_DIRTY, since new ones always are. */
export function hasSoftDirty(vmas: readonly SmapsEntry[]): boolean {
  return vmas.some((vma) => (flagsOfSmaps(vma) & VM_SOFTDIRTY) !== 0n);
}
