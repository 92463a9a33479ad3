import type { Mm } from '../mm.ts';
import type { MergeKind, MergeRange } from '../observer.ts';
import { PAGE_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { flagsOf } from '../vmFlags.ts';

/** What came of a merge: not tried or refused, done, or stopped by a failed allocation. */
export type MergeState = 'nomerge' | 'success' | 'nomem';

/**
 * A request to merge: the range, the attributes it is about to have, and the VMAs around it. Variable name: `vmg`.
 * Kernel: `struct vma_merge_struct`, mm/vma.h.
 *
 *      prev        [start, end)       next
 *   |---------|####################|---------|
 *              may be all or part of `middle`
 *
 * Hot paths reuse one object, so every field is a number. Attributes are those the range is *going* to have, so that a
 * neighbour's flags are compared with the new ones. Addresses are bytes, offsets pages.
 */
export class VmaMergeStruct {
  /** The address space. */
  readonly mm: Mm;
  /** Which of the merges this is, for whoever watches. */
  kind: MergeKind = 'new';
  /** The VMA below the range, or none; it need not touch it. */
  prev: VmaRef = NO_VMA;
  /** The VMA that holds the range, if it is mapped. */
  middle: VmaRef = NO_VMA;
  /** The VMA above the range, or none. */
  next: VmaRef = NO_VMA;
  /** First byte of the range. */
  start = 0;
  /** Byte after its last. */
  end = 0;
  /** Offset of its first page in the backing object; pages. */
  pgoff = 0;
  /** Anonymous offset of a private file mapping (7.3); see {@link VmaStore.anonPgoff}. */
  anonPgoff = 0;
  /** Flags, low half. */
  flagsLo = 0;
  /** Flags, high half. */
  flagsHi = 0;
  /** Id of the open file; 0: anonymous. */
  file = 0;
  /** Id of the anon_vma; 0: never written. */
  anonVma = 0;
  /** Memory policy; 0: the default. */
  policy = 0;
  /** Id of the userfaultfd context; 0: not registered. */
  uffd = 0;
  /** Id of the anonymous name; 0: none. */
  anonName = 0;
  /** `mremap`: the VMA that the range is a copy of. */
  copiedFrom: VmaRef = NO_VMA;
  /** `mremap`: a VMA that the copy must not become part of (7.3, MREMAP_DONTUNMAP), or none. */
  notInto: VmaRef = NO_VMA;
  /** `brk`: only the VMA below may grow. */
  justExpand = false;

  /** What came of it. */
  state: MergeState = 'nomerge';
  /** After a merge: the VMA that remains. */
  target: VmaRef = NO_VMA;

  constructor(mm: Mm) {
    this.mm = mm;
  }

  /** A request for a range that holds no VMA, with default attributes. Kernel: `VMG_STATE()`. */
  setNew(start: number, end: number, pgoff: number, flagsLo: number, flagsHi: number, file: number): this {
    this.kind = 'new';
    this.prev = NO_VMA;
    this.middle = NO_VMA;
    this.next = NO_VMA;
    this.start = start;
    this.end = end;
    this.pgoff = pgoff;
    this.anonPgoff = start / PAGE_SIZE;
    this.flagsLo = flagsLo;
    this.flagsHi = flagsHi;
    this.file = file;
    this.anonVma = 0;
    this.policy = 0;
    this.uffd = 0;
    this.anonName = 0;
    this.#reset();
    return this;
  }

  /** A request with the attributes of `vma`, for `[start, end)`, which need not lie in it. Kernel: `VMG_VMA_STATE()`. */
  setFromVma(prev: VmaRef, vma: VmaRef, start: number, end: number): this {
    const store = this.mm.store;
    const pages = (start - store.start[vma]!) / PAGE_SIZE;
    this.kind = 'existing';
    this.prev = prev;
    this.middle = vma;
    this.next = NO_VMA;
    this.start = start;
    this.end = end;
    this.pgoff = store.pgoff[vma]! + pages;
    this.anonPgoff = store.anonPgoff[vma]! + pages;
    this.flagsLo = store.flagsLo[vma]!;
    this.flagsHi = store.flagsHi[vma]!;
    this.file = store.file[vma]!;
    this.anonVma = store.anonVma[vma]!;
    this.policy = store.policy[vma]!;
    this.uffd = store.uffd[vma]!;
    this.anonName = store.anonName[vma]!;
    this.#reset();
    return this;
  }

  /** The range, for whoever watches. */
  range(): MergeRange {
    return { start: this.start, end: this.end, vmFlags: flagsOf(this.flagsLo, this.flagsHi) };
  }

  #reset(): void {
    this.copiedFrom = NO_VMA;
    this.notInto = NO_VMA;
    this.justExpand = false;
    this.state = 'nomerge';
    this.target = NO_VMA;
  }
}
