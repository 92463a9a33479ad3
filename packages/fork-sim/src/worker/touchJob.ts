import { ptePresent, pteWrite, virtPage } from 'pt-model';
import { InvariantError, PAGE_SIZE, TASK_SIZE } from 'vma-core';
import type { AccessFault } from '../process/access.ts';
import type { Process } from '../process/process.ts';
import { type RefaultRanges, wasRefaulted } from './forkJob.ts';
import type { TouchAnswer, TouchInput } from './forkSimApi.ts';
import type { Job } from './job.ts';

/** Pages that are touched between two looks at the clock. */
const LOOK_EVERY = 1024;

/**
 * Touches page after page and counts what each cost; an access that raises a signal is counted, and the later pages are still touched.
 * @param refaulted what fork left to refault in this process
 */
export async function touchJob(
  process: Process,
  input: TouchInput,
  refaulted: RefaultRanges,
  job: Job,
): Promise<TouchAnswer> {
  const { addr, pages, stride = 1, access } = input;
  const last = addr + (pages - 1) * stride * PAGE_SIZE;
  if (![addr, pages, stride].every(Number.isSafeInteger) || addr < 0 || pages < 1 || stride < 1 || last >= TASK_SIZE) {
    throw new InvariantError(`no pages to touch: ${pages} from ${addr} on, every ${stride}`);
  }
  const { pageTable } = process;
  const signals: { [kind in AccessFault]: number } = { MAPERR: 0, ACCERR: 0, SIGBUS: 0 };
  const answer = { refaults: 0, firstFaults: 0, writeFaults: 0, mapped: 0 };
  const before = residentOf(process);
  for (let i = 0; i < pages; i++) {
    const at = addr + i * stride * PAGE_SIZE;
    const page = Math.floor(at / PAGE_SIZE);
    const pte = pageTable.get(virtPage(page));
    const { fault } = process.access(at, access);
    if (fault !== null) signals[fault]++;
    else if (!ptePresent(pte)) answer[wasRefaulted(refaulted, page) ? 'refaults' : 'firstFaults']++;
    else answer[access === 'write' && !pteWrite(pte) ? 'writeFaults' : 'mapped']++;
    if (i % LOOK_EVERY === 0 && job.due()) {
      await job.pause({ doing: 'touching pages', part: i / pages, done: i, unit: 'pages' });
    }
  }
  return { ...answer, signals, residentGain: residentOf(process) - before };
}

function residentOf(process: Process): number {
  const { anon, file } = process.pageTable.rss;
  return anon + file;
}
