import { LO_IO, LO_MAYSHARE, LO_PFNMAP, LO_WRITE, NO_VMA, PAGE_SIZE, type SyscallResult, type VmaRef } from 'vma-core';
import { anonVmaPrepare } from 'vma-core/merge';
import type { Process } from '../process/process.ts';
import { ProcessPageOps } from '../process/processPageOps.ts';

/** Pages that one call may populate or guard: 16 GiB. */
const MOST_AT_ONCE = 2 ** 22;
/** Pages that may be populated in all: 64 GiB. */
const MOST_IN_ALL = 2 ** 24;

const LO_DEVICE = LO_IO | LO_PFNMAP;

/** Private, writable, and ordinary memory: what `on-map` takes as written. */
export function isWritten(lo: number): boolean {
  return (lo & (LO_WRITE | LO_MAYSHARE | LO_DEVICE)) === LO_WRITE;
}

/**
 * The page-table side of a process, with bounds: a log may lock more memory than this machine has, or guard more. Past them the VMAs
 * become what they become, and their pages are left out.
 */
export class BoundedPageOps extends ProcessPageOps {
  readonly #process: Process;
  readonly #onSkipped: () => void;

  /** @param onSkipped told whenever pages were left out */
  constructor(process: Process, onSkipped: () => void) {
    super(process);
    this.#process = process;
    this.#onSkipped = onSkipped;
  }

  override populate(start: number, end: number, ignoreErrors: boolean): SyscallResult {
    return this.#tooMuch(start, end) ? this.#prepareOnly(start, end) : super.populate(start, end, ignoreErrors);
  }

  override populateVma(vma: VmaRef, start: number, end: number): void {
    if (this.#tooMuch(start, end)) this.#prepareOnly(start, end);
    else super.populateVma(vma, start, end);
  }

  override madvisePopulate(start: number, end: number, write: boolean): SyscallResult {
    if (!this.#tooMuch(start, end)) return super.madvisePopulate(start, end, write);
    return write ? this.#prepareOnly(start, end) : 0;
  }

  override guardInstall(vma: VmaRef, start: number, end: number): SyscallResult | 'LIVELOCK' {
    if ((end - start) / PAGE_SIZE <= MOST_AT_ONCE) return super.guardInstall(vma, start, end);
    this.#onSkipped();
    return 0;
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
}
