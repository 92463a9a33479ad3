import {
  changeProtection,
  clearUffdWp,
  freePgdRange,
  guardInstall,
  guardRemove,
  movePageTables,
  type PageTable,
  PMD_TABLE_PAGES,
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
import type { PageSteps } from './pageWork.ts';
import { madvisePopulateSteps, populateSteps } from './populate.ts';
import type { Process } from './process.ts';
import { punchHole } from './punchHole.ts';
import { pageSlices, tableSlices } from './tableSlices.ts';

/** Guards that are installed, and pages of a file that are punched out, in one piece. */
const SLICE_PAGES = 2 ** 16;

/** The mapping itself goes. */
export const UNMAP: ZapOptions = { anonymous: true, dropMarkers: true, uffdWp: false, freeEmptyPteTables: false };

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

/** Work on the page tables of a range. */
type TableWork = (pageTable: PageTable, from: VirtPage, to: VirtPage) => void;

const protect: TableWork = (pageTable, from, to) => changeProtection(pageTable, from, to, { writable: false });
const unguard: TableWork = (pageTable, from, to) => void guardRemove(pageTable, from, to);

/**
 * The page-table side of a process's system calls: {@link PageOps} answered with `pt-model`. What takes long may be put off (see
 * `PageWork`): everything that depends on the VMAs is looked at first, since a later step of the same call may change them.
 */
export class ProcessPageOps implements PageOps {
  readonly #process: Process;

  constructor(process: Process) {
    this.#process = process;
  }

  unmapRegion(start: number, end: number, floor: number, ceiling: number): void {
    if (this.#hasNoTables()) return;
    const { pageTable, world } = this.#process;
    const from = toPage(start);
    const to = toPage(end);
    if (world.pageWork.isPutOff(to - from)) {
      const zap = (first: VirtPage, last: VirtPage): void => void zapPageRange(pageTable, first, last, UNMAP);
      const free = (): void => freePgdRange(pageTable, from, to, toPage(floor), toPage(ceiling));
      world.pageWork.add(tableSlices(pageTable, from, to, zap, free));
      return;
    }
    zapPageRange(pageTable, from, to, UNMAP);
    freePgdRange(pageTable, from, to, toPage(floor), toPage(ceiling));
  }

  movePageTables(oldVma: VmaRef, from: number, newVma: VmaRef, to: number, length: number): void {
    if (this.#hasNoTables()) return;
    const { mm, pageTable, world } = this.#process;
    const context = mm.uffdContexts.get(mm.store.uffd[oldVma]!);
    const realign = canAlignDown(mm, oldVma, from) && canAlignDown(mm, newVma, to);
    const options = {
      softDirty: mm.softDirty,
      uffd: context === undefined ? 'none' : context.eventRemap ? 'keep' : 'clear',
      canMoveTables: true,
    } as const;
    const first = toPage(from);
    const shift = toPage(to) - first;
    const pages = length / PAGE_SIZE;
    const move = (at: VirtPage, end: VirtPage): void => {
      const isFirst = at === first;
      movePageTables(pageTable, at, virtPage(at + shift), end - at, { ...options, realign: isFirst && realign });
    };
    // Cut at the boundaries of PMD tables, a move does to each table what it would do in one piece.
    if (!world.pageWork.isPutOff(pages)) move(first, virtPage(first + pages));
    else world.pageWork.add(pageSlices(first, virtPage(first + pages), PMD_TABLE_PAGES, move));
  }

  changeProtection(vma: VmaRef, start: number, end: number): void {
    const { mm } = this.#process;
    const writable = (mm.store.flagsLo[vma]! & LO_WRITE) !== 0;
    if (!writable) this.#overTables(toPage(start), toPage(end), protect);
  }

  populate(start: number, end: number, ignoreErrors: boolean): SyscallResult {
    return this.#faultIn(start, end, () => populateSteps(this.#process, start, end, ignoreErrors));
  }

  populateVma(_vma: VmaRef, start: number, end: number): void {
    this.#faultIn(start, end, () => populateSteps(this.#process, start, end, true));
  }

  madvisePopulate(start: number, end: number, write: boolean): SyscallResult {
    return this.#faultIn(start, end, () => madvisePopulateSteps(this.#process, start, end, write));
  }

  dontneed(vma: VmaRef, start: number, end: number): void {
    const { mm } = this.#process;
    const options = { ...this.#zapOptions(vma), freeEmptyPteTables: mm.profile.dontneedFreesPteTables };
    this.#overTables(
      toPage(start),
      toPage(end),
      (pageTable, from, to) => void zapPageRange(pageTable, from, to, options),
    );
  }

  /** Pages stay present until memory is short, which no call here makes it; what they hold may be lost only then. */
  free(): void {}

  remove(vma: VmaRef, start: number, end: number): SyscallResult {
    const { mm, world } = this.#process;
    const { store } = mm;
    const inode = inodeOfVma(this.#process, vma);
    const first = store.pgoff[vma]! + (start - store.start[vma]!) / PAGE_SIZE;
    const pages = (end - start) / PAGE_SIZE;
    return world.pageWork.run(pages, () =>
      pageSlices(first as VirtPage, (first + pages) as VirtPage, SLICE_PAGES, (from, to) =>
        punchHole(world, inode, from, to),
      ),
    );
  }

  guardInstall(vma: VmaRef, start: number, end: number): SyscallResult | 'LIVELOCK' {
    const { pageTable, world } = this.#process;
    const options = this.#zapOptions(vma);
    const install = (from: VirtPage, to: VirtPage): SyscallResult | 'LIVELOCK' =>
      guardInstall(pageTable, from, to, options).state === 'ok' ? 0 : 'LIVELOCK';
    const [from, to] = [toPage(start), toPage(end)];
    // Only a write-protect marker of a file can stand in the way for ever, and then the walk over the VMAs must know it at once.
    const canLivelock = options.uffdWp && !options.anonymous;
    if (!world.pageWork.isPutOff(to - from)) return install(from, to);
    if (canLivelock) {
      world.pageWork.finish();
      return install(from, to);
    }
    world.pageWork.add(pageSlices(from, to, SLICE_PAGES, install));
    return 0;
  }

  guardRemove(_vma: VmaRef, start: number, end: number): void {
    this.#overTables(toPage(start), toPage(end), unguard);
  }

  uffdClear(vma: VmaRef, start: number, end: number): void {
    const store = this.#process.mm.store;
    const wp = store.flagsLo[vma]! & LO_UFFD_WP;
    const rwp = store.flagsHi[vma]! & HI_UFFD_RWP;
    if (wp === 0 && rwp === 0) return;
    this.#overTables(toPage(start), toPage(end), clearUffdWp);
  }

  fileMapped(file: number, change: 1 | -1): void {
    this.#process.world.fileMapped(file, change);
  }

  /** Nothing was faulted in, and nothing that is put off will be: there is nothing to unmap, move or protect. */
  #hasNoTables(): boolean {
    const { pageTable, world } = this.#process;
    return pageTable.pudTables === 0 && !world.pageWork.pending;
  }

  /** Work on the tables of a range: at once, or put off. */
  #overTables(start: VirtPage, end: VirtPage, work: TableWork): void {
    if (this.#hasNoTables()) return;
    const { pageTable, world } = this.#process;
    if (!world.pageWork.isPutOff(end - start)) work(pageTable, start, end);
    else world.pageWork.add(tableSlices(pageTable, start, end, (from, to) => work(pageTable, from, to)));
  }

  #faultIn(start: number, end: number, steps: () => PageSteps): SyscallResult {
    return this.#process.world.pageWork.run((end - start) / PAGE_SIZE, steps);
  }

  #zapOptions(vma: VmaRef): ZapOptions {
    const store = this.#process.mm.store;
    return {
      anonymous: store.file[vma] === 0,
      dropMarkers: false,
      uffdWp: (store.flagsLo[vma]! & LO_UFFD_WP) !== 0,
      freeEmptyPteTables: false,
    };
  }
}
