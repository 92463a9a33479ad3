import { MADV, MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PAGE_SIZE, TASK_SIZE } from 'vma-core';
import type { Inode } from '../process/inode.ts';
import { type Process, SYSV_SHM, World, type WorldOptions } from '../process/process.ts';
import { ARENA_BASE, ARENA_PAGES, type Backing, FILE_PAGES, type Scenario, type Window } from './scenario.ts';

/** How scenarios are run. */
export interface RunOptions extends WorldOptions {
  /** 2: states have `wp` and `pt` too. Default 1. */
  readonly format?: 1 | 2;
}

/** `vm.max_map_count` while scenarios run: only the distance to it matters to them, so a small one keeps them quick. */
const SCENARIO_MAX_MAP_COUNT = 1000;
/** Lowest address that a reserve maps. */
const RESERVE_START = 0x1000;

/** The world that a scenario runs in: fresh files, one process, an empty arena. */
export class Arena {
  readonly world: World;
  readonly format: 1 | 2;
  readonly span: number;
  /** `null`: the whole arena, without names. */
  readonly windows: readonly Window[] | null;
  readonly #names = new Map<number, string>();
  readonly #files: ReadonlyMap<Backing, number>;
  #objects = 0;
  /** The process in which the next operation runs. */
  current: Process;

  constructor(scenario: Scenario, options: RunOptions) {
    this.world = new World({ maxMapCount: SCENARIO_MAX_MAP_COUNT, ...options });
    this.format = options.format ?? 1;
    this.span = scenario.span ?? ARENA_PAGES;
    this.windows = scenario.windows ?? null;
    const inode = (first: number): Inode =>
      this.world.newInode({ pages: FILE_PAGES, cached: true, firstByte: (page) => first + (page % 64) });
    const file0 = inode(64);
    const file1 = inode(128);
    this.#files = new Map([
      ['file0', this.world.open({ inode: file0, shmem: true })],
      ['file1', this.world.open({ inode: file1, shmem: true })],
      ['file0b', this.world.open({ inode: file0, shmem: true })],
      ['file0r', this.world.open({ inode: file0, shmem: true })],
      ['memfd0', this.world.open({ inode: inode(192), shmem: true })],
    ]);
    for (const [name, id] of this.#files) this.#names.set(id, name);
    this.current = this.world.newProcess();
    if (scenario.reserve) this.#reserve();
  }

  /** Address of a page of the arena. */
  addr(page: number): number {
    return ARENA_BASE + page * PAGE_SIZE;
  }

  /** The page at an address, or `outside`. */
  pageAt(addr: number): number | 'outside' {
    const page = (addr - ARENA_BASE) / PAGE_SIZE;
    return page >= 0 && page < this.span ? page : 'outside';
  }

  /** The open file of a backing; each SysV attach is a new segment. */
  fileFor(backing: Backing, pages: number): number {
    if (backing !== 'sysv') return this.#files.get(backing) ?? 0;
    const inode = this.world.newInode({ pages, ephemeral: true });
    const id = this.world.open({ inode, ...SYSV_SHM });
    this.#names.set(id, 'sysv');
    return id;
  }

  /** The name by which a state shows a file; shared objects are numbered in the order in which they are first seen. */
  nameOf(file: number): string {
    const known = this.#names.get(file);
    if (known !== undefined && known !== 'sysv') return known;
    const name = `${known ?? 'shm'}${this.#objects++}`;
    this.#names.set(file, name);
    return name;
  }

  /** Maps every address outside the arena, so that the arena is the only free space. */
  #reserve(): void {
    const end = this.addr(this.span);
    this.#block(RESERVE_START, ARENA_BASE);
    this.#block(end, TASK_SIZE);
  }

  #block(start: number, end: number): void {
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    this.current.mmap({ addr: start, length: end - start, prot: 0, flags });
    this.current.madvise(start, end - start, MADV.DONTDUMP);
  }
}
