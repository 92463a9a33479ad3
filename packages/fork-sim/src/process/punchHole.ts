import {
  mkUffdWpMarker,
  type Pfn,
  PTE_NONE,
  type Pte,
  ptePfn,
  ptePresent,
  pteUffdWp,
  virtPage,
  walkPageRange,
} from 'pt-model';
import { LO_UFFD_WP, NO_VMA, PAGE_SIZE, type VmaRef } from 'vma-core';
import type { Inode } from './inode.ts';
import type { ProcessState, WorldState } from './processState.ts';

/**
 * Punches pages `[from, to)` out of a file: unmapped wherever any process maps them (private copies stay), then gone from
 * the page cache. Kernel: `shmem_fallocate()`, `unmap_mapping_range()`, which MADV_REMOVE calls.
 */
export function punchHole(world: WorldState, inode: Inode, from: number, to: number): void {
  unmapFromAll(world, inode, from, to, (pfn) => world.frames.isFile(pfn));
  inode.punch(from, to);
}

/**
 * Changes the size of a file, in pages. What is beyond it is unmapped wherever any process maps it, private copies too; guards stay.
 * Kernel: `shmem_setattr()`, `unmap_mapping_range()` with even_cows.
 */
export function truncate(world: WorldState, inode: Inode, pages: number): void {
  if (pages < inode.pages) unmapFromAll(world, inode, pages, inode.pages, () => true);
  inode.resize(pages);
}

function unmapFromAll(world: WorldState, inode: Inode, from: number, to: number, which: (pfn: Pfn) => boolean): void {
  for (const process of world.processes.values()) {
    const { mm } = process;
    for (let vma = mm.index.first(); vma !== NO_VMA; vma = mm.index.next(vma)) {
      const file = mm.store.file[vma]!;
      if (file !== 0 && world.inodeOf(file) === inode) unmapFromVma(process, vma, from, to, which);
    }
  }
}

function unmapFromVma(
  process: ProcessState,
  vma: VmaRef,
  from: number,
  to: number,
  which: (pfn: Pfn) => boolean,
): void {
  const { store } = process.mm;
  const vmaStart = store.start[vma]! / PAGE_SIZE;
  const shift = vmaStart - store.pgoff[vma]!;
  const start = Math.max(vmaStart, from + shift);
  const end = Math.min(store.end[vma]! / PAGE_SIZE, to + shift);
  if (start >= end) return;
  unmapPages(process, vma, start, end, which);
}

/** Unmaps those pages of `[start, end)`, which lies in the VMA, that `which` picks. What is write-protected leaves a marker. */
export function unmapPages(
  process: ProcessState,
  vma: VmaRef,
  start: number,
  end: number,
  which: (pfn: Pfn) => boolean,
): void {
  const { mm, pageTable, world } = process;
  const registered = (mm.store.flagsLo[vma]! & LO_UFFD_WP) !== 0;
  const unmapped: { page: number; pte: Pte }[] = [];
  walkPageRange(pageTable, virtPage(start), virtPage(end), {
    pte: (page, pte) => {
      if (ptePresent(pte) && which(ptePfn(pte))) unmapped.push({ page, pte });
      return undefined;
    },
  });
  for (const { page, pte } of unmapped) {
    pageTable.set(virtPage(page), registered && pteUffdWp(pte) ? mkUffdWpMarker() : PTE_NONE);
    world.frames.put(ptePfn(pte));
  }
}
