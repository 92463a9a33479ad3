import type { Mm } from './mm.ts';
import { PAGE_SIZE } from './units.ts';
import { NO_VMA, type VmaRef } from './vmaStore.ts';
import { LO_ACCESS } from './vmFlags.ts';

/**
 * True where the VMA came by fork and its anon_vma chain still has the parent's links: more than one.
 * Kernel: `vma_is_fork_child()` (6.18), `vma_had_uncowed_parents()` (6.16).
 */
export function isForkChild(mm: Mm, vma: VmaRef): boolean {
  return mm.store.anonVma[vma] !== 0 && mm.store.anonVmaChain[vma]! > 1;
}

/**
 * Gives `dst` the anon_vma and the chain of `src`. Kernel: `anon_vma_clone()`.
 * @returns false where an allocation was made to fail; then nothing has changed
 */
export function anonVmaClone(mm: Mm, dst: VmaRef, src: VmaRef): boolean {
  const store = mm.store;
  if (store.anonVma[src] !== 0 && mm.failAllocation !== null && mm.fails('anonVmaClone')) return false;
  store.anonVma[dst] = store.anonVma[src]!;
  store.anonVmaChain[dst] = store.anonVmaChain[src]!;
  return true;
}

/**
 * In a merge: the target takes over the anon_vma of a VMA that it absorbs, if it has none itself.
 * Kernel: `dup_anon_vma()`, mm/vma.c.
 * @returns false where an allocation was made to fail; then nothing has changed
 */
export function dupAnonVma(mm: Mm, dst: VmaRef, src: VmaRef): boolean {
  const store = mm.store;
  if (store.anonVma[src] === 0 || store.anonVma[dst] !== 0) return true;
  if (mm.failAllocation !== null && mm.fails('dupAnonVma')) return false;
  store.anonVma[dst] = store.anonVma[src]!;
  store.anonVmaChain[dst] = store.anonVmaChain[src]!;
  return true;
}

/** Takes the anon_vma away. Kernel: `unlink_anon_vmas()`. */
export function unlinkAnonVmas(mm: Mm, vma: VmaRef): void {
  mm.store.anonVma[vma] = 0;
  mm.store.anonVmaChain[vma] = 0;
}

/**
 * May `b`, right above `a`, use the anon_vma of the other? They must look as though they could merge after an `mprotect`:
 * flags that differ by access flags and `VM_IGNORE_MERGE` only.
 * Kernel: `anon_vma_compatible()`, mm/vma.c.
 */
export function anonVmaCompatible(mm: Mm, a: VmaRef, b: VmaRef): boolean {
  const store = mm.store;
  const aStart = store.start[a]!;
  const bStart = store.start[b]!;
  const pages = (bStart - aStart) / PAGE_SIZE;
  return (
    store.end[a] === bStart &&
    store.policy[a] === store.policy[b] &&
    store.file[a] === store.file[b] &&
    ((store.flagsLo[a]! ^ store.flagsLo[b]!) & mm.compareLo & ~LO_ACCESS) === 0 &&
    ((store.flagsHi[a]! ^ store.flagsHi[b]!) & mm.compareHi) === 0 &&
    store.pgoff[b] === store.pgoff[a]! + pages &&
    (!mm.profile.fileAnonPgoff || store.anonPgoff[b] === store.anonPgoff[a]! + pages)
  );
}

/**
 * The neighbour whose anon_vma a first write may use: the next VMA's is looked at before the previous one's, and
 * it must be a singleton. Kernel: `find_mergeable_anon_vma()` and `reusable_anon_vma()`, mm/vma.c.
 */
export function findMergeableAnonVma(mm: Mm, vma: VmaRef): VmaRef {
  const next = mm.index.next(vma);
  if (next !== NO_VMA && isReusable(mm, next) && anonVmaCompatible(mm, vma, next)) return next;
  const prev = mm.index.prev(vma);
  if (prev !== NO_VMA && isReusable(mm, prev) && anonVmaCompatible(mm, prev, vma)) return prev;
  return NO_VMA;
}

function isReusable(mm: Mm, neighbour: VmaRef): boolean {
  return mm.store.anonVma[neighbour] !== 0 && mm.store.anonVmaChain[neighbour] === 1;
}

/**
 * Makes sure that the VMA has an anon_vma: a neighbour's if one may be used, else a new one.
 * Kernel: `__anon_vma_prepare()`, mm/rmap.c.
 * @returns false where an allocation was made to fail
 */
export function anonVmaPrepare(mm: Mm, vma: VmaRef): boolean {
  const store = mm.store;
  if (store.anonVma[vma] !== 0) return true;
  if (mm.failAllocation !== null && mm.fails('anonVmaPrepare')) return false;
  const from = findMergeableAnonVma(mm, vma);
  store.anonVma[vma] = from === NO_VMA ? mm.anonVmaIds.next() : store.anonVma[from]!;
  store.anonVmaChain[vma] = 1;
  return true;
}

/**
 * Fork: the child's VMA gets an anon_vma of its own, and the parent's whole chain besides: one link longer.
 * Kernel: `anon_vma_fork()`, mm/rmap.c.
 *
 * Differs from the kernel: an ancestor's anon_vma is never reused. That changes no merge, because a reused one still
 * leaves a chain of more than one link (fork chains of four generations, with exits, were recorded).
 * @returns false where an allocation was made to fail; then the child's VMA has none
 */
export function anonVmaFork(childMm: Mm, child: VmaRef, parentMm: Mm, parent: VmaRef): boolean {
  const chain = parentMm.store.anonVmaChain[parent]!;
  if (parentMm.store.anonVma[parent] === 0) {
    unlinkAnonVmas(childMm, child);
    return true;
  }
  if (childMm.failAllocation !== null && childMm.fails('anonVmaClone')) return false;
  childMm.store.anonVma[child] = childMm.anonVmaIds.next();
  childMm.store.anonVmaChain[child] = chain + 1;
  return true;
}
