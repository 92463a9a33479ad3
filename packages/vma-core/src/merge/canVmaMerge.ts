import type { Mm } from '../mm.ts';
import { PAGE_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { LO_MAYSHARE } from '../vmFlags.ts';
import { hasCloseHook, isMergeableAnonVma, isMergeableVma } from './isMergeableVma.ts';
import type { VmaMergeStruct } from './vmaMergeStruct.ts';

/**
 * May the range follow `prev` within one VMA? Attributes and anon_vma compatible, offsets continue.
 *
 *     prev      range
 *   |-------|###########|     prev.pgoff + pages(prev) == range.pgoff
 *
 * Precondition: `prev` ends where the range starts. Kernel: `can_vma_merge_after()`, mm/vma.c.
 */
export function canVmaMergeAfter(vmg: VmaMergeStruct): boolean {
  const { prev, proposed } = vmg;
  if (!isMergeableVma(vmg, false) || !isMergeableAnonVma(vmg, false)) return false;
  if (!offsetsContinue(vmg, prev, proposed, false)) return false;
  return prev !== vmg.notInto || vmg.refuse('ownSource', false);
}

/**
 * May the range precede `next` within one VMA?
 *
 *      range      next
 *   |#########|-----------|   range.pgoff + pages(range) == next.pgoff
 *
 * Precondition: `next` starts where the range ends. Kernel: `can_vma_merge_before()`, mm/vma.c.
 */
export function canVmaMergeBefore(vmg: VmaMergeStruct): boolean {
  const { next, proposed } = vmg;
  if (!isMergeableVma(vmg, true) || !isMergeableAnonVma(vmg, true)) return false;
  if (!offsetsContinue(vmg, proposed, next, true)) return false;
  return next !== vmg.notInto || vmg.refuse('ownSource', true);
}

/**
 * Do the offsets continue from `below` to `above`? 7.3: in private file mappings the second, anonymous ones too; anonymous
 * memory has just the one.
 */
function offsetsContinue(vmg: VmaMergeStruct, below: VmaRef, above: VmaRef, mergeNext: boolean): boolean {
  const { store, profile } = vmg.mm;
  const pages = (store.end[below]! - store.start[below]!) / PAGE_SIZE;
  if (store.pgoff[below]! + pages !== store.pgoff[above]) return vmg.refuse('pgoff', mergeNext);
  if (!profile.fileAnonPgoff || store.file[above] === 0 || (store.flagsLo[above]! & LO_MAYSHARE) !== 0) return true;
  return store.anonPgoff[below]! + pages === store.anonPgoff[above] || vmg.refuse('anonPgoff', mergeNext);
}

/** Does `prev` touch the range, and may it absorb it? Kernel: `can_vma_merge_left()`. */
export function canVmaMergeLeft(vmg: VmaMergeStruct): boolean {
  const { mm, prev, proposed } = vmg;
  if (prev === NO_VMA || mm.store.end[prev] !== mm.store.start[proposed]) return vmg.refuse('notAdjacent', false);
  return canVmaMergeAfter(vmg);
}

/**
 * Does `next` touch the range, and may it absorb it? When `prev` may too, the two must also be compatible with each
 * other, for all three would become one. Kernel: `can_vma_merge_right()`.
 */
export function canVmaMergeRight(vmg: VmaMergeStruct, canMergeLeft: boolean): boolean {
  const { mm, next, proposed } = vmg;
  if (next === NO_VMA || mm.store.start[next] !== mm.store.end[proposed]) return vmg.refuse('notAdjacent', true);
  if (vmg.justExpand) return vmg.refuse('justExpand', true);
  if (!canVmaMergeBefore(vmg)) return false;
  return !canMergeLeft || areAnonVmasCompatible(mm, vmg.prev, next) || vmg.refuse('neighboursAnonVma', true);
}

/** Not two different anon_vmas. Kernel: `are_anon_vmas_compatible()`. */
function areAnonVmasCompatible(mm: Mm, prev: VmaRef, next: VmaRef): boolean {
  const a = mm.store.anonVma[prev]!;
  const b = mm.store.anonVma[next]!;
  return a === 0 || b === 0 || a === b;
}

/**
 * May a merge remove this VMA? Not one with a close hook, which would have to run.
 * Kernel: `can_merge_remove_vma()`, mm/vma.c.
 */
export function canMergeRemoveVma(mm: Mm, vma: VmaRef): boolean {
  return !hasCloseHook(mm, vma);
}
