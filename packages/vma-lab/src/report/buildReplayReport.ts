import {
  compareMaps,
  type FaultAssumption,
  GuardsAsMarkers,
  nameOfVma,
  neededLimit,
  Replay,
  type ReplayedProcess,
  type ReplayOptions,
  rowsOfProcess,
} from 'fork-sim';
import type { SmapsEntry, StraceEvent, StraceStats, UnreadableLine } from 'proc-io';
import { KERNEL_PROFILES, kernelProfile } from 'vma-core';
import type { ChosenKernel } from '../cli/options.ts';
import { callRef } from './callRef.ts';
import { describeProcess, differences, type RealMap } from './describeProcess.ts';
import type { GuardsReport, KernelReport, LimitReport, LogReport, ReplayReport } from './replayReport.ts';

/** Longer logs are not kept, so what takes several replays is left out for them. */
const MAX_KEPT_EVENTS = 200_000;
/** Longest log for which the limit is looked for on every profile. */
const MAX_LIMIT_EVENTS = 20_000;
/** Unreadable lines that are shown. */
const MAX_UNREADABLE = 20;

/** What a replay is asked for. */
export interface ReplayRequest {
  readonly kernels: readonly ChosenKernel[];
  readonly faults: FaultAssumption;
  readonly maxMapCount: number;
  /** Absent: as the initial smaps shows it. */
  readonly softDirty?: boolean;
  readonly initial: ReadonlyMap<number | 'first', readonly SmapsEntry[]>;
  readonly final: ReadonlyMap<number | 'first', RealMap>;
  /** False: only compare; refusals, what-ifs and limits are left out. Default true. */
  readonly explain?: boolean;
}

/** Replays a log as it comes, on one kernel or two, and once more with PROT_NONE guards as markers. */
export class LogReplayer {
  readonly #request: ReplayRequest;
  readonly #replays: readonly Replay[];
  readonly #markers: { readonly replay: Replay; readonly rewriter: GuardsAsMarkers; readonly profile: string } | null;
  /** The log, while it is short enough; `null`: it is not. */
  #events: StraceEvent[] | null = [];
  readonly #unreadable: UnreadableLine[] = [];

  constructor(request: ReplayRequest) {
    this.#request = request;
    this.#replays = request.kernels.map((kernel) => new Replay(replayOptions(request, kernel)));
    this.#markers = request.explain === false ? null : this.#newMarkers();
    if (request.explain === false) this.#events = null;
  }

  #newMarkers(): { readonly replay: Replay; readonly rewriter: GuardsAsMarkers; readonly profile: string } {
    const request = this.#request;
    const first = request.kernels[0] as ChosenKernel;
    const rewriter = new GuardsAsMarkers();
    const profile = first.profile.guards === 'none' ? kernelProfile('6.19') : first.profile;
    const rewrite: ReplayOptions['rewrite'] = (space, call) => rewriter.rewrite(space, call);
    const options = { ...replayOptions(request, { ...first, profile }), explain: false, rewrite };
    return { replay: new Replay(options), rewriter, profile: profile.name };
  }

  /** The replay on the first kernel. */
  get replay(): Replay {
    return this.#replays[0] as Replay;
  }

  feed(event: StraceEvent): void {
    for (const replay of this.#replays) replay.feed(event);
    this.#markers?.replay.feed(event);
    if (event.kind === 'unreadable' && this.#unreadable.length < MAX_UNREADABLE) this.#unreadable.push(event);
    if (this.#events === null) return;
    this.#events.push(event);
    if (this.#events.length > MAX_KEPT_EVENTS) this.#events = null;
  }

  /** Ends the replays. */
  end(): void {
    for (const replay of this.#replays) replay.end();
    this.#markers?.replay.end();
  }

  /** Sums everything up. Precondition: the log had at least one call. */
  report(file: string, stats: Readonly<StraceStats>): ReplayReport {
    const between = this.#between();
    return {
      kind: 'replay',
      version: 1,
      log: this.#log(file, stats),
      kernels: this.#replays.map((replay, at) =>
        this.#kernelReport(replay, this.#request.kernels[at] as ChosenKernel, at === 0),
      ),
      between,
    };
  }

  #log(file: string, stats: Readonly<StraceStats>): LogReport {
    return {
      file,
      lines: stats.lines,
      calls: stats.calls,
      irrelevant: Object.fromEntries(stats.irrelevant),
      unreadable: stats.unreadable,
      unreadableLines: this.#unreadable.map(({ line, column, why, text }) => ({ line, column, why, text })),
      unfinished: stats.unfinished,
    };
  }

  #kernelReport(replay: Replay, kernel: ChosenKernel, isFirst: boolean): KernelReport {
    const { faults, maxMapCount } = this.#request;
    const processes = replay.processes
      .filter((process, at) => at === 0 || !process.exited || this.#finalOf(process, false) !== null)
      .map((process) => describeProcess(replay, process, this.#finalOf(process, process === replay.first)));
    return {
      kernel: kernel.kernel,
      profile: kernel.profile.name,
      measured: kernel.measured,
      note: kernel.note,
      faults,
      softDirty: replay.world.softDirty,
      maxMapCount,
      processes,
      processesSeen: replay.processesSeen,
      limits: isFirst ? this.#limits(replay, kernel) : null,
      guardsAsMarkers: isFirst ? this.#guardsAsMarkers() : null,
    };
  }

  #finalOf(process: ReplayedProcess, isFirst: boolean): RealMap | null {
    const { final } = this.#request;
    const own = process.pid === null ? undefined : final.get(process.pid);
    return own ?? (isFirst ? final.get('first') : undefined) ?? null;
  }

  #guardsAsMarkers(): GuardsReport | null {
    if (this.#markers === null) return null;
    const { replay, rewriter, profile } = this.#markers;
    const space = replay.first?.space;
    if (space === undefined || rewriter.guards === 0) return null;
    const { process, notes } = space;
    return {
      guards: rewriter.guards,
      profile,
      vmas: { peak: notes.peak.vmas, end: process.mm.mapCount },
      tablesKb: process.pageTable.vmPteKb,
    };
  }

  /** The limit on every profile, or on the chosen one alone for a long log. */
  #limits(replay: Replay, kernel: ChosenKernel): LimitReport[] | null {
    const events = this.#events;
    const peak = replay.first?.space.notes.peak.vmas ?? 0;
    if (events === null) return null;
    const others =
      events.length > MAX_LIMIT_EVENTS ? [] : KERNEL_PROFILES.filter(({ name }) => name !== kernel.profile.name);
    const order = KERNEL_PROFILES.map(({ name }) => name);
    const profiles = [kernel.profile, ...others].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
    return profiles.map((profile) => {
      const options = replayOptions(this.#request, { ...kernel, profile });
      const { atLeast, fails } = neededLimit(events, options, peak);
      return {
        profile: profile.name,
        atLeast,
        fails: fails === null ? null : { ...callRef(fails.call), errno: fails.errno },
      };
    });
  }

  /** Where the maps of two kernels differ at the end. */
  #between(): ReplayReport['between'] {
    const [a, b] = this.#replays;
    if (a?.first == null || b?.first == null) return null;
    const rows = (replay: Replay, process: ReplayedProcess): ReturnType<typeof rowsOfProcess> =>
      rowsOfProcess(process.space.process, (vma) => nameOfVma(replay.files, process.space, vma));
    return differences(compareMaps(rows(a, a.first), rows(b, b.first)));
  }
}

function replayOptions(request: ReplayRequest, kernel: ChosenKernel): ReplayOptions {
  const { faults, maxMapCount, initial, final, softDirty, explain = true } = request;
  const keep = new Set([...final.keys()].filter((pid) => pid !== 'first'));
  return {
    profile: kernel.profile,
    faults,
    maxMapCount,
    initial,
    keep,
    explain,
    ...(softDirty === undefined ? {} : { softDirty }),
  };
}
