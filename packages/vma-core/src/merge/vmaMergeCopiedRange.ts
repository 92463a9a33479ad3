import { anonVmaClone } from '../anonVma.ts';
import type { Errno } from '../errno.ts';
import type { Mm } from '../mm.ts';
import { PAGE_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { vmaMergeNewRange } from './vmaMergeNewRange.ts';
import { VmaMergeStruct } from './vmaMergeStruct.ts';

/** The VMA that holds a moved range, and the source, which may have become part of it. */
export interface CopiedVma {
  /** The copy, or what it merged into. */
  readonly vma: VmaRef;
  /** What holds the source range now. */
  readonly source: VmaRef;
}

/**
 * Tries to absorb a range that is a copy of `[from, from + length)` of `source` into the VMAs that touch its new place.
 *
 *      source              prev   (the copy)   next
 *   |---#######---|  ...  |------|##########|------|
 *
 * A new-range merge, but that the copy brings an anon_vma. Memory that was never faulted gets the page offset of its new
 * address, so that it may merge there; faulted memory keeps its own. Kernel: `vma_merge_copied_range()` (6.18), within
 * `copy_vma()`.
 *
 * @param notInto a VMA that must not absorb the copy, or none
 * @returns the VMA that holds the copy, or {@link NO_VMA}; `vmg.state` is then `nomerge` or `nomem`
 */
export function vmaMergeCopiedRange(vmg: VmaMergeStruct, source: VmaRef, notInto: VmaRef): VmaRef {
  vmg.kind = 'copied';
  vmg.middle = NO_VMA;
  vmg.copiedFrom = source;
  vmg.notInto = notInto;
  return vmaMergeNewRange(vmg);
}

/**
 * Makes the copy of a VMA, or of a part of it, that `mremap` needs at another address: merged there, or new.
 * Kernel: `copy_vma()`, mm/vma.c.
 *
 * @param from start of the source range, in `source`; bytes
 * @param mayMerge false: always a VMA of its own
 * @returns the copy, and the source (which unfaulted memory may have merged with); or ENOMEM
 */
export function copyVma(
  mm: Mm,
  source: VmaRef,
  from: number,
  to: number,
  length: number,
  notInto: VmaRef,
  mayMerge: boolean,
): CopiedVma | Errno {
  const store = mm.store;
  const sourceStart = store.start[source]!;
  const offset = (from - sourceStart) / PAGE_SIZE;
  const faulted = store.anonVma[source] !== 0;
  const anonPgoff = faulted ? store.anonPgoff[source]! + offset : to / PAGE_SIZE;
  const pgoff = mm.isAnonymous(source) && !faulted ? anonPgoff : store.pgoff[source]! + offset;
  const vmg = new VmaMergeStruct(mm, source, to, to + length, pgoff, anonPgoff).findNeighbours();
  const merged = mayMerge ? vmaMergeCopiedRange(vmg, source, notInto) : NO_VMA;
  if (merged !== NO_VMA) {
    const swallowed = sourceStart >= store.start[merged]! && sourceStart < store.end[merged]!;
    return { vma: merged, source: swallowed ? merged : source };
  }
  if (mm.failAllocation !== null && mm.fails('vmAreaDup')) return 'ENOMEM';
  const made = store.dup(vmg.proposed);
  if (!anonVmaClone(mm, made, source)) {
    store.release(made);
    return 'ENOMEM';
  }
  mm.linkVma(made);
  return { vma: made, source };
}
