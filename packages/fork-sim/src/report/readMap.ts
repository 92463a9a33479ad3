import { InvariantError, NO_VMA, TASK_SIZE, type VmaRef } from 'vma-core';
import type { Process } from '../process/process.ts';
import { type GuardRegion, guardRegions } from './guardRegions.ts';
import type { MapSlice, MapSliceInput } from './slices.ts';
import { NAMELESS, type VmaNamer } from './vmaNames.ts';

/** VMAs of a slice unless more are asked for. */
export const DEFAULT_VMAS = 65_536;
/** A slice of all there are. */
export const ALL_VMAS: MapSliceInput = { max: 2 ** 31 };

/** @throws InvariantError for a slice that is none */
export function checkMapSlice({ from = 0, to = TASK_SIZE, max = DEFAULT_VMAS }: MapSliceInput): void {
  if (from >= 0 && to >= from && Number.isSafeInteger(max) && max > 0) return;
  throw new InvariantError(`no slice of the map: [${from}, ${to}), ${max} VMAs`);
}

/**
 * VMAs of a process as columns; see {@link MapSlice}.
 * @throws InvariantError for a slice that is none
 */
export function readMap(process: Process, input: MapSliceInput, namer: VmaNamer = NAMELESS): MapSlice {
  checkMapSlice(input);
  const { from = 0, to = TASK_SIZE, max = DEFAULT_VMAS } = input;
  const { index, store, mapCount } = process.mm;
  const columns = new MapColumns(Math.min(max, mapCount));
  let vma = index.find(from);
  for (; vma !== NO_VMA && store.start[vma]! < to && columns.count < max; vma = index.next(vma)) {
    columns.add(process, vma, namer(vma));
  }
  const next = vma !== NO_VMA && store.start[vma]! < to ? store.start[vma]! : null;
  return columns.slice(process.pid, guardRegions(process, columns.low, columns.high), next);
}

/** The columns of a slice while they fill. */
class MapColumns {
  count = 0;
  readonly #start: Float64Array<ArrayBuffer>;
  readonly #end: Float64Array<ArrayBuffer>;
  readonly #pgoff: Float64Array<ArrayBuffer>;
  readonly #flagsLo: Uint32Array<ArrayBuffer>;
  readonly #flagsHi: Uint32Array<ArrayBuffer>;
  readonly #file: Int32Array<ArrayBuffer>;
  readonly #anonVma: Int32Array<ArrayBuffer>;
  readonly #name: Uint32Array<ArrayBuffer>;
  readonly #names = new Map<string, number>([['', 0]]);

  /** @param capacity VMAs at most */
  constructor(capacity: number) {
    this.#start = new Float64Array(capacity);
    this.#end = new Float64Array(capacity);
    this.#pgoff = new Float64Array(capacity);
    this.#flagsLo = new Uint32Array(capacity);
    this.#flagsHi = new Uint32Array(capacity);
    this.#file = new Int32Array(capacity);
    this.#anonVma = new Int32Array(capacity);
    this.#name = new Uint32Array(capacity);
  }

  /** Start of the first VMA, and end of the last one; 0 without any. */
  get low(): number {
    return this.#start[0] ?? 0;
  }

  get high(): number {
    return this.#end[this.count - 1] ?? 0;
  }

  add({ mm: { store } }: Process, vma: VmaRef, name: string): void {
    const at = this.count++;
    this.#start[at] = store.start[vma]!;
    this.#end[at] = store.end[vma]!;
    this.#pgoff[at] = store.pgoff[vma]!;
    this.#flagsLo[at] = store.flagsLo[vma]!;
    this.#flagsHi[at] = store.flagsHi[vma]!;
    this.#file[at] = store.file[vma]!;
    this.#anonVma[at] = store.anonVma[vma]!;
    const known = this.#names.get(name) ?? this.#names.size;
    if (known === this.#names.size) this.#names.set(name, known);
    this.#name[at] = known;
  }

  slice(pid: number, guards: readonly GuardRegion[], next: number | null): MapSlice {
    const { count } = this;
    // Only a whole buffer is handed over without a copy.
    const whole = <Column extends Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(
      column: Column,
    ): Column => (column.length === count ? column : (column.slice(0, count) as Column));
    return {
      pid,
      count,
      start: whole(this.#start),
      end: whole(this.#end),
      pgoff: whole(this.#pgoff),
      flagsLo: whole(this.#flagsLo),
      flagsHi: whole(this.#flagsHi),
      file: whole(this.#file),
      anonVma: whole(this.#anonVma),
      name: whole(this.#name),
      names: [...this.#names.keys()],
      guardStart: Float64Array.from(guards, ({ start }) => start),
      guardEnd: Float64Array.from(guards, ({ end }) => end),
      next,
    };
  }
}
