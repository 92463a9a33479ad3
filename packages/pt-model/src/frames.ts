import { InvariantError, outOfFrames } from './errors.ts';
import { FrameContents } from './frameContents.ts';
import { FRAME_SEGMENT_SHIFT, ZERO_PFN } from './pte.ts';
import { TablePool } from './tableStore.ts';
import type { Pfn } from './units.ts';
import { WordMemory } from './wordMemory.ts';

/*
 * A frame is one word:
 *
 *   31    30    29         28        27        26      25 ........... 0
 *   ANON  FILE  EXCLUSIVE  IN_CACHE  CONTENTS  always 0  references
 *
 * Neither ANON nor FILE: a free frame, whose low bits are the next free one. The zero page has no word. Frame 0 is never
 * used: as a link it ends the chain of free frames.
 * Bit 26 stays 0: a carry into it is a count that overflowed.
 */

/** @internal */
export const FRAME_SEGMENT_MASK: number = (1 << FRAME_SEGMENT_SHIFT) - 1;
/** @internal */
export const FRAME_COUNT_MASK = 0x03ff_ffff;
/** @internal */
export const FRAME_OVERFLOW = 0x0400_0000;
const FRAME_CONTENTS = 0x0800_0000;
const FRAME_IN_CACHE = 0x1000_0000;
/** @internal */
export const FRAME_EXCLUSIVE = 0x2000_0000;
const FRAME_FILE = 0x4000_0000;
const FRAME_ANON = 0x8000_0000;
/** The last segment holds no frame but the zero page. */
const MAX_FRAMES: number = ZERO_PFN & ~((1 << FRAME_SEGMENT_SHIFT) - 1);

/** The word of a fresh anonymous frame, owned by the one PTE it is made for. @internal */
const FRAME_NEW_ANON: number = (FRAME_ANON | FRAME_EXCLUSIVE | 1) >>> 0;
const FRAME_NEW_FILE = FRAME_FILE | FRAME_IN_CACHE | 1;

/**
 * Physical memory, shared by all processes of a model: which frames are in use, by how many page table entries and the
 * page cache, and the bytes of those that were written.
 */
export class FrameTable {
  /** The shared page of zeros that anonymous memory reads first. It is never counted, and never freed. */
  readonly zeroPfn: Pfn = ZERO_PFN;
  /** Page tables live in physical memory too. */
  readonly tables: TablePool;
  /** What the model has taken from its host. */
  readonly memory: WordMemory;
  /** One word a frame, in segments that never move. @internal */
  readonly segments: Uint32Array[] = [];
  /** Frames that {@link allocAnonRun} took last. @internal */
  runLength = 0;
  readonly #contents: FrameContents;
  #next = 1;
  #firstFree = 0;
  #live = 0;

  /** `maxBytes` limits what the model's own arrays may take; going past it throws OutOfMemoryError. */
  constructor(options: { readonly maxBytes?: number } = {}) {
    this.memory = new WordMemory(options.maxBytes);
    this.tables = new TablePool(this.memory);
    this.#contents = new FrameContents(this.memory);
    this.#addSegment();
  }

  /** Frames in use; the zero page does not count. 0 when every process has exited and the page cache is dropped. */
  get live(): number {
    return this.#live;
  }

  /** A fresh anonymous page: one reference, that of the PTE which the caller sets to it; exclusive. Throws OutOfMemoryError. */
  allocAnon(): Pfn {
    return this.#allocate(FRAME_NEW_ANON);
  }

  /** A page of the page cache: one reference, the cache's; each PTE adds its own with {@link get}. Throws OutOfMemoryError. */
  allocFile(): Pfn {
    return this.#allocate(FRAME_NEW_FILE);
  }

  /** Adds a reference: of a PTE, or of anything else that keeps the frame. */
  get(pfn: Pfn): void {
    if (pfn === ZERO_PFN) return;
    const words = this.segmentOf(pfn);
    const word = this.#used(pfn) + 1;
    if ((word & FRAME_OVERFLOW) !== 0) throw new InvariantError(`frame ${pfn} has more than 2^26 references`);
    words[pfn & FRAME_SEGMENT_MASK] = word;
  }

  /** Drops a reference, and frees the frame with the last one. */
  put(pfn: Pfn): void {
    if (pfn === ZERO_PFN) return;
    const word = this.#used(pfn) - 1;
    if ((word & FRAME_COUNT_MASK) === 0) this.release(pfn, word);
    else this.segmentOf(pfn)[pfn & FRAME_SEGMENT_MASK] = word;
  }

  /** References: PTEs, and one of the page cache. Kernel: `page_ref_count`. 0 for the zero page. */
  refcount(pfn: Pfn): number {
    return pfn === ZERO_PFN ? 0 : this.#used(pfn) & FRAME_COUNT_MASK;
  }

  /** PTEs that map the frame. Kernel: `folio_mapcount`. 0 for the zero page. */
  mapcount(pfn: Pfn): number {
    if (pfn === ZERO_PFN) return 0;
    const word = this.#used(pfn);
    return (word & FRAME_COUNT_MASK) - ((word & FRAME_IN_CACHE) === 0 ? 0 : 1);
  }

  isAnon(pfn: Pfn): boolean {
    return (this.word(pfn) & FRAME_ANON) !== 0;
  }

  isFile(pfn: Pfn): boolean {
    return (this.word(pfn) & FRAME_FILE) !== 0;
  }

  isZero(pfn: Pfn): boolean {
    return pfn === ZERO_PFN;
  }

  /** True where the page cache holds the frame. */
  inCache(pfn: Pfn): boolean {
    return (this.word(pfn) & FRAME_IN_CACHE) !== 0;
  }

  /**
   * True for an anonymous page that only one process can map: a write may then reuse it without a copy. Fork clears it in
   * both. Kernel: `PageAnonExclusive`. Not the same as a mapcount of 1, which pagemap bit 56 shows.
   */
  isExclusive(pfn: Pfn): boolean {
    return (this.word(pfn) & FRAME_EXCLUSIVE) !== 0;
  }

  /** Sets or clears the exclusive bit of an anonymous page. */
  setExclusive(pfn: Pfn, exclusive: boolean): void {
    if (!this.isAnon(pfn)) throw new InvariantError(`frame ${pfn} is not anonymous`);
    const word = this.word(pfn);
    this.segmentOf(pfn)[pfn & FRAME_SEGMENT_MASK] = exclusive ? word | FRAME_EXCLUSIVE : word & ~FRAME_EXCLUSIVE;
  }

  /** Takes the frame out of the page cache (truncation, the last close of a deleted file): PTEs keep it until they go. */
  dropFromCache(pfn: Pfn): void {
    if (!this.inCache(pfn)) throw new InvariantError(`frame ${pfn} is not in the page cache`);
    this.segmentOf(pfn)[pfn & FRAME_SEGMENT_MASK] = this.word(pfn) & ~FRAME_IN_CACHE;
    this.put(pfn);
  }

  /** Stores a byte; `offset` counts bytes from the start of the page. The zero page cannot be written. */
  writeByte(pfn: Pfn, offset: number, value: number): void {
    const word = this.#used(pfn) | FRAME_CONTENTS;
    this.#contents.write(pfn, offset, value);
    this.segmentOf(pfn)[pfn & FRAME_SEGMENT_MASK] = word;
  }

  /** The byte at `offset`; 0 where nothing was written. */
  readByte(pfn: Pfn, offset: number): number {
    return (this.word(pfn) & FRAME_CONTENTS) === 0 ? 0 : this.#contents.read(pfn, offset);
  }

  /** Makes the bytes of `to` those of `from`, as a copy-on-write fault does. */
  copyContents(from: Pfn, to: Pfn): void {
    const word = this.#used(to);
    const some = (this.word(from) & FRAME_CONTENTS) !== 0;
    if (some) this.#contents.copy(from, to);
    else if ((word & FRAME_CONTENTS) !== 0) this.#contents.drop(to);
    this.segmentOf(to)[to & FRAME_SEGMENT_MASK] = some ? word | FRAME_CONTENTS : word & ~FRAME_CONTENTS;
  }

  /** The words of the frames around `pfn`, a frame in use; its own is at `pfn & FRAME_SEGMENT_MASK`. @internal */
  segmentOf(pfn: number): Uint32Array {
    return this.segments[pfn >>> FRAME_SEGMENT_SHIFT]!;
  }

  /** The word of a frame, 0 where there is none. @internal */
  word(pfn: Pfn): number {
    return this.segments[pfn >>> FRAME_SEGMENT_SHIFT]?.[pfn & FRAME_SEGMENT_MASK] ?? 0;
  }

  /** Frees a frame whose last reference went; `word` is its word, with a count of 0. @internal */
  release(pfn: number, word: number): void {
    if ((word & FRAME_CONTENTS) !== 0) this.#contents.drop(pfn);
    this.segmentOf(pfn)[pfn & FRAME_SEGMENT_MASK] = this.#firstFree;
    this.#firstFree = pfn;
    this.#live--;
  }

  /**
   * Takes up to `wanted` fresh anonymous frames that lie side by side; {@link runLength} says how many, the answer is the
   * first. Freed frames are used up before new ones, one at a time. Throws OutOfMemoryError. @internal
   */
  allocAnonRun(wanted: number): number {
    if (this.#firstFree !== 0) {
      this.runLength = 1;
      return this.#allocate(FRAME_NEW_ANON);
    }
    this.#ensureNext();
    const first = this.#next;
    const from = first & FRAME_SEGMENT_MASK;
    const to = Math.min(from + wanted, 1 << FRAME_SEGMENT_SHIFT);
    this.segmentOf(first).fill(FRAME_NEW_ANON, from, to);
    this.runLength = to - from;
    this.#next += to - from;
    this.#live += to - from;
    return first;
  }

  #allocate(word: number): Pfn {
    let pfn = this.#firstFree;
    if (pfn !== 0) {
      this.#firstFree = this.segmentOf(pfn)[pfn & FRAME_SEGMENT_MASK]!;
    } else {
      this.#ensureNext();
      pfn = this.#next++;
    }
    this.segmentOf(pfn)[pfn & FRAME_SEGMENT_MASK] = word;
    this.#live++;
    return pfn as Pfn;
  }

  /** The word of a frame that must be in use. */
  #used(pfn: Pfn): number {
    const word = this.word(pfn);
    if (word >>> 30 === 0)
      throw new InvariantError(`frame ${pfn} is ${pfn === ZERO_PFN ? 'the zero page' : 'not in use'}`);
    return word;
  }

  #ensureNext(): void {
    if (this.#next >>> FRAME_SEGMENT_SHIFT < this.segments.length) return;
    if (this.#next >= MAX_FRAMES) throw outOfFrames(this.#live);
    this.#addSegment();
  }

  #addSegment(): void {
    this.segments.push(this.memory.words(1 << FRAME_SEGMENT_SHIFT));
  }
}
