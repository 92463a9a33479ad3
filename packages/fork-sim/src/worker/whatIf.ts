import { guardsOfSmaps, WhatIf, type WhatIfAnswer } from '../report/whatIf.ts';
import type { Job } from './job.ts';
import type { ProcessSubject } from './processSubject.ts';
import type { StraceSubject } from './straceSubject.ts';

/**
 * Replays a log once more with PROT_NONE guards as markers, and a few times with smaller limits on the number of VMAs. The subject stays
 * as it is. @throws CancelledError
 */
export async function whatIf(subject: StraceSubject, job: Job, longestGuard?: number): Promise<WhatIfAnswer> {
  const { replayOptions: options, replay } = subject;
  const answer = new WhatIf(options, longestGuard);
  const log = subject.log.again();
  do {
    for (let event = log.next(); event !== null; event = log.next()) {
      answer.feed(event);
      if (job.due()) await job.pause(log.progress('guards as markers'));
    }
  } while (await log.readOn());
  answer.end();
  const search = replay.first && answer.limitSearch(replay.first.space.notes.peak.vmas);
  while (search?.replay()) {
    await job.pause({ doing: 'looking for the limit', part: null, done: answer.events ?? 0, unit: 'lines' });
  }
  return { guards: answer.guards, limit: search?.found ?? null };
}

/** Guards of a smaps as markers, at best: no anon_vmas stand in the way. */
export function whatIfOfSmaps({ smaps, world }: ProcessSubject, longestGuard?: number): WhatIfAnswer {
  const guards = smaps && guardsOfSmaps(smaps.entries, world.profile, world.softDirty, longestGuard);
  return { guards: guards?.guards === 0 ? null : guards, limit: null };
}
