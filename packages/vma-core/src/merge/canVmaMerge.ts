import type { Mm } from '../mm.ts';
import { PAGE_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { LO_MAYSHARE } from '../vmFlags.ts';
import { refuseAnonVma, refuseVma } from './isMergeableVma.ts';
import {
  ANON_PGOFF,
  JUST_EXPAND,
  MERGES,
  NEIGHBOURS_ANON_VMA,
  NOT_ADJACENT,
  OWN_SOURCE,
  PGOFF,
  type RefusalCode,
} from './mergeRefusal.ts';
import type { VmaMergeStruct } from './vmaMergeStruct.ts';

/** The rule behind {@link canVmaMergeAfter}. */
export function refuseAfter(vmg: VmaMergeStruct): RefusalCode {
  const { mm, prev } = vmg;
  const store = mm.store;
  const attributes = refuseVma(vmg, prev);
  if (attributes !== MERGES) return attributes;
  const anon = refuseAnonVma(vmg, prev);
  if (anon !== MERGES) return anon;
  const pages = (store.end[prev]! - store.start[prev]!) / PAGE_SIZE;
  if (store.pgoff[prev]! + pages !== vmg.pgoff) return PGOFF;
  if (comparesAnonPgoff(vmg) && store.anonPgoff[prev]! + pages !== vmg.anonPgoff) return ANON_PGOFF;
  return prev === vmg.notInto ? OWN_SOURCE : MERGES;
}

/** The rule behind {@link canVmaMergeBefore}. */
export function refuseBefore(vmg: VmaMergeStruct): RefusalCode {
  const { mm, next } = vmg;
  const store = mm.store;
  const attributes = refuseVma(vmg, next);
  if (attributes !== MERGES) return attributes;
  const anon = refuseAnonVma(vmg, next);
  if (anon !== MERGES) return anon;
  const pages = (vmg.end - vmg.start) / PAGE_SIZE;
  if (vmg.pgoff + pages !== store.pgoff[next]) return PGOFF;
  if (comparesAnonPgoff(vmg) && vmg.anonPgoff + pages !== store.anonPgoff[next]) return ANON_PGOFF;
  return next === vmg.notInto ? OWN_SOURCE : MERGES;
}

/** 7.3: only private file mappings have a second offset; anonymous memory has just the one. */
function comparesAnonPgoff(vmg: VmaMergeStruct): boolean {
  return vmg.mm.profile.fileAnonPgoff && vmg.file !== 0 && (vmg.flagsLo & LO_MAYSHARE) === 0;
}

/**
 * May the range follow `prev` within one VMA? Attributes and anon_vma compatible, offsets continue.
 *
 *     prev      range
 *   |-------|###########|     prev.pgoff + pages(prev) == vmg.pgoff
 *
 * Precondition: `prev` ends where the range starts. Kernel: `can_vma_merge_after()`, mm/vma.c.
 */
export function canVmaMergeAfter(vmg: VmaMergeStruct): boolean {
  return refuseAfter(vmg) === MERGES;
}

/**
 * May the range precede `next` within one VMA?
 *
 *      range      next
 *   |#########|-----------|   vmg.pgoff + pages(range) == next.pgoff
 *
 * Precondition: `next` starts where the range ends. Kernel: `can_vma_merge_before()`, mm/vma.c.
 */
export function canVmaMergeBefore(vmg: VmaMergeStruct): boolean {
  return refuseBefore(vmg) === MERGES;
}

/** The rule behind {@link canVmaMergeLeft}. */
export function refuseLeft(vmg: VmaMergeStruct): RefusalCode {
  if (vmg.prev === NO_VMA || vmg.mm.store.end[vmg.prev] !== vmg.start) return NOT_ADJACENT;
  return refuseAfter(vmg);
}

/** The rule behind {@link canVmaMergeRight}. */
export function refuseRight(vmg: VmaMergeStruct, canMergeLeft: boolean): RefusalCode {
  if (vmg.next === NO_VMA || vmg.mm.store.start[vmg.next] !== vmg.end) return NOT_ADJACENT;
  if (vmg.justExpand) return JUST_EXPAND;
  const code = refuseBefore(vmg);
  if (code !== MERGES) return code;
  if (canMergeLeft && !areAnonVmasCompatible(vmg.mm, vmg.prev, vmg.next)) return NEIGHBOURS_ANON_VMA;
  return MERGES;
}

/** Does `prev` touch the range, and may it absorb it? Kernel: `can_vma_merge_left()`. */
export function canVmaMergeLeft(vmg: VmaMergeStruct): boolean {
  return refuseLeft(vmg) === MERGES;
}

/**
 * Does `next` touch the range, and may it absorb it? When `prev` may too, the two must also be compatible with each
 * other, for all three would become one. Kernel: `can_vma_merge_right()`.
 */
export function canVmaMergeRight(vmg: VmaMergeStruct, canMergeLeft: boolean): boolean {
  return refuseRight(vmg, canMergeLeft) === MERGES;
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
  const file = mm.store.file[vma]!;
  return file === 0 || mm.files.get(file)?.hasCloseHook !== true;
}
