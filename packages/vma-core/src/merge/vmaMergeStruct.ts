import type { Mm } from '../mm.ts';
import type { MergeKind, MergeRange } from '../observer.ts';
import { PAGE_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import type { MergeRule } from './mergeRefusal.ts';

/** What came of a merge: not tried or refused, done, or stopped by a failed allocation. */
export type MergeState = 'nomerge' | 'success' | 'nomem';

/**
 * A request to merge: the range, the attributes it is about to have, and the VMAs around it. Variable name: `vmg`.
 * Kernel: `struct vma_merge_struct`, mm/vma.h.
 *
 *      prev          proposed         next
 *   |---------|####################|---------|
 *              may be all or part of `middle`
 *
 * What the range is *going* to be stands in a slot of the store, so that its columns are compared with a neighbour's by name.
 * An address space has one such slot: the next request takes it over.
 */
export class VmaMergeStruct {
  /** The address space. */
  readonly mm: Mm;
  /** The range as a VMA that is not there yet: edges, offsets and attributes. */
  readonly proposed: VmaRef;
  /** Which of the merges this is, for the observer. */
  kind: MergeKind = 'new';
  /** The VMA below the range, or none; it need not touch it. */
  prev: VmaRef = NO_VMA;
  /** The VMA that holds the range, if it is mapped. */
  middle: VmaRef = NO_VMA;
  /** The VMA above the range, or none. */
  next: VmaRef = NO_VMA;
  /** `mremap`: the VMA that the range is a copy of. */
  copiedFrom: VmaRef = NO_VMA;
  /** `mremap`: a VMA that the copy must not become part of (7.3, MREMAP_DONTUNMAP), or none. */
  notInto: VmaRef = NO_VMA;
  /** `mmap` from 6.1 to 6.11: `next` is asked before `prev`. */
  nextFirst = false;
  /** `brk`, and `mremap` up to 5.19: only the VMA below may grow. */
  justExpand = false;

  /** What came of it. */
  state: MergeState = 'nomerge';
  /** After a merge: the VMA that remains. */
  target: VmaRef = NO_VMA;
  /** Why `prev` stayed out of it; `null` where it did not, or was not asked. `refusalOf` gives the values. */
  prevRefusal: MergeRule | null = null;
  /** The same of `next`. */
  nextRefusal: MergeRule | null = null;

  /** @param like the VMA whose attributes the range has; none: one that was just mapped. Bytes, pages */
  constructor(mm: Mm, like: VmaRef, start: number, end: number, pgoff: number, anonPgoff: number) {
    const { store } = mm;
    const proposed = store.scratch();
    store.copyFrom(store, like, proposed);
    store.start[proposed] = start;
    store.end[proposed] = end;
    store.pgoff[proposed] = pgoff;
    store.anonPgoff[proposed] = anonPgoff;
    this.mm = mm;
    this.proposed = proposed;
  }

  /** Notes the rule by which a neighbour refuses. */
  refuse(rule: MergeRule, mergeNext: boolean): false {
    if (mergeNext) this.nextRefusal = rule;
    else this.prevRefusal = rule;
    return false;
  }

  /** Looks up the VMAs around a range that holds none. */
  findNeighbours(): this {
    const { index, store } = this.mm;
    this.next = index.find(store.start[this.proposed]!);
    this.prev = this.next === NO_VMA ? index.last() : index.prev(this.next);
    return this;
  }

  /** The range, for the observer. */
  range(): MergeRange {
    const { store } = this.mm;
    const { proposed } = this;
    return { start: store.start[proposed]!, end: store.end[proposed]!, vmFlags: store.flags(proposed) };
  }
}

/** A request for a range that holds no VMA, with default attributes. `pgoff` in pages. Kernel: `VMG_STATE()`. */
export function vmgState(
  mm: Mm,
  start: number,
  end: number,
  pgoff: number,
  flagsLo: number,
  flagsHi: number,
  file: number,
): VmaMergeStruct {
  const vmg = new VmaMergeStruct(mm, NO_VMA, start, end, pgoff, start / PAGE_SIZE);
  const { store } = mm;
  store.flagsLo[vmg.proposed] = flagsLo;
  store.flagsHi[vmg.proposed] = flagsHi;
  store.file[vmg.proposed] = file;
  return vmg;
}

/** A request with the attributes of `vma`, for `[start, end)`, which need not lie in it. Kernel: `VMG_VMA_STATE()`. */
export function vmgVmaState(mm: Mm, prev: VmaRef, vma: VmaRef, start: number, end: number): VmaMergeStruct {
  const { store } = mm;
  const pages = (start - store.start[vma]!) / PAGE_SIZE;
  const vmg = new VmaMergeStruct(mm, vma, start, end, store.pgoff[vma]! + pages, store.anonPgoff[vma]! + pages);
  vmg.kind = 'existing';
  vmg.prev = prev;
  vmg.middle = vma;
  return vmg;
}
