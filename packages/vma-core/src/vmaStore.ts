import { grownCapacity, grownFloat64, grownInt32, grownUint32 } from './grownArrays.ts';
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

/**
 * The VMAs of one address space, one typed-array column a field: 68 bytes a VMA, no object each.
 *
 * Flags are two 32-bit halves (`vmFlags.ts` says why). Free slots are reused, last freed first, so that the same
 * calls always give the same slots.
 */
export class VmaStore {
  /** First byte, inclusive. */
  start: Float64Array = new Float64Array(0);
  /** Last byte, exclusive. */
  end: Float64Array = new Float64Array(0);
  /** Page offset of `start` in the backing object. */
  pgoff: Float64Array = new Float64Array(0);
  /** The anonymous page offset that 7.3 gives private file mappings besides; elsewhere `start / 4096` at creation. */
  anonPgoff: Float64Array = new Float64Array(0);
  flagsLo: Uint32Array = new Uint32Array(0);
  flagsHi: Uint32Array = new Uint32Array(0);
  /** Id of the open file; 0: anonymous. */
  file: Int32Array = new Int32Array(0);
  /** Id of the anon_vma; 0: never faulted for writing. */
  anonVma: Int32Array = new Int32Array(0);
  /** Links of the anon_vma chain; more than one: a fork child. */
  anonVmaChain: Int32Array = new Int32Array(0);
  /** Id of the userfaultfd context; 0: not registered. */
  uffd: Int32Array = new Int32Array(0);
  /** Id of the memory policy; 0: the default. */
  policy: Int32Array = new Int32Array(0);
  /** Id of the anonymous name; 0: none. */
  anonName: Int32Array = new Int32Array(0);
  /** The index chunk that holds the VMA; of a free slot: the next free one. Owned by {@link VmaIndex}. */
  chunk: Int32Array = new Int32Array(0);

  #capacity = 0;
  #used = 1;
  #free = 0;

  constructor(capacity = 64) {
    this.#grow(capacity);
  }

  /** Takes a slot; every column of it is 0. */
  alloc(): VmaRef {
    const slot = this.#free;
    if (slot !== 0) {
      this.#free = this.chunk[slot] as number;
      this.chunk[slot] = 0;
      this.start[slot] = 0;
      this.end[slot] = 0;
      this.pgoff[slot] = 0;
      this.flagsLo[slot] = 0;
      this.flagsHi[slot] = 0;
      this.file[slot] = 0;
      this.policy[slot] = 0;
      this.anonName[slot] = 0;
      this.uffd[slot] = 0;
      this.anonVma[slot] = 0;
      this.anonVmaChain[slot] = 0;
      this.anonPgoff[slot] = 0;
      return slot as VmaRef;
    }
    if (this.#used === this.#capacity) this.#grow(grownCapacity(this.#capacity));
    return this.#used++ as VmaRef;
  }

  /** Takes a slot and copies every column of `from` into it. Kernel: `vm_area_dup()`. */
  dup(from: VmaRef): VmaRef {
    const slot = this.alloc();
    this.copyFrom(this, from, slot);
    return slot;
  }

  /** Copies the columns of a VMA of `other`, which may be another store, into `to`. */
  copyFrom(other: VmaStore, from: VmaRef, to: VmaRef): void {
    this.start[to] = other.start[from] as number;
    this.end[to] = other.end[from] as number;
    this.pgoff[to] = other.pgoff[from] as number;
    this.anonPgoff[to] = other.anonPgoff[from] as number;
    this.flagsLo[to] = other.flagsLo[from] as number;
    this.flagsHi[to] = other.flagsHi[from] as number;
    this.file[to] = other.file[from] as number;
    this.anonVma[to] = other.anonVma[from] as number;
    this.anonVmaChain[to] = other.anonVmaChain[from] as number;
    this.uffd[to] = other.uffd[from] as number;
    this.policy[to] = other.policy[from] as number;
    this.anonName[to] = other.anonName[from] as number;
  }

  /** Gives a slot back. */
  release(slot: VmaRef): void {
    this.chunk[slot] = this.#free;
    this.#free = slot;
  }

  /** The flags of a VMA, as one set. */
  flags(slot: VmaRef): VmFlags {
    return flagsOf(this.flagsLo[slot] as number, this.flagsHi[slot] as number);
  }

  /** Bytes of all columns, free slots included. */
  get byteLength(): number {
    return this.#capacity * (4 * 8 + 9 * 4);
  }

  #grow(capacity: number): void {
    this.start = grownFloat64(this.start, capacity);
    this.end = grownFloat64(this.end, capacity);
    this.pgoff = grownFloat64(this.pgoff, capacity);
    this.anonPgoff = grownFloat64(this.anonPgoff, capacity);
    this.flagsLo = grownUint32(this.flagsLo, capacity);
    this.flagsHi = grownUint32(this.flagsHi, capacity);
    this.file = grownInt32(this.file, capacity);
    this.anonVma = grownInt32(this.anonVma, capacity);
    this.anonVmaChain = grownInt32(this.anonVmaChain, capacity);
    this.uffd = grownInt32(this.uffd, capacity);
    this.policy = grownInt32(this.policy, capacity);
    this.anonName = grownInt32(this.anonName, capacity);
    this.chunk = grownInt32(this.chunk, capacity);
    this.#capacity = capacity;
  }
}
