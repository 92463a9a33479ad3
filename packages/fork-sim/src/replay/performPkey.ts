import type { SmapsEntry, StraceCall } from 'proc-io';
import { type Mm, VM_ACCESS_FLAGS, VM_EXEC, VM_NONE, type VmFlags, vmaPkey, vmFlagOfLetters, vmFlags } from 'vma-core';
import { isPkeyAllocated, type MprotectMore, pkeyFree, setPkeyAllocated } from 'vma-core/calls';
import type { ReplaySpace } from './replaySpace.ts';

type CallOf<Name extends StraceCall['name']> = Extract<StraceCall, { name: Name }>;

/** Flags of arm64 that `mmap` and `mprotect` set by a PROT_ name which no x86-64 has. Kernel: arch/arm64/include/asm/mman.h. */
const ARM64_PROT: Readonly<Record<string, VmFlags>> = {
  PROT_BTI: vmFlagOfLetters('bt'),
  PROT_MTE: vmFlagOfLetters('mt'),
};

/** What the names of a call's protection add to the flags of x86-64; `undefined`: nothing. */
export function archFlagsOf({ unknownNames }: StraceCall): VmFlags | undefined {
  if (unknownNames === null) return undefined;
  const flags = unknownNames.map((name) => ARM64_PROT[name] ?? VM_NONE);
  return vmFlags(...flags);
}

/** A program asked for a key, and got it: the log is right about which. */
export function performPkeyAlloc(space: ReplaySpace, { ret, errno }: CallOf<'pkey_alloc'>): void {
  if (errno === null && ret !== null) setPkeyAllocated(space.process.mm, ret);
}

/** It gave a key back. */
export function performPkeyFree(space: ReplaySpace, { args, errno }: CallOf<'pkey_free'>): void {
  if (errno === null) pkeyFree(space.process.mm, args.pkey);
}

/**
 * What a call changes besides the access. A key that a call of the log was given with success is there, even if the log does not show where it
 * came from. An `mprotect` of arm64 takes PROT_BTI away that is not asked for again, and leaves PROT_MTE.
 */
export function protChange(space: ReplaySpace, call: CallOf<'mprotect' | 'pkey_mprotect'>): MprotectMore {
  const pkey = call.name === 'pkey_mprotect' ? call.args.pkey : -1;
  const { mm } = space.process;
  if (call.errno === null && pkey > 0 && !isPkeyAllocated(mm, pkey)) setPkeyAllocated(mm, pkey);
  const set = archFlagsOf(call);
  return set === undefined ? { pkey } : { pkey, set, clear: ARM64_PROT.PROT_BTI as VmFlags };
}

/** What the mappings of a smaps tell of keys: whether the processor has any, which were given out, and which is that of execute-only memory. */
export function adoptPkeys(mm: Mm, vmas: readonly SmapsEntry[], flagsOf: (vma: SmapsEntry) => VmFlags): void {
  for (const vma of vmas) {
    if (!vma.fields.has('ProtectionKey')) continue;
    const flags = flagsOf(vma);
    const pkey = vmaPkey(flags);
    setPkeyAllocated(mm, pkey);
    if (pkey > 0 && (flags & VM_ACCESS_FLAGS) === VM_EXEC) mm.executeOnlyPkey = pkey;
  }
}
