import { type StraceEvent, StraceParser } from 'proc-io';
import { guardsOfSmaps, limitAnswer, WhatIf, type WhatIfAnswer } from '../report/whatIf.ts';
import type { Progress } from './forkSimApi.ts';
import type { Job } from './job.ts';
import type { ProcessSubject } from './processSubject.ts';
import type { StraceSubject } from './straceSubject.ts';
import { type ReadState, readChunks, sizeOfSource } from './textSource.ts';

/**
 * Replays a log once more with PROT_NONE guards as markers, and a few times with smaller limits on the number of VMAs. The subject stays
 * as it is. @throws CancelledError
 */
export async function whatIf(subject: StraceSubject, job: Job): Promise<WhatIfAnswer> {
  const { replayOptions: options, replay } = subject;
  const answer = new WhatIf(options);
  await readLog(subject, job, (event) => answer.feed(event));
  answer.end();
  const search = replay.first && answer.limitSearch(replay.first.space.notes.peak.vmas);
  while (search?.replay()) {
    await job.pause({ doing: 'looking for the limit', part: null, done: answer.events ?? 0, unit: 'lines' });
  }
  return { guards: answer.guards, limit: search && limitAnswer(options.profile, search.found) };
}

/** Reads the events of a log that were replayed. */
async function readLog(subject: StraceSubject, job: Job, feed: (event: StraceEvent) => void): Promise<void> {
  let taken = 0;
  const parser = new StraceParser({ file: subject.name, halfLine: 'list' });
  const state: ReadState = { read: 0, total: sizeOfSource(subject.source) };
  const progress = (): Progress => {
    const part = state.total === null ? null : state.read / Math.max(1, state.total);
    return { doing: 'guards as markers', part, done: parser.stats.lines, unit: 'lines' };
  };
  const take = async (events: readonly StraceEvent[]): Promise<void> => {
    for (const event of events) {
      if (++taken > subject.events) return;
      feed(event);
      if (job.due()) await job.pause(progress());
    }
  };
  const place = () => ({ file: subject.name, line: parser.stats.lines + 1 });
  for await (const chunk of readChunks(subject.source, state, place)) {
    if (taken > subject.events) return;
    await take(parser.push(chunk));
  }
  await take(parser.end());
}

/** Guards of a smaps as markers, at best: no anon_vmas stand in the way. */
export function whatIfOfSmaps({ smaps, world }: ProcessSubject): WhatIfAnswer {
  const guards = smaps && guardsOfSmaps(smaps, world.profile, world.softDirty);
  return { guards: guards?.guards === 0 ? null : guards, limit: null };
}
