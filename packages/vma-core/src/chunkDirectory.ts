import { grownCapacity } from './grownCapacity.ts';
import type { HostMemory } from './hostMemory.ts';

/** Chunks of a block. */
export const BLOCK_SIZE = 64;
const BLOCK_SHIFT = 6;
/** A key and a chunk for each entry, and the widest hole of each block. */
const bytesFor = (capacity: number): number => capacity * 12 + blocksFor(capacity) * 8;
const blocksFor = (capacity: number): number => Math.ceil(capacity / BLOCK_SIZE);
const NO_DOUBLES: Float64Array = new Float64Array(0);
const NO_INTS: Int32Array = new Int32Array(0);
const NO_BUFFER: ArrayBuffer = new ArrayBuffer(0);

/**
 * The directory of a {@link VmaIndex}: every chunk and its first key, in order. Entries are grouped into blocks of 64 counted from the
 * top, so that a program that maps downwards moves none but the last block. @internal
 */
export class ChunkDirectory {
  /** First key of each chunk. */
  keys: Float64Array = NO_DOUBLES;
  /** The chunks, in the order of their keys. */
  chunks: Int32Array = NO_INTS;
  /** Entries in use. */
  length = 0;
  /** Widest hole before a VMA of the block, in bytes; -1: not known. {@link VmaHoles} fills it in. */
  blockGap: Float64Array = NO_DOUBLES;
  #buffer: ArrayBuffer = NO_BUFFER;
  /** The entry found last: only a guess where to look first. */
  #near = 0;
  readonly #memory: HostMemory;

  /** @param memory where its arrays come from */
  constructor(memory: HostMemory) {
    this.#memory = memory;
  }

  /** Bytes of its arrays, free room included. */
  get byteLength(): number {
    return bytesFor(this.keys.length);
  }

  /** Number of entries whose first key is at or below `key`. */
  upperBound(key: number): number {
    const keys = this.keys;
    const length = this.length;
    const near = this.#near;
    if (near < length && keys[near]! <= key && (near + 1 === length || key < keys[near + 1]!)) {
      return near + 1;
    }
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle]! <= key) low = middle + 1;
      else high = middle;
    }
    this.#near = low === 0 ? 0 : low - 1;
    return low;
  }

  /** Puts a chunk before the entry `at`. */
  insert(at: number, chunk: number, key: number): void {
    this.reserve(1);
    if (at < this.length) {
      this.keys.copyWithin(at + 1, at, this.length);
      this.chunks.copyWithin(at + 1, at, this.length);
    }
    this.keys[at] = key;
    this.chunks[at] = chunk;
    this.length++;
    this.#forgetFrom(this.blockOf(at));
  }

  /** Takes the entry `at` out. */
  remove(at: number): void {
    this.keys.copyWithin(at, at + 1, this.length);
    this.chunks.copyWithin(at, at + 1, this.length);
    this.length--;
    this.#forgetFrom(Math.max(0, this.blockOf(at)));
  }

  /** The block of an entry. */
  blockOf(at: number): number {
    return (this.length - 1 - at) >> BLOCK_SHIFT;
  }

  /** True for the highest entry of a block that is full. */
  beginsBlock(at: number): boolean {
    return at >= BLOCK_SIZE - 1 && ((this.length - 1 - at) & (BLOCK_SIZE - 1)) === 0;
  }

  /** The holes of the chunk with this first key have changed; its entry, or the one below, has an older key perhaps. */
  forgetGap(key: number): void {
    const at = this.upperBound(key) - 1;
    if (at >= 0) this.blockGap[this.blockOf(at)] = -1;
    if (at + 1 < this.length) this.blockGap[this.blockOf(at + 1)] = -1;
  }

  /** Makes sure of room for a number of further entries. Throws what the memory throws. */
  reserve(spare: number): void {
    const held = this.keys.length;
    if (held - this.length >= spare) return;
    const capacity = grownCapacity(held);
    const blocks = blocksFor(capacity);
    const buffer = this.#memory.take(bytesFor(capacity));
    const keys = new Float64Array(buffer, 0, capacity);
    const blockGap = new Float64Array(buffer, capacity * 8, blocks);
    const chunks = new Int32Array(buffer, (capacity + blocks) * 8, capacity);
    keys.set(this.keys);
    chunks.set(this.chunks);
    blockGap.fill(-1);
    this.keys = keys;
    this.chunks = chunks;
    this.blockGap = blockGap;
    this.#memory.give(this.#buffer);
    this.#buffer = buffer;
  }

  /** Becomes a copy of another directory; the widest holes of blocks are not known. */
  copyAll(other: ChunkDirectory): void {
    const { length } = other;
    while (this.keys.length < length) this.reserve(this.keys.length - this.length + 1);
    this.length = length;
    this.#near = other.#near;
    for (let at = 0; at < length; at++) {
      this.keys[at] = other.keys[at]!;
      this.chunks[at] = other.chunks[at]!;
    }
    this.#forgetFrom(0);
  }

  /** Forgets every entry, and keeps the memory. */
  empty(): void {
    this.length = 0;
    this.#near = 0;
  }

  /** Forgets every entry, and gives all memory back. */
  clear(): void {
    this.#memory.give(this.#buffer);
    this.#buffer = NO_BUFFER;
    this.length = 0;
    this.#near = 0;
    this.keys = NO_DOUBLES;
    this.chunks = NO_INTS;
    this.blockGap = NO_DOUBLES;
  }

  /** Entries of this block and of those below it have moved. */
  #forgetFrom(block: number): void {
    const { blockGap } = this;
    for (let b = block; b < blockGap.length; b++) blockGap[b] = -1;
  }
}
