import { isForkChild } from '../anonVma.ts';
import type { Mm } from '../mm.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import type { VmaMergeStruct } from './vmaMergeStruct.ts';

/**
 * Are the attributes of the range and of its neighbour equal, apart from `VM_IGNORE_MERGE`? Policy, flags, open file,
 * userfaultfd context, anonymous name; before 6.4 also no close hook. Kernel: `is_mergeable_vma()`, mm/vma.c.
 *
 * @param mergeNext ask the next VMA rather than the previous one
 */
export function isMergeableVma(vmg: VmaMergeStruct, mergeNext: boolean): boolean {
  const { mm, proposed } = vmg;
  const { store } = mm;
  const vma = mergeNext ? vmg.next : vmg.prev;
  if (!mm.profile.closeHookMerges && hasCloseHook(mm, vma)) return vmg.refuse('closeHook', mergeNext);
  if (store.policy[vma] !== store.policy[proposed]) return vmg.refuse('policy', mergeNext);
  const differ =
    ((store.flagsLo[vma]! ^ store.flagsLo[proposed]!) & mm.compareLo) |
    ((store.flagsHi[vma]! ^ store.flagsHi[proposed]!) & mm.compareHi);
  if (differ !== 0) return vmg.refuse('vmFlags', mergeNext);
  if (store.file[vma] !== store.file[proposed]) return vmg.refuse('vmFile', mergeNext);
  if (store.uffd[vma] !== store.uffd[proposed]) return vmg.refuse('userfaultfd', mergeNext);
  if (store.anonName[vma] !== store.anonName[proposed]) return vmg.refuse('anonName', mergeNext);
  return true;
}

/** Does something have to run when the VMA goes? Kernel: `vm_ops->close`. */
export function hasCloseHook({ store, files }: Mm, vma: VmaRef): boolean {
  const file = store.file[vma]!;
  return file !== 0 && files.get(file)?.hasCloseHook === true;
}

/**
 * Are the anon_vmas of the range and of its neighbour compatible? Both absent, or the same, or only one side has one and
 * that one is no fork child. Up to 6.12, only the neighbour may be that side. 6.16 does not ask the source of a move.
 * Kernel: `is_mergeable_anon_vma()`, mm/vma.c.
 *
 * @param mergeNext ask the next VMA rather than the previous one
 */
export function isMergeableAnonVma(vmg: VmaMergeStruct, mergeNext: boolean): boolean {
  const { mm, middle } = vmg;
  const vma = mergeNext ? vmg.next : vmg.prev;
  const theirs = mm.store.anonVma[vma]!;
  const ours = mm.store.anonVma[vmg.proposed]!;
  if (ours === theirs) return true;
  if (ours === 0) return !isForkChild(mm, vma) || vmg.refuse('forkChild', mergeNext);
  if (theirs !== 0) return vmg.refuse('anonVma', mergeNext);
  if (!mm.profile.mergeFaultedIntoUnfaulted) return vmg.refuse('faultedIntoUnfaulted', mergeNext);
  // The neighbour would take over our anon_vma: not from a fork child, and not from the source of a move that is one.
  const source = middle !== NO_VMA ? middle : vmg.copiedFrom;
  if (source === NO_VMA || (middle === NO_VMA && !mm.profile.copiedRangeKeepsAnonVma)) return true;
  return !isForkChild(mm, source) || vmg.refuse('forkChild', mergeNext);
}
