import type { ForkAction } from 'vma-core';

/** A VMA: a letter of the `map` line above, or a page that it holds. */
export type VmaName = string;

/** Pages from `first` on. */
export interface Pages {
  readonly first: number;
  readonly count: number;
}

/** A drawing of VMAs, a letter each; without `first`, of the whole arena from page 0. */
export interface MapClaim {
  readonly kind: 'map';
  readonly first: number | null;
  readonly drawing: string;
}

/** The state of each page: the letters of the recordings, `-` where nothing is mapped. */
export interface PagesClaim {
  readonly kind: 'pages';
  readonly first: number | null;
  readonly letters: string;
}

/** What a page may be marked as. */
export type MarkName = 'guards' | 'soft-dirty' | 'write-protected';

/** All pages of the arena that have a mark; none where there are no ranges. */
export interface MarksClaim<Name extends MarkName> {
  readonly kind: Name;
  readonly ranges: readonly Pages[];
}

/** Flags of a VMA, as the two-letter words of smaps. `are`: these and no others. */
export interface FlagsClaim {
  readonly kind: 'flags';
  readonly vma: VmaName;
  readonly how: 'has' | 'lacks' | 'are';
  readonly flags: readonly string[];
}

/** What maps says of a VMA: permissions; where they are said, backing and offset in pages, and a name. */
export interface VmaClaim {
  readonly kind: 'vma';
  readonly vma: VmaName;
  readonly perms: string;
  readonly backing: string | null;
  readonly pgoff: number | null;
}

/** How many VMAs the arena has. */
export interface CountClaim {
  readonly kind: 'vmas';
  readonly count: number;
}

/** What the fork above did with a VMA of the parent. */
export interface ForkedClaim {
  readonly kind: 'forked';
  readonly vma: VmaName;
  readonly action: ForkAction;
}

/** Memory of the arena's page tables, in kB. */
export interface TablesClaim {
  readonly kind: 'tables';
  readonly kb: number;
}

/** A claim about the state of a process. */
export type Claim =
  | MapClaim
  | PagesClaim
  | MarksClaim<'guards'>
  | MarksClaim<'soft-dirty'>
  | MarksClaim<'write-protected'>
  | FlagsClaim
  | VmaClaim
  | CountClaim
  | ForkedClaim
  | TablesClaim;

/** The name of a kind of claim: the word with which its line begins. */
export type ClaimName = Claim['kind'];

/** What comes of a call. Fields that are absent are not claimed. */
export interface CallResult {
  /** `ok`, `refused`, a signal or the name of an error. */
  readonly outcome: string;
  /** Where a mapping landed: a page. */
  readonly at?: number | 'outside';
  /** Pages that a vector of advice came to. */
  readonly done?: number;
  /** A letter for each page that was touched: `.` none, `M` SEGV_MAPERR, `P` SEGV_ACCERR, `B` SIGBUS. */
  readonly faults?: string;
  /** What was read: a byte, or a {@link VALUE_WORDS | word} for what it may be; one for each page, or one for all. */
  readonly reads?: readonly string[];
}

/** Words for the first byte of a page. */
export const VALUE_WORDS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  /** No write was ever made. */
  zero: [0, 0],
  /** A write of the file: each stores its step, from 1 to 63. */
  written: [1, 63],
  /** The file's own bytes. */
  file0: [64, 127],
  file1: [128, 191],
  memfd0: [192, 255],
};
