import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { LO_SPECIAL } from '../vmFlags.ts';
import { canMergeRemoveVma, refuseLeft, refuseRight } from './canVmaMerge.ts';
import { CLOSE_HOOK_NEXT, explainRefusal, MERGES, NOT_ADJACENT, type RefusalCode, SPECIAL } from './mergeRefusal.ts';
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
 * When `next` has a close hook and so cannot be removed, a merge of both shrinks to one with `prev`.
 *
 * Preconditions: `[start, end)` is free, `prev` and `next` are the nearest VMAs (or none).
 * Kernel: `vma_merge_new_range()`, mm/vma.c.
 *
 * @returns the VMA that now holds the range, or {@link NO_VMA}; `vmg.state` is then `nomerge` or `nomem`
 */
export function vmaMergeNewRange(vmg: VmaMergeStruct): VmaRef {
  const { mm, prev, next } = vmg;
  vmg.state = 'nomerge';
  let left: RefusalCode = SPECIAL;
  let right: RefusalCode = SPECIAL;
  if ((vmg.flagsLo & LO_SPECIAL) === 0) {
    left = refuseLeft(vmg);
    right = refuseRight(vmg, left === MERGES);
    if (left === MERGES && right === MERGES && !canMergeRemoveVma(mm, next)) right = CLOSE_HOOK_NEXT;
  }
  if (mm.observer !== null) reportRefusals(vmg, left, right);
  const store = mm.store;
  if (left === MERGES) {
    const both = right === MERGES;
    const end = both ? store.end[next]! : vmg.end;
    return vmaExpand(vmg, prev, store.start[prev]!, end, both) ? prev : NO_VMA;
  }
  if (right === MERGES) {
    return vmaExpand(vmg, next, vmg.start, store.end[next]!, false) ? next : NO_VMA;
  }
  return NO_VMA;
}

/** Tells the observer of each neighbour that touches the range and refused. */
export function reportRefusals(vmg: VmaMergeStruct, left: RefusalCode, right: RefusalCode): void {
  reportRefusal(vmg, 'prev', left);
  reportRefusal(vmg, 'next', right);
}

function reportRefusal(vmg: VmaMergeStruct, side: 'prev' | 'next', code: RefusalCode): void {
  const { mm } = vmg;
  const neighbour = side === 'prev' ? vmg.prev : vmg.next;
  if (code === MERGES || code === NOT_ADJACENT || neighbour === NO_VMA || neighbour === vmg.middle) return;
  const touches = side === 'prev' ? mm.store.end[neighbour] === vmg.start : mm.store.start[neighbour] === vmg.end;
  if (!touches) return;
  mm.observer?.({
    kind: 'refused',
    of: vmg.kind,
    side,
    range: vmg.range(),
    neighbour: mm.view(neighbour),
    refusal: explainRefusal(vmg, side, code),
  });
}
