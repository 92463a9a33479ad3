import { pteGuard, virtPage, walkPageRange } from 'pt-model';
import { Mm, NO_PAGE_OPS, NO_VMA, PAGE_SIZE, type SyscallResult, type VmaRef } from 'vma-core';
import { type FaultIn, madvisePopulate, populate } from '../process/populate.ts';
import type { Process, World } from '../process/process.ts';

/** Addresses that a call may look at or change; bytes, end exclusive. */
export interface CallRange {
  readonly start: number;
  readonly end: number;
}

/** Bytes that are kept from one call to the next. */
const MOST_KEPT = 2 ** 20;

const trials: WeakMap<World, Trial> = new WeakMap();

/** Where calls of this process are tried, until it is asked for another's. */
export function trialOf(process: Process): Trial {
  const trial = trials.get(process.world) ?? new Trial(process);
  trials.set(process.world, trial);
  trial.process = process;
  return trial;
}

/**
 * What a call would answer, asked without performing it. The VMAs of its ranges, and those that touch them, are copied into an address space
 * of their own, and the call is performed there; no page, table or VMA of the process changes. A log has many calls that fail, so one such
 * address space serves all processes of a world.
 */
export class Trial {
  #process: Process;
  readonly #mm: Mm;

  constructor(process: Process) {
    this.#process = process;
    const { world, mm } = process;
    this.#mm = new Mm({
      profile: world.profile,
      softDirty: world.softDirty,
      uffdContexts: mm.uffdContexts,
      memory: world.frames.memory,
      pageOps: {
        ...NO_PAGE_OPS,
        populate: (start, end, ignoreErrors) =>
          ignoreErrors ? 0 : populate(this.#mm, this.#wouldFaultIn, start, end, false),
        madvisePopulate: (start, end, write) => madvisePopulate(this.#mm, this.#wouldFaultIn, start, end, write),
      },
    });
  }

  /** Whose call is asked about from now on. */
  set process(process: Process) {
    this.#process = process;
  }

  /**
   * The answer of `perform` on copies of the VMAs in `ranges`.
   *
   * @param file id of a file that the call maps; 0 for none
   */
  ask<R>(ranges: readonly CallRange[], perform: (mm: Mm) => R, file = 0): R {
    const mm = this.#mm;
    if (mm.byteLength > MOST_KEPT) mm.drop();
    else mm.empty();
    mm.files.clear();
    this.#takeFile(file);
    for (const { start, end } of ranges) this.#take(start, end);
    const from = this.#process.mm;
    mm.maxMapCount = from.maxMapCount - from.mapCount + mm.mapCount;
    mm.mmapBase = from.mmapBase;
    mm.startBrk = from.startBrk;
    mm.brk = from.brk;
    mm.stackLimit = from.stackLimit;
    mm.memlockLimit = from.memlockLimit;
    mm.counters.lockedVm = from.counters.lockedVm;
    mm.counters.totalVm = from.counters.totalVm;
    mm.defFlagsLo = from.defFlagsLo;
    mm.hasMdwe = from.hasMdwe;
    mm.hasPkeys = from.hasPkeys;
    mm.pkeyAllocationMap = from.pkeyAllocationMap;
    mm.executeOnlyPkey = from.executeOnlyPkey;
    return perform(mm);
  }

  /** Copies what is in `[start, end)` or touches it. */
  #take(start: number, end: number): void {
    const { index, store } = this.#process.mm;
    const last = end + PAGE_SIZE;
    for (let vma = index.find(Math.max(0, start - PAGE_SIZE)); vma !== NO_VMA; vma = index.next(vma)) {
      const at = store.start[vma]!;
      if (at >= last) return;
      if (this.#mm.vmaLookup(at) !== NO_VMA) continue;
      this.#takeFile(store.file[vma]!);
      this.#copy(vma);
    }
  }

  #copy(vma: VmaRef): void {
    const mm = this.#mm;
    const from = this.#process.mm;
    const copy = mm.store.alloc();
    mm.store.copyFrom(from.store, vma, copy);
    // Each address space numbers the names itself.
    mm.store.anonName[copy] = mm.anonNameId(from.anonNameOf(from.store.anonName[vma]!));
    mm.addVma(copy);
  }

  #takeFile(id: number): void {
    const file = this.#process.mm.files.get(id);
    if (file !== undefined) this.#mm.files.set(id, file);
  }

  /** Faulting in stops at a guard, and past the end of a file. */
  readonly #wouldFaultIn: FaultIn = (vma, start, end) => {
    const guarded = walkPageRange(this.#process.pageTable, virtPage(start / PAGE_SIZE), virtPage(end / PAGE_SIZE), {
      pte: (_page, pte) => pteGuard(pte),
    });
    return guarded || this.#isPastFile(vma, end) ? 'EFAULT' : (0 satisfies SyscallResult);
  };

  #isPastFile(vma: VmaRef, end: number): boolean {
    const { store } = this.#mm;
    if (this.#mm.isAnonymous(vma)) return false;
    const last = store.pgoff[vma]! + (end - store.start[vma]!) / PAGE_SIZE;
    return last > this.#process.world.inodeOf(store.file[vma]!).pages;
  }
}
