import { exitMmap, FrameTable, PageTable } from 'pt-model';
import {
  countingIds,
  DEFAULT_MAX_MAP_COUNT,
  type Errno,
  FIRST_SHMEM_FILE,
  type IdSource,
  InvariantError,
  type KernelProfile,
  kernelProfile,
  Mm,
  SpareBits,
  type SyscallResult,
  type UffdContext,
  type VirtAddr,
  type VmFile,
} from 'vma-core';
import {
  brk,
  type MmapRequest,
  type MprotectMore,
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
  setAnonName,
} from 'vma-core/calls';
import { type AccessKind, type AccessResult, accessMemory } from './access.ts';
import { clearRefs } from './clearRefs.ts';
import { Fork, type ForkResult } from './fork.ts';
import { Inode, type InodeOptions } from './inode.ts';
import { ProcessPageOps } from './processPageOps.ts';
import type { ProcessState, WorldState } from './processState.ts';

/**
 * A process: an address space and its page tables together. Several live at once in a {@link World} and share frames.
 *
 * The system calls are those of `vma-core`, here with page tables attached: addresses and lengths in bytes, results 0, an
 * address, or an errno's name.
 */
export class Process implements ProcessState {
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
      spareBits: world.spareBits,
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

  mprotect(addr: number, length: number, prot: number, more?: MprotectMore): SyscallResult {
    return mprotect(this.mm, addr, length, prot, more);
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
  fork(): ForkResult<Process> {
    const fork = new Fork(this, this.world.newProcess());
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

/** A machine on which processes live: which kernel, and how it is configured. */
export interface WorldOptions {
  /** A profile, its name, or a version. Default `6.19`. */
  readonly profile?: KernelProfile | string;
  /** Kernel built with CONFIG_MEM_SOFT_DIRTY. Default true. */
  readonly softDirty?: boolean;
  /** Pages that a read fault of a file maps at once (`fault_around_bytes` / 4096): a power of two. Default 16; 1 is off. */
  readonly faultAroundPages?: number;
  /** `vm.max_map_count`. Default 65,530. */
  readonly maxMapCount?: number;
  /**
   * Bytes that the model itself may take for VMAs and their index, page tables, frames, what was written to them, and page caches; past it,
   * OutOfMemoryError. Default: no limit.
   */
  readonly maxBytes?: number;
}

/** Bytes that a model may take where somebody else's input decides: half of what a browser gives a tab before it ends it. */
export const DEFAULT_MAX_BYTES: number = 2 ** 31;

/** What every `shmat` gives: a file of its own, whose operations are ipc/shm.c's, not tmpfs's. */
export const SYSV_SHM: Omit<VmFile, 'id'> = { hasCloseHook: true, ownGetUnmappedArea: true, noMapPages: true };

/** How a file is opened. */
export interface OpenOptions extends Omit<VmFile, 'id'> {
  readonly inode: Inode;
}

/**
 * What processes share: physical memory, files, and the sources of ids. Everything is deterministic: the same calls give
 * the same frames and the same ids.
 */
export class World implements WorldState {
  readonly profile: KernelProfile;
  readonly softDirty: boolean;
  readonly faultAroundPages: number;
  readonly maxMapCount: number;
  readonly frames: FrameTable;
  /** What merging knows of open files. */
  readonly files: Map<number, VmFile> = new Map();
  /** The bits of flags that are known by their letters alone. */
  readonly spareBits: SpareBits = new SpareBits();
  readonly uffdContexts: Map<number, UffdContext> = new Map();
  readonly anonVmaIds: IdSource = countingIds();
  readonly fileIds: IdSource = countingIds(FIRST_SHMEM_FILE);
  /** Processes that have not exited, by pid. */
  readonly processes: Map<number, Process> = new Map();
  readonly #inodes = new Map<number, Inode>();
  readonly #openIds = countingIds();
  readonly #pids = countingIds();
  readonly #uffdIds = countingIds();

  constructor(options: WorldOptions = {}) {
    const profile = options.profile ?? '6.19';
    this.profile = typeof profile === 'string' ? kernelProfile(profile) : profile;
    this.softDirty = options.softDirty ?? true;
    this.faultAroundPages = options.faultAroundPages ?? 16;
    const window = this.faultAroundPages;
    if (!Number.isInteger(window) || window < 1 || window > 512 || (window & (window - 1)) !== 0) {
      throw new InvariantError(`fault-around is a power of two from 1 to 512 pages, not ${window}`);
    }
    this.maxMapCount = options.maxMapCount ?? DEFAULT_MAX_MAP_COUNT;
    this.frames = new FrameTable(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes });
  }

  /** A process with an empty address space. */
  newProcess(): Process {
    const process = new Process(this, this.#pids.next());
    this.processes.set(process.pid, process);
    return process;
  }

  /** Makes a file's inode. It can be opened many times; the page cache is shared. */
  newInode(options: InodeOptions): Inode {
    return new Inode(this.frames, options);
  }

  /** Opens an inode: a file of its own to the merge rules. The answer is the id that `mmap` takes. */
  open(options: OpenOptions): number {
    const { inode, ...file } = options;
    const id = this.#openIds.next();
    this.files.set(id, { id, ...file });
    this.#inodes.set(id, inode);
    return id;
  }

  /** The inode behind an open file. Shared anonymous memory has one for each mapping, as long as it. */
  inodeOf(file: number): Inode {
    let inode = this.#inodes.get(file);
    if (inode === undefined) {
      inode = new Inode(this.frames, { pages: this.files.get(file)?.pages ?? 0, ephemeral: true });
      this.#inodes.set(file, inode);
    }
    return inode;
  }

  /** The inodes behind open files, each once. */
  inodes(): ReadonlySet<Inode> {
    return new Set(this.#inodes.values());
  }

  /** A VMA of this file has come (`+1`) or gone (`-1`); memory that only mappings keep goes with the last. */
  fileMapped(file: number, change: 1 | -1): void {
    const inode = this.inodeOf(file);
    inode.mappings += change;
    if (inode.mappings > 0 || !inode.ephemeral) return;
    inode.evict();
    if (file < FIRST_SHMEM_FILE) return;
    this.#inodes.delete(file);
    this.files.delete(file);
  }

  /** A new userfaultfd of a process, whose end is its end; without an owner it stays until it is taken out of `uffdContexts`. */
  newUffdContext(features: Omit<UffdContext, 'id'>, owner?: ProcessState): UffdContext {
    const context = { id: this.#uffdIds.next(), ...features };
    this.uffdContexts.set(context.id, context);
    owner?.uffdContexts.add(context.id);
    return context;
  }

  /** Drops every clean and dirty page of every page cache: with no process left, no frame remains. */
  dropCaches(): void {
    for (const inode of this.#inodes.values()) inode.evict();
  }
}
