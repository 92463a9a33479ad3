import { describe, expect, it } from 'vitest';
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PAGE_SIZE, PMD_SIZE, PROT_READ } from 'vma-core';
import { World } from '../src/index.ts';

// Measured on 6.18.44 with a file on ext4, and with one on tmpfs: __thp_get_unmapped_area() asks for the hint with 2 MiB
// more than the mapping needs.
const WALL = 0x3000_0050_0000;
const MIB = 1 << 20;

function place(thpAligned: boolean, hint: number, length: number): number {
  const world = new World();
  const file = world.open({ inode: world.newInode({ pages: 4096 }), thpAligned });
  const process = world.newProcess();
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  process.mmap({ addr: WALL, length: PAGE_SIZE, prot: 0, flags });
  const at = process.mmap({ addr: hint, length, prot: PROT_READ, flags: MAP_PRIVATE, file });
  return typeof at === 'number' ? at : -1;
}

describe('a hint for a file mapping of 2 MiB or more', () => {
  it.each([
    ['free for the mapping, not for 2 MiB more', WALL - 4 * MIB, 4 * MIB, false],
    ['free for 2 MiB more', WALL - 7 * MIB, 4 * MIB, true],
    ['not at a page table, free for 2 MiB more', WALL - 5 * MIB + PAGE_SIZE, 2 * MIB, true],
    ['smaller than 2 MiB: nothing is aligned', WALL - MIB, MIB, true],
  ])('%s', (_name, hint, length, taken) => {
    expect(place(false, hint, length)).toBe(hint);
    const at = place(true, hint, length);
    expect(at === hint).toBe(taken);
    if (!taken) expect(at % PMD_SIZE).toBe(0);
  });
});
