import {
  MADV_GUARD_INSTALL,
  MAP_ANONYMOUS,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_STACK,
  Mm,
  PAGE_SIZE,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from 'vma-core';
import { madvise, mmap, mprotect } from 'vma-core/calls';

/** How a thread library protects the low end of a stack: a page without access, or a marker in the page table. */
export type GuardWay = 'mprotect' | 'marker';

/** What the program has with a number of threads. */
export interface StackCount {
  /** Threads that have a stack. */
  readonly threads: number;
  readonly vmas: number;
  /** The call that failed for the next thread, with its error; `null`: none did. */
  readonly failed: string | null;
}

/** Most threads that the experiment makes. */
export const MOST_THREADS = 40_000;
const STACK = 8 * 1024 * 1024;
const FLAGS = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;

/** Makes stacks of 8 MiB, one after another, until a call fails, in an address space that holds nothing else. Keeps all that it made. */
export class StackExperiment {
  readonly #mm: Mm;
  readonly #way: GuardWay;
  /** The VMAs with 0, 1, 2, ... threads. */
  readonly #vmas: number[] = [0];
  #failed: string | null = null;

  constructor(way: GuardWay) {
    this.#way = way;
    this.#mm = new Mm({ profile: '6.19', softDirty: false });
  }

  /** The limit: `vm.max_map_count`. */
  get limit(): number {
    return this.#mm.maxMapCount;
  }

  /** What there is with this number of threads, or with as many as there can be. */
  count(threads: number): StackCount {
    while (this.#failed === null && this.#vmas.length <= Math.min(threads, MOST_THREADS)) this.#add();
    const made = Math.min(threads, this.#vmas.length - 1);
    return { threads: made, vmas: this.#vmas[made] ?? 0, failed: made < threads ? this.#failed : null };
  }

  /** As glibc does: all of it without access, then all but the guard with it; or all of it with access, and a marker. */
  #add(): void {
    const mm = this.#mm;
    const access = PROT_READ | PROT_WRITE;
    const marks = this.#way === 'marker';
    const stack = mmap(mm, { length: STACK, prot: marks ? access : PROT_NONE, flags: FLAGS });
    if (typeof stack === 'string') {
      this.#failed = `mmap: ${stack}`;
      return;
    }
    const result = marks
      ? madvise(mm, stack, PAGE_SIZE, MADV_GUARD_INSTALL)
      : mprotect(mm, stack + PAGE_SIZE, STACK - PAGE_SIZE, access);
    if (typeof result === 'string') this.#failed = `${marks ? 'madvise' : 'mprotect'}: ${result}`;
    else this.#vmas.push(mm.mapCount);
  }
}
