import fc from 'fast-check';
import {
  type AdviceName,
  MADV,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PAGE_SIZE,
} from 'vma-core';
import type { Process } from '../../src/index.ts';

/** First page of the arena lies 12 pages below a 2 MiB boundary, so that ranges reach over two page tables. */
const ARENA = 0x2000_0020_0000 - 12 * PAGE_SIZE;
export const ARENA_PAGES = 24;
/** Pages of the file; mappings may reach beyond its end. */
export const FILE_PAGES = 20;

/** What a mapping is. */
export type Kind = 'anon' | 'shared anon' | 'private file' | 'shared file';

/** One call of a process, in pages of the arena. */
export type Call = { readonly page: number; readonly pages: number } & (
  | { readonly call: 'mmap'; readonly kind: Kind; readonly prot: number }
  | { readonly call: 'munmap' | 'mlock' | 'munlock' }
  | { readonly call: 'mprotect'; readonly prot: number }
  | { readonly call: 'madvise'; readonly advice: AdviceName }
  | { readonly call: 'mremap'; readonly to: number; readonly dontUnmap: boolean }
  | { readonly call: 'read' }
  | { readonly call: 'write'; readonly value: number }
);

const ADVICE: readonly AdviceName[] = [
  'DONTNEED',
  'FREE',
  'GUARD_INSTALL',
  'GUARD_INSTALL',
  'GUARD_REMOVE',
  'DONTFORK',
  'DOFORK',
  'WIPEONFORK',
  'KEEPONFORK',
  'POPULATE_READ',
  'POPULATE_WRITE',
  'SEQUENTIAL',
  'NORMAL',
];

/** Most ranges are blocks of four pages, so that they meet: what touches nothing never merges. */
const block = fc
  .tuple(fc.nat(ARENA_PAGES / 4 - 1), fc.constantFrom(4, 4, 4, 8))
  .map(([at, pages]) => ({ page: at * 4, pages: Math.min(pages, ARENA_PAGES - at * 4) }));
const anyRange = fc
  .tuple(fc.nat(ARENA_PAGES - 1), fc.integer({ min: 1, max: 8 }))
  .map(([page, pages]) => ({ page, pages: Math.min(pages, ARENA_PAGES - page) }));
const range = fc.oneof({ weight: 4, arbitrary: block }, { weight: 1, arbitrary: anyRange });
/** Where pages are touched, or guarded: a few of a block. */
const few = fc
  .tuple(fc.nat(ARENA_PAGES - 1), fc.integer({ min: 1, max: 3 }))
  .map(([page, pages]) => ({ page, pages: Math.min(pages, ARENA_PAGES - page) }));
const prot = fc.constantFrom(3, 3, 3, 3, 1, 1, 0, 7);

/** A random call. */
export const calls: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        range,
        fc.constantFrom<Kind>('anon', 'anon', 'private file', 'private file', 'shared anon', 'shared file'),
        prot,
      )
      .map(([at, kind, bits]) => ({ ...at, call: 'mmap' as const, kind, prot: bits })),
  },
  { weight: 1, arbitrary: range.map((at) => ({ ...at, call: 'munmap' as const })) },
  {
    weight: 1,
    arbitrary: fc.tuple(range, fc.constantFrom('mlock', 'munlock')).map(([at, call]) => ({ ...at, call }) as Call),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(range, prot).map(([at, bits]) => ({ ...at, call: 'mprotect' as const, prot: bits })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(range, fc.constantFrom(...ADVICE))
      .map(([at, advice]) => ({ ...at, call: 'madvise' as const, advice })),
  },
  { weight: 3, arbitrary: few.map((at) => ({ ...at, call: 'madvise' as const, advice: 'GUARD_INSTALL' as const })) },
  {
    weight: 4,
    arbitrary: fc.tuple(range, fc.nat(ARENA_PAGES / 4 - 1), fc.boolean()).map(([at, to, dontUnmap]) => ({
      ...at,
      to: Math.min(to * 4, ARENA_PAGES - at.pages),
      call: 'mremap' as const,
      dontUnmap,
    })),
  },
  { weight: 2, arbitrary: few.map((at) => ({ ...at, call: 'read' as const })) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(few, fc.integer({ min: 1, max: 255 }))
      .map(([at, value]) => ({ ...at, call: 'write' as const, value })),
  },
);

/** Address of a page of the arena. */
export function addressOf(page: number): number {
  return ARENA + page * PAGE_SIZE;
}

/** Performs a call. `read` and `write` touch page after page, and answer with the faults. */
export function performCall(process: Process, file: number, one: Call): unknown {
  const addr = addressOf(one.page);
  const length = one.pages * PAGE_SIZE;
  switch (one.call) {
    case 'mmap': {
      const shared = one.kind.startsWith('shared') ? MAP_SHARED : MAP_PRIVATE;
      const anonymous = one.kind.endsWith('anon');
      const flags = MAP_FIXED | shared | (anonymous ? MAP_ANONYMOUS : 0);
      return process.mmap({ addr, length, prot: one.prot, flags, ...(anonymous ? {} : { file, pgoff: one.page }) });
    }
    case 'munmap':
      return process.munmap(addr, length);
    case 'mlock':
      return process.mlock(addr, length);
    case 'munlock':
      return process.munlock(addr, length);
    case 'mprotect':
      return process.mprotect(addr, length, one.prot);
    case 'madvise':
      return process.madvise(addr, length, MADV[one.advice]);
    case 'mremap': {
      const flags = MREMAP_MAYMOVE | MREMAP_FIXED | (one.dontUnmap ? MREMAP_DONTUNMAP : 0);
      return process.mremap({ oldAddr: addr, oldLength: length, newLength: length, newAddr: addressOf(one.to), flags });
    }
    case 'read':
    case 'write':
      return Array.from({ length: one.pages }, (_, i) => {
        const at = addressOf(one.page + i);
        return one.call === 'read' ? process.access(at, 'read') : process.access(at, 'write', one.value);
      });
    default:
      return one satisfies never;
  }
}

/** A call as a line to be read. */
export function callLine(one: Call): string {
  const at = `${one.page}+${one.pages}`;
  switch (one.call) {
    case 'mmap':
      return `mmap ${at} ${one.kind} prot ${one.prot}`;
    case 'mprotect':
      return `mprotect ${at} prot ${one.prot}`;
    case 'madvise':
      return `madvise ${at} ${one.advice}`;
    case 'mremap':
      return `mremap ${at} -> ${one.to}${one.dontUnmap ? ' DONTUNMAP' : ''}`;
    case 'write':
      return `write ${at} ${one.value}`;
    default:
      return `${one.call} ${at}`;
  }
}
