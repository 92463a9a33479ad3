import { LO_ACCOUNT, LO_LOCKED } from 'vma-core';
import { PAGE_GUARD, PAGE_KIND, PAGE_POPULATED, PAGE_SOFT_DIRTY, PAGE_WRITTEN, VMA_WORDS } from './stateWords.ts';

/** What a program finds in a page that it may read: zeros, a page of a file, or what it wrote. */
export type PageContents = 'zeros' | 'written' | `file page ${number}`;

/**
 * A state page by page: which VMA holds each page, with its flags and what it is backed by, and what the page is.
 * Read it while a property is asked; it is used again for the next state.
 */
export class StateView {
  /** Pages of the arena. */
  readonly pages: number;
  /** VMAs. */
  vmas = 0;
  /** Pages that are mapped, as the VMAs say. @internal */
  mapped = 0;
  /** Pages of locked mappings. @internal */
  locked = 0;
  /** Pages that are charged for. @internal */
  charged = 0;
  /** A bit for each page that is a guard. @internal */
  guards = 0;
  /** A bit for each page that holds what was written. @internal */
  written = 0;
  /** The VMA that holds each page, from 0 in address order; -1: a hole. */
  readonly vmaOf: Int8Array;
  /** vm_flags of that VMA, low half. */
  readonly flagsLo: Int32Array;
  /** vm_flags, high half. */
  readonly flagsHi: Int32Array;
  /** The anon_vma of that VMA, numbered from 1 in address order; 0: none. */
  readonly anonVma: Uint8Array;
  /** The page's offset in what is mapped, and the anonymous one; of anonymous memory from the arena's first page. @internal */
  readonly offset: Int32Array;
  /** @internal */
  readonly anonOffset: Int32Array;
  /** Page of the file that is mapped there, or -1: anonymous memory, or a hole. */
  readonly filePage: Int32Array;
  /** PAGE_ kind of the page's entry, and the mark of soft-dirty. @internal */
  readonly bytes: Uint8Array;

  constructor(pages: number) {
    this.pages = pages;
    this.vmaOf = new Int8Array(pages);
    this.flagsLo = new Int32Array(pages);
    this.flagsHi = new Int32Array(pages);
    this.anonVma = new Uint8Array(pages);
    this.offset = new Int32Array(pages);
    this.anonOffset = new Int32Array(pages);
    this.filePage = new Int32Array(pages);
    this.bytes = new Uint8Array(pages);
  }

  /** Reads the state whose words begin at `at`. @internal */
  read(words: Int32Array, at: number): void {
    const { pages, vmaOf, flagsLo, flagsHi, anonVma, offset, anonOffset, filePage, bytes } = this;
    const vmas = words[at]!;
    this.vmas = vmas;
    this.mapped = 0;
    this.locked = 0;
    this.charged = 0;
    let w = at + 1;
    let page = 0;
    for (let v = 0; v < vmas; v++, w += VMA_WORDS) {
      const head = words[w]!;
      const start = head >>> 28;
      const last = (head >>> 24) & 15;
      for (; page < start; page++) this.#hole(page);
      const lo = words[w + 1]!;
      const length = last + 1 - start;
      this.mapped += length;
      if ((lo & LO_LOCKED) !== 0) this.locked += length;
      if ((lo & LO_ACCOUNT) !== 0) this.charged += length;
      const file = (head >>> 17) & 7;
      const pgoff = words[w + 2]! >> 16;
      const anonPgoff = (words[w + 2]! << 16) >> 16;
      for (; page <= last; page++) {
        vmaOf[page] = v;
        flagsLo[page] = lo;
        flagsHi[page] = head & 0xfff;
        anonVma[page] = (head >>> 20) & 15;
        offset[page] = pgoff + page - start;
        anonOffset[page] = anonPgoff + page - start;
        filePage[page] = file === 0 ? -1 : file * 0x10000 + pgoff + page - start;
      }
    }
    for (; page < pages; page++) this.#hole(page);
    let guards = 0;
    let written = 0;
    for (let p = 0; p < pages; p++) {
      const byte = (words[w + (p >>> 2)]! >>> ((p & 3) * 8)) & 255;
      bytes[p] = byte;
      const kind = byte & PAGE_KIND;
      if (kind === PAGE_GUARD) guards |= 1 << p;
      else if (kind === PAGE_WRITTEN) written |= 1 << p;
    }
    this.guards = guards;
    this.written = written;
  }

  #hole(page: number): void {
    this.vmaOf[page] = -1;
    this.flagsLo[page] = 0;
    this.flagsHi[page] = 0;
    this.anonVma[page] = 0;
    this.filePage[page] = -1;
  }

  /** True where a VMA holds the page. */
  isMapped(page: number): boolean {
    return this.vmaOf[page]! >= 0;
  }

  /** True for a guard. */
  isGuard(page: number): boolean {
    return (this.guards & (1 << page)) !== 0;
  }

  /** True for memory that was written, and is the process's own. */
  isWritten(page: number): boolean {
    return (this.written & (1 << page)) !== 0;
  }

  /** True where fork has a page to copy, written or not, that is the process's own. */
  isAnon(page: number): boolean {
    const kind = this.bytes[page]! & PAGE_KIND;
    return kind === PAGE_WRITTEN || kind === PAGE_POPULATED;
  }

  /** The entry's own soft-dirty bit, beside the VMA's flag. */
  isMarked(page: number): boolean {
    return (this.bytes[page]! & PAGE_SOFT_DIRTY) !== 0;
  }

  /** What a program reads there, could it read; a hole and a guard hold nothing. */
  contents(page: number): PageContents | null {
    if (!this.isMapped(page) || this.isGuard(page)) return null;
    if (this.isWritten(page)) return 'written';
    return this.filePage[page]! < 0 ? 'zeros' : `file page ${this.filePage[page]! & 0xffff}`;
  }

  /** A number that is equal where a program finds the same in two pages: no mapping, a guard, the same contents. @internal */
  found(page: number): number {
    if (this.vmaOf[page]! < 0) return -4;
    const bit = 1 << page;
    return (this.guards & bit) !== 0 ? -3 : (this.written & bit) !== 0 ? -2 : this.filePage[page]!;
  }

  /** A bit for each page that in another state has another mapping, or none, other flags, or another entry. @internal */
  differing(other: StateView): number {
    let differ = (this.guards ^ other.guards) | (this.written ^ other.written);
    for (let page = 0; page < this.pages; page++) {
      const flags = (this.flagsLo[page]! ^ other.flagsLo[page]!) | (this.flagsHi[page]! ^ other.flagsHi[page]!);
      const where = (this.vmaOf[page]! ^ other.vmaOf[page]!) < 0 || this.filePage[page] !== other.filePage[page];
      if (flags !== 0 || where) differ |= 1 << page;
    }
    return differ;
  }
}
