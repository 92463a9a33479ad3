import { anonVmaPrepare } from '../anonVma.ts';
import type { Mm } from '../mm.ts';
import { PAGE_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { LO_ACCESS, LO_ACCOUNT, LO_GROWSDOWN } from '../vmFlags.ts';
import { mlockFutureOk } from './memlock.ts';
import { STACK_GUARD_GAP } from './unmappedArea.ts';

/**
 * Grows a stack down to the page of `addr`, if the first VMA above is one that may. It grows exactly to that page, merges
 * with nothing it meets, and makes no new VMA.
 *
 *         addr       vma (gd)
 *   |PROT_NONE|  .----|-------|   ->  256 pages must stay free below, unless what lies there is inaccessible
 *
 * Kernel: `expand_downwards()`, mm/vma.c, from the page fault handler.
 *
 * @returns the VMA, or none: fewer than 256 pages to an accessible VMA below, larger than RLIMIT_STACK, or a locked one past RLIMIT_MEMLOCK
 */
export function expandStack(mm: Mm, addr: number): VmaRef {
  const store = mm.store;
  const page = Math.floor(addr / PAGE_SIZE) * PAGE_SIZE;
  const vma = mm.findVma(page);
  if (vma === NO_VMA || (store.flagsLo[vma]! & LO_GROWSDOWN) === 0) return NO_VMA;
  const start = store.start[vma]!;
  if (start <= page) return vma;
  const below = mm.index.prev(vma);
  if (below !== NO_VMA) {
    const lo = store.flagsLo[below]!;
    const accessible = (lo & LO_GROWSDOWN) === 0 && (lo & LO_ACCESS) !== 0;
    if (accessible && page - store.end[below]! < STACK_GUARD_GAP) return NO_VMA;
  }
  if (!anonVmaPrepare(mm, vma)) return NO_VMA;
  if (store.end[vma]! - page > mm.stackLimit) return NO_VMA;
  if (!mlockFutureOk(mm, store.flagsLo[vma]!, start - page)) return NO_VMA;
  const pages = (start - page) / PAGE_SIZE;
  if (pages > store.pgoff[vma]!) return NO_VMA;
  countGrowth(mm, store.flagsLo[vma]!, pages);
  mm.setRange(vma, page, store.end[vma]!, store.pgoff[vma]! - pages, store.anonPgoff[vma]! - pages);
  return vma;
}

/** A stack is charged for where it grows, even one that is not accounted otherwise. Kernel: `acct_stack_growth()`. */
function countGrowth(mm: Mm, lo: number, pages: number): void {
  mm.counters.add(lo | LO_ACCOUNT, pages);
}
