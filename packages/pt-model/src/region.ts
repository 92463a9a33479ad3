import { PTE_TABLE_PAGES } from './units.ts';

/** The region (the 2 MiB under one PTE table) that holds `page`. @internal */
export function regionOf(page: number): number {
  return (page - (page & (PTE_TABLE_PAGES - 1))) / PTE_TABLE_PAGES;
}

/** The first region past `[start, end)`; of an empty range, its first region, so that a walk over it does nothing. @internal */
export function regionEnd(start: number, end: number): number {
  return start === end ? regionOf(start) : Math.ceil(end / PTE_TABLE_PAGES);
}

/** Index in its PTE table of the first entry of `region` that lies in a range which begins at `start`. @internal */
export function firstIndex(region: number, start: number): number {
  const first = region * PTE_TABLE_PAGES;
  return start > first ? start - first : 0;
}

/** Index past the last entry of `region` that lies in a range which ends at `end`. @internal */
export function endIndex(region: number, end: number): number {
  const first = region * PTE_TABLE_PAGES;
  return end < first + PTE_TABLE_PAGES ? end - first : PTE_TABLE_PAGES;
}
