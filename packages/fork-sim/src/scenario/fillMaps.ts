import { InvariantError, MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PAGE_SIZE } from 'vma-core';
import type { Process } from '../process/process.ts';
import type { Arena } from './arena.ts';

/** Distance from the arena to the first page that is filled in, in bytes: 16 TiB, so that no page table is shared with it. */
const FAR = 2 ** 44;

/**
 * Maps single inaccessible pages far above the arena until the process has `max_map_count - slack` VMAs; -1 is one more
 * than `max_map_count`, which a kernel still allows.
 */
export function fillMaps(arena: Arena, process: Process, slack: number): void {
  const { mm } = process;
  let addr = arena.addr(arena.span) + FAR;
  while (mm.mapCount < mm.maxMapCount - slack) {
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    const before = mm.mapCount;
    process.mmap({ addr, length: PAGE_SIZE, prot: 0, flags });
    if (mm.mapCount !== before + 1) throw new InvariantError('fill_maps: the address space is full');
    addr += 2 * PAGE_SIZE;
  }
}
