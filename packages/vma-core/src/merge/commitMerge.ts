import { dupAnonVma } from '../anonVma.ts';
import { PAGE_SIZE } from '../units.ts';
import type { Vma } from '../vma.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import type { VmaMergeStruct } from './vmaMergeStruct.ts';

/** A merge that was decided on and changes nothing yet. Hot paths reuse one. */
export class MergePlan {
  /** Grows over `[start, end)`. */
  target: VmaRef = NO_VMA;
  /** First byte of the result. */
  start = 0;
  /** Byte after the last of the result. */
  end = 0;
  /** Offsets of the target's first page. */
  pgoff = 0;
  /** The anonymous one; pages. */
  anonPgoff = 0;
  /** The VMA whose anon_vma the target takes over when it has none, or none. */
  anonFrom: VmaRef = NO_VMA;
  /** A second one to ask, or none. */
  anonFromToo: VmaRef = NO_VMA;
  /** VMAs that go. */
  remove: VmaRef = NO_VMA;
  /** A second one that goes, or none. */
  removeToo: VmaRef = NO_VMA;
  /** The VMA that gives a part of itself to the target, or none; it keeps `[shrinkStart, shrinkEnd)`. */
  shrink: VmaRef = NO_VMA;
  /** First byte that it keeps. */
  shrinkStart = 0;
  /** Byte after the last that it keeps. */
  shrinkEnd = 0;
  /** Sticky flags that the target gains. */
  stickyLo = 0;
  /** The same, high half. */
  stickyHi = 0;
}

/**
 * Carries a merge out: all of it, or, where an allocation was made to fail, nothing, flags included.
 *
 * The order is the kernel's: the anon_vma is taken over, then memory for the tree is set aside (the last step that can
 * fail), then VMAs are removed and moved, then the sticky flags are set. Kernel: `commit_merge()`, mm/vma.c.
 *
 * @returns whether the merge took place; `vmg.state` says which
 */
export function commitMerge(vmg: VmaMergeStruct, plan: MergePlan): boolean {
  const { mm } = vmg;
  const store = mm.store;
  const target = plan.target;
  if (mm.failAllocation !== null) {
    const anonVma = store.anonVma[target]!;
    const chain = store.anonVmaChain[target]!;
    const taken = takeAnonVma(vmg, plan.anonFrom, target) && takeAnonVma(vmg, plan.anonFromToo, target);
    if (!taken || mm.fails('mergePrealloc')) {
      store.anonVma[target] = anonVma;
      store.anonVmaChain[target] = chain;
      vmg.state = 'nomem';
      return false;
    }
  } else {
    takeAnonVma(vmg, plan.anonFrom, target);
    takeAnonVma(vmg, plan.anonFromToo, target);
  }
  const removed: Vma[] | null = mm.observer === null ? null : [];
  const before = mm.observer === null ? null : mm.view(target);
  const grewDown = plan.start < store.start[target]!;
  const grewUp = plan.end > store.end[target]!;

  if (plan.shrink !== NO_VMA) {
    const pages = (plan.shrinkStart - store.start[plan.shrink]!) / PAGE_SIZE;
    mm.setRange(
      plan.shrink,
      plan.shrinkStart,
      plan.shrinkEnd,
      store.pgoff[plan.shrink]! + pages,
      store.anonPgoff[plan.shrink]! + pages,
    );
  }
  if (plan.remove !== NO_VMA) {
    removed?.push(mm.view(plan.remove));
    mm.removeVma(plan.remove);
    mm.stats.mergedAway++;
  }
  if (plan.removeToo !== NO_VMA) {
    removed?.push(mm.view(plan.removeToo));
    mm.removeVma(plan.removeToo);
    mm.stats.mergedAway++;
  }
  mm.setRange(target, plan.start, plan.end, plan.pgoff, plan.anonPgoff);
  store.flagsLo[target] = store.flagsLo[target]! | plan.stickyLo;
  store.flagsHi[target] = store.flagsHi[target]! | plan.stickyHi;
  mm.stats.merges++;
  vmg.target = target;
  vmg.state = 'success';
  if (removed !== null && before !== null) {
    const both = plan.removeToo !== NO_VMA || (vmg.middle === NO_VMA && plan.remove !== NO_VMA);
    mm.observer?.({
      kind: 'merged',
      of: vmg.kind,
      into: both || (grewDown && grewUp) ? 'both' : grewDown ? 'next' : 'prev',
      range: vmg.range(),
      target: before,
      result: mm.view(target),
      removed,
    });
  }
  return true;
}

function takeAnonVma(vmg: VmaMergeStruct, from: VmaRef, target: VmaRef): boolean {
  return from === NO_VMA || dupAnonVma(vmg.mm, target, from);
}
