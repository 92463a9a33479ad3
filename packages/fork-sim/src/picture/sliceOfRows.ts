import { PAGE_SIZE } from 'vma-core';
import type { MapSlice } from '../report/slices.ts';
import type { VmaRow } from '../report/vmaRow.ts';

/** What of a row is drawn. */
type DrawnRow = Pick<VmaRow, 'start' | 'end' | 'flags' | 'backing' | 'name' | 'anonVma'>;

/** The rows of a report in the form that pictures are drawn from. Rows come in address order; guards too, as ranges of bytes. */
export function sliceOfRows(
  rows: readonly DrawnRow[],
  guards: readonly { readonly start: number; readonly end: number }[] = [],
): MapSlice {
  const names = new Map<string, number>([['', 0]]);
  const nameIds = rows.map(({ name }) => {
    if (!names.has(name)) names.set(name, names.size);
    return names.get(name)!;
  });
  const of = (value: (row: DrawnRow, at: number) => number): number[] => rows.map(value);
  return {
    pid: 0,
    count: rows.length,
    start: Float64Array.from(of(({ start }) => start)),
    end: Float64Array.from(of(({ end }) => end)),
    pgoff: Float64Array.from(of(({ start }) => start / PAGE_SIZE)),
    flagsLo: Uint32Array.from(of(({ flags }) => Number(flags & 0xffff_ffffn))),
    flagsHi: Uint32Array.from(of(({ flags }) => Number(flags >> 32n))),
    // Any file will do: a picture tells only whether there is one.
    file: Int32Array.from(of(({ backing }) => (backing === 'anonymous' ? 0 : 1))),
    anonVma: Int32Array.from(of(({ anonVma }) => anonVma ?? 0)),
    name: Uint32Array.from(nameIds),
    names: [...names.keys()],
    guardStart: Float64Array.from(guards, ({ start }) => start),
    guardEnd: Float64Array.from(guards, ({ end }) => end),
    next: null,
  };
}
