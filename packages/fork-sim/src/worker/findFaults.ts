import type { StraceEvent } from 'proc-io';
import { differs, FaultSearch, type FaultsFound, MOST_SEARCHED_EVENTS } from '../report/faultSearch.ts';
import { entriesOf, type FinalMaps } from '../report/finalMaps.ts';
import type { Job } from './job.ts';
import type { StraceSubject } from './straceSubject.ts';

/**
 * Looks for page faults that lead to the real maps of a log's processes. `null`: those that are assumed do, the log is too long, or the
 * map at its beginning is not known. The subject stays as it is. @throws CancelledError
 */
export async function findFaults(
  { log, replay, replayOptions }: StraceSubject,
  final: FinalMaps,
  job: Job,
): Promise<FaultsFound | null> {
  const maps = entriesOf(final);
  if (replay.first?.space.mapKnown !== true || !differs(replay, maps)) return null;
  const events: StraceEvent[] = [];
  const again = log.again();
  do {
    for (let event = again.next(); event !== null; event = again.next()) events.push(event);
    if (events.length > MOST_SEARCHED_EVENTS) return null;
  } while (await again.readOn());
  const search = new FaultSearch(events, replayOptions, maps);
  while (search.replay()) {
    await job.pause({
      doing: 'looking for page faults',
      part: null,
      done: search.tried * events.length,
      unit: 'lines',
    });
  }
  return search.found;
}
