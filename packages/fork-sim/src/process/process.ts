import { exitMmap, PageTable } from 'pt-model';
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
  type SyscallResult,
  setAnonName,
  type VirtAddr,
} from 'vma-core';
import { type AccessKind, type AccessResult, accessMemory } from './access.ts';
import { clearRefs } from './clearRefs.ts';
import { Fork, type ForkResult } from './fork.ts';
import { ProcessPageOps } from './processPageOps.ts';
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
    return mmap(this.mm, request);
  }

  munmap(addr: number, length: number): SyscallResult {
    return munmap(this.mm, addr, length);
  }

  mprotect(addr: number, length: number, prot: number): SyscallResult {
    return mprotect(this.mm, addr, length, prot);
  }

  madvise(addr: number, length: number, advice: number): SyscallResult | 'LIVELOCK' {
    return madvise(this.mm, addr, length, advice);
  }

  mremap(request: MremapRequest): VirtAddr | Errno {
    return mremap(this.mm, request);
  }

  mlock(addr: number, length: number, flags = 0): SyscallResult {
    return mlock(this.mm, addr, length, flags);
  }

  munlock(addr: number, length: number): SyscallResult {
    return munlock(this.mm, addr, length);
  }

  mlockall(flags: number): SyscallResult {
    return mlockall(this.mm, flags);
  }

  munlockall(): SyscallResult {
    return munlockall(this.mm);
  }

  mseal(addr: number, length: number, flags = 0): SyscallResult {
    return mseal(this.mm, addr, length, flags);
  }

  brk(wish: number): VirtAddr {
    return brk(this.mm, wish);
  }

  setAnonName(addr: number, length: number, name: string | null): SyscallResult {
    return setAnonName(this.mm, addr, length, name);
  }

  /** One access by the program, of one byte; a write stores `value`. See {@link accessMemory}. */
  access(addr: number, kind: AccessKind, value?: number): AccessResult {
    return accessMemory(this, addr, kind, value);
  }

  /** Writes to `/proc/PID/clear_refs`; 4 resets soft-dirty. */
  clearRefs(value: number): void {
    clearRefs(this, value);
  }

  /**
   * A child with a copy of this address space, and what was decided for each VMA.
   * @throws OutOfMemoryError: the model is out of memory; there is no child then
   */
  fork(): ForkResult {
    const fork = new Fork(this);
    while (fork.dupVma());
    return fork;
  }

  /** Ends the process: every VMA and page table goes, and so does each frame that nobody else holds. */
  exit(): void {
    if (this.#exited) return;
    this.#exited = true;
    for (const id of this.uffdContexts) this.world.uffdContexts.delete(id);
    this.world.processes.delete(this.pid);
    this.mm.drop();
    exitMmap(this.pageTable);
  }
}
