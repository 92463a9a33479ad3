import { FrameTable } from 'pt-model';
import {
  countingIds,
  DEFAULT_MAX_MAP_COUNT,
  FIRST_SHMEM_FILE,
  type IdSource,
  InvariantError,
  type KernelProfile,
  kernelProfile,
  type UffdContext,
  type VmFile,
} from 'vma-core';
import { Inode, type InodeOptions } from './inode.ts';
import { Process } from './process.ts';

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
export class World {
  readonly profile: KernelProfile;
  readonly softDirty: boolean;
  readonly faultAroundPages: number;
  readonly maxMapCount: number;
  readonly frames: FrameTable;
  /** What merging knows of open files. */
  readonly files: Map<number, VmFile> = new Map();
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
  newUffdContext(features: Omit<UffdContext, 'id'>, owner?: Process): UffdContext {
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
