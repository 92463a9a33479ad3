import { MAX_PAGE, PageTable, type VirtPage, virtPage, zapPageRange } from 'pt-model';
import {
  brk,
  type Errno,
  Mm,
  type MmapRequest,
  type MremapRequest,
  madvise,
  mlock,
  mlockall,
  mmap,
  mprotect,
  mremap,
  mseal,
  munlock,
  munlockall,
  munmap,
  NO_VMA,
  type SyscallResult,
  setAnonName,
  type VirtAddr,
} from 'vma-core';
import { type AccessKind, type AccessResult, accessMemory } from './access.ts';
import { clearRefs } from './clearRefs.ts';
import { type ForkResult, forkProcess } from './fork.ts';
import type { PageSteps } from './pageWork.ts';
import { ProcessPageOps, UNMAP } from './processPageOps.ts';
import { tableSlices } from './tableSlices.ts';
import type { World } from './world.ts';

/**
 * A process: an address space and its page tables together. Several live at once in a {@link World} and share frames.
 *
 * The system calls are those of `vma-core`, here with page tables attached: addresses and lengths in bytes, results 0, an
 * address, or an errno's name.
 */
export class Process {
  readonly world: World;
  readonly pid: number;
  readonly mm: Mm;
  readonly pageTable: PageTable;
  /** Ids of the userfaultfds made for this process: each belongs to one address space, and ends with it. Kernel: `ctx->mm`. */
  readonly uffdContexts: Set<number> = new Set();
  #exited = false;

  /** Throws OutOfMemoryError, and takes no memory then. */
  constructor(world: World, pid: number) {
    this.world = world;
    this.pid = pid;
    this.mm = new Mm({
      profile: world.profile,
      softDirty: world.softDirty,
      maxMapCount: world.maxMapCount,
      anonVmaIds: world.anonVmaIds,
      files: world.files,
      fileIds: world.fileIds,
      uffdContexts: world.uffdContexts,
      memory: world.frames.memory,
    });
    try {
      this.pageTable = new PageTable(world.frames);
    } catch (error) {
      this.mm.drop();
      throw error;
    }
    this.mm.pageOps = new ProcessPageOps(this);
  }

  get exited(): boolean {
    return this.#exited;
  }

  mmap(request: MmapRequest): VirtAddr | Errno {
    this.#begin();
    return mmap(this.mm, request);
  }

  munmap(addr: number, length: number): SyscallResult {
    this.#begin();
    return munmap(this.mm, addr, length);
  }

  mprotect(addr: number, length: number, prot: number): SyscallResult {
    this.#begin();
    return mprotect(this.mm, addr, length, prot);
  }

  madvise(addr: number, length: number, advice: number): SyscallResult | 'LIVELOCK' {
    this.#begin();
    return madvise(this.mm, addr, length, advice);
  }

  mremap(request: MremapRequest): VirtAddr | Errno {
    this.#begin();
    return mremap(this.mm, request);
  }

  mlock(addr: number, length: number, flags = 0): SyscallResult {
    this.#begin();
    return mlock(this.mm, addr, length, flags);
  }

  munlock(addr: number, length: number): SyscallResult {
    this.#begin();
    return munlock(this.mm, addr, length);
  }

  mlockall(flags: number): SyscallResult {
    this.#begin();
    return mlockall(this.mm, flags);
  }

  munlockall(): SyscallResult {
    this.#begin();
    return munlockall(this.mm);
  }

  mseal(addr: number, length: number, flags = 0): SyscallResult {
    return mseal(this.mm, addr, length, flags);
  }

  brk(wish: number): VirtAddr {
    this.#begin();
    return brk(this.mm, wish);
  }

  setAnonName(addr: number, length: number, name: string | null): SyscallResult {
    return setAnonName(this.mm, addr, length, name);
  }

  /** One access by the program, of one byte; a write stores `value`. See {@link accessMemory}. */
  access(addr: number, kind: AccessKind, value?: number): AccessResult {
    this.#begin();
    return accessMemory(this, addr, kind, value);
  }

  /** Writes to `/proc/PID/clear_refs`; 4 resets soft-dirty. */
  clearRefs(value: number): void {
    this.#begin();
    clearRefs(this, value);
  }

  /** A child with a copy of this address space, and what was decided for each VMA. */
  fork(): ForkResult {
    this.#begin();
    return forkProcess(this);
  }

  /** Ends the process: every VMA and page table goes, and so does each frame that nobody else holds. */
  exit(): void {
    if (this.#exited) return;
    this.#begin();
    this.#exited = true;
    for (const id of this.uffdContexts) this.world.uffdContexts.delete(id);
    this.world.processes.delete(this.pid);
    const { pageWork } = this.world;
    if (pageWork.isPutOff(this.extent)) pageWork.add(exitSteps(this));
    else this.#release();
  }

  #release(): void {
    this.mm.drop();
    this.pageTable.destroy();
  }

  /** How much a fork or an exit has to do, in pages: what is resident, and VMAs, each of which costs about as much as 16 pages. */
  get extent(): number {
    const { anon, file } = this.pageTable.rss;
    return anon + file + 16 * this.mm.mapCount;
  }

  /** What an earlier call put off comes first. */
  #begin(): void {
    const { pageWork } = this.world;
    if (pageWork.pending) pageWork.finish();
  }
}

/** VMAs that are removed in one piece. */
const SLICE_VMAS = 2 ** 12;

function* exitSteps({ mm, pageTable }: Process): PageSteps {
  let removed = 0;
  // From the top: nothing has to move up in the index.
  for (let vma = mm.index.last(); vma !== NO_VMA; vma = mm.index.last()) {
    mm.removeVma(vma);
    if (++removed % SLICE_VMAS === 0) yield;
  }
  const zap = (from: VirtPage, to: VirtPage): void => void zapPageRange(pageTable, from, to, UNMAP);
  yield* tableSlices(pageTable, virtPage(0), virtPage(MAX_PAGE), zap);
  pageTable.destroy();
  mm.drop();
  return 0;
}
