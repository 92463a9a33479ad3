import {
  changeProtection,
  clearUffdWp,
  freePgdRange,
  guardInstall,
  guardRemove,
  movePageTables,
  type VirtPage,
  virtPage,
  zapPageRange,
} from 'pt-model';
import {
  flagsHi,
  flagsLo,
  type Mm,
  NO_VMA,
  PAGE_SIZE,
  type PageOps,
  PMD_SIZE,
  type SyscallResult,
  VM_UFFD_RWP,
  VM_UFFD_WP,
  VM_WRITE,
  type VmaRef,
} from 'vma-core';
import { inodeOfVma } from './fault.ts';
import { madvisePopulate, populate, populateVma } from './populate.ts';
import type { Process } from './process.ts';
import { punchHole } from './punchHole.ts';

const LO_UFFD_WP = flagsLo(VM_UFFD_WP);
const LO_WRITE = flagsLo(VM_WRITE);
const HI_UFFD_RWP = flagsHi(VM_UFFD_RWP);

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
  readonly #process: Process;

  constructor(process: Process) {
    this.#process = process;
  }

  unmapRegion(start: number, end: number, floor: number, ceiling: number): void {
    const { pageTable } = this.#process;
    zapPageRange(pageTable, toPage(start), toPage(end), {
      anonymous: true,
      dropMarkers: true,
      uffdWp: false,
      freeEmptyPteTables: false,
    });
    freePgdRange(pageTable, toPage(start), toPage(end), toPage(floor), toPage(ceiling));
  }

  movePageTables(oldVma: VmaRef, from: number, newVma: VmaRef, to: number, length: number): void {
    const { mm, pageTable } = this.#process;
    const context = mm.uffdContexts.get(mm.store.uffd[oldVma] as number);
    movePageTables(pageTable, toPage(from), toPage(to), length / PAGE_SIZE, {
      softDirty: mm.softDirty,
      uffd: context === undefined ? 'none' : context.eventRemap ? 'keep' : 'clear',
      canMoveTables: true,
      realign: canAlignDown(mm, oldVma, from) && canAlignDown(mm, newVma, to),
    });
  }

  changeProtection(vma: VmaRef, start: number, end: number): void {
    const { pageTable, mm } = this.#process;
    const writable = ((mm.store.flagsLo[vma] as number) & LO_WRITE) !== 0;
    changeProtection(pageTable, toPage(start), toPage(end), { writable });
  }

  populate(start: number, end: number, ignoreErrors: boolean): SyscallResult {
    return populate(this.#process, start, end, ignoreErrors);
  }

  populateVma(vma: VmaRef, start: number, end: number): void {
    populateVma(this.#process, vma, start, end);
  }

  madvisePopulate(start: number, end: number, write: boolean): SyscallResult {
    return madvisePopulate(this.#process, start, end, write);
  }

  dontneed(vma: VmaRef, start: number, end: number): void {
    const { mm, pageTable } = this.#process;
    zapPageRange(pageTable, toPage(start), toPage(end), {
      ...this.#zapOptions(vma),
      freeEmptyPteTables: mm.profile.dontneedFreesPteTables,
    });
  }

  /** Pages stay present until memory is short, which no call here makes it; what they hold may be lost only then. */
  free(): void {}

  remove(vma: VmaRef, start: number, end: number): SyscallResult {
    const store = this.#process.mm.store;
    const first = (store.pgoff[vma] as number) + (start - (store.start[vma] as number)) / PAGE_SIZE;
    punchHole(this.#process.world, inodeOfVma(this.#process, vma), first, first + (end - start) / PAGE_SIZE);
    return 0;
  }

  guardInstall(vma: VmaRef, start: number, end: number): SyscallResult | 'LIVELOCK' {
    const { pageTable } = this.#process;
    const installed = guardInstall(pageTable, toPage(start), toPage(end), this.#zapOptions(vma));
    return installed.state === 'ok' ? 0 : 'LIVELOCK';
  }

  guardRemove(_vma: VmaRef, start: number, end: number): void {
    guardRemove(this.#process.pageTable, toPage(start), toPage(end));
  }

  uffdClear(vma: VmaRef, start: number, end: number): void {
    const store = this.#process.mm.store;
    const wp = (store.flagsLo[vma] as number) & LO_UFFD_WP;
    const rwp = (store.flagsHi[vma] as number) & HI_UFFD_RWP;
    if (wp !== 0 || rwp !== 0) clearUffdWp(this.#process.pageTable, toPage(start), toPage(end));
  }

  fileMapped(file: number, change: 1 | -1): void {
    this.#process.world.fileMapped(file, change);
  }

  #zapOptions(vma: VmaRef): {
    anonymous: boolean;
    dropMarkers: boolean;
    uffdWp: boolean;
    freeEmptyPteTables: boolean;
  } {
    const store = this.#process.mm.store;
    return {
      anonymous: store.file[vma] === 0,
      dropMarkers: false,
      uffdWp: ((store.flagsLo[vma] as number) & LO_UFFD_WP) !== 0,
      freeEmptyPteTables: false,
    };
  }
}
