import { flagsOf, PAGE_SIZE, permissions } from 'vma-core';
import { backingOf } from '../report/backingOf.ts';
import type { MapSlice } from '../report/slices.ts';
import { formatSize } from '../words/numbers.ts';
import { type MapLayout, type MapView, placeOf, vmaAt } from './mapLayout.ts';
import type { ColourName } from './palette.ts';

/** A rectangle, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface Bar extends Box {
  readonly kind: 'bar';
  /** `null`: an outline. */
  readonly fill: ColourName | null;
  readonly edge: ColourName;
  /** A corner is cut off: code. */
  readonly notch: boolean;
  /** Lines across, so that backings are told apart without colour: 0 to 3. */
  readonly rules: number;
}

interface Line {
  readonly kind: 'line';
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly colour: ColourName;
  readonly width: number;
  readonly dash: boolean;
}

interface Text {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly colour: ColourName;
}

/** What is drawn, on a canvas or in a picture. Pixels. */
export type Shape =
  | Bar
  | Line
  | Text
  | ({ readonly kind: 'guard' } & Box)
  | ({ readonly kind: 'frame' } & Box)
  | ({ readonly kind: 'cell'; readonly letter: string } & Box)
  | ({ readonly kind: 'break' } & Omit<Box, 'w'>);

/** What two VMAs that touch are to each other, by the address at which they meet. */
export type Borders = ReadonlyMap<number, 'seam' | 'wall' | 'unknown'>;

/** What is drawn besides the VMAs themselves. */
export interface MapExtras {
  readonly picked: number | null;
  readonly borders: Borders;
  /** Letters of page states, by the number of the page. */
  readonly cells: ReadonlyMap<number, string>;
  /** Ranges that are marked: what a call was about, what differs. */
  readonly marks: readonly { readonly start: number; readonly end: number }[];
}

/** Height of a map, and of its parts. */
export const MAP_HEIGHT = 132;
const TOP = 30;
const BASE = 92;
const CELLS = 97;
const CELL_HEIGHT = 16;
/** Narrowest page that is drawn as a cell. */
export const CELL_WIDTH = 6;
/** Size of all text. */
export const TEXT = 11;
/** Narrower VMAs are drawn without what keeps them apart: there would be nothing else to see. */
const LEAST_BORDERED = 12;
const NO_BORDERS: Borders = new Map();
/** Narrowest page of which it is drawn that nothing is known. */
const EMPTY_CELL = 9;

/** The part of a map that is in view, as shapes: at most a few for each pixel of the width. */
export function mapShapes(map: MapSlice, layout: MapLayout, view: MapView, width: number, extras: MapExtras): Shape[] {
  const shapes: Shape[] = [];
  const perUnit = width / view.width;
  const x = (place: number): number => (place - view.from) * perUnit;
  for (const { start, end } of extras.marks) {
    const from = x(placeOf(map, layout, start));
    const to = x(placeOf(map, layout, Math.max(start, end - 1)));
    if (to < -2 || from > width + 2) continue;
    const w = Math.max(4, to - from);
    shapes.push({ kind: 'bar', x: from, y: 18, w, h: BASE - 12, fill: null, edge: 'mark', notch: false, rules: 0 });
    shapes.push({ kind: 'line', x1: from, y1: 18, x2: from + w, y2: 18, colour: 'mark', width: 4, dash: false });
  }
  const first = map.count === 0 ? 0 : vmaAt(layout, view.from);
  const end = view.from + view.width;
  for (let i = first; i < map.count && layout.left[i]! < end; ) {
    const at = x(layout.left[i]!);
    const w = layout.width[i]! * perUnit;
    if (w >= 1) {
      drawVma(shapes, map, i, at, w, width, extras);
      const narrowest = Math.min(w, (layout.width[i + 1]! ?? 0) * perUnit);
      const borders = narrowest < LEAST_BORDERED ? NO_BORDERS : extras.borders;
      drawGap(shapes, map, i, at + w, x(layout.left[i + 1]! ?? layout.whole), borders);
      i++;
      continue;
    }
    // Many VMAs in one pixel: the tallest of a few of them stands for all.
    const pixel = Math.floor(at) + 1;
    const next = Math.max(i + 1, vmaAt(layout, view.from + pixel / perUnit));
    drawColumn(shapes, map, i, next, Math.floor(at));
    i = next;
  }
  drawGuards(shapes, map, layout, view, x, width);
  dropCovered(shapes);
  for (const [page, letter] of extras.cells) drawCell(shapes, map, layout, x, page, letter, width);
  if (extras.picked !== null && extras.picked < map.count) {
    const at = x(layout.left[extras.picked]!);
    const w = Math.max(3, layout.width[extras.picked]! * perUnit);
    if (at + w > -3 && at < width + 3)
      shapes.push({ kind: 'frame', x: at - 1, y: TOP - 6, w: w + 2, h: BASE - TOP + 10 });
  }
  drawEnds(shapes, map, layout, view, width);
  return shapes;
}

const RULES = { anonymous: 0, file: 1, shared: 2, special: 3 } as const;

/** Top of a bar: writable memory stands highest, memory without access lowest. */
function topOf(lo: number): number {
  if ((lo & 2) !== 0) return TOP;
  return (lo & 5) !== 0 ? TOP + 18 : TOP + 36;
}

function backingAt(map: MapSlice, i: number): keyof typeof RULES {
  const vmFlags = flagsOf(map.flagsLo[i]!, map.flagsHi[i]!);
  return backingOf({ vmFlags, vmFile: map.file[i]! === 0 ? null : map.file[i]! });
}

function drawVma(
  shapes: Shape[],
  map: MapSlice,
  i: number,
  x: number,
  w: number,
  width: number,
  { picked }: MapExtras,
): void {
  const lo = map.flagsLo[i]!;
  const backing = backingAt(map, i);
  const y = topOf(lo);
  const from = Math.max(x, -8);
  const to = Math.min(x + w, width + 8);
  const inner = Math.max(0.75, to - from - (w > 3 ? 1 : 0));
  const fill = (lo & 2) !== 0 ? backing : (lo & 5) !== 0 ? (`${backing}Soft` as const) : null;
  shapes.push({
    kind: 'bar',
    x: from,
    y,
    w: inner,
    h: BASE - y,
    fill,
    edge: backing,
    notch: (lo & 4) !== 0 && w > 8,
    rules: w > 5 ? RULES[backing] : 0,
  });
  const left = Math.max(from, 0) + 4;
  const room = Math.min(to, width) - left - 3;
  if (room < 22) return;
  const full = (lo & 2) !== 0;
  const colour: ColourName = !full
    ? fill === null
      ? 'text'
      : 'softText'
    : backing === 'special'
      ? 'ground'
      : `${backing}Text`;
  const flags = flagsOf(lo, map.flagsHi[i]!);
  const pages = (map.end[i]! - map.start[i]!) / PAGE_SIZE;
  const lines = [permissions(flags), formatSize(pages * PAGE_SIZE)];
  const name = shortName(map.names[map.name[i]!] ?? '');
  for (const [row, text] of lines.entries()) {
    const baseline = BASE - 6 - (lines.length - 1 - row) * (TEXT + 1);
    if (baseline - TEXT < y) continue;
    put(shapes, left, baseline, text, colour, room);
  }
  if (name !== '') put(shapes, left, TOP - 5 - (picked === i ? 2 : 0), name, 'text', room);
}

/** Writes a text if all of it fits, or a beginning that says something. */
function put(shapes: Shape[], x: number, y: number, text: string, colour: ColourName, room: number): void {
  const fits = Math.floor(room / (TEXT * 0.61));
  const shown = text.length <= fits ? text : fits >= 5 ? `${text.slice(0, fits - 1)}…` : '';
  if (shown !== '') shapes.push({ kind: 'text', x, y, text: shown, colour });
}

function drawColumn(shapes: Shape[], map: MapSlice, from: number, to: number, x: number): void {
  let best = from;
  const stride = Math.max(1, Math.floor((to - from) / 8));
  for (let i = from; i < to; i += stride) {
    if (topOf(map.flagsLo[i]!) < topOf(map.flagsLo[best]!)) best = i;
  }
  const lo = map.flagsLo[best]!;
  const backing = backingAt(map, best);
  const y = topOf(lo);
  const fill = (lo & 2) !== 0 ? backing : (lo & 5) !== 0 ? (`${backing}Soft` as const) : 'line';
  shapes.push({ kind: 'bar', x, y, w: 1, h: BASE - y, fill, edge: fill, notch: false, rules: 0 });
}

/** What is between a VMA and the next one: a hole, or where they meet. */
function drawGap(shapes: Shape[], map: MapSlice, i: number, from: number, to: number, borders: Borders): void {
  if (i + 1 >= map.count) return;
  const end = map.end[i]!;
  const hole = map.start[i + 1]! - end;
  if (hole > 0) {
    if (to - from < 3) return;
    const middle = (from + to) / 2;
    shapes.push({ kind: 'break', x: middle, y: TOP + 30, h: BASE - TOP - 30 });
    put(shapes, from + 3, BASE + 20, `⋯ ${formatSize(hole)}`, 'quiet', to - from - 2 < 44 ? 0 : to - from);
    return;
  }
  const border = borders.get(end);
  if (border === undefined) return;
  const line = { kind: 'line', x1: from, x2: from, y1: TOP - 4, y2: BASE + 4, colour: 'text' } as const;
  if (border === 'wall') shapes.push({ ...line, width: 3, dash: false });
  else shapes.push({ ...line, width: border === 'seam' ? 2 : 1, dash: true });
}

function drawGuards(
  shapes: Shape[],
  map: MapSlice,
  layout: MapLayout,
  view: MapView,
  x: (place: number) => number,
  width: number,
): void {
  const { guardStart, guardEnd } = map;
  if (guardStart.length === 0) return;
  const lowest = map.start[vmaAt(layout, view.from)]!;
  const highest = map.end[vmaAt(layout, view.from + view.width)]!;
  const first = firstAbove(guardEnd, lowest);
  const last = firstAbove(guardStart, highest);
  // Of more guards than there is room for, as many are drawn as there is.
  const stride = Math.max(1, Math.floor((last - first) / width));
  for (let i = first; i < last; i += stride) {
    const from = x(placeOf(map, layout, guardStart[i]!));
    const to = x(placeOf(map, layout, guardEnd[i]! - 1));
    if (to < -4 || from > width) continue;
    const w = Math.max(3, to - from);
    shapes.push({ kind: 'guard', x: from, y: TOP - 10, w, h: BASE - TOP + 10 });
  }
}

/** Takes out the texts that guards would cover. */
function dropCovered(shapes: Shape[]): void {
  const guards = shapes.filter((shape) => shape.kind === 'guard');
  if (guards.length === 0) return;
  const isCovered = (shape: Shape): boolean =>
    shape.kind === 'text' &&
    guards.some(({ x, w }) => x < shape.x + shape.text.length * TEXT * 0.61 && x + w > shape.x);
  const kept = shapes.filter((shape) => !isCovered(shape));
  shapes.splice(0, shapes.length, ...kept);
}

/** Index of the first value above `limit`. */
function firstAbove(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

function drawCell(
  shapes: Shape[],
  map: MapSlice,
  layout: MapLayout,
  x: (place: number) => number,
  page: number,
  letter: string,
  width: number,
): void {
  const from = x(placeOf(map, layout, page * PAGE_SIZE));
  const to = x(placeOf(map, layout, (page + 1) * PAGE_SIZE - 1));
  if (to < 0 || from > width || to - from < (letter === '.' ? EMPTY_CELL : CELL_WIDTH - 2)) return;
  shapes.push({ kind: 'cell', x: from + 0.5, y: CELLS, w: to - from - 1, h: CELL_HEIGHT, letter });
}

/** The first and the last address in view. */
function drawEnds(shapes: Shape[], map: MapSlice, layout: MapLayout, view: MapView, width: number): void {
  if (map.count === 0) return;
  const first = vmaAt(layout, view.from);
  const last = vmaAt(layout, view.from + view.width);
  const text = map.end[last]!.toString(16);
  shapes.push({ kind: 'text', x: 2, y: 11, text: map.start[first]!.toString(16), colour: 'quiet' });
  shapes.push({ kind: 'text', x: width - 4 - text.length * 6.7, y: 11, text, colour: 'quiet' });
}

/** Nothing besides the VMAs. */
export const NO_EXTRAS: MapExtras = { picked: null, borders: new Map(), cells: new Map(), marks: [] };

/** A name as a bar has room for: the file without its folders. */
function shortName(name: string): string {
  return name.startsWith('[') ? name : name.slice(name.lastIndexOf('/') + 1);
}
