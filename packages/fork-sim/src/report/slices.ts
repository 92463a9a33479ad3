/** Which VMAs to read. */
export interface MapSliceInput {
  readonly pid?: number;
  /** First address; default 0. */
  readonly from?: number;
  /** Last address, exclusive; default: the end. */
  readonly to?: number;
  /** VMAs at most; default 65,536. */
  readonly max?: number;
}

/** The columns of a slice, a row for each VMA. */
export interface MapColumns {
  /** Bytes. */
  readonly start: Float64Array<ArrayBuffer>;
  readonly end: Float64Array<ArrayBuffer>;
  /** Pages. */
  readonly pgoff: Float64Array<ArrayBuffer>;
  /** The two halves of the flags. */
  readonly flagsLo: Uint32Array<ArrayBuffer>;
  readonly flagsHi: Uint32Array<ArrayBuffer>;
  /** Open file; 0: anonymous. */
  readonly file: Int32Array<ArrayBuffer>;
  /** anon_vma; 0: none. */
  readonly anonVma: Int32Array<ArrayBuffer>;
  /** What `/proc/PID/maps` calls each VMA, as an index into {@link MapSlice.names}. */
  readonly name: Uint32Array<ArrayBuffer>;
}

/** What holds each column of {@link MapColumns}. */
export const MAP_COLUMNS: { readonly [name in keyof MapColumns]: new (length: number) => MapColumns[name] } = {
  start: Float64Array,
  end: Float64Array,
  pgoff: Float64Array,
  flagsLo: Uint32Array,
  flagsHi: Uint32Array,
  file: Int32Array,
  anonVma: Int32Array,
  name: Uint32Array,
};

/** VMAs in address order, a typed array a column. The arrays are transferred: they are the receiver's own. */
export interface MapSlice extends MapColumns {
  readonly pid: number;
  readonly count: number;
  /** Names, each once; the first is the empty one. */
  readonly names: readonly string[];
  /** Runs of guard markers within these VMAs, in address order; bytes, the end exclusive. */
  readonly guardStart: Float64Array<ArrayBuffer>;
  readonly guardEnd: Float64Array<ArrayBuffer>;
  /** Where to go on reading; `null`: this was all. */
  readonly next: number | null;
}

/** Which pages to look at. */
export interface PageSliceInput {
  readonly pid?: number;
  /** First byte; a page boundary. */
  readonly addr: number;
  /** Pages; at most 2^24. */
  readonly pages: number;
}

/** The state of pages, one byte each. The arrays are transferred. */
export interface PageSlice {
  readonly pid: number;
  readonly addr: number;
  /** The letter of each page, as a character code: those of the recordings (`A` anonymous, `.` nothing mapped, ...). */
  readonly letters: Uint8Array<ArrayBuffer>;
  /** Bits of each page: see {@link PAGE_BITS}. */
  readonly bits: Uint8Array<ArrayBuffer>;
}

/** Bits of {@link PageSlice.bits}. */
export const PAGE_BITS: {
  readonly writable: 1;
  readonly dirty: 2;
  /** The PTE's bit; a VMA with `sd` makes every page of it soft-dirty besides. */
  readonly softDirty: 4;
  readonly uffdWp: 8;
} = { writable: 1, dirty: 2, softDirty: 4, uffdWp: 8 };

/** Of which pages to list the tables. */
export interface TableSliceInput {
  readonly pid?: number;
  /** First byte, a page boundary; default 0. */
  readonly addr?: number;
  /** Pages; default: to the end of the address space. */
  readonly pages?: number;
  /** Tables at most; default 65,536. */
  readonly max?: number;
}

/** Page tables, each before those below it, in address order; a typed array a column. The arrays are transferred. */
export interface TableSlice {
  readonly pid: number;
  readonly count: number;
  /** Index into {@link TABLE_LEVELS}. */
  readonly level: Uint8Array<ArrayBuffer>;
  /** First byte under it. */
  readonly addr: Float64Array<ArrayBuffer>;
  /** Entries in use, 0 to 512. */
  readonly entries: Uint16Array<ArrayBuffer>;
  /** Where there were more tables than `max`: the first byte under the next one; `null`: these were all. */
  readonly next: number | null;
}

/** The levels, from the top: what {@link TableSlice.level} counts. */
export const TABLE_LEVELS: readonly ['pgd', 'pud', 'pmd', 'pte'] = ['pgd', 'pud', 'pmd', 'pte'];
