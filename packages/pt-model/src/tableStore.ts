import { InvariantError } from './errors.ts';
import type { WordMemory } from './wordMemory.ts';

/** log2 of the words of a table. @internal */
const TABLE_SHIFT = 9;

/**
 * Tables of 512 words in segments that never move, with the number of words in use of each.
 *
 * A table is an id; its words are `segments[id >>> segmentShift]` from `(id & segmentMask) << 9` on. Id 0 is a table that
 * stays empty: following an absent entry leads to it, and everything read there is absent too.
 * A free table is all zeros, but for its word 0, which chains it to the next free one.
 * @internal
 */
export class TableStore {
  readonly segments: Uint32Array[] = [];
  readonly segmentShift: number;
  readonly segmentMask: number;
  /** Per table, the words that are not 0. The code that changes a word keeps it. Replaced when it grows. */
  counts: Uint16Array;
  /** Tables in use. */
  live = 0;
  #memory: WordMemory;
  #next = 1;
  #firstFree = 0;

  constructor(memory: WordMemory, segmentShift: number) {
    this.#memory = memory;
    this.segmentShift = segmentShift;
    this.segmentMask = (1 << segmentShift) - 1;
    this.counts = new Uint16Array(1 << segmentShift);
    this.segments.push(memory.words(1 << (segmentShift + TABLE_SHIFT)));
  }

  /** The array that holds the words of `table`. */
  words(table: number): Uint32Array {
    return this.segments[table >>> this.segmentShift]!;
  }

  /** Index of the first word of `table` in {@link words}. */
  base(table: number): number {
    return (table & this.segmentMask) << TABLE_SHIFT;
  }

  /** A table of zeros. Throws OutOfMemoryError. */
  allocate(): number {
    let table = this.#firstFree;
    if (table !== 0) {
      const words = this.words(table);
      const base = this.base(table);
      this.#firstFree = words[base]!;
      words[base] = 0;
    } else {
      table = this.#next;
      if (table >>> this.segmentShift === this.segments.length) this.#grow();
      this.#next++;
    }
    this.live++;
    return table;
  }

  /** Throws InvariantError for a table with entries in it. */
  checkEmpty(table: number): void {
    const entries = this.counts[table]!;
    if (entries !== 0) throw new InvariantError(`a page table is to be freed with ${entries} entries in it`);
  }

  /** Takes back a table, which must be empty. */
  release(table: number): void {
    this.checkEmpty(table);
    this.words(table)[this.base(table)] = this.#firstFree;
    this.#firstFree = table;
    this.live--;
  }

  #grow(): void {
    const segment = this.#memory.words(1 << (this.segmentShift + TABLE_SHIFT));
    this.segments.push(segment);
    const tables = this.segments.length << this.segmentShift;
    if (tables > this.counts.length) {
      const counts = new Uint16Array(Math.max(tables, this.counts.length * 2));
      counts.set(this.counts);
      this.counts = counts;
    }
  }
}

/** The page tables of all processes that share one physical memory. */
export class TablePool {
  /** PTE tables. @internal */
  readonly leaves: TableStore;
  /** PGD, PUD and PMD tables: their words are ids of tables one level down. @internal */
  readonly nodes: TableStore;

  constructor(memory: WordMemory) {
    this.leaves = new TableStore(memory, 6);
    this.nodes = new TableStore(memory, 3);
  }

  /** Tables in use by all processes, their PGDs too: 0 when every process has exited. */
  get live(): number {
    return this.leaves.live + this.nodes.live;
  }
}
