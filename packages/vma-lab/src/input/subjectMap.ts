import {
  type FaultsAsked,
  faultsUseOf,
  firstAssumption,
  mapNotes,
  type RealMap,
  type ReplayOptions,
  requireFourLevels,
  smapsMap,
  type VmaRow,
} from 'fork-sim';
import { countOf } from 'fork-sim/words';
import type { SmapsEntry } from 'proc-io';
import { DEFAULT_MAX_MAP_COUNT, PAGE_SIZE } from 'vma-core';
import type { AskedKernel, ReplayAnswer } from '../cli/answers.ts';
import type { CliIo } from '../cli/cliIo.ts';
import { type ChosenKernel, DEFAULT_KERNEL, readKernel } from '../cli/options.ts';
import { ProgressLine } from '../cli/progressLine.ts';
import { UsageError } from '../cli/usageError.ts';
import { kernelOfThisMachine, limitOfThisMachine } from './processMap.ts';
import { readFaults } from './readFaults.ts';
import { readSmaps } from './readSmaps.ts';
import { optionsOf } from './recording.ts';
import { type LogRequest, replayOpened } from './replayLog.ts';
import type { LogSubject, Subject } from './subject.ts';

/** Options of the commands that ask about a map or a log. */
export interface SubjectOptions {
  /** Not given: of a pid this machine's, of a recording its own, else the default. */
  readonly kernel?: ChosenKernel;
  readonly maxMapCount?: number;
  /** Of a log: the map with which it begins. */
  readonly initial?: string;
  /** Of a log: what was really mapped at its end. */
  readonly final?: string;
  /** Of a log with several processes: whose VMAs, by its pid in the log. Default: the first's. */
  readonly process?: number;
  /** Of a log. */
  readonly faults?: Exclude<FaultsAsked, undefined>;
  /** Of a log: the file of its page faults, as `perf script` prints them. */
  readonly faultLog?: string;
}

/** The VMAs that a question is about. */
export interface SubjectMap {
  readonly file: string;
  readonly kernel: ChosenKernel;
  readonly maxMapCount: number;
  readonly rows: readonly VmaRow[];
  /** What a real smaps says of the same VMAs; empty: none does. */
  readonly smaps: readonly SmapsEntry[];
  /** Bytes a page. */
  readonly pageSize: number;
  /** What the input does not tell, and what was taken instead: sentences. */
  readonly notes: readonly string[];
  /** The log, replayed; `null`: all that is known is a map. */
  readonly replay: ReplayAnswer | null;
}

/** Said where a map is asked for one process of several. */
export const NOT_OF_A_MAP =
  '--process chooses among the processes of a log, and a map is of one process: give that process’s own smaps, or its pid in place of a file';

/** The VMAs of a map, or those that a log's process has at its end. @throws InputError */
export async function mapOfSubject(subject: Subject, options: SubjectOptions, io: CliIo): Promise<SubjectMap> {
  const [map] = await mapsOfSubject(subject, undefined, options, io);
  return map!;
}

/** {@link mapOfSubject} on each of some kernels; `undefined`: on the one that is taken where none is given. */
export async function mapsOfSubject(
  subject: Subject,
  asked: readonly ChosenKernel[] | undefined,
  options: SubjectOptions,
  io: CliIo,
): Promise<SubjectMap[]> {
  const { file } = subject;
  const kernels = asked ?? [kernelOf(subject, options)];
  const maxMapCount = await limitOf(subject, options);
  if (subject.kind === 'map') {
    if (options.process !== undefined) throw new UsageError(NOT_OF_A_MAP);
    const smaps = subject.smaps.entries;
    const progress = new ProgressLine(io);
    const maps = kernels.map((kernel) => {
      progress.update(() => `${file}: asking the rules of ${countOf(smaps.length, 'VMA')}`);
      const { map: rows, pageSize, notes } = smapsMap(subject.smaps, kernel.profile);
      return { file, kernel, maxMapCount, rows, smaps, pageSize, notes, replay: null };
    });
    progress.done();
    return maps;
  }
  const replay = await replaySubject(subject, { explain: false, kernels }, options, io);
  const finals = subject.recording?.final;
  const told = replay.kernels[0]?.processes[0]?.pid ?? options.process;
  const own = told === undefined ? undefined : finals?.get(told);
  const smaps = (own ?? (options.process === undefined ? finals?.get('first') : undefined))?.entries ?? [];
  return replay.kernels.map((kernel) => {
    const rows = kernel.processes[0]?.map ?? [];
    const pageSize = rows[0]?.pageSize ?? PAGE_SIZE;
    return { file, kernel, maxMapCount, rows, smaps, pageSize, notes: notesOf(kernel, replay), replay };
  });
}

/** Replays a log, with the maps of its recording or the one that was given. @throws InputError */
export async function replaySubject(
  { log, recording }: LogSubject,
  request: Pick<LogRequest, 'explain' | 'longestGuard' | 'limits'> & { readonly kernels?: readonly ChosenKernel[] },
  options: SubjectOptions,
  io: CliIo,
): Promise<ReplayAnswer> {
  const { faults = recording?.faults } = options;
  const { initial, notes } = await initialOf(recording, options, io);
  let final: ReadonlyMap<number | 'first', RealMap> = recording?.final ?? new Map();
  if (options.final !== undefined) {
    const smaps = await readSmaps(options.final, io);
    notes.push(...mapNotes('final', smaps));
    final = new Map([['first', { file: options.final, entries: smaps.entries }]]);
  }
  const subject: LogSubject = { kind: 'log', file: '', log, recording };
  return replayOpened(
    log,
    {
      kernels: request.kernels ?? [kernelOf(subject, options)],
      final,
      faultsUse: faultsUseOf(faults),
      ...(request.explain === undefined ? {} : { explain: request.explain }),
      ...(request.limits === undefined ? {} : { limits: request.limits }),
      ...(request.longestGuard === undefined ? {} : { longestGuard: request.longestGuard }),
      options: {
        ...(recording === null ? {} : optionsOf(recording, options.faults)),
        faults: firstAssumption(faults),
        ...(await faultLogOf({ faults: options.faults, faultLog: options.faultLog }, io)),
        maxMapCount: await limitOf(subject, options),
        initial,
        notes,
        ...(options.process === undefined ? {} : { process: options.process }),
        ...(options.initial === undefined ? {} : { execMaps: new Map() }),
      },
    },
    io,
  );
}

/** The page faults that were given. @throws InputError; UsageError where an assumption is given, too */
export async function faultLogOf(
  { faults, faultLog }: { readonly faults?: FaultsAsked; readonly faultLog?: string | undefined },
  io: CliIo,
): Promise<Pick<ReplayOptions, 'faultLog'>> {
  if (faultLog === undefined) return {};
  if (faults !== undefined)
    throw new UsageError('--faults is an assumption, and --fault-log needs none: give one of them');
  return { faultLog: await readFaults(faultLog, io) };
}

/** The maps with which a log begins, and what is to be said of one that was given. @throws InputError */
export async function initialOf(
  recording: LogSubject['recording'],
  options: SubjectOptions,
  io: CliIo,
): Promise<{ readonly initial: ReadonlyMap<number | 'first', readonly SmapsEntry[]>; readonly notes: string[] }> {
  if (options.initial === undefined) return { initial: recording?.initial ?? new Map(), notes: [] };
  const smaps = await readSmaps(options.initial, io);
  requireFourLevels(smaps.entries, options.initial);
  return { initial: new Map([['first', smaps.entries]]), notes: mapNotes('initial', smaps) };
}

/** The kernel that a question is asked of. */
export function kernelOf(subject: Subject, { kernel }: SubjectOptions): ChosenKernel {
  if (kernel !== undefined) return kernel;
  if (subject.kind === 'log') return subject.recording?.kernel ?? readKernel(DEFAULT_KERNEL);
  return subject.pid === null ? readKernel(DEFAULT_KERNEL) : kernelOfThisMachine();
}

/** The limit on VMAs. */
export async function limitOf(subject: Subject, { maxMapCount }: SubjectOptions): Promise<number> {
  if (maxMapCount !== undefined) return maxMapCount;
  if (subject.kind === 'log') return subject.recording?.maxMapCount ?? DEFAULT_MAX_MAP_COUNT;
  return subject.pid === null ? DEFAULT_MAX_MAP_COUNT : limitOfThisMachine();
}

function notesOf({ processes }: AskedKernel, { log }: ReplayAnswer): string[] {
  const { unreadable } = log;
  const unread =
    unreadable === 0 ? [] : [`${countOf(unreadable, 'line')} could not be read; vma-lab replay lists them.`];
  return [...(processes[0]?.assumptions ?? []), ...unread];
}
