import { invariant } from './errors.ts';
import { profileOf } from './findKernelProfile.ts';
import type { HostMemory } from './hostMemory.ts';
import { countingIds, type IdSource } from './idSource.ts';
import type { KernelProfile } from './kernelProfile.ts';
import { mergeMasksOf } from './merge/mergeMasks.ts';
import { MmCounters } from './mmCounters.ts';
import type { MmObserver } from './observer.ts';
import { NO_PAGE_OPS, type PageOps } from './pageOps.ts';
import { SpareBits } from './spareBits.ts';
import type { UffdContext } from './uffdContext.ts';
import { PAGE_SIZE, pgoff, TASK_SIZE, virtAddr } from './units.ts';
import { PLAIN_COLUMNS, type PlainFields, type Vma, type VmaFields, type VmFile } from './vma.ts';
import { VmaIndex } from './vmaIndex.ts';
import { type ColumnName, NO_VMA, type VmaRef, VmaStore } from './vmaStore.ts';
import { flagsLo } from './vmFlags.ts';

/** Where an allocation of the kernel's can fail; see {@link MmOptions.failAllocation}. */
export type AllocationPoint =
  /** `vm_area_alloc()`: a new VMA. */
  | 'vmAreaAlloc'
  /** `vm_area_dup()`: the second half of a split, or the copy of `mremap`. */
  | 'vmAreaDup'
  /** `vma_iter_prealloc()` of a split. */
  | 'splitPrealloc'
  /** `vma_iter_prealloc()` of a merge. */
  | 'mergePrealloc'
  /** `anon_vma_clone()` of a merge: the target takes over an anon_vma. */
  | 'dupAnonVma'
  /** `anon_vma_clone()` of a split, of `mremap`'s copy, or of fork. */
  | 'anonVmaClone'
  /** `__anon_vma_prepare()`: a first write, or a guard. */
  | 'anonVmaPrepare';

/** How an address space is set up. Everything has a default. */
export interface MmOptions {
  /** The kernel to behave like: a profile, or its name or version, as `kernelProfile` takes it. The one field without a default. */
  readonly profile: KernelProfile | string;
  /** Kernel built with CONFIG_MEM_SOFT_DIRTY: new mappings are soft-dirty. Default true. */
  readonly softDirty?: boolean;
  /** `vm.max_map_count`. Default 65,530. */
  readonly maxMapCount?: number;
  /** Where top-down placement starts: the end of the highest mapping it may give. Default: 128 MiB below the top. */
  readonly mmapBase?: number;
  /** Page-table side. Default: none. */
  readonly pageOps?: PageOps;
  /** Ids of anon_vmas; processes that fork from each other share one source. */
  readonly anonVmaIds?: IdSource;
  /** Open files, by id; processes share them. */
  readonly files?: Map<number, VmFile>;
  /** Ids of the files that shared anonymous mappings get; above those of {@link Mm.addFile}. Processes share one source. */
  readonly fileIds?: IdSource;
  /** Userfaultfd contexts, by id; processes share them. */
  readonly uffdContexts?: Map<number, UffdContext>;
  /** The bits of flags that are known by their letters alone; processes share them. */
  readonly spareBits?: SpareBits;
  /** Where VMAs are kept. Default: all that the machine has. */
  readonly memory?: HostMemory;
  /** Asked at each point where the kernel allocates; `true` makes that allocation fail. Default: none fails. */
  readonly failAllocation?: (point: AllocationPoint) => boolean;
}

/** Counted work of an address space. */
export interface MmStats {
  /** Merges that took place, of all three kinds. */
  merges: number;
  /** VMAs removed by merges. */
  mergedAway: number;
  /** VMAs that were cut in two. */
  splits: number;
  /** Highest `map_count` so far. */
  peakMapCount: number;
}

/** VMAs that an address space has room for at first. */
const FIRST_VMAS = 64;

/** Ids from here on are given to shared anonymous mappings. */
export const FIRST_SHMEM_FILE = 1_000_000;

/** `vm.max_map_count` unless an administrator changed it. Kernel: DEFAULT_MAX_MAP_COUNT. */
export const DEFAULT_MAX_MAP_COUNT = 65_530;

/**
 * An address space: `struct mm_struct`, its VMAs and what system calls look up in it. The calls themselves are
 * functions that take it (`mm/`), and so are the merges (`merge/`).
 */
export class Mm {
  /** The columns that VMAs live in. */
  readonly store: VmaStore;
  /** The VMAs in address order. */
  readonly index: VmaIndex;
  /** The kernel that it behaves like. */
  readonly profile: KernelProfile;
  /** New mappings, and VMAs that grow, are soft-dirty. */
  readonly softDirty: boolean;
  /** Open files by id; see {@link addFile}. */
  readonly files: Map<number, VmFile>;
  /** Gives new anon_vmas their ids. */
  readonly anonVmaIds: IdSource;
  /** Userfaultfd contexts by id. */
  readonly uffdContexts: Map<number, UffdContext>;
  /** The bits of flags that are known by their letters alone. */
  readonly spareBits: SpareBits;
  /** Pages that are mapped, locked and charged for. */
  readonly counters: MmCounters = new MmCounters();
  /** What was done so far. */
  readonly stats: MmStats = { merges: 0, mergedAway: 0, splits: 0, peakMapCount: 0 };

  /** `VM_STICKY` of the profile, low half. */
  readonly stickyLo: number;
  /** `VM_STICKY`, high half. */
  readonly stickyHi: number;
  /** Flags that must be equal to merge, all but `VM_IGNORE_MERGE`; low half, as a signed number. */
  readonly compareLo: number;
  /** The same, high half. */
  readonly compareHi: number;

  /** Told what system calls do to page tables. */
  pageOps: PageOps;
  /** Told of merges, refusals and splits; `null`: nobody asks, and nothing is computed for it. */
  observer: MmObserver | null = null;
  /** Asked at each allocation, `true` makes it fail; `null`: none fails. See {@link fails}. */
  failAllocation: ((point: AllocationPoint) => boolean) | null;

  /** `vm.max_map_count`: VMAs that there may be; the exact limit differs from call to call. */
  maxMapCount: number;
  /** End of the highest mapping that top-down placement may give; bytes. */
  mmapBase: number;
  /** Start of the heap, `[startBrk, brk)`; bytes. Set it by `setBrk`. */
  startBrk = 0;
  /** The program break; bytes, and not always a page boundary. */
  brk = 0;
  /** RLIMIT_STACK, in bytes. */
  stackLimit: number = 8 * 1024 * 1024;
  /** RLIMIT_MEMLOCK, in bytes; infinite also for a process that may lock more (CAP_IPC_LOCK), as root's may. */
  memlockLimit: number = Number.POSITIVE_INFINITY;
  /** PR_SET_MDWE: memory does not become executable. Kernel: MMF_HAS_MDWE. */
  hasMdwe = false;
  /** A child of fork is free of it. Kernel: MMF_HAS_MDWE_NO_INHERIT. */
  mdweNoInherit = false;
  /** Flags that `mlockall(MCL_FUTURE)` gives to every new mapping, low half. Kernel: `mm->def_flags`. */
  defFlagsLo = 0;
  /** The processor has protection keys. */
  hasPkeys = false;
  /** Keys that the process has, a bit each; key 0 always. Kernel: `mm->context.pkey_allocation_map`. */
  pkeyAllocationMap = 1;
  /** The key of memory that may only be executed; -1: none so far. Kernel: `mm->context.execute_only_pkey`. */
  executeOnlyPkey = -1;

  readonly #fileIds: IdSource;
  readonly #nameIds = new Map<string, number>();
  readonly #names: string[] = [''];

  /** @throws ProfileError for a name that is neither a profile's nor a version */
  constructor(options: MmOptions) {
    this.profile = profileOf(options.profile);
    this.softDirty = options.softDirty ?? true;
    this.maxMapCount = options.maxMapCount ?? DEFAULT_MAX_MAP_COUNT;
    this.mmapBase = options.mmapBase ?? TASK_SIZE - 0x800_0000;
    this.pageOps = options.pageOps ?? NO_PAGE_OPS;
    this.anonVmaIds = options.anonVmaIds ?? countingIds();
    this.files = options.files ?? new Map();
    this.#fileIds = options.fileIds ?? countingIds(FIRST_SHMEM_FILE);
    this.uffdContexts = options.uffdContexts ?? new Map();
    this.failAllocation = options.failAllocation ?? null;
    this.spareBits = options.spareBits ?? new SpareBits();
    this.store = new VmaStore(FIRST_VMAS, options.memory, this.spareBits);
    this.index = new VmaIndex(this.store, options.memory);
    const masks = mergeMasksOf(this.profile);
    this.stickyLo = masks.stickyLo;
    this.stickyHi = masks.stickyHi;
    this.compareLo = masks.compareLo;
    this.compareHi = masks.compareHi;
  }

  /** Number of VMAs. Kernel: `mm->map_count`. */
  get mapCount(): number {
    return this.index.size;
  }

  /** Adds a file that mappings can name. */
  addFile(file: VmFile): void {
    invariant(Number.isInteger(file.id) && file.id > 0, `a file's id is 1 or more, not ${file.id}`);
    this.files.set(file.id, file);
  }

  /** A new file of shared anonymous memory; each mapping of such memory has one of its own. Kernel: `shmem_zero_setup()`. */
  newShmemFile(pages: number): number {
    const id = this.#fileIds.next();
    this.files.set(id, { id, shmem: true, pages });
    return id;
  }

  /** True where an allocation at this point is made to fail. */
  fails(point: AllocationPoint): boolean {
    return this.failAllocation?.(point) ?? false;
  }

  /** The first VMA that ends above `addr`. Kernel: `find_vma()`. */
  findVma(addr: number): VmaRef {
    return this.index.find(addr);
  }

  /** The VMA that holds `addr`, or none. Kernel: `vma_lookup()`. */
  vmaLookup(addr: number): VmaRef {
    return this.index.lookup(addr);
  }

  /**
   * Anonymous memory: of no file, or of a private mapping of `/dev/zero`. Kernel: `vma_is_anonymous()`, where shared anonymous memory is
   * none.
   */
  isAnonymous(vma: VmaRef): boolean {
    const file = this.store.file[vma]!;
    return file === 0 || this.files.get(file)?.zero === true;
  }

  /** Puts a VMA, whose columns are set, into the address space; its pages are counted by who makes it. Kernel: `vma_link()`. */
  linkVma(vma: VmaRef): void {
    this.index.insert(vma);
    const file = this.store.file[vma]!;
    if (file !== 0) this.pageOps.fileMapped(file, 1);
    if (this.index.size > this.stats.peakMapCount) this.stats.peakMapCount = this.index.size;
  }

  /** Puts a VMA, whose columns are set, into the address space as a mapping of its own, whose pages count. */
  addVma(vma: VmaRef): void {
    const { store } = this;
    this.counters.add(store.flagsLo[vma]!, (store.end[vma]! - store.start[vma]!) / PAGE_SIZE);
    this.linkVma(vma);
  }

  /** Takes a VMA out and frees its slot. */
  removeVma(vma: VmaRef): void {
    this.index.remove(vma);
    const file = this.store.file[vma]!;
    if (file !== 0) this.pageOps.fileMapped(file, -1);
    this.store.release(vma);
  }

  /** The end of the address space: every VMA that is left goes, and its memory is given back. Kernel: `exit_mmap()`, `mmdrop()`. */
  drop(): void {
    this.#letFilesGo();
    this.counters.reset();
    this.store.clear();
    this.index.clear();
  }

  /**
   * Forgets every VMA and keeps the memory, so that another set of VMAs can be put in at once ({@link linkVma}): a search
   * that goes from state to state does little else. Page tables are the caller's.
   */
  empty(): void {
    this.#letFilesGo();
    this.counters.reset();
    this.store.empty();
    this.index.empty();
  }

  /**
   * Gets the VMAs of another address space, each under the same {@link VmaRef}, in place of its own, and what is counted of them: a way
   * back to a state for a search that makes many calls in it. Page tables are the caller's, and so is the count of mappings of each file.
   */
  copyVmas(from: Mm): void {
    this.counters.set(from.counters);
    this.store.copyAll(from.store);
    this.index.copyAll(from.index);
  }

  #letFilesGo(): void {
    const { index, store } = this;
    for (let vma = index.last(); vma !== NO_VMA; vma = index.prev(vma)) {
      const file = store.file[vma]!;
      if (file !== 0) this.pageOps.fileMapped(file, -1);
    }
  }

  /** Bytes that VMAs and their index take, free room included. */
  get byteLength(): number {
    return this.store.byteLength + this.index.byteLength;
  }

  /** Moves a VMA's edges and offsets, in the index too. Kernel: `vma_set_range()`. */
  setRange(vma: VmaRef, start: number, end: number, pageOffset: number, anonPageOffset: number): void {
    const store = this.store;
    if (store.start[vma] !== start) {
      this.index.rekey(vma, start);
      store.start[vma] = start;
    }
    if (store.end[vma] !== end) {
      store.end[vma] = end;
      this.index.endMoved(vma);
    }
    store.pgoff[vma] = pageOffset;
    store.anonPgoff[vma] = anonPageOffset;
  }

  /** What the API shows of a VMA, as of now. */
  view(vma: VmaRef): Vma {
    const store = this.store;
    const shown: Omit<Vma, keyof PlainFields> = {
      ref: vma,
      vmStart: virtAddr(store.start[vma]!),
      vmEnd: virtAddr(store.end[vma]!),
      vmPgoff: pgoff(store.pgoff[vma]!),
      anonPgoff: pgoff(store.anonPgoff[vma]!),
      vmFlags: store.flags(vma),
      vmFile: store.file[vma] || null,
      anonVma: store.anonVma[vma] || null,
      anonVmaChain: store.anonVmaChain[vma]!,
      userfaultfd: store.uffd[vma] || null,
      policy: store.policy[vma]!,
      anonName: this.anonNameOf(store.anonName[vma]!),
    };
    for (const column of PLAIN_COLUMNS) Object.assign(shown, { [column]: store[column][vma]! });
    return shown as Vma;
  }

  /**
   * Puts a VMA into the address space; the inverse of {@link view}. What is not said is that of anonymous memory that was never
   * written: offsets of its own address, and else nothing.
   */
  add(fields: VmaFields & Pick<Vma, 'vmStart' | 'vmEnd'>): VmaRef {
    const vma = this.store.alloc();
    const own = fields.vmStart / PAGE_SIZE;
    this.store.pgoff[vma] = own;
    this.store.anonPgoff[vma] = own;
    this.store.anonVmaChain[vma] = fields.anonVma ? 1 : 0;
    this.setFields(vma, fields);
    this.addVma(vma);
    return vma;
  }

  /** Sets the columns of a VMA that is in no index from those fields that are there. @internal */
  setFields(vma: VmaRef, fields: VmaFields): void {
    for (const [column, read] of COLUMN_READERS) {
      const value = read(fields, this);
      if (value !== undefined) this.store[column][vma] = value ?? 0;
    }
  }

  /** All VMAs in address order, as of now. */
  vmas(): Vma[] {
    const all: Vma[] = [];
    for (let vma = this.index.first(); vma !== NO_VMA; vma = this.index.next(vma)) all.push(this.view(vma));
    return all;
  }

  /** The id by which columns name an anonymous name; equal names have equal ids. */
  anonNameId(name: string | null): number {
    if (name === null || name === '') return 0;
    const known = this.#nameIds.get(name);
    if (known !== undefined) return known;
    const id = this.#names.push(name) - 1;
    this.#nameIds.set(name, id);
    return id;
  }

  /** The anonymous name of an id, or `null`. */
  anonNameOf(id: number): string | null {
    return id === 0 ? null : (this.#names[id] ?? null);
  }
}

/** A column of a VMA by its fields; `undefined`: they do not say. */
type ColumnReader = (fields: VmaFields, mm: Mm) => number | null | undefined;

/** How each column follows from the fields of a {@link Vma}. A column without a reader does not compile. */
const READERS: { readonly [column in Exclude<ColumnName, keyof PlainFields>]: ColumnReader } = {
  start: ({ vmStart }) => vmStart,
  end: ({ vmEnd }) => vmEnd,
  pgoff: ({ vmPgoff }) => vmPgoff,
  anonPgoff: ({ anonPgoff }) => anonPgoff,
  flagsLo: ({ vmFlags }) => (vmFlags === undefined ? undefined : flagsLo(vmFlags)),
  flagsHi: ({ vmFlags }, mm) => (vmFlags === undefined ? undefined : mm.spareBits.hi(vmFlags)),
  file: ({ vmFile }) => vmFile,
  anonVma: ({ anonVma }) => anonVma,
  anonVmaChain: ({ anonVmaChain }) => anonVmaChain,
  uffd: ({ userfaultfd }) => userfaultfd,
  policy: ({ policy }) => policy,
  anonName: ({ anonName }, mm) => (anonName === undefined ? undefined : mm.anonNameId(anonName)),
};

const COLUMN_READERS: readonly (readonly [ColumnName, ColumnReader])[] = [
  ...(Object.entries(READERS) as [ColumnName, ColumnReader][]),
  ...PLAIN_COLUMNS.map((column): [ColumnName, ColumnReader] => [column, (fields) => fields[column]]),
];
