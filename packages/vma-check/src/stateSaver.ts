import { ARENA_BASE, type Process } from 'fork-sim';
import {
  type FrameTable,
  type Pfn,
  PTE_NONE,
  type Pte,
  pteGuard,
  ptePfn,
  pteSoftDirty,
  pteWrite,
  type VirtPage,
} from 'pt-model';
import { NO_VMA, PAGE_SIZE } from 'vma-core';
import {
  PAGE_FILE,
  PAGE_GUARD,
  PAGE_MAY_WRITE,
  PAGE_NONE,
  PAGE_POPULATED,
  PAGE_SOFT_DIRTY,
  PAGE_WRITTEN,
  PAGE_ZERO,
  pageWords,
  VMA_WORDS,
} from './stateWords.ts';

/** The arena's first byte. */
export const BASE: number = ARENA_BASE;
/** The arena's first page. */
export const BASE_PAGE: number = BASE / PAGE_SIZE;
/** Most anon_vmas of a state: one for each VMA. */
export const MOST_ANON_VMAS = 16;

/** What of a state counts. */
export interface StateDetail {
  /** Pages of the arena. */
  readonly pages: number;
  /** The kernel tracks soft-dirty pages. */
  readonly softDirty: boolean;
  /** Keep what no call looks at: zero pages, clean pages of files, write bits where soft-dirty is off. For tests of that claim. */
  readonly everyBit: boolean;
  /** Pages may be faulted in without a write, by mlock or MADV_POPULATE_: whether they were written is then looked up byte by byte. */
  readonly populates: boolean;
}

/** Thrown where a state does not fit into its words: page offsets that wandered too far. */
export class StateTooFar extends Error {
  override readonly name = 'StateTooFar';
}

/** Files begin with this byte or a larger one; zeros are what memory holds, and what lies between was written by a program. */
const LEAST_FILE_BYTE = 64;

/** Writes states of processes as words: the canonical form. */
export class StateSaver {
  readonly #detail: StateDetail;
  /** Ids of anon_vmas in the order in which they are met. */
  readonly #anonIds: Int32Array = new Int32Array(MOST_ANON_VMAS);

  constructor(detail: StateDetail) {
    this.#detail = detail;
  }

  /**
   * Writes the state from `at` on and gives the place after it.
   * @throws StateTooFar
   */
  save(process: Process, words: Int32Array, at: number): number {
    const { mm } = process;
    const { store, index } = mm;
    const anonPgoffCounts = mm.profile.fileAnonPgoff;
    let ids = 0;
    let w = at + 1;
    for (let vma = index.first(); vma !== NO_VMA; vma = index.next(vma), w += VMA_WORDS) {
      const start = (store.start[vma]! - BASE) / PAGE_SIZE;
      const last = (store.end[vma]! - BASE) / PAGE_SIZE - 1;
      const file = store.file[vma]!;
      const anonVma = store.anonVma[vma]!;
      let id = 0;
      if (anonVma !== 0) {
        while (id < ids && this.#anonIds[id] !== anonVma) id++;
        if (id === ids) this.#anonIds[ids++] = anonVma;
        id++;
      }
      const chain = store.anonVmaChain[vma]!;
      words[w] =
        (start << 28) | (last << 24) | (id << 20) | (file << 17) | (Math.min(chain, 2) << 15) | store.flagsHi[vma]!;
      words[w + 1] = store.flagsLo[vma]!;
      const pgoff = store.pgoff[vma]! - (file === 0 ? BASE_PAGE : 0);
      // Of anonymous memory both offsets are the same; of files most kernels never look at the second.
      const anonPgoff = file === 0 ? pgoff : anonPgoffCounts ? store.anonPgoff[vma]! - BASE_PAGE : 0;
      if ((pgoff << 16) >> 16 !== pgoff || (anonPgoff << 16) >> 16 !== anonPgoff) throw new StateTooFar();
      words[w + 2] = (pgoff << 16) | (anonPgoff & 0xffff);
    }
    words[at] = (w - at - 1) / VMA_WORDS;
    return this.#savePages(process, words, w);
  }

  #savePages(process: Process, words: Int32Array, at: number): number {
    const { pages } = this.#detail;
    const end = at + pageWords(pages);
    for (let w = at; w < end; w++) words[w] = 0;
    const { pageTable, world } = process;
    if (pageTable.pudTables === 0) return end;
    for (let p = 0; p < pages; p++) {
      const pte = pageTable.get((BASE_PAGE + p) as VirtPage);
      if (pte !== PTE_NONE) {
        const w = at + (p >>> 2);
        words[w] = words[w]! | (this.#byteOf(world.frames, pte) << ((p & 3) * 8));
      }
    }
    return end;
  }

  #byteOf(frames: FrameTable, pte: Pte): number {
    const { softDirty, everyBit } = this.#detail;
    const exact = softDirty || everyBit;
    const marked = exact && pteSoftDirty(pte) ? PAGE_SOFT_DIRTY : 0;
    if (pteGuard(pte)) return PAGE_GUARD | marked;
    const pfn = ptePfn(pte);
    const bits = exact && pteWrite(pte) ? marked | PAGE_MAY_WRITE : marked;
    if (frames.isAnon(pfn)) return bits | (this.#isWritten(frames, pfn) ? PAGE_WRITTEN : PAGE_POPULATED);
    if (!exact) return PAGE_NONE;
    return bits | (frames.isZero(pfn) ? PAGE_ZERO : PAGE_FILE);
  }

  /** Where nothing but a write makes an anonymous page, each of them was written. */
  #isWritten(frames: FrameTable, pfn: Pfn): boolean {
    if (!this.#detail.populates) return true;
    const byte = frames.readByte(pfn, 0);
    return byte !== 0 && byte < LEAST_FILE_BYTE;
  }
}
