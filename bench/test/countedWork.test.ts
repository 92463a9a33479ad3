import type { Process } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { MAP_FIXED, MAP_SHARED, PAGE_SIZE } from 'vma-core';
import {
  BASE,
  freshProcess,
  MADV_GUARD_INSTALL,
  MADV_POPULATE_WRITE,
  READ_WRITE,
  withAnonymous,
  withSharedFile,
} from '../src/cases/addressSpaces.ts';

/** Work, not time: entries that a fork copies, and tables of the parent that it looks into. */
function workOfFork(parent: Process): { vmas: number; ptes: number; tablesVisited: number } {
  const before = parent.pageTable.tablesVisited;
  const { decisions } = parent.fork();
  return {
    vmas: decisions.length,
    ptes: decisions.reduce((sum, { ptes }) => sum + ptes, 0),
    tablesVisited: parent.pageTable.tablesVisited - before,
  };
}

/** A shared file in `vmas` mappings with a hole behind each, all of it resident. */
function inPieces(vmas: number, pagesEach: number): Process {
  const process = freshProcess();
  const file = process.world.open({ inode: process.world.newInode({ pages: vmas * pagesEach }), shmem: true });
  const length = pagesEach * PAGE_SIZE;
  for (let i = 0; i < vmas; i++) {
    const addr = BASE + 2 * i * length;
    process.mmap({ addr, length, prot: READ_WRITE, flags: MAP_SHARED | MAP_FIXED, file, pgoff: i * pagesEach });
    process.madvise(addr, length, MADV_POPULATE_WRITE);
  }
  return process;
}

describe('a fork of a shared file', () => {
  it.each([1, 16, 256])('%i MiB resident: no entry is copied, no table looked into', (mib) => {
    expect(workOfFork(withSharedFile(mib))).toEqual({ vmas: 1, ptes: 0, tablesVisited: 0 });
  });

  it.each([1, 10, 1000])('in %i mappings: work by the mapping, not by the page', (vmas) => {
    expect(workOfFork(inPieces(vmas, 16))).toEqual({ vmas, ptes: 0, tablesVisited: 0 });
  });

  it.each([1, 16, 256])('%i MiB with one guard page: every page is copied', (mib) => {
    const parent = withSharedFile(mib);
    parent.madvise(BASE, PAGE_SIZE, MADV_GUARD_INSTALL);
    const { vmas, ptes, tablesVisited } = workOfFork(parent);
    expect([vmas, ptes]).toEqual([1, (mib * 2 ** 20) / PAGE_SIZE]);
    // One table spans 2 MiB; the levels above add one each.
    expect(tablesVisited).toBeGreaterThanOrEqual(Math.max(1, mib / 2));
    expect(tablesVisited).toBeLessThanOrEqual(Math.max(1, mib / 2) + 8);
  });
});

describe('a fork of anonymous memory', () => {
  it.each([1, 16, 256])('%i MiB resident: every page is copied once', (mib) => {
    const { vmas, ptes } = workOfFork(withAnonymous(mib));
    expect([vmas, ptes]).toEqual([1, (mib * 2 ** 20) / PAGE_SIZE]);
  });
});

describe('memory of the model', () => {
  it('is 8 bytes a resident page, and 4 more for a further sharer', () => {
    const parent = withAnonymous(256);
    const pages = (256 * 2 ** 20) / PAGE_SIZE;
    const { memory } = parent.world.frames;
    const before = memory.bytes;
    // Arrays come in segments, and the last ones are not full.
    expect(before / pages).toBeGreaterThanOrEqual(8);
    expect(before / pages).toBeLessThan(12);
    parent.fork();
    const sharer = (memory.bytes - before) / pages;
    expect(sharer).toBeLessThanOrEqual(4.5);
  });
});
