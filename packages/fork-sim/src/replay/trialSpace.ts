import { type Mm, NO_VMA, type VmaRef } from 'vma-core';

/** Addresses, in bytes; empty where the end is not above the start. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** How one change of the index is taken back. */
type Undo = () => void;

/**
 * What is mapped in an address space, to try calls on: only where memory is, and not what it is. Each change is made in the index of the
 * address space itself, costs as much as one lookup, and is taken back again.
 *
 *     const mark = trial.mark;
 *     trial.unmap({ start, end }); trial.map({ start: at, end: at + length });   getUnmappedArea(mm, ...) answers as it would then
 *     trial.undoTo(mark);                                       and now as before
 *
 * Nobody may look at the VMAs between a change and its undo: the halves of one that was cut have no attributes.
 */
export class TrialSpace {
  readonly mm: Mm;
  /** The program break, in bytes. */
  brk: number;
  /** It is known where the area for mappings ends. */
  topKnown: boolean;
  readonly #undos: Undo[] = [];

  constructor(mm: Mm, topKnown: boolean) {
    this.mm = mm;
    this.brk = mm.brk;
    this.topKnown = topKnown;
  }

  /** Where {@link undoTo} goes back to. */
  get mark(): number {
    return this.#undos.length;
  }

  /** Takes back what was changed since the mark. */
  undoTo(mark: number): void {
    while (this.#undos.length > mark) this.#undos.pop()?.();
  }

  /** Is nothing mapped there? */
  isFree({ start, end }: Range): boolean {
    return end <= start || this.mm.index.findIntersection(start, end) === NO_VMA;
  }

  /** Is the range mapped throughout? */
  isMapped({ start, end }: Range): boolean {
    const { index, store } = this.mm;
    let at = start;
    for (let vma = index.findIntersection(start, end); vma !== NO_VMA && at < end; vma = index.next(vma)) {
      if (store.start[vma]! > at) return false;
      at = store.end[vma]!;
    }
    return at >= end;
  }

  setBrk(brk: number): void {
    const before = this.brk;
    this.brk = brk;
    this.#undos.push(() => {
      this.brk = before;
    });
  }

  /** The first mapping shows where the area for mappings ends; bytes. */
  setTop(top: number): void {
    const { mm } = this;
    const before = mm.mmapBase;
    mm.mmapBase = top;
    this.topKnown = true;
    this.#undos.push(() => {
      mm.mmapBase = before;
      this.topKnown = false;
    });
  }

  /** Maps a range, over what is there. */
  map(range: Range): void {
    if (range.end <= range.start) return;
    this.unmap(range);
    this.#insert(range.start, range.end);
  }

  unmap({ start, end }: Range): void {
    const { index, store } = this.mm;
    if (end <= start) return;
    for (let vma = index.findIntersection(start, end); vma !== NO_VMA; vma = index.findIntersection(start, end)) {
      const vmaStart = store.start[vma]!;
      const vmaEnd = store.end[vma]!;
      if (vmaStart < start) {
        this.#endAt(vma, start);
        if (vmaEnd > end) this.#insert(end, vmaEnd);
      } else if (vmaEnd > end) this.#startAt(vma, end);
      else this.#remove(vma);
    }
  }

  #insert(start: number, end: number): void {
    const { index, store } = this.mm;
    const piece = store.alloc();
    store.start[piece] = start;
    store.end[piece] = end;
    index.insert(piece);
    this.#undos.push(() => {
      index.remove(piece);
      store.release(piece);
    });
  }

  #remove(vma: VmaRef): void {
    const { index } = this.mm;
    index.remove(vma);
    this.#undos.push(() => index.insert(vma));
  }

  #endAt(vma: VmaRef, end: number): void {
    const { index, store } = this.mm;
    const before = store.end[vma]!;
    store.end[vma] = end;
    index.endMoved(vma);
    this.#undos.push(() => {
      store.end[vma] = before;
      index.endMoved(vma);
    });
  }

  #startAt(vma: VmaRef, start: number): void {
    const { index, store } = this.mm;
    const before = store.start[vma]!;
    index.rekey(vma, start);
    store.start[vma] = start;
    this.#undos.push(() => {
      index.rekey(vma, before);
      store.start[vma] = before;
    });
  }
}
