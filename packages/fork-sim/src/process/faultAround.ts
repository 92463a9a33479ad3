import { PTE_NONE, PTE_TABLE_PAGES, virtPage } from 'pt-model';
import { PAGE_SIZE, type VmaRef } from 'vma-core';
import type { Inode } from './inode.ts';
import { mapFile } from './mapFile.ts';
import type { ProcessState } from './processState.ts';

/**
 * A read fault on a file maps its neighbours too, where they are cached and nothing is mapped yet.
 *
 *        vma start                 fault
 *   |...|----.-------|-------------*---|--------|   the window starts at the page rounded down to 16, or at the VMA's
 *                    |<------ 16 pages ------>|     start, and ends 16 pages later: within the VMA and the PTE table
 *
 * It runs before the page itself is looked up, so that a read beyond the file's end is SIGBUS and still maps neighbours.
 * Kernel: `do_fault_around()`, mm/memory.c; `filemap_map_pages()`.
 */
export function faultAround(process: ProcessState, vma: VmaRef, page: number, inode: Inode): void {
  const { mm, pageTable, world } = process;
  const store = mm.store;
  const window = world.faultAroundPages;
  const vmaStart = store.start[vma]! / PAGE_SIZE;
  const vmaEnd = store.end[vma]! / PAGE_SIZE;
  const table = Math.floor(page / PTE_TABLE_PAGES) * PTE_TABLE_PAGES;
  const from = Math.max(Math.floor(page / window) * window, vmaStart, table);
  const to = Math.min(from + window, vmaEnd, table + PTE_TABLE_PAGES);
  const shift = store.pgoff[vma]! - vmaStart;
  for (let near = from; near < to; near++) {
    if (!inode.isCached(near + shift) || pageTable.get(virtPage(near)) !== PTE_NONE) continue;
    mapFile(process, vma, near, inode.frameOf(near + shift), 0);
  }
}
