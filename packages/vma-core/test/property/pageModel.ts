import {
  type Errno,
  formatVmFlags,
  type Mm,
  PAGE_SIZE,
  VM_ACCOUNT,
  VM_MAYBE_GUARD,
  VM_SOFTDIRTY,
  type Vma,
  vmFlags,
  withoutVmFlags,
} from '../../src/index.ts';
import { ARENA, ARENA_PAGES, type Kind, type Syscall } from './syscall.ts';

/** What a program can see of one page, and nothing about VMAs. */
export interface ModelPage {
  readonly kind: Kind;
  /** Id of the file, 0 for anonymous memory. */
  readonly file: number;
  /** Page of the file. */
  readonly offset: number;
  prot: number;
  /** Words of a VmFlags line that a call sets and takes away. */
  readonly flags: Set<string>;
  /** The anon_vma under which the page was written, or `null`. */
  anonVma: number | null;
  guard: boolean;
  /** The words `gu` and `sd`, once they were there. */
  readonly sticky: Set<string>;
}

const clone = (page: ModelPage, offset: number): ModelPage => ({
  ...page,
  offset,
  flags: new Set(page.flags),
  sticky: new Set(page.sticky),
});

/** What the words of flags say that depend on the kind alone. */
const KIND_WORDS: Readonly<Record<Kind, string>> = {
  anon: 'mr mw me',
  noreserve: 'mr mw me nr',
  stack: 'mr mw me gd nh',
  droppable: 'mr mw me nr wf dd dp',
  'shared anon': 'sh mr mw me ms',
  'private file': 'mr mw me',
  'shared file': 'sh mr mw me ms',
  'read-only file': 'mr me ms',
  tmpfs: 'sh mr mw me ms',
  sysv: 'sh mr mw me ms',
};
const SHARED: readonly Kind[] = ['shared anon', 'shared file', 'read-only file', 'tmpfs', 'sysv'];
const isShared = (page: ModelPage): boolean => SHARED.includes(page.kind);
const isReadOnlyAnonymous = (page: ModelPage): boolean => page.file === 0 && (page.prot & 2) === 0;

/**
 * An address space as an array of pages: no VMAs, so nothing merges and nothing is cut. It does call by call, page by page,
 * what the manual pages say, and then every page of the engine's must look like the one here.
 */
export class PageModel {
  pages: (ModelPage | null)[] = Array.from({ length: ARENA_PAGES }, () => null);
  readonly guards: 'none' | 'anonymous' | 'all';

  constructor(guards: 'none' | 'anonymous' | 'all') {
    this.guards = guards;
  }

  /** Does a call; returns what it answers. `mremap` is told what the engine answered: whether it fits VMAs is not seen here. */
  run(one: Syscall, answered: number | string, mm: Mm): number | string {
    const range = Array.from({ length: one.pages }, (_, i) => one.page + i);
    switch (one.call) {
      case 'mmap': {
        if (one.kind === 'read-only file' && (one.prot & 2) !== 0) return 'EACCES';
        if (this.#anySealed(range)) return 'EPERM';
        const file = fileOf(mm, one.page);
        for (const at of range) this.pages[at] = newPage(one.kind, file, one.prot, one.page, at);
        return ARENA + one.page * PAGE_SIZE;
      }
      case 'munmap':
        if (this.#anySealed(range)) return 'EPERM';
        for (const at of range) this.pages[at] = null;
        return 0;
      case 'mprotect':
        return this.#each(range, 'stop', (page) => {
          if ((one.prot & 2) !== 0 && page.kind === 'read-only file') return 'EACCES';
          if (page.flags.has('sl')) return 'EPERM';
          page.prot = one.prot;
          return 0;
        });
      case 'mlock':
      case 'mlock2':
      case 'munlock':
        return this.#each(range, 'stop', (page) => {
          if (page.kind === 'droppable') return 0;
          page.flags.delete('lf');
          page.flags.delete('lo');
          if (one.call !== 'munlock') page.flags.add('lo');
          if (one.call === 'mlock2') page.flags.add('lf');
          return 0;
        });
      case 'mseal':
        if (range.some((at) => this.pages[at] === null)) return 'ENOMEM';
        for (const at of range) this.pages[at]?.flags.add('sl');
        return 0;
      case 'madvise':
        return this.#madvise(range, one.advice);
      case 'write':
        return this.#write(one.page, mm);
      case 'mremap':
        return this.#mremap(one, answered);
      default:
        return one satisfies never;
    }
  }

  #anySealed(range: readonly number[]): boolean {
    return range.some((at) => this.pages[at]?.flags.has('sl'));
  }

  /** Page by page; a hole is ENOMEM, at once or when all others are done. */
  #each(range: readonly number[], hole: 'stop' | 'goOn', change: (page: ModelPage) => 0 | Errno): 0 | Errno {
    let result: 0 | Errno = 0;
    for (const at of range) {
      const page = this.pages[at];
      if (!page) {
        result = 'ENOMEM';
        if (hole === 'stop') return result;
        continue;
      }
      const refused = change(page);
      if (refused !== 0) return refused;
    }
    return result;
  }

  #madvise(range: readonly number[], advice: Extract<Syscall, { call: 'madvise' }>['advice']): 0 | Errno {
    if (advice.startsWith('GUARD') && this.guards === 'none') return 'EINVAL';
    return this.#each(range, 'goOn', (page) => {
      const { flags } = page;
      const discards = ['FREE', 'DONTNEED', 'DONTFORK', 'WIPEONFORK', 'GUARD_INSTALL'].includes(advice);
      if (flags.has('sl') && discards && isReadOnlyAnonymous(page)) return 'EPERM';
      const set = (on: string | null, off: string | null): 0 => {
        if (off) flags.delete(off);
        if (on) flags.add(on);
        return 0;
      };
      switch (advice) {
        case 'NORMAL':
          set(null, 'sr');
          return set(null, 'rr');
        case 'RANDOM':
          return set('rr', 'sr');
        case 'SEQUENTIAL':
          return set('sr', 'rr');
        case 'DONTFORK':
          return set('dc', null);
        case 'DOFORK':
          return set(null, 'dc');
        case 'WIPEONFORK':
          return page.file !== 0 || isShared(page) ? 'EINVAL' : set('wf', null);
        case 'KEEPONFORK':
          return page.kind === 'droppable' ? 'EINVAL' : set(null, 'wf');
        case 'DONTDUMP':
          return set('dd', null);
        case 'DODUMP':
          return page.kind === 'droppable' ? 'EINVAL' : set(null, 'dd');
        case 'MERGEABLE':
          return isShared(page) || page.kind === 'droppable' ? 0 : set('mg', null);
        case 'UNMERGEABLE':
          return set(null, 'mg');
        case 'HUGEPAGE':
          return set('hg', 'nh');
        case 'NOHUGEPAGE':
          return set('nh', 'hg');
        case 'DONTNEED':
        case 'COLD':
          return flags.has('lo') ? 'EINVAL' : 0;
        case 'FREE':
          return flags.has('lo') || page.file !== 0 ? 'EINVAL' : 0;
        case 'GUARD_INSTALL':
          if (flags.has('lo')) return 'EINVAL';
          page.guard = true;
          return 0;
        case 'GUARD_REMOVE':
          page.guard = false;
          return 0;
        default:
          return advice satisfies never;
      }
    });
  }

  #write(at: number, mm: Mm): 0 | 'SIGSEGV' {
    const page = this.pages[at];
    if (!page || (page.prot & 2) === 0) return 'SIGSEGV';
    if (isShared(page)) return 0;
    const { anonVma } = mm.view(mm.vmaLookup(ARENA + at * PAGE_SIZE));
    if (anonVma === null) throw new Error(`page ${at} was written and has no anon_vma`);
    if (page.anonVma !== null && page.anonVma !== anonVma)
      throw new Error(`page ${at} has another anon_vma than before`);
    page.anonVma = anonVma;
    return 0;
  }

  #mremap(one: Extract<Syscall, { call: 'mremap' }>, answered: number | string): number | string {
    const { page, pages, newPages, to, dontUnmap } = one;
    // A refused move may have moved or unmapped some pages: see settle().
    if (typeof answered === 'string') return answered;
    const source = this.pages.slice(page, page + pages);
    const last = source[Math.min(pages, newPages) - 1];
    const result = Array.from({ length: newPages }, (_, i) => {
      if (i < pages) return source[i] ?? null;
      return last ? { ...clone(last, last.offset + i - pages + 1), anonVma: null, guard: false } : null;
    });
    if (to === null) {
      for (let i = newPages; i < pages; i++) this.pages[page + i] = null;
      for (const [i, moved] of result.entries()) this.pages[page + i] = moved;
      // What grew out of the arena is looked at no more.
      this.pages.length = ARENA_PAGES;
      return ARENA + page * PAGE_SIZE;
    }
    for (let i = 0; i < pages; i++) {
      const left = source[i];
      this.pages[page + i] = dontUnmap && left ? { ...clone(left, left.offset), anonVma: null, guard: false } : null;
    }
    for (const [i, moved] of result.entries()) {
      // A move that keeps the size goes VMA by VMA: what lies opposite a hole of the source is left alone.
      if (moved !== null || newPages !== pages) this.pages[to + i] = moved;
    }
    return ARENA + to * PAGE_SIZE;
  }

  /**
   * After a refused `mremap`: each page it could have touched is as before, or gone, or moved to its place; which, depends on
   * the VMAs and on the kernel. What the engine has of these is taken over; anything else is a difference.
   */
  settle(one: Extract<Syscall, { call: 'mremap' }>, vmas: PageVmas): void {
    const before = [...this.pages];
    const moved = (at: number): ModelPage | null =>
      one.to === null || at < one.to || at >= one.to + one.pages ? null : (before[one.page + at - one.to] ?? null);
    const touched = (at: number): boolean => {
      const within = (start: number, length: number): boolean => at >= start && at < start + length;
      return within(one.page, one.pages) || (one.to !== null && within(one.to, Math.max(one.pages, one.newPages)));
    };
    for (let at = 0; at < ARENA_PAGES; at++) {
      if (!touched(at)) continue;
      const candidates = [before[at] ?? null, null, moved(at)];
      const fitting = candidates.find((page) => differs(vmas, at, page) === null);
      if (fitting === undefined) continue;
      const taken = fitting && clone(fitting, fitting.offset);
      // What moved took its anon_vma along, and DONTUNMAP leaves a source that looks the same.
      if (taken && one.dontUnmap && vmas[at]?.anonVma !== taken.anonVma) taken.anonVma = null;
      this.pages[at] = taken;
    }
  }

  /** The first page that the engine sees otherwise, in words, or `null`. */
  difference(vmas: PageVmas): string | null {
    for (let at = 0; at < ARENA_PAGES; at++) {
      const difference = differs(vmas, at, this.pages[at] ?? null);
      if (difference !== null) return difference;
    }
    return null;
  }

  /**
   * Pages that had a sticky flag and have it no longer: `gu`, or `sd`. Takes note of those that have one now.
   */
  lostSticky(vmas: PageVmas): string[] {
    const lost: string[] = [];
    for (const [at, page] of this.pages.entries()) {
      if (!page) continue;
      for (const [word, flag] of STICKY) {
        if (((vmas[at]?.vmFlags ?? 0n) & flag) !== 0n) page.sticky.add(word);
        else if (page.sticky.has(word)) lost.push(`page ${at} lost ${word}`);
      }
    }
    return lost;
  }

  /** Written pages whose VMA no longer has the anon_vma that they were written under. */
  lostAnonVma(vmas: PageVmas): string[] {
    return this.pages.flatMap((page, at) => {
      if (!page || page.anonVma === null) return [];
      const anonVma = vmas[at]?.anonVma ?? null;
      return anonVma === page.anonVma ? [] : [`page ${at} was written under av${page.anonVma}, now av${anonVma}`];
    });
  }

  /** Where guard markers are, for `validateMm`. */
  guardRanges(): { start: number; end: number }[] {
    return this.pages.flatMap((page, at) => {
      const start = ARENA + at * PAGE_SIZE;
      return page?.guard ? [{ start, end: start + PAGE_SIZE }] : [];
    });
  }
}

function newPage(kind: Kind, file: number, prot: number, start: number, at: number): ModelPage {
  // A file is mapped at the page of its number, SysV and shared anonymous memory from their start.
  const offset = kind === 'sysv' || kind === 'shared anon' ? at - start : at;
  const flags = new Set(KIND_WORDS[kind].split(' '));
  return { kind, file, offset, prot, flags, anonVma: null, guard: false, sticky: new Set() };
}

/** The engine's VMA of each page of the arena. */
export type PageVmas = readonly (Vma | null)[];

/** Looks every page up once. */
export function pageVmas(mm: Mm): PageVmas {
  const pages: (Vma | null)[] = Array.from({ length: ARENA_PAGES }, () => null);
  for (const vma of mm.vmas()) {
    pages.fill(vma, Math.max(0, (vma.vmStart - ARENA) / PAGE_SIZE), (vma.vmEnd - ARENA) / PAGE_SIZE);
  }
  return pages;
}

/** The flags that may be sticky, by their letters. */
const STICKY = [
  ['gu', VM_MAYBE_GUARD],
  ['sd', VM_SOFTDIRTY],
] as const;

/** The file that the engine mapped: of shared anonymous memory only it knows the id. */
function fileOf(mm: Mm, at: number): number {
  const vma = mm.vmaLookup(ARENA + at * PAGE_SIZE);
  return mm.store.file[vma]!;
}

/** Flags that VMAs have and pages do not: whole mappings are accounted, soft-dirty, perhaps guarded. */
const OF_VMAS = vmFlags(VM_ACCOUNT, VM_SOFTDIRTY, VM_MAYBE_GUARD);

function differs(vmas: PageVmas, at: number, page: ModelPage | null): string | null {
  const vma = vmas[at] ?? null;
  if (vma === null || page === null) {
    if (vma === null && page === null) return null;
    return `page ${at} is ${vma === null ? 'unmapped' : 'mapped'}, and should be ${page === null ? 'unmapped' : 'mapped'}`;
  }
  const flags = formatVmFlags(withoutVmFlags(vma.vmFlags, OF_VMAS));
  const access = ['rd', 'wr', 'ex'].filter((_, bit) => (page.prot >> bit) & 1);
  const expected = [...access, ...page.flags].sort().join(' ');
  if (flags.split(' ').sort().join(' ') !== expected)
    return `page ${at} has flags "${flags}", and should have "${expected}"`;
  if ((vma.vmFile ?? 0) !== page.file) return `page ${at} is of file ${vma.vmFile}, and should be of ${page.file}`;
  if (page.file === 0) return null;
  const offset = vma.vmPgoff + (ARENA + at * PAGE_SIZE - vma.vmStart) / PAGE_SIZE;
  return offset === page.offset ? null : `page ${at} is page ${offset} of its file, and should be ${page.offset}`;
}
