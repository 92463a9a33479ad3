import { grownCapacity } from './grownCapacity.ts';
import type { HostMemory } from './hostMemory.ts';
import { NO_VMA, type VmaRef } from './vmaStore.ts';

/** VMAs a chunk holds at most. Chunks of 64 keys measured fastest from 1,000 to 1,000,000 VMAs. */
export const CHUNK_SIZE = 64;
/** Bytes: a key and a slot for each VMA, its widest hole, its count, its neighbours. */
const BYTES_A_CHUNK: number = CHUNK_SIZE * 12 + 20;
const NO_DOUBLES: Float64Array = new Float64Array(0);
const NO_INTS: Int32Array = new Int32Array(0);
const NO_BUFFER: ArrayBuffer = new ArrayBuffer(0);

/**
 * The pool of chunks of a {@link VmaIndex}: six columns of one buffer. A chunk is a number; 0 is none. Its keys and slots begin at
 * `chunk * CHUNK_SIZE`, sorted; chunks are linked both ways in the order of their keys. @internal
 */
export class VmaChunks {
  /** Starts of the VMAs. */
  keys: Float64Array = NO_DOUBLES;
  /** Widest hole before a VMA of the chunk, in bytes; -1: not known. {@link VmaHoles} keeps it. */
  maxGap: Float64Array = NO_DOUBLES;
  /** The VMAs. */
  slots: Int32Array = NO_INTS;
  /** VMAs of each chunk. */
  counts: Int32Array = NO_INTS;
  /** The chunk above. */
  next: Int32Array = NO_INTS;
  /** The chunk below. */
  prev: Int32Array = NO_INTS;
  #buffer: ArrayBuffer = NO_BUFFER;
  #capacity = 0;
  #used = 1;
  #free = 0;
  /** Chunks in the chain of free ones. */
  #freed = 0;
  readonly #memory: HostMemory;

  /** @param memory where its arrays come from */
  constructor(memory: HostMemory) {
    this.#memory = memory;
  }

  /** Bytes of its arrays, free room included. */
  get byteLength(): number {
    return this.#capacity * BYTES_A_CHUNK;
  }

  /** Number of the chunk's keys that are at or below `key`. */
  upperBound(chunk: number, key: number): number {
    const keys = this.keys;
    const base = chunk * CHUNK_SIZE;
    let low = base;
    let high = base + this.counts[chunk]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle]! <= key) low = middle + 1;
      else high = middle;
    }
    return low - base;
  }

  /** The chunk's highest VMA; none for no chunk. */
  lastOf(chunk: number): VmaRef {
    if (chunk === 0) return NO_VMA;
    return this.slots[chunk * CHUNK_SIZE + this.counts[chunk]! - 1] as VmaRef;
  }

  /** Hangs a chunk between two, either of which may be none. */
  link(below: number, chunk: number, above: number): void {
    this.prev[chunk] = below;
    this.next[chunk] = above;
    if (below !== 0) this.next[below] = chunk;
    if (above !== 0) this.prev[above] = chunk;
  }

  /** An empty chunk. */
  take(): number {
    let chunk = this.#free;
    if (chunk === 0) {
      if (this.#used >= this.#capacity) this.#grow(grownCapacity(this.#capacity));
      chunk = this.#used++;
    } else {
      this.#free = this.next[chunk]!;
      this.#freed--;
    }
    this.counts[chunk] = 0;
    this.next[chunk] = 0;
    this.prev[chunk] = 0;
    this.maxGap[chunk] = -1;
    return chunk;
  }

  /** Takes a chunk out from between its neighbours, and back into the pool. */
  release(chunk: number): void {
    const below = this.prev[chunk]!;
    const above = this.next[chunk]!;
    if (below !== 0) this.next[below] = above;
    if (above !== 0) this.prev[above] = below;
    this.counts[chunk] = 0;
    this.next[chunk] = this.#free;
    this.#free = chunk;
    this.#freed++;
  }

  /** Makes sure of room for a number of further chunks. Throws what the memory throws. */
  reserve(spare: number): void {
    if (this.#freed + this.#capacity - this.#used < spare) this.#grow(grownCapacity(this.#capacity));
  }

  /** Becomes a copy of another pool. */
  copyAll(other: VmaChunks): void {
    const used = other.#used;
    while (this.#capacity < used) this.#grow(grownCapacity(this.#capacity));
    this.#used = used;
    this.#free = other.#free;
    this.#freed = other.#freed;
    for (let chunk = 1; chunk < used; chunk++) {
      const count = other.counts[chunk]!;
      this.counts[chunk] = count;
      this.next[chunk] = other.next[chunk]!;
      this.prev[chunk] = other.prev[chunk]!;
      this.maxGap[chunk] = other.maxGap[chunk]!;
      const end = chunk * CHUNK_SIZE + count;
      for (let place = chunk * CHUNK_SIZE; place < end; place++) {
        this.keys[place] = other.keys[place]!;
        this.slots[place] = other.slots[place]!;
      }
    }
  }

  /** Takes every chunk back into the pool. */
  empty(): void {
    this.#used = 1;
    this.#free = 0;
    this.#freed = 0;
  }

  /** Gives all memory back. */
  clear(): void {
    this.#memory.give(this.#buffer);
    this.#buffer = NO_BUFFER;
    this.keys = NO_DOUBLES;
    this.maxGap = NO_DOUBLES;
    this.slots = NO_INTS;
    this.counts = NO_INTS;
    this.next = NO_INTS;
    this.prev = NO_INTS;
    this.#capacity = 0;
    this.#used = 1;
    this.#free = 0;
    this.#freed = 0;
  }

  #grow(capacity: number): void {
    const buffer = this.#memory.take(capacity * BYTES_A_CHUNK);
    let used = 0;
    const doubles = (old: Float64Array, each: number): Float64Array => {
      const grown = new Float64Array(buffer, used, capacity * each);
      used += grown.byteLength;
      grown.set(old);
      return grown;
    };
    const ints = (old: Int32Array, each: number): Int32Array => {
      const grown = new Int32Array(buffer, used, capacity * each);
      used += grown.byteLength;
      grown.set(old);
      return grown;
    };
    this.keys = doubles(this.keys, CHUNK_SIZE);
    this.maxGap = doubles(this.maxGap, 1);
    this.slots = ints(this.slots, CHUNK_SIZE);
    this.counts = ints(this.counts, 1);
    this.next = ints(this.next, 1);
    this.prev = ints(this.prev, 1);
    this.#capacity = capacity;
    this.#memory.give(this.#buffer);
    this.#buffer = buffer;
  }
}
