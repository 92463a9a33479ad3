import type { Window } from 'fork-sim';

/** The kinds of operation that a flavour weighs. */
type OpKind =
  | 'mmap'
  | 'mprotect'
  | 'madvise'
  | 'guard'
  | 'vector'
  | 'mremap'
  | 'munmap'
  | 'touch'
  | 'mlock'
  | 'mseal'
  | 'fork'
  | 'uffd'
  | 'fill'
  | 'brk'
  | 'rlimit'
  | 'file'
  | 'other';

/** What the random scenarios of one name are made of. */
export interface Flavour {
  /** One phrase: what it is about. */
  readonly says: string;
  /** How often each kind of operation comes. */
  readonly ops: Readonly<Partial<Record<OpKind, number>>>;
  /** Operations in a scenario: at least and at most. */
  readonly length?: readonly [number, number];
  /** Pages that are used, of the arena's 64. Fewer: more happens on each. */
  readonly pages?: number;
  /** How often `fork` goes on in the child at most, and in how many of a hundred cases it does. */
  readonly generations?: readonly [most: number, percent: number];
  /** Forms that programs seldom use. */
  readonly odd?: boolean;
  /** Every form there is. */
  readonly weird?: boolean;
  /** Around the places where page tables meet, or in an arena of several MiB: which pages are looked at. */
  readonly span?: { readonly pages: number; readonly windows: readonly Window[]; readonly sizes: readonly number[] };
  /** Everything outside the arena is taken. */
  readonly reserve?: boolean;
  /** At `max_map_count`. */
  readonly limit?: boolean;
  /** Takes a second or more a scenario. */
  readonly slow?: boolean;
}

/** Where the tables of geometry scenarios meet: the pages around these are used, and seen. */
const GEO = {
  pages: 134217728 + 4096,
  windows: [
    ['w0', 0, 16],
    ['w1', 496, 32],
    ['w2', 1008, 32],
    ['w3', 262128, 32],
    ['w4', 134217712, 32],
  ],
  sizes: [512, 1024, 1536, 262144, 513, 511, 262656],
} as const;
/** Several MiB: stacks, and mappings of 2 MiB. */
const BIG = {
  pages: 4096,
  windows: [
    ['w0', 0, 64],
    ['w1', 1000, 48],
    ['w2', 4032, 64],
  ],
  sizes: [512, 1024, 256, 300, 700],
} as const;

const ROWS = {
  plain: {
    says: 'the calls of the first recorded set',
    ops: {
      mmap: 22,
      mprotect: 18,
      madvise: 16,
      guard: 14,
      mremap: 8,
      munmap: 6,
      touch: 14,
      mlock: 5,
      fork: 4,
    },
  },
  hostile: {
    says: 'the same, the rare ones more often',
    ops: {
      mmap: 20,
      mprotect: 12,
      madvise: 16,
      guard: 8,
      mremap: 18,
      munmap: 6,
      touch: 16,
      mlock: 8,
      fork: 6,
      mseal: 2,
    },
    odd: true,
  },
  long: {
    says: '300 calls and more on a dozen pages',
    ops: { mmap: 14, mprotect: 22, madvise: 14, guard: 10, mremap: 12, munmap: 6, touch: 18, mlock: 6, fork: 2 },
    length: [300, 500],
    pages: 12,
  },
  move: {
    says: 'mremap in all its forms, and what merges after it',
    ops: { mmap: 18, mprotect: 8, madvise: 4, guard: 6, mremap: 36, munmap: 6, touch: 18, mlock: 3, fork: 5 },
    odd: true,
  },
  chains: {
    says: 'the same few pages moved on and on, with DONTUNMAP and to fixed addresses',
    ops: { mmap: 8, mprotect: 6, madvise: 3, guard: 5, mremap: 56, munmap: 3, touch: 16, mlock: 2, fork: 3 },
    length: [60, 120],
    pages: 24,
    odd: true,
  },
  forks: {
    says: 'generations of children; parents that stay or exit',
    ops: {
      mmap: 18,
      mprotect: 12,
      madvise: 10,
      guard: 8,
      mremap: 8,
      munmap: 6,
      touch: 22,
      mlock: 3,
      fork: 16,
      vector: 8,
    },
  },
  tree: {
    says: 'process trees four deep, with merges in the children',
    ops: { mmap: 16, mprotect: 26, madvise: 8, guard: 8, mremap: 10, munmap: 4, touch: 20, mlock: 2, fork: 12 },
    length: [40, 90],
    pages: 20,
    generations: [4, 70],
  },
  guards: {
    says: 'guards over many VMAs with holes between them',
    ops: {
      mmap: 22,
      mprotect: 14,
      madvise: 8,
      guard: 34,
      mremap: 8,
      munmap: 12,
      touch: 14,
      mlock: 2,
      fork: 6,
      vector: 8,
    },
    length: [40, 80],
    pages: 32,
  },
  seals: {
    says: 'sealed mappings, and every call on them',
    ops: {
      mmap: 22,
      mprotect: 14,
      madvise: 16,
      guard: 6,
      mremap: 14,
      munmap: 10,
      touch: 12,
      mlock: 6,
      fork: 4,
      mseal: 8,
      vector: 4,
    },
    odd: true,
  },
  files: {
    says: 'files cut and extended, sealed, and holes punched into them, while they are mapped; files opened for reading alone',
    ops: {
      mmap: 22,
      mprotect: 8,
      madvise: 8,
      guard: 4,
      mremap: 10,
      munmap: 4,
      touch: 26,
      mlock: 3,
      fork: 6,
      file: 14,
      vector: 4,
    },
    pages: 32,
  },
  uffd: {
    says: 'userfaultfds with all features, without guards',
    ops: { mmap: 16, mprotect: 8, madvise: 10, mremap: 10, munmap: 5, touch: 18, mlock: 3, fork: 8, uffd: 30 },
    odd: true,
  },
  uffdguard: {
    says: 'the same with guards (slow: one over a protected page of a file takes 1.5 s to break off)',
    ops: {
      mmap: 16,
      mprotect: 8,
      madvise: 10,
      guard: 5,
      mremap: 10,
      munmap: 5,
      touch: 18,
      mlock: 3,
      fork: 8,
      uffd: 26,
    },
    slow: true,
  },
  fill: {
    says: 'userfaultfds that fill missing pages, and holes punched by madvise',
    ops: { mmap: 18, mprotect: 4, madvise: 12, guard: 1, mremap: 8, munmap: 5, touch: 20, mlock: 4, fork: 8, fill: 30 },
    odd: true,
  },
  stacks: {
    says: 'stacks and heaps that grow among other mappings',
    ops: {
      mmap: 24,
      mprotect: 8,
      madvise: 6,
      guard: 4,
      mremap: 10,
      munmap: 8,
      touch: 30,
      mlock: 6,
      fork: 6,
      uffd: 6,
      brk: 10,
      rlimit: 3,
      mseal: 1,
    },
    span: BIG,
    odd: true,
  },
  geo: {
    says: 'ranges over 2 MiB, 1 GiB and 512 GiB boundaries',
    ops: { mmap: 22, mprotect: 6, madvise: 8, guard: 8, mremap: 16, munmap: 12, touch: 22, fork: 8, uffd: 8 },
    span: GEO,
  },
  geouffd: {
    says: 'the same with userfaultfds, and moves of whole tables',
    ops: { mmap: 16, mprotect: 4, madvise: 8, mremap: 24, munmap: 8, touch: 22, fork: 8, uffd: 20 },
    span: GEO,
    odd: true,
  },
  place: {
    says: 'placement without an address, the heap and stacks, in a full address space',
    ops: { mmap: 34, mprotect: 8, madvise: 4, mremap: 14, munmap: 14, touch: 14, fork: 4, brk: 14, mseal: 1, mlock: 3 },
    reserve: true,
  },
  bigplace: {
    says: 'the same in an arena of several MiB: stacks, and 2 MiB alignment',
    ops: { mmap: 40, mprotect: 8, mremap: 14, munmap: 14, touch: 20, fork: 4, brk: 10, rlimit: 2 },
    reserve: true,
    span: BIG,
  },
  weird: {
    says: 'every operation there is, in every form, for long',
    ops: {
      mmap: 20,
      mprotect: 8,
      madvise: 14,
      guard: 3,
      mremap: 18,
      munmap: 5,
      touch: 18,
      mlock: 6,
      fork: 6,
      mseal: 1,
      uffd: 14,
      brk: 4,
      vector: 3,
      rlimit: 1,
      other: 3,
    },
    length: [8, 60],
    odd: true,
    weird: true,
  },
  limit: {
    says: 'at max_map_count (slow: the limit has to be filled each time)',
    ops: {
      mmap: 18,
      mprotect: 16,
      madvise: 14,
      guard: 6,
      mremap: 16,
      munmap: 12,
      touch: 8,
      mlock: 8,
      fork: 2,
      uffd: 4,
      brk: 3,
      mseal: 1,
    },
    length: [8, 14],
    limit: true,
    slow: true,
  },
} satisfies Readonly<Record<string, Flavour>>;

/** The name of a flavour. */
export type FlavourName = keyof typeof ROWS;

/** Every flavour, by its name. */
export const FLAVOURS: Readonly<Record<FlavourName, Flavour>> = ROWS;

/** The names of the flavours. */
export const FLAVOUR_NAMES = Object.keys(ROWS) as readonly FlavourName[];
