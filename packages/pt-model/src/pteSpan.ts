import { PTE_TABLE_PAGES } from './units.ts';

/** The PTE span (the 2 MiB under one PTE table) that holds `page`. @internal */
export function pteSpanOf(page: number): number {
  return (page - (page & (PTE_TABLE_PAGES - 1))) / PTE_TABLE_PAGES;
}

/** The first PTE span past `[start, end)`; of an empty range, its first PTE span, so that a walk over it does nothing. @internal */
export function pteSpanEnd(start: number, end: number): number {
  return start === end ? pteSpanOf(start) : Math.ceil(end / PTE_TABLE_PAGES);
}

/** Index in its PTE table of the first entry of `pteSpan` that lies in a range which begins at `start`. @internal */
export function firstIndex(pteSpan: number, start: number): number {
  const first = pteSpan * PTE_TABLE_PAGES;
  return start > first ? start - first : 0;
}

/** Index past the last entry of `pteSpan` that lies in a range which ends at `end`. @internal */
export function endIndex(pteSpan: number, end: number): number {
  const first = pteSpan * PTE_TABLE_PAGES;
  return end < first + PTE_TABLE_PAGES ? end - first : PTE_TABLE_PAGES;
}
