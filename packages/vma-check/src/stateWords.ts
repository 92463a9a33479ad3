/*
 * A state of an address space is a few 32-bit words; P pages, V VMAs:
 *
 *   word 0            V
 *   3 words a VMA     31..28  27..24  23..20    19..17  16..15  11..0
 *                     start   end-1   anon_vma  file    chain   flags, high half     pages of the arena
 *                     flags, low half
 *                     31..16 page offset   15..0 anonymous page offset               signed, see Machine
 *   a byte a page     PAGE_ of what its entry is
 *
 * It is the canonical form: two states behave alike in every call exactly if their words are equal. Ids of anon_vmas
 * are numbered in the order in which they are met; a chain is 0, 1 or 2 (more than one link: a fork child).
 */

/** Words of a VMA. */
export const VMA_WORDS = 3;
/** Most pages of an arena: an edge has four bits. */
export const MOST_PAGES = 16;

/** Kinds of an entry: the low bits of a page's byte. */
export const PAGE_NONE = 0;
export const PAGE_GUARD = 1;
export const PAGE_ZERO = 2;
export const PAGE_FILE = 3;
/** Anonymous memory that holds what a page of zeros, or of the file, holds. */
export const PAGE_POPULATED = 4;
/** Anonymous memory that was written. */
export const PAGE_WRITTEN = 5;
/** The kind of a page's byte. */
export const PAGE_KIND = 7;
/** The entry lets writes through. */
export const PAGE_MAY_WRITE = 8;
/** The entry's soft-dirty bit. */
export const PAGE_SOFT_DIRTY = 16;

/** Words of the pages of an arena. */
export function pageWords(pages: number): number {
  return (pages + 3) >>> 2;
}

/** Words of the state that begins at `at`. */
export function stateLength(words: Int32Array, at: number, pages: number): number {
  return 1 + words[at]! * VMA_WORDS + pageWords(pages);
}

/** Most words that a state of an arena has. */
export function mostWords(pages: number): number {
  return 1 + pages * VMA_WORDS + pageWords(pages);
}

/** Are the words `aFrom` to `aTo` (exclusive) those of `b`? */
export function isSame(a: Int32Array, aFrom: number, aTo: number, b: Int32Array, bFrom: number, bTo: number): boolean {
  if (aTo - aFrom !== bTo - bFrom) return false;
  for (let i = aFrom, k = bFrom; i < aTo; i++, k++) if (a[i] !== b[k]) return false;
  return true;
}
