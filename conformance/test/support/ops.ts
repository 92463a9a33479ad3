import type { Op, UffdModeName } from 'fork-sim';
import type { AdviceName } from 'vma-core';

type OpOf<Name extends Op['op']> = Extract<Op, { op: Name }>;

/** Short forms of operations, for stories: pages, and all else that differs from the usual. */
export function map(page: number, pages: number, more: Partial<OpOf<'mmap'>> = {}): Op {
  return { op: 'mmap', page, pages, prot: 'rw', ...more };
}

export function touch(page: number, access: 'read' | 'write', pages = 1): Op {
  return { op: 'touch', page, access, pages };
}

export function advise(page: number, pages: number, advice: AdviceName): Op {
  return { op: 'madvise', page, pages, advice };
}

export function guard(page: number, pages = 1): Op {
  return advise(page, pages, 'GUARD_INSTALL');
}

export function unmap(page: number, pages: number): Op {
  return { op: 'munmap', page, pages };
}

export function mprotect(page: number, pages: number, prot: string): Op {
  return { op: 'mprotect', page, pages, prot };
}

/** A move to a fixed place; the size stays. */
export function move(page: number, pages: number, newPage: number, more: Partial<OpOf<'mremap'>> = {}): Op {
  return { op: 'mremap', page, pages, newPages: pages, newPage, ...more };
}

export function register(page: number, pages: number, more: Partial<OpOf<'uffd_register'>> = {}): Op {
  const mode: UffdModeName = 'wp';
  return { op: 'uffd_register', page, pages, mode, ...more };
}

export function unregister(page: number, pages: number): Op {
  return { op: 'uffd_unregister', page, pages };
}

/** UFFDIO_WRITEPROTECT. */
export function wp(page: number, pages: number, on = true): Op {
  return { op: 'uffd_wp', page, pages, on };
}

export const fork: Op = { op: 'fork' };
/** A fork after which the child goes on. */
export const forkChild: Op = { op: 'fork', continueIn: 'child' };
