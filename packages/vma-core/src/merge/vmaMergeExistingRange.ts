import { PAGE_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { LO_SPECIAL } from '../vmFlags.ts';
import { canMergeRemoveVma, refuseLeft, refuseRight } from './canVmaMerge.ts';
import { commitMerge, type MergePlan, newMergePlan } from './commitMerge.ts';
import { CLOSE_HOOK_MIDDLE, CLOSE_HOOK_NEXT, MERGES, NOT_AT_EDGE, type RefusalCode, SPECIAL } from './mergeRefusal.ts';
import { reportRefusals } from './vmaMergeNewRange.ts';
import type { VmaMergeStruct } from './vmaMergeStruct.ts';

const plan: MergePlan = newMergePlan();

/**
 * Tries to merge a mapped range, whose attributes are about to change, with the VMAs that touch it.
 *
 *     prev       middle        next        touches  merges with   outcome
 *   |-------|------#######|----------|     right    next          middle shrinks, next grows downwards
 *   |-------|#############|----------|     both     next          middle removed, next grows
 *   |-------|######-------|----------|     left     prev          prev grows, middle shrinks
 *   |-------|#############|----------|     both     prev          middle removed, prev grows
 *   |-------|#############|----------|     both     prev, next    prev spans all; middle and next removed
 *   |-------|---#####-----|----------|     neither  -             no merge; the caller splits
 *
 * Sticky result: vmg's sticky flags, and those of each neighbour that took part, are set on the target. A target without an
 * anon_vma takes the one of the VMA it absorbs. A VMA with a close hook is never removed: without `next` the merge shrinks to
 * one with `prev`, without `middle` there is none.
 *
 * Preconditions: `middle` holds `[start, end)`; `prev` is the VMA below it, or `middle` itself when the range starts inside.
 * Kernel: `vma_merge_existing_range()`, mm/vma.c; the sticky flags: the series that brought them.
 *
 * @returns the VMA that now holds the range, or {@link NO_VMA}; `vmg.state` is then `nomerge` or `nomem`
 */
export function vmaMergeExistingRange(vmg: VmaMergeStruct): VmaRef {
  const { mm, prev, middle } = vmg;
  const store = mm.store;
  const middleStart = store.start[middle]!;
  const middleEnd = store.end[middle]!;
  const leftSide = vmg.start === middleStart;
  const rightSide = vmg.end === middleEnd;
  vmg.state = 'nomerge';
  vmg.next = NO_VMA;
  if (!leftSide && !rightSide) return NO_VMA;

  let left: RefusalCode = NOT_AT_EDGE;
  let right: RefusalCode = NOT_AT_EDGE;
  if (rightSide) vmg.next = mm.index.next(middle);
  if ((vmg.flagsLo & LO_SPECIAL) !== 0) {
    left = SPECIAL;
    right = SPECIAL;
  } else {
    if (leftSide) left = refuseLeft(vmg);
    if (rightSide) right = refuseRight(vmg, left === MERGES);
    const removesMiddle = leftSide && rightSide;
    if (removesMiddle && (left === MERGES || right === MERGES) && !canMergeRemoveVma(mm, middle)) {
      if (left === MERGES) left = CLOSE_HOOK_MIDDLE;
      if (right === MERGES) right = CLOSE_HOOK_MIDDLE;
    } else if (left === MERGES && right === MERGES && !canMergeRemoveVma(mm, vmg.next)) {
      right = CLOSE_HOOK_NEXT;
    }
  }
  if (mm.observer !== null) reportRefusals(vmg, left, right);
  if (left !== MERGES && right !== MERGES) return NO_VMA;

  const { next } = vmg;
  let lo = vmg.flagsLo;
  let hi = vmg.flagsHi;
  plan.anonFromToo = NO_VMA;
  plan.removeToo = NO_VMA;
  plan.shrink = NO_VMA;
  plan.remove = leftSide && rightSide ? middle : NO_VMA;
  if (left === MERGES) {
    lo |= store.flagsLo[prev]!;
    hi |= store.flagsHi[prev]!;
    plan.target = prev;
    plan.start = store.start[prev]!;
    plan.end = vmg.end;
    plan.pgoff = store.pgoff[prev]!;
    plan.anonPgoff = store.anonPgoff[prev]!;
    plan.anonFrom = middle;
    if (right === MERGES) {
      lo |= store.flagsLo[next]!;
      hi |= store.flagsHi[next]!;
      plan.end = store.end[next]!;
      plan.anonFrom = store.anonVma[next] !== 0 ? next : middle;
      plan.removeToo = next;
    } else if (plan.remove === NO_VMA) {
      plan.shrink = middle;
      plan.shrinkStart = vmg.end;
      plan.shrinkEnd = middleEnd;
    }
  } else {
    const pages = (store.start[next]! - vmg.start) / PAGE_SIZE;
    lo |= store.flagsLo[next]!;
    hi |= store.flagsHi[next]!;
    plan.target = next;
    plan.start = vmg.start;
    plan.end = store.end[next]!;
    plan.pgoff = store.pgoff[next]! - pages;
    plan.anonPgoff = store.anonPgoff[next]! - pages;
    plan.anonFrom = middle;
    if (plan.remove === NO_VMA) {
      plan.shrink = middle;
      plan.shrinkStart = middleStart;
      plan.shrinkEnd = vmg.start;
    }
  }
  plan.stickyLo = lo & mm.stickyLo;
  plan.stickyHi = hi & mm.stickyHi;
  return commitMerge(vmg, plan) ? plan.target : NO_VMA;
}
