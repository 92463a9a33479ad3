import { isForkChild } from '../anonVma.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import {
  ANON_NAME,
  ANON_VMA,
  FAULTED_INTO_UNFAULTED,
  FORK_CHILD_NEIGHBOUR,
  FORK_CHILD_RANGE,
  MERGES,
  POLICY,
  type RefusalCode,
  USERFAULTFD,
  VM_FILE,
  VM_FLAGS,
} from './mergeRefusal.ts';
import type { VmaMergeStruct } from './vmaMergeStruct.ts';

/** Which attribute of the range and the neighbour differs, or {@link MERGES}. The rule behind {@link isMergeableVma}. */
export function refuseVma(vmg: VmaMergeStruct, neighbour: VmaRef): RefusalCode {
  const mm = vmg.mm;
  const store = mm.store;
  if (store.policy[neighbour] !== vmg.policy) return POLICY;
  if (((store.flagsLo[neighbour]! ^ vmg.flagsLo) & mm.compareLo) !== 0) return VM_FLAGS;
  if (((store.flagsHi[neighbour]! ^ vmg.flagsHi) & mm.compareHi) !== 0) return VM_FLAGS;
  if (store.file[neighbour] !== vmg.file) return VM_FILE;
  if (store.uffd[neighbour] !== vmg.uffd) return USERFAULTFD;
  if (store.anonName[neighbour] !== vmg.anonName) return ANON_NAME;
  return MERGES;
}

/**
 * Are the attributes of the range and of its neighbour equal, apart from `VM_IGNORE_MERGE`? Policy, flags, open file,
 * userfaultfd context, anonymous name. Kernel: `is_mergeable_vma()`, mm/vma.c.
 *
 * @param mergeNext ask the next VMA rather than the previous one
 */
export function isMergeableVma(vmg: VmaMergeStruct, mergeNext: boolean): boolean {
  return refuseVma(vmg, mergeNext ? vmg.next : vmg.prev) === MERGES;
}

/** Which anon_vma rule refuses, or {@link MERGES}. The rule behind {@link isMergeableAnonVma}. */
export function refuseAnonVma(vmg: VmaMergeStruct, neighbour: VmaRef): RefusalCode {
  const { mm } = vmg;
  const theirs = mm.store.anonVma[neighbour]!;
  const ours = vmg.anonVma;
  if (ours === theirs) return MERGES;
  if (ours === 0) return isForkChild(mm, neighbour) ? FORK_CHILD_NEIGHBOUR : MERGES;
  if (theirs !== 0) return ANON_VMA;
  if (!mm.profile.mergeFaultedIntoUnfaulted) return FAULTED_INTO_UNFAULTED;
  // The neighbour would take over our anon_vma: not from a fork child, and not from the source of a move that is one.
  const source = vmg.middle !== NO_VMA ? vmg.middle : vmg.copiedFrom;
  if (source === NO_VMA || (vmg.middle === NO_VMA && !mm.profile.copiedRangeKeepsAnonVma)) return MERGES;
  return isForkChild(mm, source) ? FORK_CHILD_RANGE : MERGES;
}

/**
 * Are the anon_vmas of the range and of its neighbour compatible? Both absent, or the same, or only one side has one and
 * that one is no fork child. Up to 6.12, only the neighbour may be that side. 6.16 does not ask the source of a move.
 * Kernel: `is_mergeable_anon_vma()`, mm/vma.c.
 *
 * @param mergeNext ask the next VMA rather than the previous one
 */
export function isMergeableAnonVma(vmg: VmaMergeStruct, mergeNext: boolean): boolean {
  return refuseAnonVma(vmg, mergeNext ? vmg.next : vmg.prev) === MERGES;
}
