import type { SmapsEntry, StraceEvent } from 'proc-io';
import type { KernelProfile } from 'vma-core';
import { Replay } from '../replay/replay.ts';
import type { ReplayOptions } from '../replay/replayOptions.ts';
import type { MapStart } from '../replay/replaySpace.ts';
import { CallOutcomes, type OutcomeGroup } from './callOutcomes.ts';
import { forkReport } from './forkReport.ts';
import { type CallRef, callRef } from './found.ts';
import type { ReadMap } from './smapsNotes.ts';
import { smapsMap } from './smapsReport.ts';
import { type VmaRow, vmaRows } from './vmaRow.ts';
import { type GuardsAnswer, guardsOfSmaps, WhatIf } from './whatIf.ts';

/** A world in which a log or a map is looked at. */
export interface WhatIfWorld {
  readonly profile: KernelProfile;
  readonly maxMapCount: number;
  /** PROT_NONE guards are guard markers. */
  readonly markers: boolean;
}

/** What is so in one world. */
export interface WhatIfSide {
  readonly profile: string;
  readonly maxMapCount: number;
  /** What the counts start from: without a map at the start they leave out what was mapped before. */
  readonly startsFrom: MapStart;
  /** VMAs at the peak and at the end; of a map both are what there is now. */
  readonly peakVmas: number;
  readonly endVmas: number;
  /** The call that made the peak; `null`: never more than at the start, or there is no log. */
  readonly peakCall: CallRef | null;
  /** Pairs of neighbours at the end that could merge; `null`: not known of guards of a map as markers. */
  readonly couldMerge: number | null;
  /** VMAs that a fork at the end copies, and page tables for them at most, in kB; `null` likewise, or the machine's tables are not known. */
  readonly forkCopies: number | null;
  readonly forkTablesKb: number | null;
}

type Figures = Pick<WhatIfSide, 'couldMerge' | 'forkCopies' | 'forkTablesKb'>;

/** A log or a map in two worlds. */
export interface WhatIfReport {
  readonly before: WhatIfSide;
  readonly after: WhatIfSide;
  /** Calls of the log that would fail or succeed otherwise; empty for a map. */
  readonly calls: readonly OutcomeGroup[];
  /** Guards that became markers; `null`: none did, or nothing of that was asked. */
  readonly guards: GuardsAnswer | null;
}

/** Replays a log in two worlds at once. */
export class LogWhatIf {
  readonly #before: Replay;
  readonly #beforeOutcomes = new CallOutcomes();
  readonly #afterOutcomes = new CallOutcomes();
  readonly #after: Replay | null;
  readonly #markers: WhatIf | null;
  readonly #worlds: readonly [before: WhatIfWorld, after: WhatIfWorld];

  /** @param longestGuard a longer inaccessible range is no guard; bytes */
  constructor(
    before: WhatIfWorld,
    after: WhatIfWorld,
    options: Omit<ReplayOptions, 'profile' | 'maxMapCount'>,
    longestGuard?: number,
  ) {
    const of = ({ profile, maxMapCount }: WhatIfWorld): ReplayOptions => ({
      ...options,
      profile,
      maxMapCount,
      explain: false,
    });
    this.#worlds = [before, after];
    this.#before = new Replay(of(before));
    this.#markers = after.markers ? new WhatIf(of(after), longestGuard, (done) => this.#afterOutcomes.see(done)) : null;
    this.#after = after.markers ? null : new Replay(of(after));
  }

  /** Takes the next event of the log. */
  feed(event: StraceEvent): void {
    perform(this.#before, this.#beforeOutcomes, event);
    if (this.#after !== null) perform(this.#after, this.#afterOutcomes, event);
    this.#markers?.feed(event);
  }

  /** The log is over. `null`: it shows no process. */
  report(): WhatIfReport | null {
    finish(this.#before, this.#beforeOutcomes);
    if (this.#after !== null) finish(this.#after, this.#afterOutcomes);
    this.#markers?.end();
    const [before, after] = this.#worlds;
    const own = sideOfLog(this.#before, before);
    const other = sideOfLog(this.#markers?.replay ?? this.#after!, after);
    if (own === null || other === null) return null;
    const calls = this.#beforeOutcomes.against(this.#afterOutcomes);
    return { before: own, after: other, calls, guards: this.#markers?.guards ?? null };
  }
}

function perform(replay: Replay, outcomes: CallOutcomes, event: StraceEvent): void {
  replay.accept(event);
  for (let done = replay.performNext(); done !== null; done = replay.performNext()) outcomes.see(done);
}

function finish(replay: Replay, outcomes: CallOutcomes): void {
  replay.flush();
  for (let done = replay.performNext(); done !== null; done = replay.performNext()) outcomes.see(done);
  replay.end();
}

function sideOfLog(replay: Replay, { maxMapCount }: WhatIfWorld): WhatIfSide | null {
  const { told } = replay;
  if (told === null) return null;
  const { space } = told;
  const { peak } = space.notes;
  const rows = vmaRows(space.process, { space, files: replay.files, isSmaps: false });
  return {
    profile: replay.options.profile.name,
    maxMapCount,
    startsFrom: space.startsFrom,
    peakVmas: peak.vmas,
    endVmas: space.process.mm.mapCount,
    peakCall: peak.call && callRef(peak.call),
    ...figuresOf(rows, []),
  };
}

function figuresOf(rows: readonly VmaRow[], smaps: readonly SmapsEntry[]): Figures {
  const { copy } = forkReport(rows, smaps).sums;
  const couldMerge = rows.filter(({ above }) => above.kind === 'seam').length;
  return { couldMerge, forkCopies: copy.vmas, forkTablesKb: copy.tablesKbAtMost };
}

/** Looks at a map in two worlds. Guards become markers at best: no anon_vmas stand in the way. */
export function smapsWhatIf(
  read: ReadMap,
  before: WhatIfWorld,
  after: WhatIfWorld,
  longestGuard?: number,
): WhatIfReport {
  const own = sideOfSmaps(read, before);
  if (!after.markers) return { before: own, after: sideOfSmaps(read, after), calls: [], guards: null };
  const guards = guardsOfSmaps(read.entries, after.profile, false, longestGuard);
  const none = { couldMerge: null, forkCopies: null, forkTablesKb: null };
  const vmas = { startsFrom: 'map' as const, peakVmas: guards.endVmas, endVmas: guards.endVmas, peakCall: null };
  const side = { profile: guards.profile, maxMapCount: after.maxMapCount, ...vmas, ...none };
  return { before: own, after: side, calls: [], guards: guards.guards === 0 ? null : guards };
}

function sideOfSmaps(read: ReadMap, { profile, maxMapCount }: WhatIfWorld): WhatIfSide {
  const { map } = smapsMap(read, profile);
  const vmas = { startsFrom: 'map' as const, peakVmas: map.length, endVmas: map.length, peakCall: null };
  return { profile: profile.name, maxMapCount, ...vmas, ...figuresOf(map, read.entries) };
}
