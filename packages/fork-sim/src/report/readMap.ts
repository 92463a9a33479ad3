import { InvariantError, NO_VMA, type VmaRef } from 'vma-core';
import type { Process } from '../process/process.ts';
import { ADDRESS_END } from '../replay/mapGeometry.ts';
import { guardRegions } from './guardRegions.ts';
import { MAP_COLUMNS, type MapColumns, type MapSlice, type MapSliceInput } from './slices.ts';
import { NAMELESS, type VmaNamer } from './vmaNames.ts';

/** VMAs of a slice unless more are asked for. */
export const DEFAULT_VMAS = 65_536;
/** A slice of all there are. */
export const ALL_VMAS: MapSliceInput = { max: 2 ** 31 };

/** Makes a column for each of {@link MAP_COLUMNS}. */
export function mapColumns(make: (name: keyof MapColumns) => MapColumns[keyof MapColumns]): MapColumns {
  const names = Object.keys(MAP_COLUMNS) as (keyof MapColumns)[];
  return Object.fromEntries(names.map((name) => [name, make(name)])) as unknown as MapColumns;
}

/** @throws InvariantError for a slice that is none */
export function checkMapSlice({ from = 0, to = ADDRESS_END, max = DEFAULT_VMAS }: MapSliceInput): void {
  if (from >= 0 && to >= from && Number.isSafeInteger(max) && max > 0) return;
  throw new InvariantError(`no slice of the map: [${from}, ${to}), ${max} VMAs`);
}

/**
 * VMAs of a process as columns; see {@link MapSlice}.
 * @throws InvariantError for a slice that is none
 */
export function readMap(process: Process, input: MapSliceInput, namer: VmaNamer = NAMELESS): MapSlice {
  checkMapSlice(input);
  const { from = 0, to = ADDRESS_END, max = DEFAULT_VMAS } = input;
  const { index, store } = process.mm;
  const refs: VmaRef[] = [];
  const ids: number[] = [];
  const names = new Map<string, number>([['', 0]]);
  let vma = index.find(from);
  for (; vma !== NO_VMA && store.start[vma]! < to && refs.length < max; vma = index.next(vma)) {
    const name = namer(vma);
    const known = names.get(name) ?? names.size;
    if (known === names.size) names.set(name, known);
    refs.push(vma);
    ids.push(known);
  }
  const next = vma !== NO_VMA && store.start[vma]! < to ? store.start[vma]! : null;
  const columns = mapColumns((name) => {
    const column = new MAP_COLUMNS[name](refs.length);
    const from = name === 'name' ? null : store[name];
    for (let at = 0; at < refs.length; at++) column[at] = from === null ? ids[at]! : from[refs[at]!]!;
    return column;
  });
  const guards = guardRegions(process, columns.start[0] ?? 0, columns.end.at(-1) ?? 0);
  return {
    pid: process.pid,
    count: refs.length,
    ...columns,
    names: [...names.keys()],
    guardStart: Float64Array.from(guards, ({ start }) => start),
    guardEnd: Float64Array.from(guards, ({ end }) => end),
    next,
  };
}
