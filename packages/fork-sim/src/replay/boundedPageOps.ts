import { anonVmaPrepare, NO_VMA, PAGE_SIZE, type PageOps, type SyscallResult, type VmaRef } from 'vma-core';
import type { Process } from '../process/process.ts';
import { isWritten } from './replaySpace.ts';

/** Pages that one call may populate or guard: 16 GiB. */
const MOST_AT_ONCE = 2 ** 22;
/** Pages that may be populated in all: 64 GiB. */
const MOST_IN_ALL = 2 ** 24;

/**
 * The page-table side of a process, with bounds: a log may lock more memory than this machine has, or guard more. Past them the VMAs
 * become what they become, and their pages are left out.
 */
export class BoundedPageOps implements PageOps {
  readonly #ops: PageOps;
  readonly #process: Process;
  readonly #onSkipped: () => void;

  /** @param onSkipped told whenever pages were left out */
  constructor(process: Process, onSkipped: () => void) {
    this.#ops = process.mm.pageOps;
    this.#process = process;
    this.#onSkipped = onSkipped;
  }

  populate(start: number, end: number, ignoreErrors: boolean): SyscallResult {
    return this.#tooMuch(start, end) ? this.#prepareOnly(start, end) : this.#ops.populate(start, end, ignoreErrors);
  }

  populateVma(vma: VmaRef, start: number, end: number): void {
    if (this.#tooMuch(start, end)) this.#prepareOnly(start, end);
    else this.#ops.populateVma(vma, start, end);
  }

  madvisePopulate(start: number, end: number, write: boolean): SyscallResult {
    if (!this.#tooMuch(start, end)) return this.#ops.madvisePopulate(start, end, write);
    return write ? this.#prepareOnly(start, end) : 0;
  }

  #tooMuch(start: number, end: number): boolean {
    let pages = 0;
    const { mm, pageTable } = this.#process;
    for (let vma = mm.index.findIntersection(start, end); vma !== NO_VMA; vma = mm.index.next(vma)) {
      const from = Math.max(start, mm.store.start[vma]!);
      if (from >= end) break;
      pages += (Math.min(end, mm.store.end[vma]!) - from) / PAGE_SIZE;
    }
    const { anon, file } = pageTable.rss;
    return pages > MOST_AT_ONCE || anon + file + pages > MOST_IN_ALL;
  }

  #prepareOnly(start: number, end: number): 0 {
    const { mm } = this.#process;
    for (let vma = mm.index.findIntersection(start, end); vma !== NO_VMA; vma = mm.index.next(vma)) {
      if (mm.store.start[vma]! >= end) break;
      if (isWritten(mm.store.flagsLo[vma]!)) anonVmaPrepare(mm, vma);
    }
    this.#onSkipped();
    return 0;
  }

  unmapRegion(start: number, end: number, floor: number, ceiling: number): void {
    this.#ops.unmapRegion(start, end, floor, ceiling);
  }

  movePageTables(oldVma: VmaRef, from: number, newVma: VmaRef, to: number, length: number): void {
    this.#ops.movePageTables(oldVma, from, newVma, to, length);
  }

  changeProtection(vma: VmaRef, start: number, end: number): void {
    this.#ops.changeProtection(vma, start, end);
  }

  dontneed(vma: VmaRef, start: number, end: number): void {
    this.#ops.dontneed(vma, start, end);
  }

  free(vma: VmaRef, start: number, end: number): void {
    this.#ops.free(vma, start, end);
  }

  remove(vma: VmaRef, start: number, end: number): SyscallResult {
    return this.#ops.remove(vma, start, end);
  }

  guardInstall(vma: VmaRef, start: number, end: number): SyscallResult | 'LIVELOCK' {
    if ((end - start) / PAGE_SIZE <= MOST_AT_ONCE) return this.#ops.guardInstall(vma, start, end);
    this.#onSkipped();
    return 0;
  }

  guardRemove(vma: VmaRef, start: number, end: number): void {
    this.#ops.guardRemove(vma, start, end);
  }

  uffdClear(vma: VmaRef, start: number, end: number): void {
    this.#ops.uffdClear(vma, start, end);
  }

  fileMapped(file: number, change: 1 | -1): void {
    this.#ops.fileMapped(file, change);
  }
}
