import { PAGE_SIZE } from 'vma-core';
import type { Process } from '../process/process.ts';
import { MapSum, type MapSummary } from '../report/mapSummary.ts';
import { type MapRow, vmaRows } from '../report/vmaRow.ts';
import type { Job } from './job.ts';
import type { Subject } from './subject.ts';

/** VMAs between two looks at the clock. */
const LOOK_EVERY = 256;

/**
 * The map of a subject's process in figures; of a large one, with pauses.
 * @param rows takes the VMAs, as smaps would show them
 * @throws CancelledError
 */
export async function sumUp(subject: Subject, process: Process, job: Job, rows?: MapRow[]): Promise<MapSummary> {
  const context = subject.contextOf(process);
  const { mapCount } = process.mm;
  const sum = new MapSum(context?.space.knownGeometry);
  let from = 0;
  let pages = 0;
  for (let done = 0; done < mapCount; ) {
    for (const row of vmaRows(process, context, { from, max: LOOK_EVERY })) {
      const { start, end, perms, pgoff, flags, shownFlags, name } = row;
      sum.add(row);
      rows?.push({ start, end, perms, pgoff, flags, shownFlags, name });
      from = end;
      pages += (end - start) / PAGE_SIZE;
      done++;
    }
    if (job.due()) await job.pause({ doing: 'asking the rules', part: done / mapCount, done: pages, unit: 'pages' });
  }
  return sum.of(process);
}
