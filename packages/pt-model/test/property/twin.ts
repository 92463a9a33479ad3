import {
  changeProtection,
  clearSoftDirty,
  clearUffdWp,
  copyPageRange,
  type FrameTable,
  freePgdRange,
  guardInstall,
  guardRemove,
  mkPte,
  movePageTables,
  PageTable,
  type Pfn,
  PMD_TABLE_PAGES,
  PTE_DIRTY,
  PTE_SOFT_DIRTY,
  PTE_TABLE_PAGES,
  PTE_WRITE,
  PUD_TABLE_PAGES,
  populateAnon,
  pteDirty,
  pteGuard,
  pteMarker,
  ptePfn,
  pteSoftDirty,
  pteUffdWp,
  pteWrite,
  uffdWriteProtect,
  virtPage,
  walkPageRange,
  zapPageRange,
} from 'pt-model';
import { BASE } from '../support/lab.ts';
import { type DumbFrame, DumbProcess } from './dumbProcess.ts';

const HALF_TIB = PUD_TABLE_PAGES;
const GIB = PMD_TABLE_PAGES;

/** Where a process may have VMAs: across the boundaries of every level, some sharing a table, some of equal size. */
export const SLOTS: readonly (readonly [start: number, pages: number])[] = [
  [2, 8],
  [300, 220],
  [1024, 1024],
  [2048, 8],
  [GIB - 512, 1024],
  [GIB + 1024, 1024],
  [HALF_TIB - 4, 8],
  [HALF_TIB + 8, 8],
  [HALF_TIB + 300, 220],
].map(([start, pages]) => [BASE + start!, pages!] as const);

/** What a slot's VMA is. */
export interface Vma {
  readonly kind: 'anon' | 'private file' | 'shared file';
  uffdWp: boolean;
}

/** A file of 300 pages, of which every seventh is not cached. */
export interface TwinFile {
  readonly real: readonly Pfn[];
  readonly dumb: readonly DumbFrame[];
}

export function makeFile(frames: FrameTable): TwinFile {
  const real = Array.from({ length: 300 }, () => frames.allocFile());
  return { real, dumb: real.map(() => ({ kind: 'file', exclusive: false })) };
}

/** One process in the engine and in the dumb model, step for step. */
export class Twin {
  readonly pt: PageTable;
  readonly dumb = new DumbProcess();
  readonly vmas = new Map<number, Vma>();
  readonly #file: TwinFile;

  constructor(frames: FrameTable, file: TwinFile) {
    this.pt = new PageTable(frames);
    this.#file = file;
  }

  range(slot: number, a: number, b: number): { from: number; to: number } {
    const [start, pages] = SLOTS[slot]!;
    const [x, y] = [a % (pages + 1), b % (pages + 1)];
    return { from: start + Math.min(x, y), to: start + Math.max(x, y) };
  }

  mmap(slot: number, vma: Vma): void {
    if (!this.vmas.has(slot)) this.vmas.set(slot, { ...vma });
  }

  munmap(slot: number): void {
    const [start, pages] = SLOTS[slot]!;
    this.vmas.delete(slot);
    const below = [...this.vmas.keys()].filter((other) => other < slot).map((other) => SLOTS[other]!);
    const above = [...this.vmas.keys()].filter((other) => other > slot).map((other) => SLOTS[other]!);
    const floor = Math.max(0, ...below.map(([first, length]) => first + length));
    const ceiling = Math.min(Number.POSITIVE_INFINITY, ...above.map(([first]) => first));
    const [from, to] = [virtPage(start), virtPage(start + pages)];
    const all = { anonymous: false, uffdWp: true };
    zapPageRange(this.pt, from, to, { ...all, dropMarkers: true, freeEmptyPteTables: true });
    freePgdRange(this.pt, from, to, floor, ceiling === Number.POSITIVE_INFINITY ? 0 : ceiling);
    this.dumb.zap(from, to, all, true);
    this.dumb.freeTables(from, to, floor, ceiling);
  }

  fault(vma: Vma, from: number, to: number): void {
    if (vma.kind === 'shared file') {
      this.mapFile(from, to, true);
      return;
    }
    populateAnon(this.pt, virtPage(from), virtPage(to), PTE_WRITE | PTE_DIRTY | PTE_SOFT_DIRTY);
    this.dumb.populate(from, to);
  }

  read(vma: Vma, from: number, to: number): void {
    if (vma.kind !== 'anon') {
      this.mapFile(from, to, false);
      return;
    }
    for (let page = from; page < to; page += 3) {
      if (this.pt.get(virtPage(page)) === 0) this.pt.set(virtPage(page), mkPte(this.pt.frames.zeroPfn, 0));
      this.dumb.map(page, null, false);
    }
  }

  mapFile(from: number, to: number, write: boolean): void {
    const { real, dumb } = this.#file;
    const index = (page: number): number => (page % 7 === 0 ? -1 : page % real.length);
    const bits = write ? PTE_WRITE | PTE_DIRTY | PTE_SOFT_DIRTY : 0;
    for (let page = from; page < to; page++) {
      const pfn = real[index(page)];
      if (pfn !== undefined && this.pt.get(virtPage(page)) === 0) {
        this.pt.frames.get(pfn);
        this.pt.set(virtPage(page), mkPte(pfn, bits));
      }
      const frame = dumb[index(page)];
      if (frame !== undefined) this.dumb.map(page, frame, write);
    }
  }

  dontneed(vma: Vma, from: number, to: number, freeEmptyPteTables: boolean): void {
    const options = { anonymous: vma.kind === 'anon', uffdWp: vma.uffdWp };
    zapPageRange(this.pt, virtPage(from), virtPage(to), { ...options, dropMarkers: false, freeEmptyPteTables });
    this.dumb.zap(from, to, options, false, freeEmptyPteTables);
  }

  guardInstall(vma: Vma, from: number, to: number): void {
    const options = { anonymous: vma.kind === 'anon', uffdWp: vma.uffdWp };
    const result = guardInstall(this.pt, virtPage(from), virtPage(to), options);
    const stopped = this.dumb.guardInstall(from, to, options);
    const at = result.state === 'ok' ? null : result.at;
    if (at !== stopped) throw new Error(`guard install stops at ${at}, wanted ${stopped}`);
  }

  guardRemove(from: number, to: number): void {
    guardRemove(this.pt, virtPage(from), virtPage(to));
    this.dumb.guardRemove(from, to);
  }

  mprotect(from: number, to: number): void {
    changeProtection(this.pt, virtPage(from), virtPage(to));
    this.dumb.protect(from, to);
  }

  clearRefs(from: number, to: number): void {
    clearSoftDirty(this.pt, virtPage(from), virtPage(to));
    this.dumb.clearSoftDirty(from, to);
  }

  uffdProtect(vma: Vma, from: number, to: number, on: boolean, unpopulated: boolean): void {
    const anonymous = vma.kind === 'anon';
    uffdWriteProtect(this.pt, virtPage(from), virtPage(to), { on, anonymous, unpopulated });
    if (on) this.dumb.uffdProtect(from, to, !anonymous || unpopulated);
    else this.dumb.uffdResolve(from, to);
  }

  unregister(slot: number, vma: Vma): void {
    const [start, pages] = SLOTS[slot]!;
    clearUffdWp(this.pt, virtPage(start), virtPage(start + pages));
    this.dumb.uffdResolve(start, start + pages);
    vma.uffdWp = false;
  }

  fork(frames: FrameTable, keepUffd: boolean): Twin {
    const child = new Twin(frames, this.#file);
    for (const slot of [...this.vmas.keys()].sort((a, b) => a - b)) {
      const vma = this.vmas.get(slot)!;
      const [start, pages] = SLOTS[slot]!;
      const shared = vma.kind === 'shared file';
      const dstUffdWp = keepUffd && vma.uffdWp;
      const range = [virtPage(start), virtPage(start + pages)] as const;
      copyPageRange(child.pt, this.pt, ...range, { cow: !shared, shared, dstUffdWp });
      this.dumb.forkInto(child.dumb, start, start + pages, !shared, dstUffdWp);
      child.vmas.set(slot, { kind: vma.kind, uffdWp: dstUffdWp });
    }
    return child;
  }

  mremap(from: number, to: number, keepUffd: boolean, realign: boolean): void {
    const vma = this.vmas.get(from);
    const [oldStart, pages] = SLOTS[from]!;
    const [newStart, newPages] = SLOTS[to]!;
    if (vma === undefined || this.vmas.has(to) || pages !== newPages) return;
    const offset = oldStart % PTE_TABLE_PAGES;
    const reaches = offset === newStart % PTE_TABLE_PAGES && pages >= PTE_TABLE_PAGES - offset;
    const clear = realign && [oldStart, newStart].every((start) => this.#nothingBelow(start));
    const uffd = !vma.uffdWp ? 'none' : keepUffd ? 'keep' : 'clear';
    const options = { uffd, softDirty: true, realign: clear } as const;
    movePageTables(this.pt, virtPage(oldStart), virtPage(newStart), pages, options);
    this.dumb.move(oldStart, newStart, pages, uffd, clear && reaches ? offset : 0);
    this.vmas.set(to, { kind: vma.kind, uffdWp: vma.uffdWp && keepUffd });
    this.munmap(from);
  }

  #nothingBelow(start: number): boolean {
    const boundary = start - (start % PTE_TABLE_PAGES);
    return [...this.vmas.keys()].every((slot) => {
      const [first, pages] = SLOTS[slot]!;
      return first >= start || first + pages <= boundary;
    });
  }

  /** What the engine holds, a line per entry; frames are named by `nameOf`. */
  drawReal(nameOf: (pfn: Pfn) => string): string[] {
    const { pt } = this;
    const lines: string[] = [];
    walkPageRange(pt, virtPage(0), virtPage(2 ** 35), {
      pte: (page, pte) => {
        const marker = pteMarker(pte);
        const kind = marker
          ? pteGuard(pte)
            ? 'guard'
            : 'uffdWp'
          : pt.frames.isZero(ptePfn(pte))
            ? 'zero'
            : pt.frames.isFile(ptePfn(pte))
              ? 'file'
              : 'anon';
        const frame = kind === 'anon' || kind === 'file' ? nameOf(ptePfn(pte)) : '';
        const exclusive = !marker && pt.frames.isExclusive(ptePfn(pte));
        const bits = [pteWrite(pte), pteDirty(pte), pteSoftDirty(pte), !marker && pteUffdWp(pte), exclusive];
        lines.push(`${page - BASE} ${kind} ${frame} ${bits.map(Number).join('')}`);
      },
    });
    return lines;
  }

  drawDumb(nameOf: (frame: DumbFrame) => string): string[] {
    return [...this.dumb.entries]
      .sort(([a], [b]) => a - b)
      .map(([page, entry]) => {
        const bits = [entry.write, entry.dirty, entry.softDirty, entry.uffdWp, entry.frame?.exclusive ?? false];
        const frame = entry.frame === null ? '' : nameOf(entry.frame);
        return `${page - BASE} ${entry.kind} ${frame} ${bits.map(Number).join('')}`;
      });
  }
}
