import { grownCapacity } from './grownCapacity.ts';
import { type HostMemory, WHOLE_HOST } from './hostMemory.ts';
import { SpareBits } from './spareBits.ts';
import type { VmFlags } from './vmFlags.ts';

declare const vmaBrand: unique symbol;

/**
 * Names one VMA of one {@link VmaStore}: a slot of its columns. 0 is none.
 *
 * A slot is valid until the VMA is removed, by `munmap` or by a merge; then it is used again. Which part of a VMA that was cut keeps its
 * slot is not said.
 */
export type VmaRef = number & { readonly [vmaBrand]: 'VmaRef' };

/** No VMA: the kernel's NULL. Its columns stay 0. */
export const NO_VMA: VmaRef = 0 as VmaRef;

/** What holds a column: 8-byte numbers for addresses and offsets, 4-byte ones for the rest. */
interface Arrays {
  f64: Float64Array;
  u32: Uint32Array;
  i32: Int32Array;
}

const ARRAYS = { f64: Float64Array, u32: Uint32Array, i32: Int32Array };

/**
 * The columns of {@link VmaStore}: one row a field, with what holds it. Every column of a new VMA is 0, which for an id is
 * "none". How VMAs are made, copied and kept, and how much memory they take, follows from this table.
 */
const COLUMNS = {
  /** First byte, inclusive. */
  start: 'f64',
  /** Last byte, exclusive. */
  end: 'f64',
  /** Page offset of `start` in the backing object. */
  pgoff: 'f64',
  /** The anonymous page offset that 7.3 gives private file mappings besides; elsewhere `start / 4096` at creation. */
  anonPgoff: 'f64',
  /** vm_flags, low half. */
  flagsLo: 'u32',
  /** vm_flags, high half. */
  flagsHi: 'u32',
  /** Id of the open file; 0: anonymous. */
  file: 'i32',
  /** Id of the anon_vma; 0: never faulted for writing. */
  anonVma: 'i32',
  /** Links of the anon_vma chain; more than one: a fork child. */
  anonVmaChain: 'i32',
  /** Id of the userfaultfd context; 0: not registered. */
  uffd: 'i32',
  /** Id of the memory policy; 0: the default. */
  policy: 'i32',
  /** Id of the anonymous name; 0: none. */
  anonName: 'i32',
} as const;

/** The name of a column. */
export type ColumnName = keyof typeof COLUMNS;
/** The columns as typed arrays, each indexed by a {@link VmaRef}. */
export type VmaColumns = {
  -readonly [name in ColumnName]: Arrays[(typeof COLUMNS)[name]];
};

/** All columns. */
export const COLUMN_NAMES: readonly ColumnName[] = Object.keys(COLUMNS) as ColumnName[];

/** Columns that lie side by side, and so what a slot is a multiple of. */
const LANES = 4;

/** Columns of one width that are woven together, and that width in bytes. */
interface Group {
  readonly names: readonly ColumnName[];
  readonly width: number;
}

const GROUPS: readonly Group[] = [8, 4].flatMap((width) => {
  const all = COLUMN_NAMES.filter((name) => ARRAYS[COLUMNS[name]].BYTES_PER_ELEMENT === width);
  return Array.from({ length: Math.ceil(all.length / LANES) }, (_, g) => ({
    names: all.slice(g * LANES, (g + 1) * LANES),
    width,
  }));
});
const bytesOf = (groups: readonly Group[]): number => groups.reduce((bytes, { width }) => bytes + width * LANES, 0);
/** Where the 4-byte columns and the chunks begin, in bytes a VMA; and what a VMA takes. */
const NARROW_FROM: number = bytesOf(GROUPS.filter(({ width }) => width === 8));
const CHUNKS_FROM: number = bytesOf(GROUPS);
const BYTES_A_VMA: number = CHUNKS_FROM + 4;

/** Of no VMA, as the slot before it. */
const SCRATCH: VmaRef = LANES as VmaRef;
const FIRST_SLOT: number = 2 * LANES;

const NO_BUFFER: ArrayBuffer = new ArrayBuffer(0);

/** Where each column begins: how many bytes a VMA come before it, and in which lane. */
const PLACES = GROUPS.flatMap(({ names, width }, g) => {
  const from = bytesOf(GROUPS.slice(0, g));
  return names.map((name, lane) => ({ name, made: ARRAYS[COLUMNS[name]], from, lane: lane * width }));
});
const NO_FLOATS: Float64Array = new Float64Array(0);
const NO_INTS: Int32Array = new Int32Array(0);
/** What each column is while there is no memory: made once, since processes come and go. */
const EMPTY: Partial<VmaColumns> = Object.fromEntries(PLACES.map(({ name, made }) => [name, new made(0)]));

/** Points each column at its lane of a buffer that has room for `capacity` VMAs. */
function bindColumns(columns: Partial<Record<ColumnName, unknown>>, buffer: ArrayBuffer, capacity: number): void {
  const length = capacity * LANES - (LANES - 1);
  for (const { name, made, from, lane } of PLACES) columns[name] = new made(buffer, capacity * from + lane, length);
}

/** Has the columns; {@link VmaStore} points them at its memory. */
const Columns: new () => VmaColumns = class {} as new () => VmaColumns;

/**
 * The VMAs of one address space, one typed-array column a field, no object each: 68 bytes a VMA.
 *
 * Columns are woven together, four to a group, so that reading all of a VMA costs four cache lines and not thirteen. A slot
 * is a multiple of 4: the distance from one VMA's field to the next one's.
 *
 *   start end pgoff anonPgoff | start end ...       8 bytes each
 *   flagsLo flagsHi file anonVma | flagsLo ...      4 bytes each
 *   anonVmaChain uffd policy anonName | ...         4 bytes each
 *
 * A column more begins another group. Flags are two 32-bit halves (`vmFlags.ts` says why). Free slots are reused, last
 * freed first, so that the same calls always give the same slots.
 */
export class VmaStore extends Columns {
  /** All 8-byte columns: group behind group, each of as many lanes as there are slots. */
  #wide: Float64Array = NO_FLOATS;
  /** All 4-byte columns likewise. */
  #narrow: Int32Array = NO_INTS;
  /** The index chunk that holds each VMA; of a free slot: the next free one. */
  #chunks: Int32Array = NO_INTS;
  #buffer: ArrayBuffer = NO_BUFFER;
  #capacity = 0;
  #used: number = FIRST_SLOT;
  #free = 0;
  readonly #memory: HostMemory;
  readonly #spareBits: SpareBits;
  /** Called before a slot is taken: the index that orders the VMAs makes room for another. It may throw. @internal */
  beforeTake: () => void = () => {};

  /** @param capacity VMAs that there is room for at first; 0: no memory is taken before it is needed */
  constructor(capacity = 64, memory: HostMemory = WHOLE_HOST, spareBits: SpareBits = new SpareBits()) {
    super();
    this.#memory = memory;
    this.#spareBits = spareBits;
    if (capacity > 0) this.#grow(capacity);
    else Object.assign(this, EMPTY);
  }

  /** Takes a slot; every column of it is 0. Throws what {@link HostMemory.take} throws, and then nothing has changed. */
  alloc(): VmaRef {
    return this.dup(NO_VMA);
  }

  /** The slot that no VMA has, for what a request to merge proposes. Throws as {@link alloc} does. @internal */
  scratch(): VmaRef {
    if (this.#capacity === 0) this.#grow(grownCapacity(0));
    return SCRATCH;
  }

  /** Takes a slot and copies every column of `from` into it. Throws as {@link alloc} does. Kernel: `vm_area_dup()`. */
  dup(from: VmaRef): VmaRef {
    const slot = this.#take();
    this.copyFrom(this, from, slot);
    return slot;
  }

  /** Copies the columns of a VMA of `other`, which may be another store, into `to`. */
  copyFrom(other: VmaStore, from: VmaRef, to: VmaRef): void {
    // Once for each width and lane by lane, which costs a third of one loop over all: a copy is half of a cut.
    const stride = this.#capacity * LANES;
    const otherStride = other.#capacity * LANES;
    const wide = this.#wide;
    const otherWide = other.#wide;
    for (let at: number = to, of: number = from; at < wide.length; at += stride, of += otherStride) {
      wide[at] = otherWide[of]!;
      wide[at + 1] = otherWide[of + 1]!;
      wide[at + 2] = otherWide[of + 2]!;
      wide[at + 3] = otherWide[of + 3]!;
    }
    const narrow = this.#narrow;
    const otherNarrow = other.#narrow;
    for (let at: number = to, of: number = from; at < narrow.length; at += stride, of += otherStride) {
      narrow[at] = otherNarrow[of]!;
      narrow[at + 1] = otherNarrow[of + 1]!;
      narrow[at + 2] = otherNarrow[of + 2]!;
      narrow[at + 3] = otherNarrow[of + 3]!;
    }
  }

  /** Makes room for a number of VMAs at once, before they are made one by one. Throws as {@link alloc} does. @internal */
  reserve(vmas: number): void {
    let capacity = this.#capacity;
    while (capacity < vmas + FIRST_SLOT / LANES + 1) capacity = grownCapacity(capacity);
    if (capacity > this.#capacity) this.#grow(capacity);
  }

  /** Gives a slot back. */
  release(slot: VmaRef): void {
    this.#chunks[slot / LANES] = this.#free;
    this.#free = slot;
  }

  /** The flags of a VMA, as one set. */
  flags(slot: VmaRef): VmFlags {
    return this.#spareBits.flags(this.flagsLo[slot]!, this.flagsHi[slot]!);
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

  /** Becomes a copy of another store, slot for slot. @internal */
  copyAll(other: VmaStore): void {
    const slots = other.#used;
    this.reserve((slots - FIRST_SLOT) / LANES);
    this.#used = slots;
    this.#free = other.#free;
    for (let slot = FIRST_SLOT; slot < slots; slot += LANES) {
      this.copyFrom(other, slot as VmaRef, slot as VmaRef);
      this.#chunks[slot / LANES] = other.#chunks[slot / LANES]!;
    }
  }

  /** Forgets every VMA, and keeps the memory for the next ones. @internal */
  empty(): void {
    this.#used = FIRST_SLOT;
    this.#free = 0;
  }

  /** Forgets every VMA, and gives all memory back. It can be used on, and takes memory again. */
  clear(): void {
    this.#memory.give(this.#buffer);
    // The buffer may soon be another's.
    this.#buffer = NO_BUFFER;
    this.#capacity = 0;
    this.#wide = NO_FLOATS;
    this.#narrow = NO_INTS;
    this.#chunks = NO_INTS;
    Object.assign(this, EMPTY);
    this.#used = FIRST_SLOT;
    this.#free = 0;
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
    const held = this.#capacity * LANES;
    const wide = this.#wide;
    const narrow = this.#narrow;
    const chunks = this.#chunks;
    this.#use(this.#memory.take(capacity * BYTES_A_VMA), capacity);
    for (let g = 0; g * held < wide.length; g++) {
      this.#wide.set(wide.subarray(g * held, (g + 1) * held), g * capacity * LANES);
    }
    for (let g = 0; g * held < narrow.length; g++) {
      this.#narrow.set(narrow.subarray(g * held, (g + 1) * held), g * capacity * LANES);
    }
    this.#chunks.set(chunks);
    this.#memory.give(old);
  }

  /** Points the columns at a buffer that has room for `capacity` VMAs. */
  #use(buffer: ArrayBuffer, capacity: number): void {
    this.#buffer = buffer;
    this.#capacity = capacity;
    this.#wide = new Float64Array(buffer, 0, (capacity * NARROW_FROM) / 8);
    this.#narrow = new Int32Array(buffer, capacity * NARROW_FROM, (capacity * (CHUNKS_FROM - NARROW_FROM)) / 4);
    this.#chunks = new Int32Array(buffer, capacity * CHUNKS_FROM, capacity);
    bindColumns(this, buffer, capacity);
  }
}
