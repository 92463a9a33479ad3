import type { SmapsEntry, StraceCall, StraceEvent } from 'proc-io';
import { type KernelProfile, kernelProfile, TASK_SIZE, virtAddr } from 'vma-core';
import { World } from '../process/process.ts';
import { adoptSmaps } from '../replay/adoptSmaps.ts';
import type { GuardSize } from '../replay/guardSizes.ts';
import { GuardsAsMarkers } from '../replay/guardsAsMarkers.ts';
import { GuardZones } from '../replay/guardZones.ts';
import { LONGEST_GUARD } from '../replay/likeHost.ts';
import { isOtherMachine } from '../replay/mapGeometry.ts';
import { LogFiles } from '../replay/openFiles.ts';
import { type PerformedCall, Replay } from '../replay/replay.ts';
import type { ReplayOptions } from '../replay/replayOptions.ts';
import { type FaultAssumption, ReplaySpace } from '../replay/replaySpace.ts';
import { guardsAtBest } from './guardsAtBest.ts';
import { type LimitAnswer, LimitSearch } from './neededLimit.ts';
import type { ReplayContext } from './vmaRow.ts';

/** Longer logs are not kept, so what takes several replays is left out for them. */
const MAX_KEPT_EVENTS = 200_000;

/** What there would be, were PROT_NONE guards guard markers. */
export interface GuardsAnswer {
  /** Guards that were rewritten, and how many there are of each size. */
  readonly guards: number;
  readonly sizes: readonly GuardSize[];
  /** A longer inaccessible range is a reserve and stays as it is; bytes. */
  readonly longest: number;
  /** The profile of the what-if: one that has guards. */
  readonly profile: string;
  /** VMAs at the peak; of a smaps: as they are now. */
  readonly peakVmas: number;
  readonly endVmas: number;
  /** Page tables for the markers; kB. */
  readonly tablesKb: number | null;
}

/** What would be, were a log another. */
export interface WhatIfAnswer {
  /** PROT_NONE guards as markers; `null`: there are none to rewrite. */
  readonly guards: GuardsAnswer | null;
  /** The limit that the log needs; `null`: the log is too long to try, or there is none. */
  readonly limit: LimitAnswer | null;
}

/** Replays a log once more with PROT_NONE guards as markers, and keeps it, if it is not too long, for further replays. */
export class WhatIf {
  readonly #options: ReplayOptions;
  readonly #markers: Replay;
  readonly #longest: number;
  readonly #zones: GuardZones;
  readonly #rewriter: GuardsAsMarkers;
  #events: StraceEvent[] | null = [];

  readonly #performed: (done: PerformedCall) => void;

  /**
   * @param longestGuard a longer inaccessible range is no guard; bytes
   * @param performed told of every call that was performed, with those that stand for it
   */
  constructor(
    options: ReplayOptions,
    longestGuard: number = LONGEST_GUARD,
    performed: (done: PerformedCall) => void = () => {},
  ) {
    this.#performed = performed;
    this.#options = options;
    this.#longest = longestGuard;
    this.#zones = new GuardZones(longestGuard);
    this.#rewriter = new GuardsAsMarkers(longestGuard);
    this.#markers = new Replay({
      ...options,
      profile: withGuards(options.profile),
      explain: false,
      rewrite: (space, call) => this.#rewrite(space, call),
    });
  }

  /** Takes the next event of the log. */
  feed(event: StraceEvent): void {
    for (const one of this.#zones.push(event)) this.#feed(one);
    if (this.#events?.push(event) === MAX_KEPT_EVENTS + 1) this.#events = null;
  }

  /** The log is over. */
  end(): void {
    for (const one of this.#zones.end()) this.#feed(one);
    this.#markers.flush();
    this.#perform();
    this.#markers.end();
  }

  #feed(event: StraceEvent): void {
    this.#markers.accept(event);
    this.#perform();
  }

  #perform(): void {
    for (let done = this.#markers.performNext(); done !== null; done = this.#markers.performNext()) {
      this.#performed(done);
    }
  }

  /** The replay with markers. */
  get replay(): Replay {
    return this.#markers;
  }

  /** Events of the log; `null`: there are too many to keep. */
  get events(): number | null {
    return this.#events?.length ?? null;
  }

  /** `null`: there are no guards to rewrite. */
  get guards(): GuardsAnswer | null {
    const space = this.#markers.told?.space;
    // Of another machine, which calls are refused and where memory goes is not known.
    if (space === undefined || space.notes.machine !== null) return null;
    const { count, list } = this.#rewriter.sizes(space);
    if (count === 0) return null;
    const { notes, process } = space;
    return {
      guards: count,
      sizes: list,
      longest: this.#longest,
      profile: withGuards(this.#options.profile).name,
      peakVmas: notes.peak.vmas,
      endVmas: process.mm.mapCount,
      tablesKb: process.pageTable.vmPteKb,
    };
  }

  /** A call that two were joined to, and that makes no guard, is two again. */
  #rewrite(space: ReplaySpace, call: StraceCall): readonly StraceCall[] {
    const instead = this.#rewriter.rewrite(space, call);
    if (instead.length !== 1 || instead[0] !== call) return instead;
    return this.#zones.callsOf(call);
  }

  /**
   * Looks for the limit that the log needs, replay by replay. `null`: it was not kept, or is of another machine.
   *
   * @param peak highest number of VMAs in a replay without a limit
   */
  limitSearch(peak: number, profile: KernelProfile = this.#options.profile): LimitSearch | null {
    if (this.#markers.told?.space.notes.machine != null) return null;
    return this.#events && new LimitSearch(this.#events, { ...this.#options, profile }, peak);
  }
}

const NO_FIELDS: SmapsEntry['fields'] = new Map();

/** The guards of a smaps as markers. At best: no anon_vmas stand in the way. */
export function guardsOfSmaps(
  smaps: readonly SmapsEntry[],
  chosen: KernelProfile,
  softDirty: boolean,
  longest: number = LONGEST_GUARD,
): GuardsAnswer {
  const profile = withGuards(chosen);
  // Without what proves an anon_vma.
  const vmas = withinFourLevels(smaps).map((entry) => ({ ...entry, fields: NO_FIELDS }));
  const { process } = contextOfSmaps(vmas, profile, softDirty, 'never').space;
  const peakVmas = process.mm.mapCount;
  const { count: guards, list: sizes } = guardsAtBest(process, longest);
  const { mm, pageTable } = process;
  const after = { peakVmas, endVmas: mm.mapCount, tablesKb: isOtherMachine(smaps) ? null : pageTable.vmPteKb };
  return { guards, sizes, longest, profile: profile.name, ...after };
}

/** Bytes between mappings that do not touch. */
const APART: number = 2 ** 21;

/**
 * Mappings of a machine with more address bits, moved to where four levels of page tables reach: what touches still touches, and holes are
 * closed up. Whether two may merge does not depend on where they are.
 */
function withinFourLevels(smaps: readonly SmapsEntry[]): readonly SmapsEntry[] {
  // The vsyscall page is no VMA, wherever it is.
  const vmas = smaps.filter(({ name }) => name !== '[vsyscall]');
  if (vmas.every(({ end }) => end <= TASK_SIZE)) return smaps;
  let from = 0;
  let to = 0;
  return vmas.flatMap((entry) => {
    const start = entry.start === from ? to : to + APART;
    from = entry.end;
    to = start + entry.end - entry.start;
    return to > TASK_SIZE ? [] : [{ ...entry, start: virtAddr(start), end: virtAddr(to) }];
  });
}

/** An address space with what a smaps lists. */
export function contextOfSmaps(
  smaps: readonly SmapsEntry[],
  profile: KernelProfile,
  softDirty: boolean,
  faults: FaultAssumption,
): ReplayContext {
  const world = new World({ profile: { ...profile, anonNames: true }, softDirty });
  const space = new ReplaySpace(world.newProcess(), { faults, mapKnown: true });
  const files = new LogFiles(world);
  adoptSmaps(space, smaps, files);
  return { space, files, isSmaps: true };
}

/** The profile itself, or where it has no guard markers the first that takes them everywhere. */
function withGuards(profile: KernelProfile): KernelProfile {
  return profile.guards === 'none' ? kernelProfile('6.19') : profile;
}
