import { BLOCK_SIZE, type ChunkDirectory } from './chunkDirectory.ts';
import { CHUNK_SIZE, type VmaChunks } from './vmaChunks.ts';
import { NO_VMA, type VmaRef, type VmaStore } from './vmaStore.ts';

/**
 * The holes between the VMAs of a {@link VmaIndex}. The widest hole before any VMA of a chunk is kept, and that of each block of 64
 * chunks, so that a top-down search passes over whole chunks and blocks without room. Both are made out when they are asked for, and
 * forgotten when a VMA comes, goes or moves. @internal
 */
export class VmaHoles {
  readonly #store: VmaStore;
  readonly #chunks: VmaChunks;
  readonly #directory: ChunkDirectory;
  /** Chunks and blocks looked at since the last reset: counted work, for tests. */
  visits = 0;

  constructor(store: VmaStore, chunks: VmaChunks, directory: ChunkDirectory) {
    this.#store = store;
    this.#chunks = chunks;
    this.#directory = directory;
  }

  /** The holes before the VMAs of a chunk have changed. */
  changed(chunk: number): void {
    const { maxGap, keys } = this.#chunks;
    if (maxGap[chunk]! < 0) return;
    maxGap[chunk] = -1;
    this.#directory.forgetGap(keys[chunk * CHUNK_SIZE]!);
  }

  /** The same, and the last end too, on which the first hole of the chunk above depends. */
  changedToEnd(chunk: number): void {
    this.changed(chunk);
    const above = this.#chunks.next[chunk]!;
    if (above !== 0) this.changed(above);
  }

  /**
   * The highest hole of at least `length` bytes within `[low, high)`, as the address where it ends, or -1.
   * Kernel: `mas_empty_area_rev()`.
   */
  highest(low: number, high: number, length: number): number {
    const directory = this.#directory;
    const { keys, slots, counts, maxGap } = this.#chunks;
    const { start: starts, end: ends } = this.#store;
    let ceiling = high;
    for (let at = directory.upperBound(high - 1) - 1; at >= 0; at--) {
      const chunk = directory.chunks[at]!;
      const base = chunk * CHUNK_SIZE;
      this.visits++;
      const wholeBlock = directory.beginsBlock(at) && this.#gapOfBlock(at) < length;
      // A chunk that has just changed is looked through at once: as a rule the hole is near its top.
      const known = maxGap[chunk]!;
      if (wholeBlock || (known >= 0 && known < length)) {
        // The last VMA bounds the hole above; the other holes lie before VMAs, and have no room.
        const end = this.#topEnd(chunk, high);
        if (ceiling - Math.max(end, low) >= length) return ceiling;
        if (end <= low) return -1;
        if (wholeBlock) at -= BLOCK_SIZE - 1;
        ceiling = Math.min(ceiling, directory.keys[at]!);
        if (ceiling <= low) return -1;
        continue;
      }
      let i = counts[chunk]! - 1;
      if (starts[slots[base + i]!]! >= high) i = this.#chunks.upperBound(chunk, high - 1) - 1;
      for (; i >= 0; i--) {
        const end = ends[slots[base + i] as number]!;
        if (ceiling - Math.max(end, low) >= length) return ceiling;
        if (end <= low) return -1;
        ceiling = Math.min(ceiling, keys[base + i]!);
        if (ceiling <= low) return -1;
      }
      // In vain: the next search passes over it.
      if (known < 0 && at > 0) this.#gapOf(chunk);
    }
    return ceiling - low >= length ? ceiling : -1;
  }

  /** End of the chunk's highest VMA that starts below `high`. */
  #topEnd(chunk: number, high: number): number {
    const { slots } = this.#chunks;
    const i = this.#chunks.upperBound(chunk, high - 1) - 1;
    return this.#store.end[slots[chunk * CHUNK_SIZE + i] as number]!;
  }

  /** Widest hole of the block whose highest entry is `at`. */
  #gapOfBlock(at: number): number {
    const { blockGap, chunks } = this.#directory;
    const block = this.#directory.blockOf(at);
    const known = blockGap[block]!;
    if (known >= 0) return known;
    let widest = 0;
    for (let k = at; k > at - BLOCK_SIZE; k--) widest = Math.max(widest, this.#gapOf(chunks[k]!));
    this.visits += BLOCK_SIZE;
    blockGap[block] = widest;
    return widest;
  }

  #gapOf(chunk: number): number {
    const { maxGap, keys, slots, counts, prev } = this.#chunks;
    const known = maxGap[chunk]!;
    if (known >= 0) return known;
    const ends = this.#store.end;
    const base = chunk * CHUNK_SIZE;
    const below: VmaRef = this.#chunks.lastOf(prev[chunk]!);
    let end = below === NO_VMA ? 0 : ends[below]!;
    let widest = 0;
    const count = counts[chunk]!;
    for (let i = 0; i < count; i++) {
      widest = Math.max(widest, keys[base + i]! - end);
      end = ends[slots[base + i] as number]!;
    }
    maxGap[chunk] = widest;
    return widest;
  }
}
