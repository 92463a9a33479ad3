import { PAGE_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { commitMerge, MergePlan } from './commitMerge.ts';
import type { VmaMergeStruct } from './vmaMergeStruct.ts';

const plan: MergePlan = new MergePlan();

/**
 * Grows `target` over `[start, end)`, and removes `next` when it is reached. Every merge of a new range ends here.
 *
 *     target      range      next
 *   |--------|############|--------|        |-----------------------------|
 *                                     ->      (sticky of all three) on it
 *
 * Sticky result: `(vmg | target | removed next) & VM_STICKY` is set on the target. A failed allocation leaves every VMA as
 * it was, flags included. Kernel: `vma_expand()`, mm/vma.c; the sticky flags: the series that brought them.
 *
 * @returns whether it grew; `vmg.state` says why not
 */
export function vmaExpand(
  vmg: VmaMergeStruct,
  target: VmaRef,
  start: number,
  end: number,
  removeNext: boolean,
): boolean {
  const { mm } = vmg;
  const store = mm.store;
  const grownBy = (store.start[target]! - start) / PAGE_SIZE;
  plan.target = target;
  plan.start = start;
  plan.end = end;
  plan.pgoff = store.pgoff[target]! - grownBy;
  plan.anonPgoff = store.anonPgoff[target]! - grownBy;
  plan.anonFrom = removeNext ? vmg.next : NO_VMA;
  // 6.16 forgets the anon_vma of a range that moved here, and with it what fork has to copy.
  plan.anonFromToo = mm.profile.copiedRangeKeepsAnonVma ? vmg.copiedFrom : NO_VMA;
  plan.remove = removeNext ? vmg.next : NO_VMA;
  plan.removeToo = NO_VMA;
  plan.shrink = NO_VMA;
  let lo = store.flagsLo[vmg.proposed]! | store.flagsLo[target]!;
  let hi = store.flagsHi[vmg.proposed]! | store.flagsHi[target]!;
  if (removeNext) {
    lo |= store.flagsLo[vmg.next]!;
    hi |= store.flagsHi[vmg.next]!;
  }
  plan.stickyLo = lo & mm.stickyLo;
  plan.stickyHi = hi & mm.stickyHi;
  return commitMerge(vmg, plan);
}
