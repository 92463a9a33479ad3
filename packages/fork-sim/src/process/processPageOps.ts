import {
  changeProtection,
  clearUffdWp,
  freePgdRange,
  guardInstall,
  guardRemove,
  movePageTables,
  type Pfn,
  type VirtPage,
  virtPage,
  type ZapOptions,
  zapPageRange,
} from 'pt-model';
import {
  HI_UFFD_RWP,
  LO_UFFD_WP,
  LO_WRITE,
  type Mm,
  NO_VMA,
  PAGE_SIZE,
  type PageOps,
  PMD_SIZE,
  type SyscallResult,
  type VmaRef,
} from 'vma-core';
import { inodeOfVma } from './fault.ts';
import { isWritableAtOnce } from './isWritableAtOnce.ts';
import { type FaultIn, faultingIn, madvisePopulate, populate } from './populate.ts';
import type { ProcessState } from './processState.ts';
import { punchHole, unmapPages } from './punchHole.ts';

/** The mapping itself goes. */
const UNMAP: ZapOptions = { anonymous: true, dropMarkers: true, uffdWp: false, freeEmptyPteTables: false };

const toPage = (bytes: number): VirtPage => virtPage(bytes / PAGE_SIZE);

/**
 * May a move begin at the 2 MiB boundary below `addr`? Only where `addr` begins its VMA and nothing else is mapped from
 * there to the boundary. Kernel: `can_align_down()`, mm/mremap.c (6.7).
 */
function canAlignDown(mm: Mm, vma: VmaRef, addr: number): boolean {
  if (mm.store.start[vma] !== addr) return false;
  const boundary = addr - (addr % PMD_SIZE);
  return mm.index.findIntersection(boundary, addr) === NO_VMA;
}

/** The page-table side of a process's system calls: {@link PageOps} answered with `pt-model`. */
export class ProcessPageOps implements PageOps {
  readonly #process: ProcessState;
  readonly #faultIn: FaultIn;

  constructor(process: ProcessState) {
    this.#process = process;
    this.#faultIn = faultingIn(process);
  }

  unmapRegion(start: number, end: number, floor: number, ceiling: number): void {
    if (this.#hasNoTables()) return;
    const { pageTable } = this.#process;
    zapPageRange(pageTable, toPage(start), toPage(end), UNMAP);
    freePgdRange(pageTable, toPage(start), toPage(end), toPage(floor), toPage(ceiling));
  }

  movePageTables(oldVma: VmaRef, from: number, newVma: VmaRef, to: number, length: number): void {
    if (this.#hasNoTables()) return;
    const { mm, pageTable } = this.#process;
    const context = mm.uffdContexts.get(mm.store.uffd[oldVma]!);
    movePageTables(pageTable, toPage(from), toPage(to), length / PAGE_SIZE, {
      softDirty: mm.softDirty,
      uffd: context === undefined ? 'none' : context.eventRemap || !mm.profile.uffdMoveClearsWp ? 'keep' : 'clear',
      movesPmdTables: mm.profile.mremapMovesPmdTables,
      realign: mm.profile.mremapRealigns && canAlignDown(mm, oldVma, from) && canAlignDown(mm, newVma, to),
    });
  }

  changeProtection(vma: VmaRef, start: number, end: number): void {
    if (this.#hasNoTables()) return;
    const { mm, pageTable } = this.#process;
    const writable = (mm.store.flagsLo[vma]! & LO_WRITE) !== 0;
    if (!writable) changeProtection(pageTable, toPage(start), toPage(end));
  }

  populate(start: number, end: number, ignoreErrors: boolean): SyscallResult {
    return populate(this.#process.mm, this.#faultIn, start, end, ignoreErrors);
  }

  populateVma(_vma: VmaRef, start: number, end: number): void {
    populate(this.#process.mm, this.#faultIn, start, end, true);
  }

  madvisePopulate(start: number, end: number, write: boolean): SyscallResult {
    return madvisePopulate(this.#process.mm, this.#faultIn, start, end, write);
  }

  dontneed(vma: VmaRef, start: number, end: number): void {
    const { mm, pageTable } = this.#process;
    const options = { ...this.#zapOptions(vma), freeEmptyPteTables: mm.profile.dontneedFreesPteTables };
    zapPageRange(pageTable, toPage(start), toPage(end), options);
  }

  /** Pages stay present until memory is short, which no call here makes it; what they hold may be lost only then. */
  free(): void {}

  /** Memory is not short: anonymous pages stay, as without swap. */
  pageout(vma: VmaRef, start: number, end: number): void {
    const { frames } = this.#process.world;
    const isOursAlone = (pfn: Pfn): boolean => frames.isFile(pfn) && frames.mapcount(pfn) === 1;
    unmapPages(this.#process, vma, start / PAGE_SIZE, end / PAGE_SIZE, isOursAlone);
  }

  remove(vma: VmaRef, start: number, end: number): SyscallResult {
    const { mm, world } = this.#process;
    const { store } = mm;
    const first = store.pgoff[vma]! + (start - store.start[vma]!) / PAGE_SIZE;
    punchHole(world, inodeOfVma(this.#process, vma), first, first + (end - start) / PAGE_SIZE);
    return 0;
  }

  guardInstall(vma: VmaRef, start: number, end: number): SyscallResult | 'LIVELOCK' {
    const { pageTable } = this.#process;
    const { state } = guardInstall(pageTable, toPage(start), toPage(end), this.#zapOptions(vma));
    return state === 'ok' ? 0 : 'LIVELOCK';
  }

  guardRemove(_vma: VmaRef, start: number, end: number): void {
    guardRemove(this.#process.pageTable, toPage(start), toPage(end));
  }

  uffdClear(vma: VmaRef, start: number, end: number): void {
    const { mm, pageTable } = this.#process;
    const store = mm.store;
    const wp = store.flagsLo[vma]! & LO_UFFD_WP;
    const rwp = store.flagsHi[vma]! & HI_UFFD_RWP;
    if (wp === 0 && rwp === 0) return;
    clearUffdWp(pageTable, toPage(start), toPage(end), isWritableAtOnce(mm, vma));
  }

  fileMapped(file: number, change: 1 | -1): void {
    this.#process.world.fileMapped(file, change);
  }

  /** Nothing was faulted in so far: there is nothing to unmap, move or protect. */
  #hasNoTables(): boolean {
    return this.#process.pageTable.pudTables === 0;
  }

  #zapOptions(vma: VmaRef): ZapOptions {
    const { mm } = this.#process;
    return {
      anonymous: mm.isAnonymous(vma),
      dropMarkers: false,
      uffdWp: (mm.store.flagsLo[vma]! & LO_UFFD_WP) !== 0,
      freeEmptyPteTables: false,
    };
  }
}
