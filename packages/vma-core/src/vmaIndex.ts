import { grownCapacity } from './grownCapacity.ts';
import { type HostMemory, WHOLE_HOST } from './hostMemory.ts';
import { NO_VMA, type VmaRef, type VmaStore } from './vmaStore.ts';

/** VMAs a chunk holds at most. Chunks of 64 keys measured fastest from 1,000 to 1,000,000 VMAs. */
export const CHUNK_SIZE = 64;
const CHUNK_SHIFT = 6;
const CHUNK_MASK: number = CHUNK_SIZE - 1;
const HALF: number = CHUNK_SIZE / 2;
/** Bytes: a key and a slot for each VMA, its widest hole, its count, its neighbours. */
const BYTES_A_CHUNK: number = CHUNK_SIZE * 12 + 20;
/** Bytes of a directory entry: a key and a chunk. */
const BYTES_AN_ENTRY = 12;
/** Room that there is before a VMA is made: a system call makes two at most before it puts them in. */
const SPARE = 3;
const NO_DOUBLES: Float64Array = new Float64Array(0);
const NO_INTS: Int32Array = new Int32Array(0);
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
 * Each chunk also keeps the widest hole before any of its VMAs, so that a top-down search for room skips whole chunks.
 */
export class VmaIndex {
  readonly #store: VmaStore;
  // The pool of chunks: six columns of one buffer.
  #keys: Float64Array = NO_DOUBLES;
  /** Widest hole before a VMA of the chunk, in bytes; -1: not known, recomputed when asked for. */
  #maxGap: Float64Array = NO_DOUBLES;
  #slots: Int32Array = NO_INTS;
  #counts: Int32Array = NO_INTS;
  #nextChunk: Int32Array = NO_INTS;
  #prevChunk: Int32Array = NO_INTS;
  #chunkCapacity = 0;
  #chunksUsed = 1;
  #freeChunk = 0;
  /** Chunks in the chain of free ones. */
  #freeChunks = 0;

  #dirKeys: Float64Array = NO_DOUBLES;
  #dirChunks: Int32Array = NO_INTS;
  #dirLength = 0;

  /** Place of the VMA found last: chunk and index in it. Only a guess where to look first. */
  #near = 0;
  /** The directory entry found last; a guess too. */
  #dirNear = 0;

  #size = 0;
  /** Chunks looked into by lookups since the last reset: counted work, for tests. */
  chunkVisits = 0;

  readonly #memory: HostMemory;

  constructor(store: VmaStore, memory: HostMemory = WHOLE_HOST) {
    this.#store = store;
    this.#memory = memory;
    store.beforeTake = () => this.#reserve();
  }

  /** Number of VMAs. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of the index, free room included. */
  get byteLength(): number {
    return this.#chunkCapacity * BYTES_A_CHUNK + this.#dirKeys.length * BYTES_AN_ENTRY;
  }

  /** The VMA with the highest start at or below `addr`, or none. */
  floor(addr: number): VmaRef {
    this.chunkVisits++;
    if (!this.#isFloorNear(addr)) {
      const at = this.#dirUpperBound(addr) - 1;
      if (at < 0) return NO_VMA;
      const chunk = this.#dirChunks[at] as number;
      this.#near = chunk * CHUNK_SIZE + this.#upperBound(chunk, addr) - 1;
    }
    return this.#slots[this.#near] as VmaRef;
  }

  /** The first VMA that ends above `addr`, or none. Kernel: `find_vma()`. */
  find(addr: number): VmaRef {
    const below = this.floor(addr);
    if (below === NO_VMA) return this.first();
    return (this.#store.end[below] as number) > addr ? below : this.next(below);
  }

  /** The VMA that holds `addr`, or none. Kernel: `vma_lookup()`. */
  lookup(addr: number): VmaRef {
    const below = this.floor(addr);
    return below !== NO_VMA && (this.#store.end[below] as number) > addr ? below : NO_VMA;
  }

  /** The first VMA that overlaps `[start, end)`, or none. Kernel: `find_vma_intersection()`. */
  findIntersection(start: number, end: number): VmaRef {
    const found = this.find(start);
    return found !== NO_VMA && (this.#store.start[found] as number) < end ? found : NO_VMA;
  }

  /** The lowest VMA. */
  first(): VmaRef {
    if (this.#dirLength === 0) return NO_VMA;
    return this.#slots[(this.#dirChunks[0] as number) * CHUNK_SIZE] as VmaRef;
  }

  /** The highest VMA. */
  last(): VmaRef {
    if (this.#dirLength === 0) return NO_VMA;
    const chunk = this.#dirChunks[this.#dirLength - 1] as number;
    return this.#slots[chunk * CHUNK_SIZE + (this.#counts[chunk] as number) - 1] as VmaRef;
  }

  /** The VMA above, or none. */
  next(slot: VmaRef): VmaRef {
    let place = this.#placeOf(slot) + 1;
    const chunk = this.#store.chunkOf(slot);
    if (place - chunk * CHUNK_SIZE === this.#counts[chunk]) {
      const above = this.#nextChunk[chunk] as number;
      if (above === 0) return NO_VMA;
      place = above * CHUNK_SIZE;
    }
    this.#near = place;
    return this.#slots[place] as VmaRef;
  }

  /** The VMA below, or none. */
  prev(slot: VmaRef): VmaRef {
    let place = this.#placeOf(slot);
    const chunk = this.#store.chunkOf(slot);
    if (place === chunk * CHUNK_SIZE) {
      const below = this.#prevChunk[chunk] as number;
      if (below === 0) return NO_VMA;
      place = below * CHUNK_SIZE + (this.#counts[below] as number);
    }
    this.#near = place - 1;
    return this.#slots[place - 1] as VmaRef;
  }

  /** Gives all memory back. Precondition: it is empty. It can be used on, and takes memory again. */
  clear(): void {
    this.#memory.give(this.byteLength);
    this.#keys = NO_DOUBLES;
    this.#maxGap = NO_DOUBLES;
    this.#slots = NO_INTS;
    this.#counts = NO_INTS;
    this.#nextChunk = NO_INTS;
    this.#prevChunk = NO_INTS;
    this.#chunkCapacity = 0;
    this.#chunksUsed = 1;
    this.#freeChunk = 0;
    this.#freeChunks = 0;
    this.#dirKeys = NO_DOUBLES;
    this.#dirChunks = NO_INTS;
  }

  /** Adds a VMA by its `start`; it overlaps no other. The store has made sure of the room when it gave out the slot. */
  insert(slot: VmaRef): void {
    const key = this.#store.start[slot] as number;
    this.#size++;
    if (this.#dirLength === 0) {
      const only = this.#takeChunk();
      this.#insertDirectory(0, only, key);
      this.#put(only, 0, slot, key);
      return;
    }
    let at = Math.max(0, this.#dirUpperBound(key) - 1);
    let chunk = this.#dirChunks[at] as number;
    if (this.#counts[chunk] === CHUNK_SIZE) {
      at = this.#makeRoom(at, chunk, key);
      chunk = this.#dirChunks[at] as number;
    }
    const i = this.#upperBound(chunk, key);
    this.#put(chunk, i, slot, key);
    if (i === 0) this.#dirKeys[at] = key;
  }

  /** Removes a VMA, whose `start` is still the one it was put in by. */
  remove(slot: VmaRef): void {
    const chunk = this.#store.chunkOf(slot);
    const base = chunk * CHUNK_SIZE;
    const count = this.#counts[chunk] as number;
    const place = this.#placeOf(slot);
    const keys = this.#keys;
    const slots = this.#slots;
    for (let i = place + 1; i < base + count; i++) {
      keys[i - 1] = keys[i] as number;
      slots[i - 1] = slots[i] as number;
    }
    this.#counts[chunk] = count - 1;
    this.#size--;
    this.#touchGap(chunk);
    if (count - 1 > SPARSE && place > base) return;
    const at = this.#dirUpperBound(this.#store.start[slot] as number) - 1;
    if (count === 1) this.#dropChunk(at, chunk);
    else {
      this.#dirKeys[at] = keys[base] as number;
      if (count - 1 <= SPARSE) this.#joinNeighbours(at);
    }
  }

  /** Moves a VMA's start to `key`; the order of the VMAs stays the same. Call it before the column is changed. */
  rekey(slot: VmaRef, key: number): void {
    const chunk = this.#store.chunkOf(slot);
    const place = this.#placeOf(slot);
    this.#keys[place] = key;
    this.#maxGap[chunk] = -1;
    if (place === chunk * CHUNK_SIZE) this.#dirKeys[this.#dirUpperBound(this.#store.start[slot] as number) - 1] = key;
  }

  /** Puts the VMA `by`, which has the same start, in the place of `slot`. */
  replace(slot: VmaRef, by: VmaRef): void {
    const chunk = this.#store.chunkOf(slot);
    this.#slots[this.#placeOf(slot)] = by;
    this.#store.setChunk(by, chunk);
    this.#touchGap(chunk);
  }

  /** To be called when a VMA's end was moved: the hole above it has changed. */
  endMoved(slot: VmaRef): void {
    this.#touchGap(this.#store.chunkOf(slot));
  }

  /**
   * The highest hole of at least `length` bytes within `[low, high)`, as the address where it ends, or -1.
   * Kernel: `mas_empty_area_rev()`.
   */
  highestGap(low: number, high: number, length: number): number {
    const store = this.#store;
    let ceiling = high;
    let at = this.#dirUpperBound(high - 1) - 1;
    for (; at >= 0; at--) {
      const chunk = this.#dirChunks[at] as number;
      const base = chunk * CHUNK_SIZE;
      let i = (this.#counts[chunk] as number) - 1;
      // The last VMA of the chunk bounds the hole above it; the chunk's own holes lie before its VMAs.
      const top = this.#slots[base + i] as number;
      if ((this.#keys[base] as number) < high && this.#gapOf(chunk) < length) {
        const end = this.#topEnd(chunk, high);
        if (ceiling - Math.max(end, low) >= length) return ceiling;
        if (end <= low) return -1;
        ceiling = Math.min(ceiling, this.#keys[base] as number);
        if (ceiling <= low) return -1;
        continue;
      }
      if ((store.start[top] as number) >= high) i = this.#upperBound(chunk, high - 1) - 1;
      for (; i >= 0; i--) {
        const slot = this.#slots[base + i] as number;
        const end = store.end[slot] as number;
        if (ceiling - Math.max(end, low) >= length) return ceiling;
        if (end <= low) return -1;
        ceiling = Math.min(ceiling, this.#keys[base + i] as number);
        if (ceiling <= low) return -1;
      }
    }
    return ceiling - low >= length ? ceiling : -1;
  }

  /** End of the chunk's highest VMA that starts below `high`. */
  #topEnd(chunk: number, high: number): number {
    const i = this.#upperBound(chunk, high - 1) - 1;
    return this.#store.end[this.#slots[chunk * CHUNK_SIZE + i] as number] as number;
  }

  #gapOf(chunk: number): number {
    const known = this.#maxGap[chunk] as number;
    if (known >= 0) return known;
    const store = this.#store;
    const base = chunk * CHUNK_SIZE;
    const below = this.#lastOf(this.#prevChunk[chunk] as number);
    let end = below === NO_VMA ? 0 : (store.end[below] as number);
    let widest = 0;
    const count = this.#counts[chunk] as number;
    for (let i = 0; i < count; i++) {
      widest = Math.max(widest, (this.#keys[base + i] as number) - end);
      end = store.end[this.#slots[base + i] as number] as number;
    }
    this.#maxGap[chunk] = widest;
    return widest;
  }

  #touchGap(chunk: number): void {
    this.#maxGap[chunk] = -1;
    const above = this.#nextChunk[chunk] as number;
    if (above !== 0) this.#maxGap[above] = -1;
  }

  /** True where {@link floor} ends where the last search did, or one before; `#near` is then that place. */
  #isFloorNear(addr: number): boolean {
    const keys = this.#keys;
    const near = this.#near;
    const i = near & CHUNK_MASK;
    const count = this.#counts[near >>> CHUNK_SHIFT] as number;
    if (i >= count) return false;
    if ((keys[near] as number) <= addr) return i + 1 < count && addr < (keys[near + 1] as number);
    if (i === 0 || (keys[near - 1] as number) > addr) return false;
    this.#near = near - 1;
    return true;
  }

  /** Where a VMA of the index lies; looked for around the last place first. */
  #placeOf(slot: VmaRef): number {
    const chunk = this.#store.chunkOf(slot);
    const near = this.#near;
    if (near >>> CHUNK_SHIFT === chunk) {
      const i = near & CHUNK_MASK;
      const count = this.#counts[chunk] as number;
      if (i < count && this.#slots[near] === slot) return near;
      if (i + 1 < count && this.#slots[near + 1] === slot) return near + 1;
    }
    return chunk * CHUNK_SIZE + this.#upperBound(chunk, this.#store.start[slot] as number) - 1;
  }

  /** Number of directory entries whose first key is at or below `key`. */
  #dirUpperBound(key: number): number {
    const keys = this.#dirKeys;
    const length = this.#dirLength;
    const near = this.#dirNear;
    if (near < length && (keys[near] as number) <= key && (near + 1 === length || key < (keys[near + 1] as number))) {
      return near + 1;
    }
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] as number) <= key) low = middle + 1;
      else high = middle;
    }
    this.#dirNear = low === 0 ? 0 : low - 1;
    return low;
  }

  /** Number of the chunk's keys that are at or below `key`. */
  #upperBound(chunk: number, key: number): number {
    const keys = this.#keys;
    const base = chunk * CHUNK_SIZE;
    let low = base;
    let high = base + (this.#counts[chunk] as number);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] as number) <= key) low = middle + 1;
      else high = middle;
    }
    return low - base;
  }

  #lastOf(chunk: number): VmaRef {
    if (chunk === 0) return NO_VMA;
    return this.#slots[chunk * CHUNK_SIZE + (this.#counts[chunk] as number) - 1] as VmaRef;
  }

  #put(chunk: number, i: number, slot: VmaRef, key: number): void {
    const keys = this.#keys;
    const slots = this.#slots;
    const count = this.#counts[chunk] as number;
    const place = chunk * CHUNK_SIZE + i;
    for (let k = chunk * CHUNK_SIZE + count; k > place; k--) {
      keys[k] = keys[k - 1] as number;
      slots[k] = slots[k - 1] as number;
    }
    keys[place] = key;
    slots[place] = slot;
    this.#counts[chunk] = count + 1;
    this.#store.setChunk(slot, chunk);
    this.#near = place;
    this.#touchGap(chunk);
  }

  /**
   * Makes room for `key` in a full chunk, or beside it. At either end of the address space a new chunk is begun, so that
   * whoever maps upwards or downwards leaves full chunks behind; elsewhere the chunk is split in half.
   *
   * @returns the directory position of the chunk that takes the key
   */
  #makeRoom(at: number, chunk: number, key: number): number {
    const base = chunk * CHUNK_SIZE;
    if (at === this.#dirLength - 1 && key > (this.#keys[base + CHUNK_SIZE - 1] as number)) {
      this.#addChunk(at + 1, key, chunk, 0);
      return at + 1;
    }
    if (at === 0 && key < (this.#keys[base] as number)) {
      this.#addChunk(0, key, 0, chunk);
      return 0;
    }
    this.#splitChunk(at, chunk);
    return key >= (this.#dirKeys[at + 1] as number) ? at + 1 : at;
  }

  /** Adds an empty chunk between two. */
  #addChunk(at: number, key: number, below: number, above: number): void {
    const chunk = this.#takeChunk();
    this.#link(below, chunk, above);
    this.#insertDirectory(at, chunk, key);
  }

  #splitChunk(at: number, chunk: number): void {
    const upper = this.#takeChunk();
    const from = chunk * CHUNK_SIZE + HALF;
    const to = upper * CHUNK_SIZE;
    this.#keys.copyWithin(to, from, from + HALF);
    this.#slots.copyWithin(to, from, from + HALF);
    this.#counts[chunk] = HALF;
    this.#counts[upper] = HALF;
    for (let i = 0; i < HALF; i++) this.#store.setChunk(this.#slots[to + i] as VmaRef, upper);
    this.#link(chunk, upper, this.#nextChunk[chunk] as number);
    this.#maxGap[chunk] = -1;
    this.#insertDirectory(at + 1, upper, this.#keys[to] as number);
  }

  /** Joins the chunk at directory position `at` with the one above or below, where both fit in half a chunk. */
  #joinNeighbours(at: number): void {
    const chunk = this.#dirChunks[at] as number;
    const above = this.#nextChunk[chunk] as number;
    const below = this.#prevChunk[chunk] as number;
    const count = this.#counts[chunk] as number;
    if (above !== 0 && count + (this.#counts[above] as number) <= HALF) this.#join(at, chunk, above);
    else if (below !== 0 && count + (this.#counts[below] as number) <= HALF) {
      this.#join(at - 1, below, chunk);
    }
  }

  #join(at: number, lower: number, upper: number): void {
    const count = this.#counts[lower] as number;
    const more = this.#counts[upper] as number;
    const to = lower * CHUNK_SIZE + count;
    const from = upper * CHUNK_SIZE;
    this.#keys.copyWithin(to, from, from + more);
    this.#slots.copyWithin(to, from, from + more);
    for (let i = 0; i < more; i++) this.#store.setChunk(this.#slots[to + i] as VmaRef, lower);
    this.#counts[lower] = count + more;
    this.#maxGap[lower] = -1;
    this.#dropChunk(at + 1, upper);
  }

  #dropChunk(at: number, chunk: number): void {
    const below = this.#prevChunk[chunk] as number;
    const above = this.#nextChunk[chunk] as number;
    if (below !== 0) this.#nextChunk[below] = above;
    if (above !== 0) {
      this.#prevChunk[above] = below;
      this.#maxGap[above] = -1;
    }
    this.#counts[chunk] = 0;
    this.#nextChunk[chunk] = this.#freeChunk;
    this.#freeChunk = chunk;
    this.#freeChunks++;
    this.#dirKeys.copyWithin(at, at + 1, this.#dirLength);
    this.#dirChunks.copyWithin(at, at + 1, this.#dirLength);
    this.#dirLength--;
  }

  #link(below: number, chunk: number, above: number): void {
    this.#prevChunk[chunk] = below;
    this.#nextChunk[chunk] = above;
    if (below !== 0) this.#nextChunk[below] = chunk;
    if (above !== 0) this.#prevChunk[above] = chunk;
  }

  /** Makes room for a few more VMAs, wherever they come: each may begin a chunk. Throws what the memory throws. */
  #reserve(): void {
    if (this.#freeChunks + this.#chunkCapacity - this.#chunksUsed < SPARE) {
      this.#growChunks(grownCapacity(this.#chunkCapacity));
    }
    if (this.#dirKeys.length - this.#dirLength < SPARE) this.#growDirectory(grownCapacity(this.#dirKeys.length));
  }

  #takeChunk(): number {
    let chunk = this.#freeChunk;
    if (chunk === 0) {
      if (this.#chunksUsed >= this.#chunkCapacity) this.#growChunks(grownCapacity(this.#chunkCapacity));
      chunk = this.#chunksUsed++;
    } else {
      this.#freeChunk = this.#nextChunk[chunk] as number;
      this.#freeChunks--;
    }
    this.#counts[chunk] = 0;
    this.#nextChunk[chunk] = 0;
    this.#prevChunk[chunk] = 0;
    this.#maxGap[chunk] = -1;
    return chunk;
  }

  #insertDirectory(at: number, chunk: number, key: number): void {
    if (this.#dirLength === this.#dirKeys.length) this.#growDirectory(grownCapacity(this.#dirLength));
    this.#dirKeys.copyWithin(at + 1, at, this.#dirLength);
    this.#dirChunks.copyWithin(at + 1, at, this.#dirLength);
    this.#dirKeys[at] = key;
    this.#dirChunks[at] = chunk;
    this.#dirLength++;
  }

  #growDirectory(capacity: number): void {
    const held = this.#dirKeys.length;
    const buffer = this.#memory.take(capacity * BYTES_AN_ENTRY);
    const keys = new Float64Array(buffer, 0, capacity);
    const chunks = new Int32Array(buffer, keys.byteLength, capacity);
    keys.set(this.#dirKeys);
    chunks.set(this.#dirChunks);
    this.#dirKeys = keys;
    this.#dirChunks = chunks;
    this.#memory.give(held * BYTES_AN_ENTRY);
  }

  #growChunks(capacity: number): void {
    const held = this.#chunkCapacity * BYTES_A_CHUNK;
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
    this.#keys = doubles(this.#keys, CHUNK_SIZE);
    this.#maxGap = doubles(this.#maxGap, 1);
    this.#slots = ints(this.#slots, CHUNK_SIZE);
    this.#counts = ints(this.#counts, 1);
    this.#nextChunk = ints(this.#nextChunk, 1);
    this.#prevChunk = ints(this.#prevChunk, 1);
    this.#chunkCapacity = capacity;
    this.#memory.give(held);
  }
}
