import fc from 'fast-check';
import {
  type AdviceName,
  MADV,
  MAP_ANONYMOUS,
  MAP_DROPPABLE,
  MAP_FIXED,
  MAP_GROWSDOWN,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_STACK,
  MLOCK_ONFAULT,
  type Mm,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  NO_VMA,
  PAGE_SIZE,
  VM_MAYSHARE,
  VM_WRITE,
} from '../../src/index.ts';
import { anonVmaPrepare } from '../../src/merge/index.ts';
import { madvise, mlock, mmap, mprotect, mremap, mseal, munlock, munmap } from '../../src/mm/index.ts';

/** Where the calls take place: 40 pages from here. */
export const ARENA = 0x1000_0000;
export const ARENA_PAGES = 40;

/** Kinds of memory that a call maps; files by id: 1 a file, 2 tmpfs, 3 SysV memory with a close hook. */
const KINDS = {
  anon: { flags: MAP_PRIVATE | MAP_ANONYMOUS, file: 0 },
  noreserve: { flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, file: 0 },
  stack: { flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_GROWSDOWN, file: 0 },
  droppable: { flags: MAP_DROPPABLE | MAP_ANONYMOUS, file: 0 },
  'shared anon': { flags: MAP_SHARED | MAP_ANONYMOUS, file: 0 },
  'private file': { flags: MAP_PRIVATE, file: 1 },
  'shared file': { flags: MAP_SHARED, file: 1 },
  'read-only file': { flags: MAP_SHARED, file: 1 },
  tmpfs: { flags: MAP_SHARED, file: 2 },
  sysv: { flags: MAP_SHARED, file: 3 },
} as const;
export type Kind = keyof typeof KINDS;

/** Advice that the model knows the effect of. */
const ADVICE = [
  'NORMAL',
  'RANDOM',
  'SEQUENTIAL',
  'DONTFORK',
  'DOFORK',
  'WIPEONFORK',
  'KEEPONFORK',
  'DONTDUMP',
  'DODUMP',
  'MERGEABLE',
  'UNMERGEABLE',
  'HUGEPAGE',
  'NOHUGEPAGE',
  'DONTNEED',
  'FREE',
  'COLD',
  'GUARD_INSTALL',
  'GUARD_REMOVE',
] as const satisfies readonly AdviceName[];

/** A system call, or a write. Pages count from the start of the arena. */
export type Syscall = { readonly page: number; readonly pages: number } & (
  | { readonly call: 'mmap'; readonly kind: Kind; readonly prot: number }
  | { readonly call: 'munmap' | 'mlock' | 'mlock2' | 'munlock' | 'mseal' | 'write' }
  | { readonly call: 'mprotect'; readonly prot: number }
  | { readonly call: 'madvise'; readonly advice: (typeof ADVICE)[number] }
  | { readonly call: 'mremap'; readonly newPages: number; readonly to: number | null; readonly dontUnmap: boolean }
);

/** Ranges that touch each other often: small numbers, few places. */
const range = fc.tuple(fc.nat(ARENA_PAGES - 1), fc.integer({ min: 1, max: 12 })).map(([page, pages]) => ({
  page,
  pages: Math.min(pages, ARENA_PAGES - page),
}));

/** What a run of calls is drawn from. */
interface Palette {
  readonly kinds: readonly Kind[];
  readonly prots: readonly number[];
  readonly advice: readonly (typeof ADVICE)[number][];
  readonly locks: number;
}

/** Everything there is: little of it alike, so that few merge. */
const EVERYTHING: Palette = {
  kinds: Object.keys(KINDS) as Kind[],
  prots: [3, 3, 1, 0, 5],
  advice: ADVICE,
  locks: 4,
};

/** Two kinds of memory and few flags: most neighbours merge, or are kept apart by an anon_vma or an offset. */
const ALIKE: Palette = {
  kinds: ['anon', 'anon', 'private file'],
  prots: [3, 3, 3, 1],
  advice: ['DONTDUMP', 'DODUMP', 'DODUMP', 'GUARD_INSTALL', 'GUARD_REMOVE', 'DONTNEED'],
  locks: 1,
};

const of = <T>(
  rest: fc.Arbitrary<T>,
  make: (at: { page: number; pages: number }, one: T) => Syscall,
): fc.Arbitrary<Syscall> => fc.tuple(range, rest).map(([at, one]) => make(at, one));

function syscallsOf({ kinds, prots, advice, locks }: Palette): fc.Arbitrary<Syscall> {
  const prot = fc.constantFrom(...prots);
  const lock = fc.constantFrom<'mlock' | 'mlock2' | 'munlock'>('mlock', 'mlock2', 'munlock');
  return fc.oneof(
    {
      weight: 8,
      arbitrary: of(fc.tuple(fc.constantFrom(...kinds), prot), (at, [kind, one]) => ({
        ...at,
        call: 'mmap',
        kind,
        prot: one,
      })),
    },
    { weight: 1, arbitrary: of(fc.constant(null), (at) => ({ ...at, call: 'munmap' })) },
    { weight: 5, arbitrary: of(prot, (at, one) => ({ ...at, call: 'mprotect', prot: one })) },
    { weight: locks, arbitrary: of(lock, (at, call) => ({ ...at, call })) },
    { weight: 6, arbitrary: of(fc.constant(null), (at) => ({ ...at, call: 'write' })) },
    { weight: 6, arbitrary: of(fc.constantFrom(...advice), (at, one) => ({ ...at, call: 'madvise', advice: one })) },
    {
      weight: 5,
      arbitrary: of(
        fc.tuple(fc.integer({ min: 0, max: 8 }), fc.option(fc.nat(ARENA_PAGES - 13)), fc.boolean()),
        (at, [newPages, to, leave]) => ({
          ...at,
          call: 'mremap',
          to,
          // Most keep the size; DONTUNMAP must, and goes to an address.
          newPages: newPages > 4 || (leave && to !== null) ? at.pages : newPages,
          dontUnmap: leave && to !== null,
        }),
      ),
    },
    { weight: 1, arbitrary: of(fc.nat(9), (at, rare) => ({ ...at, call: rare === 0 ? 'mseal' : 'munlock' })) },
  );
}

/** Any system call within the arena, of everything there is, or of what is mostly alike. */
export const syscalls: { readonly everything: fc.Arbitrary<Syscall>; readonly alike: fc.Arbitrary<Syscall> } = {
  everything: syscallsOf(EVERYTHING),
  alike: syscallsOf(ALIKE),
};

/** Carries a call out. A write makes the VMA of its first page have an anon_vma, as a fault would. */
export function runSyscall(mm: Mm, one: Syscall): number | string {
  const addr = ARENA + one.page * PAGE_SIZE;
  const length = one.pages * PAGE_SIZE;
  switch (one.call) {
    case 'mmap': {
      const { flags, file } = KINDS[one.kind];
      const pgoff = one.kind === 'sysv' ? 0 : one.page;
      const fileWritable = one.kind !== 'read-only file';
      return mmap(mm, { addr, length, prot: one.prot, flags: flags | MAP_FIXED, file, pgoff, fileWritable });
    }
    case 'munmap':
      return munmap(mm, addr, length);
    case 'mprotect':
      return mprotect(mm, addr, length, one.prot);
    case 'madvise':
      return madvise(mm, addr, length, MADV[one.advice]);
    case 'mlock':
      return mlock(mm, addr, length);
    case 'mlock2':
      return mlock(mm, addr, length, MLOCK_ONFAULT);
    case 'munlock':
      return munlock(mm, addr, length);
    case 'mseal':
      return mseal(mm, addr, length);
    case 'mremap': {
      const fixed = one.to === null ? 0 : MREMAP_MAYMOVE | MREMAP_FIXED;
      return mremap(mm, {
        oldAddr: addr,
        oldLength: length,
        newLength: one.newPages * PAGE_SIZE,
        flags: fixed | (one.dontUnmap ? MREMAP_DONTUNMAP : 0),
        newAddr: ARENA + (one.to ?? 0) * PAGE_SIZE,
      });
    }
    case 'write': {
      const vma = mm.vmaLookup(addr);
      if (vma === NO_VMA) return 'SIGSEGV';
      const flags = mm.store.flags(vma);
      if ((flags & VM_WRITE) === 0n) return 'SIGSEGV';
      if ((flags & VM_MAYSHARE) === 0n) anonVmaPrepare(mm, vma);
      return 0;
    }
    default:
      return one satisfies never;
  }
}

/** The call as a line, as strace would write it. */
export function syscallLine(one: Syscall, result?: number | string): string {
  const { call, page, pages, ...rest } = one;
  const more = Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`);
  const answer = result === undefined ? '' : ` = ${typeof result === 'string' ? result : 'ok'}`;
  return `${call}(${[`${page}+${pages}`, ...more].join(', ')})${answer}`;
}
