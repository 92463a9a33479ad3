import type { StraceEvent } from 'proc-io';
import { kernelProfile } from 'vma-core';
import { World } from '../process/world.ts';
import { adoptSmaps } from '../replay/adoptSmaps.ts';
import { GuardsAsMarkers } from '../replay/guardsAsMarkers.ts';
import { Replay } from '../replay/replay.ts';
import { ReplaySpace } from '../replay/replaySpace.ts';
import { guardsAtBest } from '../report/guardsAtBest.ts';
import { LimitSearch } from '../report/neededLimit.ts';
import { textOf } from './logStep.ts';
import type { WhatIfAnswer } from './logTypes.ts';
import type { Pacer } from './pacer.ts';
import type { ProcessSubject } from './processSubject.ts';
import type { StraceSubject } from './straceSubject.ts';

/** Longer logs are not kept, so what takes several replays is left out for them. */
const MAX_KEPT_EVENTS = 200_000;

/**
 * Replays a log once more with PROT_NONE guards as markers, and a few times with smaller limits on the number of VMAs. The subject stays
 * as it is. @throws CancelledError
 */
export async function whatIf(subject: StraceSubject, pacer: Pacer): Promise<WhatIfAnswer> {
  const { profile } = subject.replayOptions;
  const rewriter = new GuardsAsMarkers();
  const markersProfile = profile.guards === 'none' ? kernelProfile('6.19') : profile;
  const markers = new Replay({
    ...subject.replayOptions,
    profile: markersProfile,
    explain: false,
    rewrite: (space, call) => rewriter.rewrite(space, call),
  });
  const events = await readLog(subject, pacer, markers);
  markers.end();
  const space = markers.first?.space;
  return {
    guards:
      space === undefined || rewriter.guards === 0
        ? null
        : {
            guards: rewriter.guards,
            profile: markersProfile.name,
            peakVmas: space.notes.peak.vmas,
            endVmas: space.process.mm.mapCount,
            tablesKb: space.process.pageTable.vmPteKb,
          },
    limit: events === null ? null : await limitOf(events, subject, pacer),
  };
}

/** Replays each event of a log, and keeps them if they are not too many; `null`: they are. */
async function readLog(subject: StraceSubject, pacer: Pacer, replay: Replay): Promise<StraceEvent[] | null> {
  let kept: StraceEvent[] | null = [];
  const log = subject.log.again();
  do {
    for (let event = log.next(); event !== null; event = log.next()) {
      replay.feed(event);
      if (kept !== null && kept.length < MAX_KEPT_EVENTS) kept.push(event);
      else kept = null;
      if (pacer.due()) await pacer.pause(log.progress('guards as markers'));
    }
  } while (await log.readOn());
  return kept;
}

async function limitOf(
  events: readonly StraceEvent[],
  subject: StraceSubject,
  pacer: Pacer,
): Promise<WhatIfAnswer['limit']> {
  const first = subject.replay.first?.space;
  if (first === undefined) return null;
  const search = new LimitSearch(events, subject.replayOptions, first.notes.peak.vmas);
  while (search.replay()) {
    await pacer.pause({ doing: 'looking for the limit', part: null, done: events.length, unit: 'lines' });
  }
  const { atLeast, fails } = search.found;
  const failure = fails === null ? null : { line: fails.call.line, call: textOf(fails.call), errno: fails.errno };
  return { atLeast, maxMapCount: first.process.mm.maxMapCount, fails: failure };
}

/** Guards of a smaps as markers, at best: no anon_vmas stand in the way. */
export function whatIfOfSmaps({ smaps, world }: ProcessSubject): WhatIfAnswer {
  if (smaps === null) return { guards: null, limit: null };
  const profile = world.profile.guards === 'none' ? kernelProfile('6.19') : world.profile;
  const process = new World({ profile: { ...profile, anonNames: true }, softDirty: world.softDirty }).newProcess();
  adoptSmaps(new ReplaySpace(process, 'never', true), smaps);
  const before = process.mm.mapCount;
  const guards = guardsAtBest(process);
  const { mapCount } = process.mm;
  const tablesKb = process.pageTable.vmPteKb;
  return {
    guards: guards === 0 ? null : { guards, profile: profile.name, peakVmas: before, endVmas: mapCount, tablesKb },
    limit: null,
  };
}
