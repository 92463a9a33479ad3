import type { AccessResult } from '../../src/index.ts';
import { ARENA_PAGES, addressOf, type Call, type Kind } from './call.ts';

/** Bytes that several mappings see: of a file, or of shared anonymous memory. Pages that nobody wrote are as they began. */
export class SharedBytes {
  readonly pages: number;
  readonly #written = new Map<number, number>();
  readonly #initial: (index: number) => number;

  constructor(pages: number, initial: (index: number) => number = () => 0) {
    this.pages = pages;
    this.#initial = initial;
  }

  read(index: number): number {
    return this.#written.get(index) ?? this.#initial(index);
  }

  write(index: number, value: number): void {
    this.#written.set(index, value);
  }
}

/** One page as a program sees it. */
interface SeenPage {
  readonly shared: boolean;
  /** `null`: private anonymous memory. */
  readonly backing: SharedBytes | null;
  readonly index: number;
  prot: number;
  /** The private byte; `null`: as the backing says. */
  own: number | null;
  guard: boolean;
  locked: boolean;
  dontFork: boolean;
  wipeOnFork: boolean;
}

/** What one process can see: an array of pages, each for itself. No VMAs, no page tables, so there is nothing to merge or to copy. */
export class ProgramView {
  pages: (SeenPage | null)[] = Array.from({ length: ARENA_PAGES }, () => null);
  readonly file: SharedBytes;
  readonly guards: boolean;

  constructor(file: SharedBytes, guards: boolean) {
    this.file = file;
    this.guards = guards;
  }

  /** A child: DONTFORK is not there, WIPEONFORK is empty, locks are gone. */
  fork(): ProgramView {
    const child = new ProgramView(this.file, this.guards);
    child.pages = this.pages.map((page) => {
      if (page === null || page.dontFork) return null;
      const copy = { ...page, locked: false };
      return page.wipeOnFork ? { ...copy, own: null, guard: false } : copy;
    });
    return child;
  }

  /** Does a call, page by page. Answers what it must return; `undefined`: that depends on more than can be seen here. */
  run(one: Call, answered: unknown, unmapsTargetFirst: boolean): unknown {
    const range = Array.from({ length: one.pages }, (_, i) => one.page + i);
    switch (one.call) {
      case 'mmap': {
        const shared = one.kind === 'shared anon' ? new SharedBytes(one.pages) : null;
        for (const at of range) this.pages[at] = this.#newPage(one.kind, one.prot, at, shared, at - one.page);
        return addressOf(one.page);
      }
      case 'munmap':
        for (const at of range) this.pages[at] = null;
        return 0;
      case 'mlock':
      case 'munlock':
        this.#each(range, true, (page) => {
          page.locked = one.call === 'mlock';
          return 0;
        });
        return undefined;
      case 'mprotect':
        return this.#each(range, true, (page) => {
          page.prot = one.prot;
          return 0;
        });
      case 'madvise':
        return this.#madvise(range, one.advice);
      case 'mremap':
        this.#mremap(one, answered, unmapsTargetFirst);
        return undefined;
      case 'read':
        return range.map((at) => this.read(at));
      case 'write':
        return range.map((at) => this.#write(at, one.value));
      default:
        return one satisfies never;
    }
  }

  /** What a read gives. */
  read(at: number): AccessResult {
    const page = this.pages[at];
    const refused = refusal(page, 7);
    if (!page || refused !== null) return { fault: refused ?? 'MAPERR', value: null };
    if (page.own !== null) return { fault: null, value: page.own };
    if (page.backing === null) return { fault: null, value: 0 };
    if (page.index >= page.backing.pages) return { fault: 'SIGBUS', value: null };
    return { fault: null, value: page.backing.read(page.index) };
  }

  #write(at: number, value: number): AccessResult {
    const page = this.pages[at];
    const refused = refusal(page, 2);
    if (!page || refused !== null) return { fault: refused ?? 'MAPERR', value: null };
    const beyond = page.backing !== null && page.own === null && page.index >= page.backing.pages;
    if (beyond) return { fault: 'SIGBUS', value: null };
    if (page.shared) page.backing?.write(page.index, value);
    else page.own = value;
    return { fault: null, value };
  }

  #newPage(kind: Kind, prot: number, at: number, anonymous: SharedBytes | null, index: number): SeenPage {
    const backing = kind === 'anon' ? null : (anonymous ?? this.file);
    return {
      shared: kind.startsWith('shared'),
      backing,
      index: anonymous === null ? at : index,
      prot,
      own: null,
      guard: false,
      locked: false,
      dontFork: false,
      wipeOnFork: false,
    };
  }

  #each(range: readonly number[], stopAtHole: boolean, change: (page: SeenPage) => unknown): unknown {
    let result: unknown = 0;
    for (const at of range) {
      const page = this.pages[at];
      if (!page) {
        result = 'ENOMEM';
        if (stopAtHole) return result;
        continue;
      }
      const refused = change(page);
      if (refused !== 0) return refused;
    }
    return result;
  }

  #madvise(range: readonly number[], advice: Extract<Call, { call: 'madvise' }>['advice']): unknown {
    if (advice.startsWith('POPULATE')) return undefined;
    if (advice.startsWith('GUARD') && !this.guards) return 'EINVAL';
    return this.#each(range, false, (page) => {
      switch (advice) {
        case 'DONTNEED':
          if (page.locked) return 'EINVAL';
          if (!page.shared) page.own = null;
          return 0;
        case 'FREE':
          return page.locked || page.backing !== null ? 'EINVAL' : 0;
        case 'GUARD_INSTALL':
          if (page.locked) return 'EINVAL';
          page.own = null;
          page.guard = true;
          return 0;
        case 'GUARD_REMOVE':
          page.guard = false;
          return 0;
        case 'DONTFORK':
        case 'DOFORK':
          page.dontFork = advice === 'DONTFORK';
          return 0;
        case 'WIPEONFORK':
          if (page.backing !== null) return 'EINVAL';
          page.wipeOnFork = true;
          return 0;
        case 'KEEPONFORK':
          page.wipeOnFork = false;
          return 0;
        default:
          return 0;
      }
    });
  }

  /** Whether a range can move depends on its VMAs: the engine's answer is taken for that, and not for what then is where. */
  #mremap(one: Extract<Call, { call: 'mremap' }>, answered: unknown, unmapsTargetFirst: boolean): void {
    const { page, pages, to } = one;
    if (page + pages > to && to + pages > page) return;
    const moved = typeof answered === 'number';
    if (!moved && !(unmapsTargetFirst && answered === 'EFAULT' && this.pages[page])) return;
    for (let i = 0; i < pages; i++) {
      const source = this.pages[page + i] ?? null;
      if (!moved) {
        this.pages[to + i] = null;
        continue;
      }
      if (source === null) continue; // A hole moves nothing, and what lies at its target stays.
      this.pages[to + i] = { ...source };
      this.pages[page + i] = one.dontUnmap ? { ...source, own: null, guard: false, locked: false } : null;
    }
  }
}

/** Where an access ends before any page is looked at. */
function refusal(page: SeenPage | null | undefined, wanted: number): 'MAPERR' | 'ACCERR' | null {
  if (!page) return 'MAPERR';
  if ((page.prot & wanted) === 0) return 'ACCERR';
  return page.guard ? 'MAPERR' : null;
}
