import { freePgdRange } from './freePgdRange.ts';
import type { PageTable } from './pageTable.ts';
import { MAX_PAGE, PTE_TABLE_PAGES, virtPage } from './units.ts';
import { type ZapOptions, zapPageRange } from './zapPageRange.ts';

const WHOLE: ZapOptions = { anonymous: true, dropMarkers: true, uffdWp: false, freeEmptyPteTables: false };

/**
 * The end of the process: drops all entries and their frames, frees all tables. Afterwards only reads are allowed.
 * Kernel: `exit_mmap()`, mm/mmap.c.
 */
export function exitMmap(pt: PageTable): void {
  if (pt.destroyed) return;
  const spans = MAX_PAGE / PTE_TABLE_PAGES;
  // Each table goes when it is empty, so that the search for the next one ends with the last.
  for (let r = pt.nextPteTable(0, spans); r < spans; r = pt.nextPteTable(r + 1, spans)) {
    zapPageRange(pt, virtPage(r * PTE_TABLE_PAGES), virtPage((r + 1) * PTE_TABLE_PAGES), WHOLE);
    pt.freePteTable(r);
  }
  freePgdRange(pt, virtPage(0), virtPage(MAX_PAGE), 0, 0);
  pt.releasePgd();
}
