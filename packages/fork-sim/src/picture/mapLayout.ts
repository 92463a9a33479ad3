import { PAGE_SIZE } from 'vma-core';
import type { MapSlice } from '../report/slices.ts';

/**
 * How widths follow from sizes.
 *
 * - `log`: with the logarithm, so that one page and one TiB are both seen; holes are breaks.
 * - `pages`: a page is as wide as another; holes are breaks.
 * - `scale`: the addresses themselves, holes as large as they are.
 */
export type MapScale = 'log' | 'pages' | 'scale';

/** Where each VMA is, in units of its own. */
export interface MapLayout {
  readonly scale: MapScale;
  readonly left: Float64Array;
  readonly width: Float64Array;
  /** Width of everything. */
  readonly whole: number;
}

/** Widths of a hole in `log`, of all of them in `pages` as a part of the whole. */
const LOG_HOLE = 3;
const PAGES_HOLES = 0.12;

/** Lays a map out. */
export function layoutMap(map: MapSlice, scale: MapScale): MapLayout {
  const { count, start, end } = map;
  const left = new Float64Array(count);
  const width = new Float64Array(count);
  if (scale === 'scale') {
    const first = (start[0] ?? 0) / PAGE_SIZE;
    for (let i = 0; i < count; i++) {
      left[i] = start[i]! / PAGE_SIZE - first;
      width[i] = (end[i]! - start[i]!) / PAGE_SIZE;
    }
    return { scale, left, width, whole: count === 0 ? 1 : left[count - 1]! + width[count - 1]! };
  }
  const hole = scale === 'log' ? LOG_HOLE : holeInPages(map);
  let x = 0;
  for (let i = 0; i < count; i++) {
    const pages = (end[i]! - start[i]!) / PAGE_SIZE;
    if (i > 0 && end[i - 1] !== start[i]) x += hole;
    left[i] = x;
    width[i] = scale === 'log' ? 2 + Math.log2(pages) : pages;
    x += width[i]!;
  }
  return { scale, left, width, whole: Math.max(1, x) };
}

function holeInPages({ count, start, end }: MapSlice): number {
  let pages = 0;
  let holes = 0;
  for (let i = 0; i < count; i++) {
    pages += (end[i]! - start[i]!) / PAGE_SIZE;
    if (i > 0 && end[i - 1] !== start[i]) holes++;
  }
  return (pages * PAGES_HOLES) / (holes + 4);
}

/** The VMA at a place, or the last one before it; 0 where there is none before. */
export function vmaAt({ left }: MapLayout, x: number): number {
  let low = 0;
  let high = left.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (left[middle]! <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The VMA that holds an address, or the first one above it; -1: there is none. */
export function vmaOfAddr({ count, end }: MapSlice, addr: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (end[middle]! > addr) high = middle;
    else low = middle + 1;
  }
  return low < count ? low : -1;
}

/** Where an address is drawn; one in a hole is at the edge of the next VMA. */
export function placeOf(map: MapSlice, layout: MapLayout, addr: number): number {
  const at = vmaOfAddr(map, addr);
  if (at < 0) return layout.whole;
  const start = map.start[at]!;
  const part = Math.max(0, (addr - start) / (map.end[at]! - start));
  return layout.left[at]! + part * layout.width[at]!;
}

/** The part of a layout that is shown. */
export interface MapView {
  readonly from: number;
  readonly width: number;
}

/** A view that lies within the layout. */
export function clampView({ whole }: MapLayout, { from, width }: MapView): MapView {
  const wide = Math.min(whole, Math.max(whole / 1e9, width, 1e-3));
  return { from: Math.max(0, Math.min(whole - wide, from)), width: wide };
}

/** A view of a range of addresses and some of its neighbours. */
export function viewOfRange(map: MapSlice, layout: MapLayout, start: number, end: number): MapView {
  const first = vmaOfAddr(map, start);
  if (first < 0) return { from: 0, width: layout.whole };
  const past = vmaOfAddr(map, Math.max(start, end - 1));
  const last = past < 0 ? map.count - 1 : past;
  const low = layout.left[Math.max(0, first - NEIGHBOURS)]!;
  const until = Math.min(map.count - 1, last + NEIGHBOURS);
  const high = layout.left[until]! + layout.width[until]!;
  return clampView(layout, { from: low, width: high - low });
}

const NEIGHBOURS = 5;
