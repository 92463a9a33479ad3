import { pteDirty, ptePfn, ptePresent, pteSoftDirty, pteUffdWp, pteWrite, virtPage, walkPageRange } from 'pt-model';
import { PAGE_SIZE } from 'vma-core';
import type { Process } from '../process/process.ts';
import { pageLetter } from '../scenario/describeState.ts';
import { ARENA_BASE } from '../scenario/scenario.ts';
import type { PageRun, PteView } from './mapState.ts';

const BASE_PAGE = ARENA_BASE / PAGE_SIZE;

/** The entries of some pages of the arena that are not none. */
export function pteViews(process: Process, runs: readonly PageRun[]): PteView[] {
  const { frames } = process.world;
  const views: PteView[] = [];
  for (const { first, letters } of runs) {
    const start = virtPage(BASE_PAGE + first);
    walkPageRange(process.pageTable, start, virtPage(start + letters.length), {
      pte: (page, pte) => {
        const present = ptePresent(pte);
        const frame = present ? ptePfn(pte) : null;
        views.push({
          page: page - BASE_PAGE,
          letter: pageLetter(process, pte),
          frame,
          mapcount: frame === null || frames.isZero(frame) ? 0 : frames.mapcount(frame),
          write: present && pteWrite(pte),
          dirty: present && pteDirty(pte),
          softDirty: pteSoftDirty(pte),
          uffdWp: pteUffdWp(pte),
        });
        return undefined;
      },
    });
  }
  return views;
}
