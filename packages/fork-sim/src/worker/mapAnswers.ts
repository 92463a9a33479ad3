import type { SmapsEntry } from 'proc-io';
import { type ForkReport, forkReport } from '../report/forkReport.ts';
import { mapDiff as diffOf, type MapDiff } from '../report/mapDiff.ts';
import { smapsMap } from '../report/smapsReport.ts';
import { type VmaRow, vmaRows } from '../report/vmaRow.ts';
import { type WhyReport, whyReport as whyOf } from '../report/whyReport.ts';
import type { MapDiffInput, WhyInput } from './forkSimApi.ts';
import type { Job } from './job.ts';
import { readSmaps } from './makeSubject.ts';
import { ProcessSubject } from './processSubject.ts';
import type { Session } from './session.ts';

/** What keeps neighbours apart. Of a smaps the answer is the file's, as `vma-lab why` gives it. @throws CancelledError */
export async function whyOfMap(session: Session, input: WhyInput, job: Job): Promise<Omit<WhyReport, 'pairs'>> {
  const { rows, isSmaps } = await rowsOf(session, input.pid, job);
  const { address } = input;
  const { pairs: _, ...report } = whyOf(rows, { isSmaps, ...(address === undefined ? {} : { address }) });
  return report;
}

/** What a fork would copy, as `vma-lab fork` says it. @throws CancelledError */
export async function forkOfMap(session: Session, pid: number | undefined, job: Job): Promise<ForkReport> {
  const { rows, smaps } = await rowsOf(session, pid, job);
  return forkReport(rows, smaps);
}

/** What became of the VMAs of one map in another, as `vma-lab diff` says it. @throws InputError for a text that is no map; CancelledError */
export async function diffOfMaps({ from, to }: MapDiffInput, job: Job): Promise<Omit<MapDiff, 'changes'>> {
  const [before, after] = [await readSmaps(from, undefined, job), await readSmaps(to, undefined, job)];
  const { changes: _, ...diff } = diffOf(before.entries, after.entries);
  return diff;
}

/** The VMAs of a process where one stands, and what a real smaps says of them. */
async function rowsOf(
  session: Session,
  pid: number | undefined,
  job: Job,
): Promise<{ readonly rows: readonly VmaRow[]; readonly smaps: readonly SmapsEntry[]; readonly isSmaps: boolean }> {
  const process = await session.look(pid, job);
  const { subject } = session.at;
  if (subject instanceof ProcessSubject && subject.smaps !== null && process === subject.current) {
    const { smaps, world } = subject;
    return { rows: smapsMap(smaps, world.profile).map, smaps: smaps.entries, isSmaps: true };
  }
  const rows: VmaRow[] = [];
  const context = subject.contextOf(process);
  const { mapCount } = process.mm;
  for (let from = 0; rows.length < mapCount; from = rows.at(-1)?.end ?? Number.POSITIVE_INFINITY) {
    rows.push(...vmaRows(process, context, { from, max: AT_ONCE }));
    const part = rows.length / mapCount;
    if (job.due()) await job.pause({ doing: 'asking the rules', part, done: rows.length, unit: 'VMAs' });
  }
  return { rows, smaps: [], isSmaps: false };
}

/** VMAs between two looks at the clock. */
const AT_ONCE = 256;
