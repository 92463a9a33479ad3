import { InputError, parseSmaps, parseStrace, type StraceEvent, type StraceStats } from 'proc-io';
import { DEFAULT_MAX_MAP_COUNT, type KernelProfile, kernelProfile } from 'vma-core';
import { requireFourLevels } from '../replay/mapGeometry.ts';
import type { ReplayOptions } from '../replay/replayOptions.ts';
import { headline } from '../words/overviewWords.ts';
import { type FaultsAsked, faultsUseOf, firstAssumption } from './faultSearch.ts';
import type { FinalMaps } from './finalMaps.ts';
import type { Overview } from './overview.ts';
import { LogReplayer, type ReplayReport } from './replayReport.ts';
import { mapNotes } from './smapsNotes.ts';
import { LogWhatIf, type WhatIfReport, type WhatIfWorld } from './whatIfReport.ts';

/** A log of a program's system calls, and what is known of the program besides. All texts are as the files have them. */
export interface LogInput {
  /** The strace log. */
  readonly log: string | Uint8Array;
  /** The smaps (or maps) right after `execve`, at the first line of the log. Without it memory from before the log is not known. */
  readonly initial?: string | Uint8Array;
  /** The real smaps (or maps) at the end, to compare with. */
  readonly final?: string | Uint8Array;
  /** A profile, its name, or a version. Default `6.19`. */
  readonly kernel?: KernelProfile | string;
  /** `vm.max_map_count`. Default 65,530. */
  readonly maxMapCount?: number;
  /** Which memory counts as written; a log shows no page faults. Default: as soon as it is writable, or what leads to `final`. */
  readonly faults?: Exclude<FaultsAsked, undefined>;
  /** A longer inaccessible range is a reserve, not a guard; bytes. Default 64 KiB. */
  readonly longestGuard?: number;
  /** Bytes that the model may take. Default: no limit. */
  readonly maxBytes?: number;
}

/** What a log tells: what `vma-lab report` prints, as plain data. */
export interface LogReport extends ReplayReport {
  /** The answer in a sentence or two: how many VMAs, what takes them, what failed, what would help. */
  readonly headline: string;
  /** What takes the VMAs of the first process, which calls failed and why, what would help, what a fork would copy. */
  readonly overview: Overview;
  /** Counts of the log's lines, the unreadable ones among them. */
  readonly lines: Readonly<StraceStats>;
}

/** What is tried with a log. At least one of the three. */
export interface LogChange {
  /** PROT_NONE guards beside memory become guard markers (MADV_GUARD_INSTALL). */
  readonly guards?: 'markers';
  /** Another kernel: a profile, its name, or a version. */
  readonly kernel?: KernelProfile | string;
  /** Another `vm.max_map_count`. */
  readonly maxMapCount?: number;
}

/**
 * Replays a log, and answers what `vma-lab report` does: VMAs at the peak, what takes them, the calls that failed and why, what would help.
 *
 * @param trace the log, or its text alone
 * @throws InputError for a log or map that cannot be read, or a log that shows no process
 * @throws ProfileError for an unknown kernel; OutOfMemoryError past `maxBytes`
 *
 * @example
 * report('mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000').overview.vmas.peak; // 1
 */
export function report(trace: string | LogInput): LogReport {
  const asked = typeof trace === 'string' ? { log: trace } : trace;
  const { log, final, faults, longestGuard } = asked;
  const notes: string[] = [];
  const replayer = new LogReplayer({
    profiles: [profileOf(asked)],
    final: final === undefined ? new Map() : finalOf(final, notes),
    limits: false,
    faultsUse: faultsUseOf(faults),
    ...(longestGuard === undefined ? {} : { longestGuard }),
    options: { ...optionsOf(asked, notes), maxMapCount: asked.maxMapCount ?? DEFAULT_MAX_MAP_COUNT },
  });
  const lines = readEvents(log, (event) => replayer.feed(event));
  const replayed = replayer.report();
  const overview = replayed.kernels[0]?.overview;
  if (overview == null) throw noProcess();
  return { ...replayed, headline: headline(overview), overview, lines };
}

/**
 * Replays a log twice, as it is and with a change: VMAs before and after, what a fork copies, the calls that would fail or succeed otherwise.
 * The calls themselves stay as they are.
 *
 * @param trace the log, or its text alone
 * @throws InputError for a log or map that cannot be read, a log that shows no process, or a change that changes nothing
 * @throws ProfileError for an unknown kernel; OutOfMemoryError past `maxBytes`
 *
 * @example
 * whatIf(log, { guards: 'markers' }).after.peakVmas; // 3
 */
export function whatIf(trace: string | LogInput, change: LogChange): WhatIfReport {
  const asked = typeof trace === 'string' ? { log: trace } : trace;
  const { guards, kernel, maxMapCount } = change;
  if (guards === undefined && kernel === undefined && maxMapCount === undefined) {
    throw new InputError('nothing to try: give guards, kernel or maxMapCount');
  }
  const before: WhatIfWorld = {
    profile: profileOf(asked),
    maxMapCount: asked.maxMapCount ?? DEFAULT_MAX_MAP_COUNT,
    markers: false,
  };
  const after: WhatIfWorld = {
    profile: kernel === undefined ? before.profile : profileOf({ kernel }),
    maxMapCount: maxMapCount ?? before.maxMapCount,
    markers: guards !== undefined,
  };
  const worlds = new LogWhatIf(before, after, optionsOf(asked, []), asked.longestGuard);
  readEvents(asked.log, (event) => worlds.feed(event));
  const found = worlds.report();
  if (found === null) throw noProcess();
  return found;
}

function profileOf({ kernel = '6.19' }: Pick<LogInput, 'kernel'>): KernelProfile {
  return typeof kernel === 'string' ? kernelProfile(kernel) : kernel;
}

/** @param notes takes what is to be said of the maps that were given */
function optionsOf(
  { initial, faults, maxBytes }: LogInput,
  notes: string[],
): Omit<ReplayOptions, 'profile' | 'maxMapCount'> {
  const options = { faults: firstAssumption(faults), notes, ...(maxBytes === undefined ? {} : { maxBytes }) };
  if (initial === undefined) return options;
  const smaps = parseSmaps(initial, { file: 'initial' });
  requireFourLevels(smaps.entries, 'initial');
  notes.unshift(...mapNotes('initial', smaps));
  return { ...options, initial: new Map([['first', smaps.entries]]) };
}

function finalOf(text: string | Uint8Array, notes: string[]): FinalMaps {
  const smaps = parseSmaps(text, { file: 'final' });
  notes.push(...mapNotes('final', smaps));
  return new Map([['first', { file: 'final', entries: smaps.entries }]]);
}

function readEvents(log: string | Uint8Array, take: (event: StraceEvent) => void): Readonly<StraceStats> {
  const events = parseStrace(log, { file: 'log' });
  for (;;) {
    const next = events.next();
    if (next.done === true) return next.value;
    take(next.value);
  }
}

function noProcess(): InputError {
  return new InputError('the log shows no process', { file: 'log' });
}
