import type { FrameTable, Pfn } from 'pt-model';

/** What a page in a cache takes, and a page that was punched out: an entry of a map or a set, about. */
const ENTRY_BYTES = 40;

/** What backs a file, however often it is opened. Kernel: `struct inode` with its `struct address_space`. */
export interface InodeOptions {
  /** Size in pages. A fault at or beyond it is SIGBUS. */
  readonly pages: number;
  /** First byte of each page as the file has it on disk; absent: zeros. */
  readonly firstByte?: (pageIndex: number) => number;
  /** Every page is in the page cache from the start (so that fault-around finds it); otherwise pages come with the first fault. */
  readonly cached?: boolean;
  /** The pages live only as long as something maps them: shared anonymous memory, a removed SysV segment. */
  readonly ephemeral?: boolean;
}

/** An inode and its page cache: page index to frame. */
export class Inode {
  readonly ephemeral: boolean;
  #pages: number;
  /** Pages that were in the file all the time; what a larger size adds is zeros, and not cached. */
  #kept: number;
  readonly #frames: FrameTable;
  readonly #firstByte: ((pageIndex: number) => number) | null;
  readonly #allCached: boolean;
  readonly #cache = new Map<number, Pfn>();
  /** Pages punched out by MADV_REMOVE: zeros, and not cached until the next fault. */
  readonly #punched = new Set<number>();
  /** VMAs that map the inode, in all processes. */
  mappings = 0;

  constructor(frames: FrameTable, options: InodeOptions) {
    this.#frames = frames;
    this.#pages = options.pages;
    this.#kept = options.pages;
    this.#firstByte = options.firstByte ?? null;
    this.#allCached = options.cached ?? false;
    this.ephemeral = options.ephemeral ?? false;
  }

  /** Size in pages. */
  get pages(): number {
    return this.#pages;
  }

  /** Pages that have a frame in the page cache. */
  get cachedPages(): number {
    return this.#cache.size;
  }

  /** Is the page in the page cache, so that fault-around may map it? */
  isCached(pageIndex: number): boolean {
    if (pageIndex >= this.pages) return false;
    return this.#cache.has(pageIndex) || (this.#allCached && pageIndex < this.#kept && !this.#punched.has(pageIndex));
  }

  /**
   * The frame of a page, brought into the page cache if need be. Precondition: within the file.
   * Throws OutOfMemoryError, and the page is not cached then.
   */
  frameOf(pageIndex: number): Pfn {
    const known = this.#cache.get(pageIndex);
    if (known !== undefined) return known;
    const pfn = this.#frames.allocFile();
    try {
      this.#frames.memory.count(ENTRY_BYTES);
    } catch (error) {
      this.#frames.dropFromCache(pfn);
      throw error;
    }
    this.#cache.set(pageIndex, pfn);
    if (this.#firstByte === null || pageIndex >= this.#kept || this.#punched.has(pageIndex)) return pfn;
    try {
      this.#frames.writeByte(pfn, 0, this.#firstByte(pageIndex));
    } catch (error) {
      this.#drop(pageIndex);
      throw error;
    }
    return pfn;
  }

  /** Takes pages out of the page cache for good: they read as zeros afterwards. Kernel: `shmem_fallocate()`, punching. */
  punch(from: number, to: number): void {
    for (let index = from; index < Math.min(to, this.pages); index++) {
      if (!this.#punched.has(index)) {
        this.#frames.memory.count(ENTRY_BYTES);
        this.#punched.add(index);
      }
      this.#drop(index);
    }
  }

  /** Changes the size. Pages beyond it leave the page cache; nothing may map them any more. Kernel: `shmem_setattr()`. */
  resize(pages: number): void {
    for (const index of this.#cache.keys()) if (index >= pages) this.#drop(index);
    this.#pages = pages;
    this.#kept = Math.min(this.#kept, pages);
  }

  /** Empties the page cache. Frames that are still mapped stay until their last PTE goes. */
  evict(): void {
    for (const index of this.#cache.keys()) this.#drop(index);
  }

  #drop(index: number): void {
    const pfn = this.#cache.get(index);
    if (pfn === undefined) return;
    this.#cache.delete(index);
    this.#frames.memory.uncount(ENTRY_BYTES);
    this.#frames.dropFromCache(pfn);
  }
}
