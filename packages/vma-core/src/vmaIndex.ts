import { ChunkDirectory } from './chunkDirectory.ts';
import { type HostMemory, WHOLE_HOST } from './hostMemory.ts';
import { CHUNK_SIZE, VmaChunks } from './vmaChunks.ts';
import { VmaHoles } from './vmaHoles.ts';
import { NO_VMA, type VmaRef, type VmaStore } from './vmaStore.ts';

const CHUNK_SHIFT = 6;
const CHUNK_MASK: number = CHUNK_SIZE - 1;
const HALF: number = CHUNK_SIZE / 2;
/** Room that there is before a VMA is made: a system call makes two at most before it puts them in. */
const SPARE = 3;
/** Chunks smaller than this are joined with a neighbour when both fit in {@link HALF}. */
const SPARSE: number = CHUNK_SIZE / 4;

/**
 * The ordered index of an address space: what the kernel's maple tree is to `mm_struct`.
 *
 *   directory   [ first key of chunk 0 | of chunk 1 | ... ]      one sorted array
 *   chunks      [ up to 64 starts ][ up to 64 starts ] ...      a pool of typed arrays, linked both ways
 *
 * A lookup is two binary searches. An insertion moves at most 63 keys, and the directory only when a chunk splits.
 * System calls look at one place again and again, so each search first tries where the last one ended: two comparisons
 * tell whether that is still the answer.
 * {@link VmaHoles} keeps the widest hole of each chunk, so that a top-down search for room skips whole chunks.
 */
export class VmaIndex {
  readonly #store: VmaStore;
  readonly #chunks: VmaChunks;
  readonly #directory: ChunkDirectory;
  readonly #holes: VmaHoles;

  /** Place of the VMA found last: chunk and index in it. Only a guess where to look first. */
  #near = 0;

  #size = 0;
  /** Chunks looked into by lookups since the last reset: counted work, for tests. */
  chunkVisits = 0;

  constructor(store: VmaStore, memory: HostMemory = WHOLE_HOST) {
    this.#store = store;
    this.#chunks = new VmaChunks(memory);
    this.#directory = new ChunkDirectory(memory);
    this.#holes = new VmaHoles(store, this.#chunks, this.#directory);
    // Each of the next VMAs may begin a chunk, wherever it comes.
    store.beforeTake = () => {
      this.#chunks.reserve(SPARE);
      this.#directory.reserve(SPARE);
    };
  }

  /** Number of VMAs. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of the index, free room included. */
  get byteLength(): number {
    return this.#chunks.byteLength + this.#directory.byteLength;
  }

  /** The VMA with the highest start at or below `addr`, or none. */
  floor(addr: number): VmaRef {
    this.chunkVisits++;
    if (!this.#isFloorNear(addr)) {
      const at = this.#directory.upperBound(addr) - 1;
      if (at < 0) return NO_VMA;
      const chunk = this.#directory.chunks[at]!;
      this.#near = chunk * CHUNK_SIZE + this.#chunks.upperBound(chunk, addr) - 1;
    }
    return this.#chunks.slots[this.#near] as VmaRef;
  }

  /** The first VMA that ends above `addr`, or none. Kernel: `find_vma()`. */
  find(addr: number): VmaRef {
    const below = this.floor(addr);
    if (below === NO_VMA) return this.first();
    return this.#store.end[below]! > addr ? below : this.next(below);
  }

  /** The VMA that holds `addr`, or none. Kernel: `vma_lookup()`. */
  lookup(addr: number): VmaRef {
    const below = this.floor(addr);
    return below !== NO_VMA && this.#store.end[below]! > addr ? below : NO_VMA;
  }

  /** The first VMA that overlaps `[start, end)`, or none. Kernel: `find_vma_intersection()`. */
  findIntersection(start: number, end: number): VmaRef {
    const found = this.find(start);
    return found !== NO_VMA && this.#store.start[found]! < end ? found : NO_VMA;
  }

  /** The lowest VMA. */
  first(): VmaRef {
    if (this.#directory.length === 0) return NO_VMA;
    return this.#chunks.slots[this.#directory.chunks[0]! * CHUNK_SIZE] as VmaRef;
  }

  /** The highest VMA. */
  last(): VmaRef {
    if (this.#directory.length === 0) return NO_VMA;
    const chunk = this.#directory.chunks[this.#directory.length - 1]!;
    return this.#chunks.slots[chunk * CHUNK_SIZE + this.#chunks.counts[chunk]! - 1] as VmaRef;
  }

  /** The VMA above, or none. */
  next(slot: VmaRef): VmaRef {
    let place = this.#placeOf(slot) + 1;
    const chunk = this.#store.chunkOf(slot);
    if (place - chunk * CHUNK_SIZE === this.#chunks.counts[chunk]) {
      const above = this.#chunks.next[chunk]!;
      if (above === 0) return NO_VMA;
      place = above * CHUNK_SIZE;
    }
    this.#near = place;
    return this.#chunks.slots[place] as VmaRef;
  }

  /** The VMA below, or none. */
  prev(slot: VmaRef): VmaRef {
    let place = this.#placeOf(slot);
    const chunk = this.#store.chunkOf(slot);
    if (place === chunk * CHUNK_SIZE) {
      const below = this.#chunks.prev[chunk]!;
      if (below === 0) return NO_VMA;
      place = below * CHUNK_SIZE + this.#chunks.counts[below]!;
    }
    this.#near = place - 1;
    return this.#chunks.slots[place - 1] as VmaRef;
  }

  /** Becomes a copy of another index; the stores have the same VMAs in the same slots. @internal */
  copyAll(other: VmaIndex): void {
    this.#size = other.#size;
    this.#near = other.#near;
    this.#chunks.copyAll(other.#chunks);
    this.#directory.copyAll(other.#directory);
  }

  /** Forgets every VMA, and keeps the memory for the next ones. @internal */
  empty(): void {
    this.#size = 0;
    this.#near = 0;
    this.#chunks.empty();
    this.#directory.empty();
  }

  /** Forgets every VMA, and gives all memory back. It can be used on, and takes memory again. */
  clear(): void {
    this.#size = 0;
    this.#near = 0;
    this.#chunks.clear();
    this.#directory.clear();
  }

  /** Adds a VMA by its `start`; it overlaps no other. The store has made sure of the room when it gave out the slot. */
  insert(slot: VmaRef): void {
    const key = this.#store.start[slot]!;
    this.#size++;
    if (this.#directory.length === 0) {
      const only = this.#chunks.take();
      this.#directory.insert(0, only, key);
      this.#put(only, 0, slot, key);
      return;
    }
    const near = this.#near >>> CHUNK_SHIFT;
    if (this.#fitsWithin(near, key)) {
      this.#put(near, this.#placeFor(near, key), slot, key);
      return;
    }
    let at = Math.max(0, this.#directory.upperBound(key) - 1);
    let chunk = this.#directory.chunks[at]!;
    if (this.#chunks.counts[chunk] === CHUNK_SIZE) {
      at = this.#makeRoom(at, chunk, key);
      chunk = this.#directory.chunks[at]!;
    }
    const i = this.#placeFor(chunk, key);
    this.#put(chunk, i, slot, key);
    if (i === 0) this.#directory.keys[at] = key;
  }

  /** Removes a VMA, whose `start` is still the one it was put in by. */
  remove(slot: VmaRef): void {
    const chunk = this.#store.chunkOf(slot);
    const base = chunk * CHUNK_SIZE;
    const count = this.#chunks.counts[chunk]!;
    const place = this.#placeOf(slot);
    const keys = this.#chunks.keys;
    const slots = this.#chunks.slots;
    for (let i = place + 1; i < base + count; i++) {
      keys[i - 1] = keys[i]!;
      slots[i - 1] = slots[i]!;
    }
    this.#chunks.counts[chunk] = count - 1;
    this.#size--;
    this.#holes.changedToEnd(chunk);
    if (count - 1 > SPARSE && place > base) return;
    const at = this.#directory.upperBound(this.#store.start[slot]!) - 1;
    if (count === 1) this.#dropChunk(at, chunk);
    else {
      this.#directory.keys[at] = keys[base]!;
      if (count - 1 <= SPARSE) this.#joinNeighbours(at);
    }
  }

  /** Moves a VMA's start to `key`; the order of the VMAs stays the same. Call it before the column is changed. */
  rekey(slot: VmaRef, key: number): void {
    const chunk = this.#store.chunkOf(slot);
    const place = this.#placeOf(slot);
    this.#chunks.keys[place] = key;
    this.#holes.changed(chunk);
    if (place === chunk * CHUNK_SIZE)
      this.#directory.keys[this.#directory.upperBound(this.#store.start[slot]!) - 1] = key;
  }

  /** To be called when a VMA's end was moved: the hole above it has changed. */
  endMoved(slot: VmaRef): void {
    this.#holes.changedToEnd(this.#store.chunkOf(slot));
  }

  /**
   * The highest hole of at least `length` bytes within `[low, high)`, as the address where it ends, or -1.
   * Kernel: `mas_empty_area_rev()`.
   */
  highestGap(low: number, high: number, length: number): number {
    return this.#holes.highest(low, high, length);
  }

  /** Chunks, and blocks of chunks, that searches for room have looked at: counted work, for tests. */
  get holeVisits(): number {
    return this.#holes.visits;
  }

  /** True where {@link floor} ends where the last search did, or one before; `#near` is then that place. */
  #isFloorNear(addr: number): boolean {
    const keys = this.#chunks.keys;
    const near = this.#near;
    const i = near & CHUNK_MASK;
    const count = this.#chunks.counts[near >>> CHUNK_SHIFT]!;
    if (i >= count) return false;
    if (keys[near]! <= addr) return i + 1 < count && addr < keys[near + 1]!;
    if (i === 0 || keys[near - 1]! > addr) return false;
    this.#near = near - 1;
    return true;
  }

  /** Where a VMA of the index lies; looked for around the last place first. */
  #placeOf(slot: VmaRef): number {
    const chunk = this.#store.chunkOf(slot);
    const slots = this.#chunks.slots;
    const base = chunk * CHUNK_SIZE;
    const end = base + this.#chunks.counts[chunk]!;
    const near = this.#near;
    if (near >= base && near < end && slots[near] === slot) return near;
    if (near + 1 >= base && near + 1 < end && slots[near + 1] === slot) return near + 1;
    if (near - 1 >= base && near - 1 < end && slots[near - 1] === slot) return near - 1;
    return base + this.#chunks.upperBound(chunk, this.#store.start[slot]!) - 1;
  }

  /**
   * True where `key` lies between the first and the last of a chunk that has room, or above the first of the highest chunk: then the
   * directory stays as it is.
   */
  #fitsWithin(chunk: number, key: number): boolean {
    const { counts, keys, next } = this.#chunks;
    const count = counts[chunk]!;
    if (count === 0 || count === CHUNK_SIZE) return false;
    const base = chunk * CHUNK_SIZE;
    return keys[base]! < key && (next[chunk] === 0 || key < keys[base + count - 1]!);
  }

  /** Where `key` goes in a chunk: beside the VMA found last, as a rule, since a mapping is made where there was a hole just now. */
  #placeFor(chunk: number, key: number): number {
    const keys = this.#chunks.keys;
    const base = chunk * CHUNK_SIZE;
    const end = base + this.#chunks.counts[chunk]!;
    // Just below the last place, just above it, or above that: a cut makes a VMA on either side of the one that is cut.
    for (let place = this.#near; place <= this.#near + 2; place++) {
      if (place < base || place > end) continue;
      if ((place === base || keys[place - 1]! <= key) && (place === end || key < keys[place]!)) return place - base;
    }
    return this.#chunks.upperBound(chunk, key);
  }

  #put(chunk: number, i: number, slot: VmaRef, key: number): void {
    const keys = this.#chunks.keys;
    const slots = this.#chunks.slots;
    const count = this.#chunks.counts[chunk]!;
    const place = chunk * CHUNK_SIZE + i;
    for (let k = chunk * CHUNK_SIZE + count; k > place; k--) {
      keys[k] = keys[k - 1]!;
      slots[k] = slots[k - 1]!;
    }
    keys[place] = key;
    slots[place] = slot;
    this.#chunks.counts[chunk] = count + 1;
    this.#store.setChunk(slot, chunk);
    this.#near = place;
    this.#holes.changedToEnd(chunk);
  }

  /**
   * Makes room for `key` in a full chunk, or beside it. At either end of the address space a new chunk is begun, so that
   * a program that maps upwards or downwards leaves full chunks behind; elsewhere the chunk is split in half.
   *
   * @returns the directory position of the chunk that takes the key
   */
  #makeRoom(at: number, chunk: number, key: number): number {
    const base = chunk * CHUNK_SIZE;
    if (at === this.#directory.length - 1 && key > this.#chunks.keys[base + CHUNK_SIZE - 1]!) {
      this.#addChunk(at + 1, key, chunk, 0);
      return at + 1;
    }
    if (at === 0 && key < this.#chunks.keys[base]!) {
      this.#addChunk(0, key, 0, chunk);
      return 0;
    }
    this.#splitChunk(at, chunk);
    return key >= this.#directory.keys[at + 1]! ? at + 1 : at;
  }

  /** Adds an empty chunk between two. */
  #addChunk(at: number, key: number, below: number, above: number): void {
    const chunk = this.#chunks.take();
    this.#chunks.link(below, chunk, above);
    this.#directory.insert(at, chunk, key);
  }

  #splitChunk(at: number, chunk: number): void {
    const upper = this.#chunks.take();
    const from = chunk * CHUNK_SIZE + HALF;
    const to = upper * CHUNK_SIZE;
    this.#chunks.keys.copyWithin(to, from, from + HALF);
    this.#chunks.slots.copyWithin(to, from, from + HALF);
    this.#chunks.counts[chunk] = HALF;
    this.#chunks.counts[upper] = HALF;
    for (let i = 0; i < HALF; i++) this.#store.setChunk(this.#chunks.slots[to + i] as VmaRef, upper);
    this.#chunks.link(chunk, upper, this.#chunks.next[chunk]!);
    this.#holes.changed(chunk);
    this.#directory.insert(at + 1, upper, this.#chunks.keys[to]!);
  }

  /** Joins the chunk at directory position `at` with the one above or below, where both fit in half a chunk. */
  #joinNeighbours(at: number): void {
    const chunk = this.#directory.chunks[at]!;
    const above = this.#chunks.next[chunk]!;
    const below = this.#chunks.prev[chunk]!;
    const count = this.#chunks.counts[chunk]!;
    if (above !== 0 && count + this.#chunks.counts[above]! <= HALF) this.#join(at, chunk, above);
    else if (below !== 0 && count + this.#chunks.counts[below]! <= HALF) {
      this.#join(at - 1, below, chunk);
    }
  }

  #join(at: number, lower: number, upper: number): void {
    const count = this.#chunks.counts[lower]!;
    const more = this.#chunks.counts[upper]!;
    const to = lower * CHUNK_SIZE + count;
    const from = upper * CHUNK_SIZE;
    this.#chunks.keys.copyWithin(to, from, from + more);
    this.#chunks.slots.copyWithin(to, from, from + more);
    for (let i = 0; i < more; i++) this.#store.setChunk(this.#chunks.slots[to + i] as VmaRef, lower);
    this.#chunks.counts[lower] = count + more;
    this.#holes.changed(lower);
    this.#dropChunk(at + 1, upper);
  }

  #dropChunk(at: number, chunk: number): void {
    const above = this.#chunks.next[chunk]!;
    if (above !== 0) this.#holes.changed(above);
    this.#chunks.release(chunk);
    this.#directory.remove(at);
  }
}
