import { type Mm, NO_VMA, PAGE_SIZE, type Vma, type VmFile } from 'vma-core';

/**
 * The VMAs of a range and those that touch it, kept so that a call can be taken back: one that failed in the log, but not in
 * the model, must leave nothing behind. Page tables are not kept: pages that the call has dropped are faulted in again at the next access, and
 * none stays where nothing is mapped. A log has many calls that fail, so one object serves them all.
 */
export class SavedVmas {
  readonly #mm: Mm;
  readonly #saved: Vma[] = [];
  /** The files they map: memory that only a mapping kept is gone by the time it is needed again. */
  readonly #files: VmFile[] = [];
  #low = 0;
  #high = 0;

  constructor(mm: Mm) {
    this.#mm = mm;
  }

  /** Keeps what is in `[start, end)` or touches it, and forgets what was kept before. */
  keep(start: number, end: number): this {
    this.#saved.length = 0;
    this.#files.length = 0;
    const mm = this.#mm;
    this.#low = start;
    this.#high = end;
    const last = end + PAGE_SIZE;
    for (let vma = mm.index.find(Math.max(0, start - PAGE_SIZE)); vma !== NO_VMA; vma = mm.index.next(vma)) {
      if (mm.store.start[vma]! >= last) break;
      this.#saved.push(mm.view(vma));
      const file = mm.files.get(mm.store.file[vma]!);
      if (file !== undefined) this.#files.push(file);
      this.#low = Math.min(this.#low, mm.store.start[vma]!);
      this.#high = Math.max(this.#high, mm.store.end[vma]!);
    }
    return this;
  }

  /** Puts the VMAs back as they were. */
  restore(): void {
    const { index } = this.#mm;
    for (;;) {
      const vma = index.findIntersection(this.#low, this.#high);
      if (vma === NO_VMA) break;
      this.#mm.removeVma(vma);
    }
    for (const file of this.#files) this.#mm.files.set(file.id, file);
    for (const vma of this.#saved) this.#mm.add(vma);
    this.#dropStray();
  }

  /** Drops the pages that the call has left in holes. */
  #dropStray(): void {
    const { index, pageOps, store } = this.#mm;
    let hole = this.#low;
    while (hole < this.#high) {
      const above = index.findIntersection(hole, this.#high);
      const end = above === NO_VMA ? this.#high : store.start[above]!;
      if (end > hole) pageOps.unmapRegion(hole, end, hole, end);
      if (above === NO_VMA) break;
      hole = store.end[above]!;
    }
  }
}
