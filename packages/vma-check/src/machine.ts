import { Arena, Fork, type Process, type RunOptions } from 'fork-sim';
import {
  mkGuardMarker,
  mkPte,
  PTE_DIRTY,
  PTE_NONE,
  PTE_SOFT_DIRTY,
  PTE_WRITE,
  ptePfn,
  ptePresent,
  type VirtPage,
} from 'pt-model';
import { type KernelProfile, Mm, type MmCounters, PAGE_SIZE, type VmaRef } from 'vma-core';
import { type Call, type CallResult, WRITTEN_BYTE } from './call.ts';
import { BASE, BASE_PAGE, MOST_ANON_VMAS, type StateDetail, StateSaver } from './stateSaver.ts';
import {
  PAGE_FILE,
  PAGE_GUARD,
  PAGE_KIND,
  PAGE_MAY_WRITE,
  PAGE_NONE,
  PAGE_SOFT_DIRTY,
  PAGE_WRITTEN,
  PAGE_ZERO,
  VMA_WORDS,
} from './stateWords.ts';

/**
 * One world with one process, which takes any state in a microsecond: {@link load} words, {@link perform} a call,
 * {@link save} words again. All states of a search go through the same machine.
 */
export class Machine {
  readonly profile: KernelProfile;
  readonly process: Process;
  /** The id of the one file there is. */
  readonly file: number;
  readonly #detail: StateDetail;
  readonly #child: Process;
  /** The VMAs of the state that was loaded, and the bytes of its pages. */
  readonly #loaded: Mm;
  readonly #loadedBytes: Uint8Array;
  /** The byte of a page whose entry may stay where it is anonymous memory, with any bits; -1: there is none. */
  readonly #keeps: number;
  /** The process whose state {@link save} is asked for: the child, right after a fork. */
  #current: Process;
  readonly #saver: StateSaver;

  constructor(profile: KernelProfile, detail: StateDetail) {
    this.profile = profile;
    this.#detail = detail;
    this.#saver = new StateSaver(detail);
    const { softDirty, everyBit, populates } = detail;
    this.#keeps = softDirty || everyBit || populates ? -1 : PAGE_WRITTEN;
    const options: RunOptions = { profile, softDirty: detail.softDirty, faultAroundPages: 1 };
    const arena = new Arena({ id: 'search', ops: [] }, options);
    this.process = arena.current;
    this.file = arena.fileFor('file0', 0);
    this.#child = arena.world.newProcess();
    this.#loaded = new Mm({ profile, files: arena.world.files });
    this.#loadedBytes = new Uint8Array(detail.pages);
    this.#current = this.process;
    // Ids of words are small; those of the world must never be among them.
    while (arena.world.anonVmaIds.next() < MOST_ANON_VMAS);
  }

  /** Takes the state whose words begin at `at` and puts the process into it. */
  load(words: Int32Array, at: number): void {
    const mm = this.#loaded;
    const { store } = mm;
    mm.empty();
    const vmas = words[at]!;
    let w = at + 1;
    for (let v = 0; v < vmas; v++, w += VMA_WORDS) {
      const head = words[w]!;
      const offsets = words[w + 2]!;
      const start = head >>> 28;
      const file = (head >>> 17) & 7;
      const vma = store.alloc();
      store.start[vma] = BASE + start * PAGE_SIZE;
      store.end[vma] = BASE + (((head >>> 24) & 15) + 1) * PAGE_SIZE;
      store.flagsLo[vma] = words[w + 1]!;
      store.flagsHi[vma] = head & 0xfff;
      store.file[vma] = file;
      store.anonVma[vma] = (head >>> 20) & 15;
      store.anonVmaChain[vma] = (head >>> 15) & 3;
      store.pgoff[vma] = (offsets >> 16) + (file === 0 ? BASE_PAGE : 0);
      store.anonPgoff[vma] = ((offsets << 16) >> 16) + BASE_PAGE;
      mm.addVma(vma);
    }
    const { pages } = this.#detail;
    for (let p = 0; p < pages; p++) this.#loadedBytes[p] = words[w + (p >>> 2)]! >>> ((p & 3) * 8);
    this.restore();
  }

  /** Puts the process back into the state that was loaded. How often the one file is mapped is not counted: nothing asks. */
  restore(): void {
    if (this.#current === this.#child) this.#emptyChild();
    this.process.mm.copyVmas(this.#loaded);
    this.#restorePages();
  }

  /** Performs a call; after a fork the child is what {@link save} gives. */
  perform(call: Call): CallResult {
    if (call.perform !== null) return call.perform(this.#current);
    if (this.#current === this.#child) throw new Error('load comes before another fork');
    const fork = new Fork(this.process, this.#child);
    while (fork.dupVma());
    this.#current = this.#child;
    return 0;
  }

  /** What is counted of the process that {@link save} gives. */
  get counters(): MmCounters {
    return this.#current.mm.counters;
  }

  /** True right after a fork: the process is to be loaded before it is used again. */
  get forked(): boolean {
    return this.#current === this.#child;
  }

  /**
   * Writes the state from `at` on and gives the place after it.
   * @throws StateTooFar
   */
  save(words: Int32Array, at: number): number {
    return this.#saver.save(this.#current, words, at);
  }

  #restorePages(): void {
    const { pages } = this.#detail;
    const { pageTable, world } = this.process;
    const { frames } = world;
    for (let p = 0; p < pages; p++) {
      const page = (BASE_PAGE + p) as VirtPage;
      const byte = this.#loadedBytes[p]!;
      const old = pageTable.get(page);
      if (old !== PTE_NONE) {
        if (byte === this.#keeps && ptePresent(old) && frames.isAnon(ptePfn(old))) continue;
        pageTable.set(page, PTE_NONE);
        if (ptePresent(old)) frames.put(ptePfn(old));
      }
      if (byte !== PAGE_NONE) this.#loadPage(page, byte);
    }
  }

  #loadPage(page: VirtPage, byte: number): void {
    const { pageTable, world } = this.process;
    const { frames } = world;
    const kind = byte & PAGE_KIND;
    const softDirty = (byte & PAGE_SOFT_DIRTY) !== 0;
    if (kind === PAGE_GUARD) {
      pageTable.set(page, mkGuardMarker(softDirty));
      return;
    }
    const bits = ((byte & PAGE_MAY_WRITE) === 0 ? 0 : PTE_WRITE) | (softDirty ? PTE_SOFT_DIRTY : 0);
    if (kind === PAGE_ZERO) pageTable.set(page, mkPte(frames.zeroPfn, bits));
    else if (kind === PAGE_FILE) this.#loadFilePage(page, bits);
    else {
      const pfn = frames.allocAnon();
      if (this.#detail.populates && kind === PAGE_WRITTEN) frames.writeByte(pfn, 0, WRITTEN_BYTE);
      pageTable.set(page, mkPte(pfn, bits | PTE_DIRTY));
    }
  }

  #loadFilePage(page: VirtPage, bits: number): void {
    const { mm, pageTable, world } = this.process;
    const { store } = mm;
    const vma: VmaRef = mm.vmaLookup(page * PAGE_SIZE);
    const index = store.pgoff[vma]! + page - store.start[vma]! / PAGE_SIZE;
    const pfn = world.inodeOf(store.file[vma]!).frameOf(index);
    world.frames.get(pfn);
    pageTable.set(page, mkPte(pfn, bits));
  }

  /** Takes from the child what fork gave it; it is used for the next one. */
  #emptyChild(): void {
    const { mm, pageTable, world } = this.#child;
    mm.empty();
    this.#current = this.process;
    if (pageTable.pudTables === 0) return;
    for (let p = 0; p < this.#detail.pages; p++) {
      const page = (BASE_PAGE + p) as VirtPage;
      const pte = pageTable.get(page);
      if (pte === PTE_NONE) continue;
      pageTable.set(page, PTE_NONE);
      if (ptePresent(pte)) world.frames.put(ptePfn(pte));
    }
  }
}
