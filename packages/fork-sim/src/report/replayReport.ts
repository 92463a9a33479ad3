import { InputError, type StraceCall, type StraceEvent } from 'proc-io';
import { DEFAULT_MAX_MAP_COUNT, KERNEL_PROFILES, type KernelProfile } from 'vma-core';
import { Replay } from '../replay/replay.ts';
import type { ReplayedProcess } from '../replay/replayedProcess.ts';
import type { ReplayOptions } from '../replay/replayOptions.ts';
import { DEFAULT_FAULTS, type FaultAssumption, type SettledListener } from '../replay/replaySpace.ts';
import type { UnusedMap } from '../words/unusedMapWords.ts';
import { CallStacks } from './callStacks.ts';
import type { CheckpointResult } from './checkpointResult.ts';
import { type Checkpoint, Checkpoints } from './checkpoints.ts';
import { compareMaps, type MapComparison, rowsOfSmaps } from './compareMaps.ts';
import { consumers } from './consumers.ts';
import {
  assumptionsOf,
  differs,
  FaultSearch,
  type FaultsFound,
  type FaultsUse,
  MOST_SEARCHED_EVENTS,
  usesFound,
} from './faultSearch.ts';
import { entriesOf, type FinalMaps, finalOf, pidsOf, type RealMap, unusedMaps } from './finalMaps.ts';
import type { ForkEntries } from './forkEntries.ts';
import { forkReport } from './forkReport.ts';
import { type GuardRegion, guardRegions } from './guardRegions.ts';
import { type MapSummary, sumUp } from './mapSummary.ts';
import type { LimitAnswer } from './neededLimit.ts';
import { oneFlagApart } from './oneFlagApart.ts';
import { type Overview, type OverviewFaults, overviewGuards, overviewOfLog, withFaultsFound } from './overview.ts';
import { PeakMap } from './peakMap.ts';
import { processRows } from './processRows.ts';
import { type ReplayOutcome, replayOutcome } from './replayOutcome.ts';
import type { VmaHistory } from './vmaHistory.ts';
import { mapRow, type VmaRow, vmaRows } from './vmaRow.ts';
import { type GuardsAnswer, WhatIf } from './whatIf.ts';

/** Longest log for which the limit is looked for on every profile; in events, and VMAs that each replay begins with. */
const MAX_LIMIT_EVENTS = 20_000;

/** A log, replayed. */
export interface ReplayReport {
  /** One for each kernel asked for. */
  readonly kernels: readonly KernelReport[];
  /** With two kernels: the first process's maps at the end beside each other; else `null`. */
  readonly between: MapComparison | null;
  /** Maps that were given and belong to no process of the log, so that nothing was compared with them, or began from them. */
  readonly unused: readonly UnusedMap[];
}

/** One replay. */
export interface KernelReport {
  readonly profile: KernelProfile;
  readonly faults: FaultAssumption;
  /** Page faults were recorded beside the log, so that {@link faults} does not count. */
  readonly faultsRecorded: boolean;
  readonly softDirty: boolean;
  readonly maxMapCount: number;
  /** The process that is told of, then the first and every other that was still alive at the end, or is compared. */
  readonly processes: readonly ProcessReport[];
  /** Processes that the log has shown. */
  readonly processesSeen: number;
  /** The real maps at lines of the log, compared. */
  readonly checkpoints: readonly CheckpointResult[];
  /** Page faults that lead to the real map, where those assumed do not; `null`: they do, or nothing was looked for. */
  readonly faultsFound: FaultsFound | null;
  /** The limit that the process needs, on each profile; `null` where the log is too long to try, or nothing is to be explained. */
  readonly limits: readonly LimitAnswer[] | null;
  /** PROT_NONE guards as markers; `null` where there are none to rewrite, or nothing is to be explained. */
  readonly guardsAsMarkers: GuardsAnswer | null;
  /** Of the first kernel, what is said of its process at first sight; `null`: of another, or nothing is to be explained. */
  readonly overview: Overview | null;
  /** VMAs of its process over the calls of the log; `null` likewise. */
  readonly history: VmaHistory | null;
}

/** One process of a replay, as the log left it. */
export interface ProcessReport extends ReplayOutcome {
  readonly map: readonly VmaRow[];
  readonly summary: MapSummary;
  readonly guards: readonly GuardRegion[];
  /** Compared with the final smaps; `null` without one. */
  readonly final: (MapComparison & { readonly file: string }) | null;
  /** Pages of what a fork would copy, as the final smaps tells that has the same VMAs; `null`: there is none. */
  readonly forkShown: ForkEntries | null;
}

/** What a replay is asked for. */
export interface ReplayRequest {
  /** One kernel, or two to compare. */
  readonly profiles: readonly KernelProfile[];
  /** What processes really had mapped at the end. */
  readonly final: FinalMaps;
  /** False: only compare; refusals, what-ifs and limits are left out. Default true. */
  readonly explain?: boolean;
  /** False: {@link KernelReport.limits} are left out, which take several replays on every profile. Default true. */
  readonly limits?: boolean;
  /** Real maps at lines of the log, to compare with; default: none. */
  readonly checkpoints?: readonly Checkpoint[];
  /** Look for page faults that lead to the real maps, and what becomes of them; default: nothing is looked for. */
  readonly faultsUse?: FaultsUse;
  /** A longer inaccessible range is a reserve, not a guard; bytes. Default 64 KiB. */
  readonly longestGuard?: number;
  readonly options: Omit<ReplayOptions, 'profile' | 'keep' | 'explain' | 'rewrite' | 'settled'>;
}

/** Replays a log as it comes, on one kernel or two, and once more with PROT_NONE guards as markers. */
export class LogReplayer {
  readonly #request: ReplayRequest;
  readonly #replays: readonly Replay[];
  readonly #checkpoints = new Map<Replay, Checkpoints>();
  readonly #whatIf: WhatIf | null;
  readonly #peakMap: PeakMap | null;
  readonly #stacks = new CallStacks();
  /** Kept to look for page faults; `null`: nothing is looked for, or there are too many. */
  #events: StraceEvent[] | null = null;

  constructor(request: ReplayRequest) {
    const { profiles, final, explain = true, longestGuard } = request;
    const keep = pidsOf(final);
    this.#request = request;
    this.#peakMap = explain ? new PeakMap() : null;
    this.#replays = profiles.map((profile, at) => {
      const checkpoints = new Checkpoints(request.checkpoints ?? []);
      const peakMap = at === 0 ? this.#peakMap : null;
      const before = (call: StraceCall): void => {
        checkpoints.before(call, replay);
        peakMap?.before(call, replay);
      };
      const settled: SettledListener = (space, call, start, end) => peakMap?.settled(space, call, start, end);
      const hooks = peakMap === null ? {} : { settled };
      const replay: Replay = new Replay({ ...request.options, profile, keep, explain, ...hooks }, before);
      this.#checkpoints.set(replay, checkpoints);
      return replay;
    });
    const { faultLog } = request.options;
    if (request.faultsUse !== undefined && faultLog === undefined && final.size > 0) this.#events = [];
    this.#whatIf = explain ? new WhatIf(this.#replays[0]!.options, longestGuard) : null;
  }

  feed(event: StraceEvent): void {
    if (this.#stacks.take(event)) return;
    for (const replay of this.#replays) replay.feed(event);
    this.#whatIf?.feed(event);
    if (this.#events?.push(event) === MOST_SEARCHED_EVENTS + 1) this.#events = null;
  }

  /** Ends the replays, and sums everything up. Precondition: the log had at least one call. @throws InputError where it does not show the process that is asked for */
  report(): ReplayReport {
    for (const replay of this.#replays) replay.end();
    requireProcess(this.#replays[0]);
    if (this.#replays[0] !== undefined) this.#peakMap?.end(this.#replays[0]);
    const found = this.#findFaults();
    if (found === null) return this.#sumUp();
    const { faultsUse, ...request } = this.#request;
    const uses = faultsUse !== undefined && usesFound(faultsUse, found);
    const report = uses ? again(request, assumptionsOf(found), this.#events ?? []) : this.#sumUp();
    const [first, ...others] = report.kernels;
    if (first === undefined) return report;
    const { overview } = first;
    const told = overview && withFaultsFound(overview, found);
    return { ...report, kernels: [{ ...first, faultsFound: found, overview: told }, ...others] };
  }

  /** Page faults that lead to the real maps on the first kernel; `null`: those that are assumed do. */
  #findFaults(): FaultsFound | null {
    const [replay] = this.#replays;
    if (replay?.first?.space.mapKnown !== true || this.#events === null) return null;
    const final = entriesOf(this.#request.final);
    if (!differs(replay, final)) return null;
    const search = new FaultSearch(this.#events, replay.options, final);
    while (search.replay());
    return search.found;
  }

  #sumUp(): ReplayReport {
    this.#whatIf?.end();
    const kernels = this.#replays.map((replay, at) => this.#kernelReport(replay, at === 0 ? this.#whatIf : null));
    const [a, b] = kernels.map(({ processes }) => processes[0]);
    const [replay] = this.#replays;
    const unused = replay === undefined ? [] : unusedMaps(replay, this.#request.final);
    return { kernels, unused, between: a === undefined || b === undefined ? null : compareMaps(a.map, b.map) };
  }

  #kernelReport(replay: Replay, whatIf: WhatIf | null): KernelReport {
    const { faults = DEFAULT_FAULTS, maxMapCount = DEFAULT_MAX_MAP_COUNT } = this.#request.options;
    const realOf = (process: ReplayedProcess): RealMap | null => finalOf(this.#request.final, replay, process);
    const { told } = replay;
    const others = replay.processes.filter(
      (process) => process !== told && (process === replay.first || !process.exited || realOf(process) !== null),
    );
    const processes = (told === null ? [] : [told, ...others]).map((process) =>
      processReport(replay, process, realOf(process)),
    );
    return {
      profile: replay.options.profile,
      faults,
      faultsRecorded: replay.options.faultLog !== undefined,
      softDirty: replay.world.softDirty,
      maxMapCount,
      processes,
      processesSeen: replay.processesSeen,
      checkpoints: this.#checkpointsOf(replay),
      faultsFound: null,
      limits: whatIf && this.#request.limits !== false ? limits(replay, whatIf) : null,
      guardsAsMarkers: whatIf?.guards ?? null,
      overview: whatIf && this.#overview(replay, processes[0], whatIf.guards),
      history: whatIf && (this.#peakMap?.history ?? null),
    };
  }

  #overview(replay: Replay, process: ProcessReport | undefined, guards: GuardsAnswer | null): Overview | null {
    const { told } = replay;
    if (told === null || process === undefined || this.#peakMap === null) return null;
    const limit = process.startsFrom === 'unknown' ? null : process.maxMapCount;
    const all = consumers(this.#peakMap.vmas, limit, (call) => this.#stacks.of(call));
    const flags = oneFlagApart(told.space.process, false);
    return overviewOfLog(process, process.summary, {
      consumers: all,
      guards: overviewGuards(guards, 'peakVmas'),
      flags,
      processesSeen: replay.processesSeen,
      processes: processRows(replay),
      faults: this.#faultsOf(replay, process),
      shown: process.forkShown,
    });
  }

  #faultsOf({ options, told }: Replay, { final }: ProcessReport): OverviewFaults {
    const recorded = options.faultLog !== undefined;
    // Without the map at the start the one at the end must differ.
    const differing = told?.space.mapKnown === true ? (final?.differing ?? null) : null;
    return { recorded, assumed: options.faults ?? DEFAULT_FAULTS, differing, found: null };
  }

  #checkpointsOf(replay: Replay): readonly CheckpointResult[] {
    const checkpoints = this.#checkpoints.get(replay);
    checkpoints?.end(replay);
    return checkpoints?.results ?? [];
  }
}

/** @throws InputError where the process that was asked for is not in the log */
function requireProcess(replay: Replay | undefined): void {
  const asked = replay?.options.process;
  if (replay === undefined || asked === undefined || replay.told !== null) return;
  const pids = replay.lives.map(({ pid }) => pid ?? 'none');
  const more = pids.length > MOST_PIDS ? ', ...' : '';
  throw new InputError(
    `the log shows no process with the pid ${asked}; it shows ${pids.slice(0, MOST_PIDS).join(', ')}${more}`,
  );
}

/** Pids that an error names. */
const MOST_PIDS = 10;

/** The same log once more, with other page faults. */
function again(
  request: Omit<ReplayRequest, 'faultsUse'>,
  assumptions: ReturnType<typeof assumptionsOf>,
  events: readonly StraceEvent[],
): ReplayReport {
  const replayer = new LogReplayer({ ...request, options: { ...request.options, ...assumptions } });
  for (const event of events) replayer.feed(event);
  return replayer.report();
}

/**
 * Sums up one process of a replay.
 *
 * @param real what the process really had at the end; `null`: not known
 */
function processReport(replay: Replay, replayed: ReplayedProcess, real: RealMap | null): ProcessReport {
  const { space } = replayed;
  const context = { space, files: replay.files, isSmaps: false };
  const map = vmaRows(space.process, context, { smaps: real?.entries ?? [] });
  const last = replayed.lastVmas?.map((vma) => mapRow(vma, '')) ?? map;
  const final = real && { file: real.file, ...compareMaps(rowsOfSmaps(real.entries), last) };
  const isShown = real !== null && final?.differing === 0;
  return {
    ...replayOutcome(replay, replayed),
    map,
    summary: sumUp(space.process, map, space.knownGeometry),
    guards: guardRegions(space.process),
    final,
    forkShown: isShown ? forkReport(map, real.entries).sums.copy.shown : null,
  };
}

/** The limit on every profile, or on the chosen one alone for a long log. */
function limits(replay: Replay, whatIf: WhatIf): LimitAnswer[] | null {
  const { events } = whatIf;
  if (events === null) return null;
  const { profile: chosen } = replay.options;
  const order = KERNEL_PROFILES.map(({ name }) => name);
  const others =
    events + (replay.told?.space.startVmas ?? 0) > MAX_LIMIT_EVENTS
      ? []
      : KERNEL_PROFILES.filter(({ name }) => name !== chosen.name);
  const profiles = [chosen, ...others].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  return profiles.flatMap((profile) => {
    const search = whatIf.limitSearch(replay.told?.space.notes.peak.vmas ?? 0, profile);
    if (search === null) return [];
    while (search.replay());
    return [search.found];
  });
}
