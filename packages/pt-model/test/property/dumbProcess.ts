import { PMD_TABLE_PAGES, PTE_TABLE_PAGES, PUD_TABLE_PAGES } from 'pt-model';

/** A frame, by identity. */
export interface DumbFrame {
  readonly kind: 'anon' | 'file';
  exclusive: boolean;
}

/** An entry, in words. */
export interface DumbEntry {
  readonly kind: 'anon' | 'file' | 'zero' | 'guard' | 'uffdWp';
  readonly frame: DumbFrame | null;
  readonly write: boolean;
  readonly dirty: boolean;
  readonly softDirty: boolean;
  readonly uffdWp: boolean;
}

const MARKER = { frame: null, write: false, dirty: false, softDirty: false, uffdWp: false } as const;
const GUARD: DumbEntry = { kind: 'guard', ...MARKER };
const UFFD_WP: DumbEntry = { kind: 'uffdWp', ...MARKER };
const isMarker = (entry: DumbEntry): boolean => entry.kind === 'guard' || entry.kind === 'uffdWp';

const SPANS = [PTE_TABLE_PAGES, PMD_TABLE_PAGES, PUD_TABLE_PAGES] as const;

/**
 * What a page table must do, told page by page: a map of entries and a set of tables per level. Slow and short, so that it
 * can be checked by reading; it shares nothing with the engine but the words.
 */
export class DumbProcess {
  entries = new Map<number, DumbEntry>();
  /** PTE, PMD and PUD tables, by number. */
  tables: readonly [Set<number>, Set<number>, Set<number>] = [new Set(), new Set(), new Set()];

  populate(from: number, to: number): void {
    for (let page = from; page < to; page++) {
      this.allocTables(page, 0);
      const frame: DumbFrame = { kind: 'anon', exclusive: true };
      const entry = { kind: 'anon', frame, write: true, dirty: true, softDirty: true, uffdWp: false } as const;
      if (!this.entries.has(page)) this.entries.set(page, entry);
    }
  }

  map(page: number, frame: DumbFrame | null, write: boolean): void {
    if (this.entries.has(page)) return;
    this.allocTables(page, 0);
    const kind = frame?.kind ?? 'zero';
    this.entries.set(page, { kind, frame, write, dirty: write, softDirty: write, uffdWp: false });
  }

  zap(
    from: number,
    to: number,
    vma: { anonymous: boolean; uffdWp: boolean },
    munmap: boolean,
    freeEmpty = false,
  ): void {
    for (let page = from; page < to; page++) {
      const entry = this.entries.get(page);
      if (!munmap && entry?.kind === 'guard') continue;
      if (!munmap && !vma.anonymous && entry?.kind === 'uffdWp') continue;
      this.entries.delete(page);
      if (!munmap && !vma.anonymous && vma.uffdWp && entry?.uffdWp === true) this.entries.set(page, UFFD_WP);
    }
    for (const pteSpan of freeEmpty ? [...this.tables[0]] : []) {
      const [first, end] = [pteSpan * PTE_TABLE_PAGES, (pteSpan + 1) * PTE_TABLE_PAGES];
      if (first >= from && end <= to && !this.#anyEntry(first, end)) this.tables[0].delete(pteSpan);
    }
  }

  freeTables(from: number, to: number, floor: number, ceiling: number): void {
    SPANS.forEach((span, level) => {
      for (const table of [...this.tables[level]!]) {
        const [first, end] = [table * span, (table + 1) * span];
        if (first < to && end > from && first >= floor && end <= ceiling) this.tables[level]!.delete(table);
      }
    });
  }

  /** The page where the install stops for ever, or null. */
  guardInstall(from: number, to: number, vma: { anonymous: boolean; uffdWp: boolean }): number | null {
    for (const round of [1, 2]) {
      let page = from;
      for (; page < to; page++) {
        this.allocTables(page, 0);
        if ((this.entries.get(page) ?? GUARD).kind !== 'guard') break;
        if (!this.entries.has(page)) this.entries.set(page, GUARD);
      }
      if (page === to) return null;
      if (round === 2) return page;
      this.zap(from, to, vma, false);
    }
    return null;
  }

  guardRemove(from: number, to: number): void {
    for (let page = from; page < to; page++) if (this.entries.get(page)?.kind === 'guard') this.entries.delete(page);
  }

  /** Changes the entries that `change` does not leave alone. */
  change(from: number, to: number, change: (entry: DumbEntry) => DumbEntry | null): void {
    for (let page = from; page < to; page++) {
      const entry = this.entries.get(page);
      const changed = entry === undefined ? undefined : change(entry);
      if (changed === null) this.entries.delete(page);
      else if (changed !== undefined) this.entries.set(page, changed);
    }
  }

  protect(from: number, to: number): void {
    this.change(from, to, (entry) => ({ ...entry, write: false }));
  }

  clearSoftDirty(from: number, to: number): void {
    this.change(from, to, (entry) => ({ ...entry, softDirty: false, write: false }));
  }

  uffdProtect(from: number, to: number, useMarkers: boolean): void {
    for (let page = from; useMarkers && page < to; page++) {
      this.allocTables(page, 0);
      if (!this.entries.has(page)) this.entries.set(page, UFFD_WP);
    }
    this.change(from, to, (entry) => (isMarker(entry) ? entry : { ...entry, uffdWp: true, write: false }));
  }

  uffdResolve(from: number, to: number): void {
    this.change(from, to, (entry) => (entry.kind === 'uffdWp' ? null : { ...entry, uffdWp: false }));
  }

  forkInto(child: DumbProcess, from: number, to: number, cow: boolean, childUffdWp: boolean): void {
    SPANS.forEach((span, level) => {
      for (const table of this.tables[level]!) {
        if (table * span < to && (table + 1) * span > from) child.tables[level]!.add(table);
      }
    });
    for (let page = from; page < to; page++) {
      const entry = this.entries.get(page);
      if (entry === undefined) continue;
      if (isMarker(entry)) {
        if (entry.kind === 'guard') child.entries.set(page, GUARD);
        else if (childUffdWp) child.entries.set(page, UFFD_WP);
        continue;
      }
      if (cow && entry.frame?.kind === 'anon') entry.frame.exclusive = false;
      const kept = cow ? { ...entry, write: false } : entry;
      this.entries.set(page, kept);
      child.entries.set(page, { ...kept, dirty: cow && kept.dirty, uffdWp: childUffdWp && kept.uffdWp });
    }
  }

  /** `down`: how many pages below the start the move begins, for want of anything mapped there. */
  move(oldStart: number, newStart: number, pages: number, uffd: 'none' | 'keep' | 'clear', down: number): void {
    const [end, distance] = [oldStart + pages, newStart - oldStart];
    for (let page = oldStart - down; page < end; ) {
      const pteSpan = page / PTE_TABLE_PAGES;
      const target = (page + distance) / PTE_TABLE_PAGES;
      const whole = Number.isInteger(pteSpan) && Number.isInteger(target) && page + PTE_TABLE_PAGES <= end;
      if (whole && this.tables[0].has(pteSpan) && !this.tables[0].has(target) && uffd !== 'clear') {
        this.allocTables(page + distance, 0);
        for (let i = 0; i < PTE_TABLE_PAGES; i++, page++) this.#moveEntry(page, distance, (entry) => entry);
        this.tables[0].delete(pteSpan);
        continue;
      }
      if (this.tables[0].has(Math.floor(pteSpan))) this.allocTables(page + distance, 0);
      else if (this.tables[1].has(Math.floor(page / PMD_TABLE_PAGES))) this.allocTables(page + distance, 2);
      this.#moveEntry(page, distance, (entry) => {
        if (uffd === 'clear' && entry.kind === 'uffdWp') return null;
        return { ...entry, softDirty: true, uffdWp: uffd !== 'clear' && entry.uffdWp };
      });
      page++;
    }
  }

  /** Makes the tables over `page` down to `lowest`: 0 PTE, 1 PMD, 2 PUD. */
  allocTables(page: number, lowest: number): void {
    SPANS.forEach((span, level) => {
      if (level >= lowest) this.tables[level]!.add(Math.floor(page / span));
    });
  }

  #moveEntry(page: number, distance: number, moved: (entry: DumbEntry) => DumbEntry | null): void {
    const entry = this.entries.get(page);
    if (entry === undefined) return;
    this.entries.delete(page);
    const arrived = moved(entry);
    if (arrived !== null) this.entries.set(page + distance, arrived);
  }

  #anyEntry(from: number, to: number): boolean {
    for (let page = from; page < to; page++) if (this.entries.has(page)) return true;
    return false;
  }
}
