import { PAGE_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { LO_SPECIAL } from '../vmFlags.ts';
import { canMergeRemoveVma, canVmaMergeLeft, canVmaMergeRight } from './canVmaMerge.ts';
import { commitMerge, MergePlan } from './commitMerge.ts';
import { reportRefusals } from './vmaMergeNewRange.ts';
import type { VmaMergeStruct } from './vmaMergeStruct.ts';

const plan: MergePlan = new MergePlan();

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
  const { mm, prev, middle, proposed } = vmg;
  const store = mm.store;
  const start = store.start[proposed]!;
  const end = store.end[proposed]!;
  const middleStart = store.start[middle]!;
  const middleEnd = store.end[middle]!;
  const leftSide = start === middleStart;
  const rightSide = end === middleEnd;
  vmg.state = 'nomerge';
  vmg.next = rightSide ? mm.index.next(middle) : NO_VMA;

  let left = false;
  let right = false;
  if ((store.flagsLo[proposed]! & LO_SPECIAL) !== 0) {
    vmg.refuse('special', false);
    vmg.refuse('special', true);
  } else {
    left = leftSide ? canVmaMergeLeft(vmg) : vmg.refuse('notAtEdge', false);
    right = rightSide ? canVmaMergeRight(vmg, left) : vmg.refuse('notAtEdge', true);
    const removesMiddle = leftSide && rightSide;
    if (removesMiddle && (left || right) && !canMergeRemoveVma(mm, middle)) {
      if (left) left = vmg.refuse('closeHook', false);
      if (right) right = vmg.refuse('closeHook', true);
    } else if (left && right && !canMergeRemoveVma(mm, vmg.next)) {
      right = vmg.refuse('closeHook', true);
    }
  }
  if (mm.observer !== null) reportRefusals(vmg);
  if (!left && !right) return NO_VMA;

  const { next } = vmg;
  let lo = store.flagsLo[proposed]!;
  let hi = store.flagsHi[proposed]!;
  plan.anonFromToo = NO_VMA;
  plan.removeToo = NO_VMA;
  plan.shrink = NO_VMA;
  plan.remove = leftSide && rightSide ? middle : NO_VMA;
  if (left) {
    lo |= store.flagsLo[prev]!;
    hi |= store.flagsHi[prev]!;
    plan.target = prev;
    plan.start = store.start[prev]!;
    plan.end = end;
    plan.pgoff = store.pgoff[prev]!;
    plan.anonPgoff = store.anonPgoff[prev]!;
    plan.anonFrom = middle;
    if (right) {
      lo |= store.flagsLo[next]!;
      hi |= store.flagsHi[next]!;
      plan.end = store.end[next]!;
      plan.anonFrom = store.anonVma[next] !== 0 ? next : middle;
      plan.removeToo = next;
    } else if (plan.remove === NO_VMA) {
      plan.shrink = middle;
      plan.shrinkStart = end;
      plan.shrinkEnd = middleEnd;
    }
  } else {
    const pages = (store.start[next]! - start) / PAGE_SIZE;
    lo |= store.flagsLo[next]!;
    hi |= store.flagsHi[next]!;
    plan.target = next;
    plan.start = start;
    plan.end = store.end[next]!;
    plan.pgoff = store.pgoff[next]! - pages;
    plan.anonPgoff = store.anonPgoff[next]! - pages;
    plan.anonFrom = middle;
    if (plan.remove === NO_VMA) {
      plan.shrink = middle;
      plan.shrinkStart = middleStart;
      plan.shrinkEnd = start;
    }
  }
  plan.stickyLo = lo & mm.stickyLo;
  plan.stickyHi = hi & mm.stickyHi;
  return commitMerge(vmg, plan) ? plan.target : NO_VMA;
}
