import { grownCapacity } from './grownCapacity.ts';
import { type HostMemory, WHOLE_HOST } from './hostMemory.ts';
import { flagsOf, type VmFlags } from './vmFlags.ts';

declare const vmaBrand: unique symbol;

/**
 * Names one VMA of one {@link VmaStore}: a slot of its columns. 0 is none.
 *
 * A slot is valid until the VMA is removed, by `munmap` or by a merge; then it is used again.
 */
export type VmaRef = number & { readonly [vmaBrand]: 'VmaRef' };

/** No VMA: the kernel's NULL. */
export const NO_VMA: VmaRef = 0 as VmaRef;

/** Columns that lie side by side, and so what a slot is a multiple of. */
const LANES = 4;
/** Four columns of 8 bytes, eight of 4, and the chunk. */
const BYTES_A_VMA = 68;
/** Where the regions of the buffer begin, in bytes a VMA. */
const FIRST_INTS = 32;
const SECOND_INTS = 48;
const CHUNKS = 64;

const NO_DOUBLES: Float64Array = new Float64Array(0);
const NO_WORDS: Uint32Array = new Uint32Array(0);
const NO_INTS: Int32Array = new Int32Array(0);
const NO_BUFFER: ArrayBuffer = new ArrayBuffer(0);

/**
 * The VMAs of one address space, one typed-array column a field: 68 bytes a VMA, no object each.
 *
 * Columns are woven together, four to a group, so that reading all of a VMA costs four cache lines and not thirteen. A slot
 * is a multiple of 4: the distance from one VMA's field to the next one's.
 *
 *   start end pgoff anonPgoff | start end ...       8 bytes each
 *   flagsLo flagsHi file anonVma | flagsLo ...      4 bytes each
 *   anonVmaChain uffd policy anonName | ...         4 bytes each
 *
 * Flags are two 32-bit halves (`vmFlags.ts` says why). Free slots are reused, last freed first, so that the same
 * calls always give the same slots.
 */
export class VmaStore {
  /** First byte, inclusive. */
  start: Float64Array = NO_DOUBLES;
  /** Last byte, exclusive. */
  end: Float64Array = NO_DOUBLES;
  /** Page offset of `start` in the backing object. */
  pgoff: Float64Array = NO_DOUBLES;
  /** The anonymous page offset that 7.3 gives private file mappings besides; elsewhere `start / 4096` at creation. */
  anonPgoff: Float64Array = NO_DOUBLES;
  /** vm_flags, low half. */
  flagsLo: Uint32Array = NO_WORDS;
  /** vm_flags, high half. */
  flagsHi: Uint32Array = NO_WORDS;
  /** Id of the open file; 0: anonymous. */
  file: Int32Array = NO_INTS;
  /** Id of the anon_vma; 0: never faulted for writing. */
  anonVma: Int32Array = NO_INTS;
  /** Links of the anon_vma chain; more than one: a fork child. */
  anonVmaChain: Int32Array = NO_INTS;
  /** Id of the userfaultfd context; 0: not registered. */
  uffd: Int32Array = NO_INTS;
  /** Id of the memory policy; 0: the default. */
  policy: Int32Array = NO_INTS;
  /** Id of the anonymous name; 0: none. */
  anonName: Int32Array = NO_INTS;

  /** The index chunk that holds each VMA; of a free slot: the next free one. */
  #chunks: Int32Array = NO_INTS;
  #buffer: ArrayBuffer = NO_BUFFER;
  #capacity = 0;
  #used = LANES;
  #free = 0;
  readonly #memory: HostMemory;
  /** Called before a slot is taken: whoever orders the VMAs makes room for another. It may throw. @internal */
  beforeTake: () => void = () => {};

  /** @param capacity VMAs that there is room for at first; 0: no memory is taken before it is needed */
  constructor(capacity = 64, memory: HostMemory = WHOLE_HOST) {
    this.#memory = memory;
    if (capacity > 0) this.#grow(capacity);
  }

  /** Takes a slot; every column of it is 0. Throws what {@link HostMemory.take} throws, and then nothing has changed. */
  alloc(): VmaRef {
    const slot = this.#take();
    this.start[slot] = 0;
    this.end[slot] = 0;
    this.pgoff[slot] = 0;
    this.anonPgoff[slot] = 0;
    this.flagsLo[slot] = 0;
    this.flagsHi[slot] = 0;
    this.file[slot] = 0;
    this.anonVma[slot] = 0;
    this.anonVmaChain[slot] = 0;
    this.uffd[slot] = 0;
    this.policy[slot] = 0;
    this.anonName[slot] = 0;
    return slot;
  }

  /** Takes a slot and copies every column of `from` into it. Throws as {@link alloc} does. Kernel: `vm_area_dup()`. */
  dup(from: VmaRef): VmaRef {
    const slot = this.#take();
    this.copyFrom(this, from, slot);
    return slot;
  }

  /** Copies the columns of a VMA of `other`, which may be another store, into `to`. */
  copyFrom(other: VmaStore, from: VmaRef, to: VmaRef): void {
    this.start[to] = other.start[from]!;
    this.end[to] = other.end[from]!;
    this.pgoff[to] = other.pgoff[from]!;
    this.anonPgoff[to] = other.anonPgoff[from]!;
    this.flagsLo[to] = other.flagsLo[from]!;
    this.flagsHi[to] = other.flagsHi[from]!;
    this.file[to] = other.file[from]!;
    this.anonVma[to] = other.anonVma[from]!;
    this.anonVmaChain[to] = other.anonVmaChain[from]!;
    this.uffd[to] = other.uffd[from]!;
    this.policy[to] = other.policy[from]!;
    this.anonName[to] = other.anonName[from]!;
  }

  /** Gives a slot back. */
  release(slot: VmaRef): void {
    this.#chunks[slot / LANES] = this.#free;
    this.#free = slot;
  }

  /** The flags of a VMA, as one set. */
  flags(slot: VmaRef): VmFlags {
    return flagsOf(this.flagsLo[slot]!, this.flagsHi[slot]!);
  }

  /** The chunk of {@link VmaIndex} that holds the VMA; its business alone. @internal */
  chunkOf(slot: VmaRef): number {
    return this.#chunks[slot / LANES]!;
  }

  /** Notes which chunk of {@link VmaIndex} holds the VMA. @internal */
  setChunk(slot: VmaRef, chunk: number): void {
    this.#chunks[slot / LANES] = chunk;
  }

  /** Bytes of all columns, free slots included. */
  get byteLength(): number {
    return this.#buffer.byteLength;
  }

  /** Forgets every VMA, and gives all memory back. It can be used on, and takes memory again. */
  clear(): void {
    this.#memory.give(this.#buffer);
    this.#buffer = NO_BUFFER;
    this.#capacity = 0;
    this.#used = LANES;
    this.#free = 0;
    // The buffer may soon be another's.
    this.start = NO_DOUBLES;
    this.end = NO_DOUBLES;
    this.pgoff = NO_DOUBLES;
    this.anonPgoff = NO_DOUBLES;
    this.flagsLo = NO_WORDS;
    this.flagsHi = NO_WORDS;
    this.file = NO_INTS;
    this.anonVma = NO_INTS;
    this.anonVmaChain = NO_INTS;
    this.uffd = NO_INTS;
    this.policy = NO_INTS;
    this.anonName = NO_INTS;
    this.#chunks = NO_INTS;
  }

  #take(): VmaRef {
    this.beforeTake();
    let slot = this.#free;
    if (slot !== 0) {
      this.#free = this.#chunks[slot / LANES]!;
      this.#chunks[slot / LANES] = 0;
    } else {
      // One slot is always left: a call that has its first of two VMAs gets the second.
      if (this.#used + LANES >= this.#capacity * LANES) this.#grow(grownCapacity(this.#capacity));
      slot = this.#used;
      this.#used += LANES;
    }
    return slot as VmaRef;
  }

  /** Moves all columns into a larger buffer. */
  #grow(capacity: number): void {
    const old = this.#buffer;
    const held = this.#capacity;
    const buffer = this.#memory.take(capacity * BYTES_A_VMA);
    const move = (region: number, width: number): void => {
      new Uint8Array(buffer, capacity * region).set(new Uint8Array(old, held * region, held * width));
    };
    if (held > 0) {
      move(0, FIRST_INTS);
      move(FIRST_INTS, SECOND_INTS - FIRST_INTS);
      move(SECOND_INTS, CHUNKS - SECOND_INTS);
      move(CHUNKS, BYTES_A_VMA - CHUNKS);
    }
    const length = capacity * LANES - (LANES - 1);
    const first = capacity * FIRST_INTS;
    const second = capacity * SECOND_INTS;
    this.start = new Float64Array(buffer, 0, length);
    this.end = new Float64Array(buffer, 8, length);
    this.pgoff = new Float64Array(buffer, 16, length);
    this.anonPgoff = new Float64Array(buffer, 24, length);
    this.flagsLo = new Uint32Array(buffer, first, length);
    this.flagsHi = new Uint32Array(buffer, first + 4, length);
    this.file = new Int32Array(buffer, first + 8, length);
    this.anonVma = new Int32Array(buffer, first + 12, length);
    this.anonVmaChain = new Int32Array(buffer, second, length);
    this.uffd = new Int32Array(buffer, second + 4, length);
    this.policy = new Int32Array(buffer, second + 8, length);
    this.anonName = new Int32Array(buffer, second + 12, length);
    this.#chunks = new Int32Array(buffer, capacity * CHUNKS, capacity);
    this.#buffer = buffer;
    this.#capacity = capacity;
    this.#memory.give(old);
  }
}
