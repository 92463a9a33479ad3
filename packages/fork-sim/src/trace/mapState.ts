import type { TableLevel } from 'pt-model';
import type { MergeRefusal } from 'vma-core';

/** A range of pages of the arena, the end exclusive, with flags as the two-letter words of smaps. */
export interface FlaggedRange {
  readonly start: number;
  readonly end: number;
  readonly flags: readonly string[];
}

/** A VMA, or what it was when something happened to it. */
export interface Piece extends FlaggedRange {
  /** Names it for the length of a trace. */
  readonly letter: string;
}

/** A VMA as it is drawn. */
export interface MapVma extends Piece {
  /** As `maps` prints it: `rw-p`. */
  readonly perms: string;
  /** `anon`, `file0`, `shm0`, ... */
  readonly backing: string;
  readonly kind: 'anon' | 'private' | 'shared';
  /** Offset of its first page in the file, in pages; 0 for anonymous memory. */
  readonly pgoff: number;
  /** Those of `flags` that are sticky in this profile. */
  readonly sticky: readonly string[];
  readonly anonVma: number | null;
  /** Links of the anon_vma chain; 2 or more: a fork child. */
  readonly chain: number;
  readonly name: string | null;
}

/** Two VMAs that touch: may they be one? */
export interface MapBorder {
  /** The page at which they meet. */
  readonly page: number;
  readonly below: string;
  readonly above: string;
  /** `null`: no rule keeps them apart; a merge was only never tried. */
  readonly refusal: MergeRefusal | null;
}

/** The states of pages that lie side by side. */
export interface PageRun {
  /** Name of the scenario's window; empty where it has none. */
  readonly name: string;
  /** First page of the arena. */
  readonly first: number;
  /** One character a page: ` . z a A f F S G W`. */
  readonly letters: string;
}

/** A page table entry that is not none. */
export interface PteView {
  /** Page of the arena. */
  readonly page: number;
  /** As in {@link PageRun.letters}. */
  readonly letter: string;
  /** Page frame; `null` for markers and swap. */
  readonly frame: number | null;
  /** Entries of all processes that map the frame; 0 where there is none, or it is the zero page. */
  readonly mapcount: number;
  readonly write: boolean;
  readonly dirty: boolean;
  readonly softDirty: boolean;
  readonly uffdWp: boolean;
}

/** A page table of 512 entries, each before those below it; the PGD first. */
export interface TableView {
  readonly level: TableLevel;
  /** First page of the arena under it; below 0 where it spans more than the arena. */
  readonly first: number;
  /** Entries in use. */
  readonly entries: number;
}

/** A state of an address space, ready to be drawn. Plain data. */
export interface MapState {
  readonly pid: number;
  /** Pages of the arena. */
  readonly span: number;
  readonly vmas: readonly MapVma[];
  /** What is looked at page by page: the whole arena, or a scenario's windows. */
  readonly pages: readonly PageRun[];
  /** Entries of those pages, in their order. */
  readonly ptes: readonly PteView[];
  /** Soft-dirty bits in hex, the highest page first; of a scenario with windows, empty. */
  readonly softDirty: string;
  readonly borders: readonly MapBorder[];
  readonly tables: readonly TableView[];
  /** Page-table memory, in kB. */
  readonly tablesKb: number;
}

/** The state of one page: its letter, or a space where nothing is mapped or nobody looked. */
export function pageState(state: MapState, page: number): string {
  for (const { first, letters } of state.pages) {
    if (page >= first && page < first + letters.length) return letters[page - first] as string;
  }
  return ' ';
}
