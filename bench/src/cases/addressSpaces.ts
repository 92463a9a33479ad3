import { type Process, World } from 'fork-sim';
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_SHARED, PAGE_SIZE, PROT_READ, PROT_WRITE } from 'vma-core';

/** Where everything that is measured lies. */
export const BASE: number = 2 ** 45;

export const READ_WRITE: number = PROT_READ | PROT_WRITE;
export const PRIVATE_FIXED: number = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

/** A process of a 6.18, the kernel of the merge rules that most machines run; `max_map_count` is no limit. */
export function freshProcess(): Process {
  return new World({ profile: '6.18', maxMapCount: 2 ** 31 }).newProcess();
}

/** N pages that are mapped, each followed by a hole: `A.A.A.A.` */
export function mapWithHoles(process: Process, vmas: number): void {
  for (let i = 0; i < vmas; i++) {
    process.mmap({ addr: BASE + 2 * i * PAGE_SIZE, length: PAGE_SIZE, prot: READ_WRITE, flags: PRIVATE_FIXED });
  }
  expectVmas(process, vmas);
}

/** N pages side by side, writable and read-only in turn: `ABABABAB` */
export function mapInStripes(process: Process, vmas: number): void {
  process.mmap({ addr: BASE, length: vmas * PAGE_SIZE, prot: READ_WRITE, flags: PRIVATE_FIXED });
  for (let i = 1; i < vmas; i += 2) process.mprotect(BASE + i * PAGE_SIZE, PAGE_SIZE, PROT_READ);
  expectVmas(process, vmas);
}

/** A process with `mib` MiB of resident private anonymous memory. */
export function withAnonymous(mib: number): Process {
  const process = freshProcess();
  const length = mib * 2 ** 20;
  process.mmap({ addr: BASE, length, prot: READ_WRITE, flags: PRIVATE_FIXED });
  process.madvise(BASE, length, MADV_POPULATE_WRITE);
  expectResident(process, length);
  return process;
}

/** A process that maps `mib` MiB of a file on tmpfs, shared, with every page resident. */
export function withSharedFile(mib: number): Process {
  const process = freshProcess();
  const length = mib * 2 ** 20;
  const inode = process.world.newInode({ pages: length / PAGE_SIZE, cached: true });
  const file = process.world.open({ inode, shmem: true });
  process.mmap({ addr: BASE, length, prot: READ_WRITE, flags: MAP_SHARED | MAP_FIXED, file });
  process.madvise(BASE, length, MADV_POPULATE_WRITE);
  expectResident(process, length);
  return process;
}

export const MADV_POPULATE_WRITE = 23;
export const MADV_GUARD_INSTALL = 102;
export const MADV_GUARD_REMOVE = 103;

/** A benchmark that does not do what it says is worse than none. */
export function expectVmas(process: Process, vmas: number): void {
  if (process.mm.mapCount !== vmas) throw new Error(`${process.mm.mapCount} VMAs where there should be ${vmas}`);
}

function expectResident(process: Process, bytes: number): void {
  const { anon, file } = process.pageTable.rss;
  if (anon + file !== bytes / PAGE_SIZE) throw new Error(`${anon + file} pages resident, not ${bytes / PAGE_SIZE}`);
}
