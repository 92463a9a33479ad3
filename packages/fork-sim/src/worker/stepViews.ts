import { DEFAULT_VMAS, mapColumns } from '../report/readMap.ts';
import type { MapSlice, MapSliceInput } from '../report/slices.ts';
import type { StepShown, SubjectState } from './forkSimApi.ts';

/** What can be seen at one position: enough to step through without the world itself. */
export interface StepView {
  readonly shown: StepShown;
  readonly state: SubjectState;
  /** All VMAs of the process that is shown. */
  readonly map: MapSlice;
}

/** Bytes that views may take together. */
const MAX_BYTES = 64 * 2 ** 20;
/** Views at most. */
const MAX_VIEWS = 1024;
/** Bytes of a view, about: without its VMAs, and of each. */
const VIEW_BYTES = 4096;
const VMA_BYTES = 44;
const GUARD_BYTES = 16;

/** The views of positions seen lately, within a bound on memory; the oldest goes first. */
export class StepViews {
  readonly #views = new Map<number, StepView>();
  #bytes = 0;

  /** How many views of a number of VMAs there is room for. */
  room(vmas: number): number {
    return Math.min(MAX_VIEWS, Math.ceil(MAX_BYTES / (VIEW_BYTES + vmas * VMA_BYTES)));
  }

  get(position: number): StepView | undefined {
    return this.#views.get(position);
  }

  add(view: StepView): void {
    this.#drop(view.state.position);
    this.#views.set(view.state.position, view);
    this.#bytes += bytesOf(view);
    for (const oldest of this.#views.keys()) {
      if (this.#bytes <= MAX_BYTES || this.#views.size === 1) return;
      this.#drop(oldest);
    }
  }

  #drop(position: number): void {
    const view = this.#views.get(position);
    if (view === undefined) return;
    this.#views.delete(position);
    this.#bytes -= bytesOf(view);
  }
}

function bytesOf({ map }: StepView): number {
  return VIEW_BYTES + map.count * VMA_BYTES + map.guardStart.length * GUARD_BYTES;
}

/** A slice of a whole map: what reading the world itself would give. */
export function sliceOf(
  map: MapSlice,
  { from = 0, to = Number.POSITIVE_INFINITY, max = DEFAULT_VMAS }: MapSliceInput,
): MapSlice {
  const first = map.end.findIndex((end) => end > from);
  const begin = first < 0 ? map.count : first;
  const beyond = map.start.findIndex((start) => start >= to);
  const limit = beyond < 0 ? map.count : Math.max(begin, beyond);
  const end = Math.min(limit, begin + max);
  const low = map.start[begin] ?? 0;
  const high = end > begin ? map.end[end - 1]! : 0;
  const inside = (_: number, at: number): boolean => map.guardStart[at]! >= low && map.guardEnd[at]! <= high;
  const used = new Map<number, number>([[0, 0]]);
  for (const name of map.name.subarray(begin, end)) if (!used.has(name)) used.set(name, used.size);
  return {
    pid: map.pid,
    count: end - begin,
    ...mapColumns((name) => map[name].slice(begin, end)),
    name: map.name.slice(begin, end).map((name) => used.get(name) ?? 0),
    names: [...used.keys()].map((name) => map.names[name] as string),
    guardStart: map.guardStart.filter(inside),
    guardEnd: map.guardEnd.filter(inside),
    next: end < limit ? map.start[end]! : null,
  };
}
