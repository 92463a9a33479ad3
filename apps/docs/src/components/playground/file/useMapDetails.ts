import { type Borders, CELL_WIDTH, type MapLayout, type MapView, vmaAt } from 'fork-sim/picture';
import type { ForkSimClient, MapSlice, VmaRow } from 'fork-sim/worker';
import { useMemo } from 'react';
import { PAGE_SIZE } from 'vma-core';
import { useIdle } from './useIdle.ts';
import { useJob } from './useJob.ts';

/** VMAs in view up to which the rules are asked about each pair, and pages that are looked at. */
const MAX_VMAS = 256;
const MAX_PAGES = 2048;
/** Milliseconds that a view stays before the worker is asked about it. */
const IDLE = 180;

/** What the worker says of the part of the map in view, once it stays in view. */
export interface MapDetails {
  readonly borders: Borders;
  readonly cells: ReadonlyMap<number, string>;
}

/** Asks about the pairs of neighbours in view, and the pages, where they are few enough to be seen. */
export function useMapDetails(
  lab: ForkSimClient,
  map: MapSlice,
  layout: MapLayout,
  view: MapView,
  width: number,
): MapDetails {
  const still = useIdle(view, IDLE);
  const vmas = still === null ? null : vmasInView(map, layout, still);
  const pages = still === null ? null : pagesInView(map, layout, still, width);
  const vmaKey = vmas === null ? null : `${mapKey(map)} ${vmas.from} ${vmas.max}`;
  const pageKey = pages === null ? null : `${mapKey(map)} ${pages.addr} ${pages.pages}`;
  const pid = map.pid;
  const described = useJob<readonly VmaRow[]>(vmaKey, (control) =>
    vmas === null ? Promise.resolve([]) : lab.readVmas({ pid, ...vmas }, control),
  );
  const read = useJob(pageKey, (control) =>
    pages === null ? Promise.resolve(null) : lab.readPages({ pid, ...pages }, control),
  );
  const borders = useMemo(() => bordersOf(described.value ?? []), [described.value]);
  const cells = useMemo(() => {
    const found = new Map<number, string>();
    const window = read.value;
    if (window === null) return found;
    for (const [at, code] of window.letters.entries()) {
      if (code !== SPACE) found.set(window.addr / PAGE_SIZE + at, String.fromCharCode(code));
    }
    return found;
  }, [read.value]);
  return { borders, cells };
}

const SPACE = 0x20;
const keys = new WeakMap<MapSlice, number>();
let lastKey = 0;

/** Names a map as long as it is there. */
export function mapKey(map: MapSlice): number {
  const known = keys.get(map);
  if (known !== undefined) return known;
  lastKey++;
  keys.set(map, lastKey);
  return lastKey;
}

function vmasInView(map: MapSlice, layout: MapLayout, view: MapView): { from: number; max: number } | null {
  if (map.count === 0) return null;
  const first = vmaAt(layout, view.from);
  const max = vmaAt(layout, view.from + view.width) - first + 1;
  return max > MAX_VMAS ? null : { from: map.start[first]!, max };
}

/** The longest run of pages in view that are wide enough to be seen, in one VMA after the other. */
function pagesInView(
  map: MapSlice,
  layout: MapLayout,
  view: MapView,
  width: number,
): { addr: number; pages: number } | null {
  const perUnit = width / view.width;
  const end = view.from + view.width;
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (let i = map.count === 0 ? 0 : vmaAt(layout, view.from); i < map.count; i++) {
    const left = layout.left[i]!;
    if (left > end) break;
    const start = map.start[i]!;
    const pages = (map.end[i]! - start) / PAGE_SIZE;
    const perPage = (layout.width[i]! * perUnit) / pages;
    if (perPage < CELL_WIDTH) continue;
    const skip = Math.max(0, Math.floor(((view.from - left) / layout.width[i]!) * pages));
    const until = Math.min(pages, Math.ceil(((end - left) / layout.width[i]!) * pages));
    const from = start / PAGE_SIZE + skip;
    const to = start / PAGE_SIZE + until;
    if (Math.max(high, to) - Math.min(low, from) > MAX_PAGES) continue;
    low = Math.min(low, from);
    high = Math.max(high, to);
  }
  return high === 0 ? null : { addr: low * PAGE_SIZE, pages: high - low };
}

function bordersOf(vmas: readonly VmaRow[]): Borders {
  const borders = new Map<number, 'seam' | 'wall' | 'unknown'>();
  for (const { end, above } of vmas) {
    if (above.kind === 'seam' || above.kind === 'wall' || above.kind === 'unknown') borders.set(end, above.kind);
  }
  return borders;
}
