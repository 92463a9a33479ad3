import { DEFAULT_MAX_MAP_COUNT } from 'vma-core';
import { type Overview, withFaultsFound } from '../report/overview.ts';
import { processRows, worstProcess } from '../report/processRows.ts';
import { LogReplayer } from '../report/replayReport.ts';
import { smapsOverview } from '../report/smapsOverview.ts';
import { smapsSight } from '../report/smapsReport.ts';
import type { OverviewInput } from './forkSimApi.ts';
import type { Job } from './job.ts';
import type { ProcessSubject } from './processSubject.ts';
import type { StraceSubject } from './straceSubject.ts';

/**
 * What is said of a log at first sight. It is replayed twice, as it is and with PROT_NONE guards as markers; the subject stays as it is.
 * `null`: the log shows no process. @throws CancelledError; InputError for a process that the log does not show
 */
export async function overviewOfLog(
  subject: StraceSubject,
  job: Job,
  { longestGuard, process: asked }: OverviewInput = {},
): Promise<Overview | null> {
  const { profile, ...options } = subject.replayOptions;
  const guard = longestGuard === undefined ? {} : { longestGuard };
  const told = asked ?? worstProcess(processRows(subject.replay));
  const replayer = new LogReplayer({
    profiles: [profile],
    final: subject.known.final,
    limits: false,
    options: { ...options, ...(told === null ? {} : { process: told }) },
    ...guard,
  });
  const log = subject.log.again();
  do {
    for (let event = log.next(); event !== null; event = log.next()) {
      replayer.feed(event);
      if (job.due()) await job.pause(log.progress('the report'));
    }
  } while (await log.readOn());
  const overview = replayer.report().kernels[0]?.overview ?? null;
  const { faultsFound } = subject.known;
  return overview && withFaultsFound(overview, faultsFound);
}

/** What is said of a map at first sight; `null`: it is no map of a file. */
export function overviewOfMap({ smaps, world }: ProcessSubject, longestGuard?: number): Overview | null {
  if (smaps === null) return null;
  const sight = smapsSight(smaps, world.profile, longestGuard);
  return smapsOverview(sight, { pid: null, program: null, maxMapCount: DEFAULT_MAX_MAP_COUNT });
}
