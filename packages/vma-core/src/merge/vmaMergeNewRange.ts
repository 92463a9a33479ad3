import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { LO_SPECIAL } from '../vmFlags.ts';
import { canMergeRemoveVma, canVmaMergeLeft, canVmaMergeRight } from './canVmaMerge.ts';
import { type MergeRule, type MergeSide, refusalOf } from './mergeRefusal.ts';
import { vmaExpand } from './vmaExpand.ts';
import type { VmaMergeStruct } from './vmaMergeStruct.ts';

/**
 * Tries to absorb a range that holds no VMA into the ones that touch it.
 *
 *     prev       range       next            result
 *   |------|##############|------|   both    prev grows over all; next is removed
 *   |------|##############   |---|   left    prev grows upwards
 *   |---|   ##############|------|   right   next grows downwards, its pgoff with it
 *
 * Before 6.12, `mmap` (but no other call) asks `next` first; then `prev` must fit what `next` is.
 *
 * When `next` has a close hook and so cannot be removed, a merge of both shrinks to one with `prev`.
 *
 * Preconditions: `[start, end)` is free, `prev` and `next` are the nearest VMAs (or none).
 * Kernel: `vma_merge_new_range()`, mm/vma.c.
 *
 * @returns the VMA that now holds the range, or {@link NO_VMA}; `vmg.state` is then `nomerge` or `nomem`
 */
export function vmaMergeNewRange(vmg: VmaMergeStruct): VmaRef {
  const { mm, prev, next, proposed } = vmg;
  const store = mm.store;
  let left = false;
  let right = false;
  vmg.state = 'nomerge';
  if ((store.flagsLo[proposed]! & LO_SPECIAL) !== 0) {
    vmg.refuse('special', false);
    vmg.refuse('special', true);
  } else {
    left = canVmaMergeLeft(vmg);
    right = canVmaMergeRight(vmg, left && !vmg.nextFirst);
    if (vmg.nextFirst && left && right) left = fitsNextAnonVma(vmg) || vmg.refuse('neighboursAnonVma', false);
    if (left && right && !canMergeRemoveVma(mm, next)) right = vmg.refuse('closeHook', true);
  }
  if (mm.observer !== null) reportRefusals(vmg);
  if (left) return vmaExpand(vmg, prev, store.start[prev]!, store.end[right ? next : proposed]!, right) ? prev : NO_VMA;
  if (right) return vmaExpand(vmg, next, store.start[proposed]!, store.end[next]!, false) ? next : NO_VMA;
  return NO_VMA;
}

/** `next` has the range already: `prev` must fit the anon_vma of `next`, and one that has none fits none. 6.1 to 6.11. */
function fitsNextAnonVma({ mm: { store }, prev, next }: VmaMergeStruct): boolean {
  return store.anonVma[next] === 0 || store.anonVma[next] === store.anonVma[prev];
}

/** Tells the observer of each neighbour that touches the range and refused. */
export function reportRefusals(vmg: VmaMergeStruct): void {
  reportRefusal(vmg, 'prev', vmg.prev, vmg.prevRefusal);
  reportRefusal(vmg, 'next', vmg.next, vmg.nextRefusal);
}

function reportRefusal(vmg: VmaMergeStruct, side: MergeSide, neighbour: VmaRef, rule: MergeRule | null): void {
  const { mm, proposed } = vmg;
  if (rule === null || neighbour === NO_VMA || neighbour === vmg.middle) return;
  const [below, above] = side === 'prev' ? [neighbour, proposed] : [proposed, neighbour];
  if (mm.store.end[below] !== mm.store.start[above]) return;
  mm.observer?.({
    kind: 'refused',
    of: vmg.kind,
    side,
    range: vmg.range(),
    neighbour: mm.view(neighbour),
    refusal: refusalOf(vmg, side, rule),
  });
}
