import {
  MAP_ANONYMOUS,
  MAP_DROPPABLE,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_LOCKED,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_STACK,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PAGE_SIZE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  type VirtAddr,
} from 'vma-core';
import { ARENA_BASE, type OpOf } from './scenario.ts';

const PROTS: readonly (readonly [letter: string, bit: number])[] = [
  ['r', PROT_READ],
  ['w', PROT_WRITE],
  ['x', PROT_EXEC],
];

/** Flags of an mmap that a field stands for by itself. */
export const MAP_FLAG_FIELDS: readonly (readonly [
  field: 'noreserve' | 'locked' | 'populate' | 'growsdown' | 'stack',
  bit: number,
])[] = [
  ['noreserve', MAP_NORESERVE],
  ['locked', MAP_LOCKED],
  ['populate', MAP_POPULATE],
  ['growsdown', MAP_GROWSDOWN],
  ['stack', MAP_STACK],
];

/** PROT_ bits of `none` or letters of `rwx`. */
export function protBits(prot: string): number {
  return prot === 'none' ? 0 : PROTS.reduce((bits, [letter, bit]) => (prot.includes(letter) ? bits | bit : bits), 0);
}

/** Letters of PROT_ bits, or `none`. */
export function protLetters(bits: number): string {
  return PROTS.map(([letter, bit]) => ((bits & bit) === 0 ? '' : letter)).join('') || 'none';
}

/** Address of a page of the arena. */
export function pageAddress(page: number): VirtAddr {
  return (ARENA_BASE + page * PAGE_SIZE) as VirtAddr;
}

/** A range of pages as calls name it. */
export function rangeOf({ page, pages }: { readonly page: number; readonly pages: number }): {
  readonly addr: VirtAddr;
  readonly length: number;
} {
  return { addr: pageAddress(page), length: pages * PAGE_SIZE };
}

interface MmapArgs {
  readonly addr: VirtAddr;
  readonly length: number;
  readonly prot: number;
  readonly flags: number;
}

/** What the kernel is asked for by an mmap of a scenario. */
export function mmapArgs(op: OpOf<'mmap'>): MmapArgs {
  const { page = 0, pages, prot, backing = 'anon', hint, anywhere } = op;
  const addr = anywhere && hint === undefined ? (0 as VirtAddr) : pageAddress(hint ?? page);
  const fixed = anywhere || hint !== undefined ? 0 : op.noreplace ? MAP_FIXED_NOREPLACE : MAP_FIXED;
  const length = pages * PAGE_SIZE;
  // shmat(SHM_REMAP): always shared and writable; it takes no other flag.
  if (backing === 'sysv') return { addr, length, prot: PROT_READ | PROT_WRITE, flags: MAP_SHARED | fixed };
  const type = op.droppable ? MAP_DROPPABLE : op.shared ? MAP_SHARED : MAP_PRIVATE;
  const more = MAP_FLAG_FIELDS.reduce((bits, [field, bit]) => (op[field] ? bits | bit : bits), 0);
  const flags = type | fixed | (backing === 'anon' ? MAP_ANONYMOUS : 0) | more;
  return { addr, length, prot: protBits(prot), flags };
}

/** What the kernel is asked for by an mremap of a scenario; `newAddr` is `null` where it may choose. */
export function mremapArgs(op: OpOf<'mremap'>): {
  readonly addr: VirtAddr;
  readonly oldLength: number;
  readonly newLength: number;
  readonly flags: number;
  readonly newAddr: VirtAddr | null;
} {
  const fixed = op.newPage !== undefined;
  return {
    addr: pageAddress(op.page),
    oldLength: op.pages * PAGE_SIZE,
    newLength: op.newPages * PAGE_SIZE,
    flags:
      (fixed || op.mayMove || op.dontUnmap ? MREMAP_MAYMOVE : 0) |
      (fixed ? MREMAP_FIXED : 0) |
      (op.dontUnmap ? MREMAP_DONTUNMAP : 0),
    newAddr: op.newPage === undefined ? null : pageAddress(op.newPage),
  };
}
