import { VM_DONTEXPAND, VM_IO, VM_MAYSHARE, VM_PFNMAP, type Vma } from 'vma-core';

/** What backs a VMA, as pictures tell it apart; `special`: what a driver or the kernel itself mapped. */
export type BackingKind = 'anonymous' | 'file' | 'shared' | 'special';

/** What backs a VMA. */
export function backingOf({ vmFlags, vmFile }: Pick<Vma, 'vmFlags' | 'vmFile'>): BackingKind {
  if ((vmFlags & (VM_IO | VM_PFNMAP | VM_DONTEXPAND)) !== 0n) return 'special';
  if ((vmFlags & VM_MAYSHARE) !== 0n) return 'shared';
  return vmFile === null ? 'anonymous' : 'file';
}
