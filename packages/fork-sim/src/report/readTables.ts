import { listTables, MAX_PAGE, virtPage } from 'pt-model';
import { InvariantError, PAGE_SIZE } from 'vma-core';
import type { Process } from '../process/process.ts';
import { TABLE_LEVELS, type TableSlice, type TableSliceInput } from './slices.ts';

/** Tables of a slice unless more are asked for. */
const DEFAULT_TABLES = 65_536;

/**
 * The page tables of a process as columns; see {@link TableSlice}.
 * @throws InvariantError for a slice that is none
 */
export function readTables(process: Process, input: TableSliceInput): TableSlice {
  const { addr = 0, max = DEFAULT_TABLES } = input;
  const first = addr / PAGE_SIZE;
  const { pages = MAX_PAGE - first } = input;
  const whole = [first, pages, max].every((one) => Number.isSafeInteger(one) && one >= 0);
  if (!whole || max < 1 || first + pages > MAX_PAGE) {
    throw new InvariantError(`no slice of page tables: ${pages} pages from ${addr} on, ${max} tables`);
  }
  const levels: number[] = [];
  const addrs: number[] = [];
  const entries: number[] = [];
  let next: number | null = null;
  for (const table of listTables(process.pageTable, virtPage(first), virtPage(first + pages))) {
    const at = table.first * PAGE_SIZE;
    if (levels.length === max) {
      next = at;
      break;
    }
    levels.push(TABLE_LEVELS.indexOf(table.level));
    addrs.push(at);
    entries.push(table.entries);
  }
  return {
    pid: process.pid,
    count: levels.length,
    level: Uint8Array.from(levels),
    addr: Float64Array.from(addrs),
    entries: Uint16Array.from(entries),
    next,
  };
}
