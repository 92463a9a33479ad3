import { PAGE_SIZE } from 'vma-core';
import type { Process } from '../process/process.ts';
import { MapSum, type MapSummary } from '../report/mapSummary.ts';
import { type ReplayContext, vmaRows } from '../report/vmaRow.ts';
import type { Job } from './job.ts';

/** VMAs between two looks at the clock. */
const LOOK_EVERY = 256;

/** A map in figures; of a large one, with pauses. @throws CancelledError */
export async function sumUp(process: Process, context: ReplayContext | null, job: Job): Promise<MapSummary> {
  const { mapCount } = process.mm;
  const sum = new MapSum();
  let from = 0;
  let pages = 0;
  for (let done = 0; done < mapCount; ) {
    for (const row of vmaRows(process, context, { from, max: LOOK_EVERY })) {
      sum.add(row);
      from = row.end;
      pages += (row.end - row.start) / PAGE_SIZE;
      done++;
    }
    if (job.due()) await job.pause({ doing: 'asking the rules', part: done / mapCount, done: pages, unit: 'pages' });
  }
  return sum.of(process);
}
