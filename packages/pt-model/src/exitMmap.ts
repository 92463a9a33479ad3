import { freePgdRange } from './freePgdRange.ts';
import type { PageTable } from './pageTable.ts';
import { MAX_PAGE, virtPage } from './units.ts';
import { zapPageRange } from './zapPageRange.ts';

/**
 * The end of the process: drops all entries and their frames, frees all tables. Afterwards only reads are allowed.
 * Kernel: `exit_mmap()`, mm/mmap.c.
 */
export function exitMmap(pt: PageTable): void {
  if (pt.destroyed) return;
  const [start, end] = [virtPage(0), virtPage(MAX_PAGE)];
  zapPageRange(pt, start, end, { anonymous: true, dropMarkers: true, uffdWp: false, freeEmptyPteTables: false });
  freePgdRange(pt, start, end, 0, 0);
  pt.releasePgd();
}
