import type { Op } from 'fork-sim';
import type { AdviceName } from 'vma-core';

/** A kind of call: a word for `--ops`, what it does, and all of its calls on an arena of a number of pages. */
export interface CallKind {
  /** One sentence. */
  readonly says: string;
  /** Every call of the kind: on each range, to each target. */
  readonly ops: (pages: number) => readonly Op[];
}

/** A range of pages of the arena. */
interface Range {
  readonly page: number;
  readonly pages: number;
}

/** Every range of an arena of `pages` pages. */
function rangesOf(pages: number): Range[] {
  const all: Range[] = [];
  for (let page = 0; page < pages; page++) {
    for (let length = 1; page + length <= pages; length++) all.push({ page, pages: length });
  }
  return all;
}

function onRanges(says: string, op: (range: Range) => Op): CallKind {
  return { says, ops: (pages) => rangesOf(pages).map(op) };
}

function mapping(says: string, fields: Omit<Extract<Op, { op: 'mmap' }>, 'op' | 'page' | 'pages'>): CallKind {
  // A file is mapped at the offset that is its page, so that neighbours continue each other.
  return onRanges(says, (range) => ({
    op: 'mmap',
    ...range,
    ...fields,
    ...(fields.backing === undefined ? {} : { pgoff: range.page }),
  }));
}

function advising(advice: AdviceName): CallKind {
  return onRanges(`madvise(MADV_${advice})`, (range) => ({ op: 'madvise', ...range, advice }));
}

/** Moves of each range to each place that it does not overlap. */
function moving(says: string, dontUnmap: boolean): CallKind {
  return {
    says,
    ops: (pages) =>
      rangesOf(pages).flatMap((range) =>
        Array.from({ length: pages - range.pages + 1 }, (_, newPage) => newPage)
          .filter((newPage) => newPage + range.pages <= range.page || newPage >= range.page + range.pages)
          .map(
            (newPage): Op => ({
              op: 'mremap',
              ...range,
              newPage,
              newPages: range.pages,
              ...(dontUnmap ? { dontUnmap } : {}),
            }),
          ),
      ),
  };
}

/** Each page by itself: what a program does to several pages, it does one after the other. */
function touching(access: 'read' | 'write'): CallKind {
  return {
    says: `the program ${access}s a page`,
    ops: (pages) => Array.from({ length: pages }, (_, page): Op => ({ op: 'touch', page, access })),
  };
}

/** The call by which a child takes its parent's place. */
const FORK_INTO_CHILD: Op = { op: 'fork', continueIn: 'child', parentExits: true };

/** The word for a kind of call. */
export type CallKindName =
  | 'anonRw'
  | 'anonR'
  | 'fileRw'
  | 'fileR'
  | 'sharedRw'
  | 'munmap'
  | 'protR'
  | 'protRw'
  | 'protNone'
  | 'write'
  | 'read'
  | 'move'
  | 'dontUnmap'
  | 'overlap'
  | 'again'
  | 'grow'
  | 'shrink'
  | 'fork'
  | 'clearRefs'
  | 'mlock'
  | 'mlockOnFault'
  | 'munlock'
  | 'mseal'
  | 'GUARD_INSTALL'
  | 'GUARD_REMOVE'
  | 'DONTNEED'
  | 'DONTFORK'
  | 'DOFORK'
  | 'WIPEONFORK'
  | 'KEEPONFORK'
  | 'DONTDUMP'
  | 'DODUMP'
  | 'MERGEABLE'
  | 'UNMERGEABLE'
  | 'POPULATE_READ'
  | 'POPULATE_WRITE';

/** Every kind of call there is, by its word. */
export const CALL_KINDS: Readonly<Record<CallKindName, CallKind>> = {
  anonRw: mapping('mmap of anonymous memory, rw', { prot: 'rw' }),
  anonR: mapping('mmap of anonymous memory, r', { prot: 'r' }),
  fileRw: mapping('private mmap of a file, rw', { prot: 'rw', backing: 'file0' }),
  fileR: mapping('private mmap of a file, r', { prot: 'r', backing: 'file0' }),
  sharedRw: mapping('shared mmap of a file, rw', { prot: 'rw', backing: 'file0', shared: true }),
  munmap: onRanges('munmap', (range) => ({ op: 'munmap', ...range })),
  protR: onRanges('mprotect to r', (range) => ({ op: 'mprotect', ...range, prot: 'r' })),
  protRw: onRanges('mprotect to rw', (range) => ({ op: 'mprotect', ...range, prot: 'rw' })),
  protNone: onRanges('mprotect to none', (range) => ({ op: 'mprotect', ...range, prot: 'none' })),
  write: touching('write'),
  read: touching('read'),
  move: moving('mremap to another place', false),
  dontUnmap: moving('mremap with MREMAP_DONTUNMAP', true),
  overlap: {
    says: 'mremap to a place that the range overlaps',
    ops: (pages) =>
      rangesOf(pages).flatMap((range) =>
        Array.from({ length: pages - range.pages + 1 }, (_, newPage) => newPage)
          .filter((newPage) => newPage !== range.page && Math.abs(newPage - range.page) < range.pages)
          .map((newPage): Op => ({ op: 'mremap', ...range, newPage, newPages: range.pages })),
      ),
  },
  again: {
    says: 'mremap of no page: the same object mapped once more, at another place',
    ops: (pages) =>
      Array.from({ length: pages }, (_, page) => page).flatMap((page) =>
        Array.from({ length: pages }, (_, newPage) => newPage)
          .filter((newPage) => newPage !== page)
          .map((newPage): Op => ({ op: 'mremap', page, pages: 0, newPage, newPages: 1 })),
      ),
  },
  grow: {
    says: 'mremap to one page more, in place',
    ops: (pages) =>
      rangesOf(pages)
        .filter(({ page, pages: length }) => page + length < pages)
        .map((range): Op => ({ op: 'mremap', ...range, newPages: range.pages + 1 })),
  },
  shrink: {
    says: 'mremap to one page less, in place',
    ops: (pages) =>
      rangesOf(pages)
        .filter(({ pages: length }) => length > 1)
        .map((range): Op => ({ op: 'mremap', ...range, newPages: range.pages - 1 })),
  },
  fork: { says: 'fork; the child goes on, the parent exits', ops: () => [FORK_INTO_CHILD] },
  clearRefs: { says: 'clear_refs: no page is soft-dirty any more', ops: () => [{ op: 'clear_refs', value: 4 }] },
  mlock: onRanges('mlock', (range) => ({ op: 'mlock', ...range })),
  mlockOnFault: onRanges('mlock2 with MLOCK_ONFAULT', (range) => ({ op: 'mlock2', ...range })),
  munlock: onRanges('munlock', (range) => ({ op: 'munlock', ...range })),
  mseal: onRanges('mseal', (range) => ({ op: 'mseal', ...range })),
  GUARD_INSTALL: advising('GUARD_INSTALL'),
  GUARD_REMOVE: advising('GUARD_REMOVE'),
  DONTNEED: advising('DONTNEED'),
  DONTFORK: advising('DONTFORK'),
  DOFORK: advising('DOFORK'),
  WIPEONFORK: advising('WIPEONFORK'),
  KEEPONFORK: advising('KEEPONFORK'),
  DONTDUMP: advising('DONTDUMP'),
  DODUMP: advising('DODUMP'),
  MERGEABLE: advising('MERGEABLE'),
  UNMERGEABLE: advising('UNMERGEABLE'),
  POPULATE_READ: advising('POPULATE_READ'),
  POPULATE_WRITE: advising('POPULATE_WRITE'),
};

const SMALL: readonly CallKindName[] = [
  'anonRw',
  'fileRw',
  'munmap',
  'protR',
  'protRw',
  'GUARD_INSTALL',
  'write',
  'move',
  'fork',
];
const MEDIUM: readonly CallKindName[] = [
  ...SMALL,
  'anonR',
  'sharedRw',
  'GUARD_REMOVE',
  'DONTNEED',
  'DONTFORK',
  'read',
  'grow',
];

/** The word for a set of kinds. */
export type Theme = 'guards' | 'anonymous' | 'moves' | 'softDirty' | 'hints' | 'counters' | 'small' | 'medium' | 'full';

/** Sets of kinds that go together, by their word. A theme has what one subject needs: by far the quickest search. */
export const THEMES: Readonly<Record<Theme, readonly CallKindName[]>> = {
  /** What the guards of a file, and of a fork, can meet. */
  guards: ['fileRw', 'protR', 'protRw', 'munmap', 'GUARD_INSTALL'],
  /** The same for anonymous memory. */
  anonymous: ['anonRw', 'protR', 'protRw', 'munmap', 'GUARD_INSTALL', 'write', 'fork'],
  /** What carries pages from place to place. */
  moves: ['fileRw', 'munmap', 'GUARD_INSTALL', 'write', 'move'],
  /** The marks of pages that were written. */
  softDirty: ['anonRw', 'anonR', 'protR', 'protRw', 'write', 'clearRefs'],
  /** What an advice says of a mapping. */
  hints: ['anonRw', 'munmap', 'protR', 'protRw', 'DONTFORK', 'WIPEONFORK', 'DONTDUMP', 'mlock'],
  /** What a kernel counts: pages that are mapped, locked and charged for. */
  counters: [
    'anonRw',
    'anonR',
    'munmap',
    'protR',
    'protRw',
    'write',
    'mlock',
    'munlock',
    'move',
    'dontUnmap',
    'grow',
    'fork',
  ],
  small: SMALL,
  medium: MEDIUM,
  full: [...MEDIUM, 'fileR', 'WIPEONFORK', 'DONTDUMP', 'mlock', 'munlock', 'shrink', 'clearRefs'],
};
