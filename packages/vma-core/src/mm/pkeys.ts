import type { Mm } from '../mm.ts';
import type { VmaRef } from '../vmaStore.ts';
import { HI_PKEY_MASK, LO_ACCESS, LO_EXEC } from '../vmFlags.ts';
import { PROT_EXEC } from './uapi.ts';

/** The keys that x86 has. Kernel: `arch_max_pkey()`. */
const MAX_PKEY = 16;

/** Says that a process has a key: `pkey_alloc` gave it, or memory has it. */
export function setPkeyAllocated(mm: Mm, pkey: number): void {
  mm.hasPkeys = true;
  mm.pkeyAllocationMap |= 1 << pkey;
}

/** Gives a key back. Memory that has it keeps it. Kernel: `mm_pkey_free()`. */
export function pkeyFree(mm: Mm, pkey: number): void {
  mm.pkeyAllocationMap &= ~(1 << pkey);
}

/** Could `pkey_mprotect` be given this key? Kernel: `mm_pkey_is_allocated()`, arch/x86/include/asm/pkeys.h. */
export function isPkeyAllocated(mm: Mm, pkey: number): boolean {
  if (pkey < 0 || pkey >= MAX_PKEY || pkey === mm.executeOnlyPkey) return false;
  return (mm.pkeyAllocationMap & (1 << pkey)) !== 0;
}

/**
 * The key of memory that may only be executed, which no program asked for: taken at its first use; -1 where there is none left, or the
 * processor has no keys. Kernel: `__execute_only_pkey()`, arch/x86/mm/pkeys.c.
 */
export function executeOnlyPkey(mm: Mm): number {
  if (!mm.hasPkeys || mm.executeOnlyPkey >= 0) return mm.executeOnlyPkey;
  for (let pkey = 0; pkey < MAX_PKEY; pkey++) {
    if ((mm.pkeyAllocationMap & (1 << pkey)) !== 0) continue;
    mm.pkeyAllocationMap |= 1 << pkey;
    mm.executeOnlyPkey = pkey;
    break;
  }
  return mm.executeOnlyPkey;
}

/** The key that `mprotect` leaves a VMA with. Kernel: `__arch_override_mprotect_pkey()`, arch/x86/mm/pkeys.c. */
export function overrideMprotectPkey(mm: Mm, vma: VmaRef, prot: number, pkey: number): number {
  if (pkey !== -1) return pkey;
  const own = mm.store.flagsHi[vma]! & HI_PKEY_MASK;
  const isExecuteOnly = (mm.store.flagsLo[vma]! & LO_ACCESS) === LO_EXEC && own === mm.executeOnlyPkey;
  if (prot !== PROT_EXEC) return isExecuteOnly ? 0 : own;
  const executeOnly = executeOnlyPkey(mm);
  return executeOnly > 0 ? executeOnly : own;
}
