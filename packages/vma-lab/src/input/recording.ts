import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FaultAssumption, FaultsAsked, RealMap, ReplayOptions } from 'fork-sim';
import { type FaultLog, InputError, type SmapsEntry } from 'proc-io';
import { DEFAULT_MAX_MAP_COUNT, ProfileError } from 'vma-core';
import { chooseKernelProfile } from 'vma-core/changes';
import type { CliIo } from '../cli/cliIo.ts';
import type { ChosenKernel } from '../cli/options.ts';
import { fileIn, LOG } from '../record/folder.ts';
import { META, type RecordedProcess, readRecordingMeta } from '../record/recordingMeta.ts';
import { readText } from './openInput.ts';
import { readFaults } from './readFaults.ts';
import { readSmaps } from './readSmaps.ts';

/** A program's recording: its log, its maps, and the kernel. */
export interface Recording {
  readonly folder: string;
  /** Path of the log. */
  readonly log: string;
  /** The kernel that it was made on. */
  readonly kernel: ChosenKernel;
  readonly faults: FaultAssumption;
  readonly maxMapCount: number;
  /** What each process had mapped after its first execve; `first`: the first process, where its pid is not told. */
  readonly initial: ReadonlyMap<number | 'first', readonly SmapsEntry[]>;
  /** After later ones, in their order. */
  readonly execMaps: ReadonlyMap<number, readonly (readonly SmapsEntry[])[]>;
  readonly final: ReadonlyMap<number | 'first', RealMap>;
  /** Paths of the first process's maps: after its first execve, and at its end; `undefined`: the recording has none. */
  readonly firstMaps: { readonly initial: string | undefined; readonly final: string | undefined };
  /** Page faults; `null`: none were recorded. */
  readonly faultLog: FaultLog | null;
  /** Its log is empty: the process made no call that is traced while it was recorded. */
  readonly isIdle: boolean;
}

/** Is a path the folder of a program's recording? */
export function isRecording(path: string): boolean {
  return existsSync(join(path, META));
}

/** Reads all of a program's recording but its log. @throws InputError where a file of it is missing or wrong */
export async function readRecording(folder: string, io: CliIo): Promise<Recording> {
  const file = join(folder, META);
  const refuse = (message: string): InputError => new InputError(message, { file, line: 1, column: 1 });
  const meta = readRecordingMeta(await readText(file, io));
  if (typeof meta === 'string') throw refuse(meta);
  const initial = new Map<number | 'first', readonly SmapsEntry[]>();
  const execMaps = new Map<number, readonly (readonly SmapsEntry[])[]>();
  const final = new Map<number | 'first', RealMap>();
  const pathOf = (name: string | undefined): string | undefined => (name === undefined ? name : fileIn(folder, name));
  const processes: readonly (Omit<RecordedProcess, 'pid'> & { readonly pid: number | 'first' })[] = meta.processes ?? [
    { pid: 'first', initial: 'initial.smaps', final: 'final.smaps' },
  ];
  for (const { pid, initial: first = [], final: last } of processes) {
    const smaps = await Promise.all([first].flat().map((name) => readSmaps(fileIn(folder, name), io)));
    const [own, ...later] = smaps.map(({ entries }) => entries);
    if (own !== undefined) initial.set(pid, own);
    if (pid !== 'first' && later.length > 0) execMaps.set(pid, later);
    if (last === undefined) continue;
    const path = fileIn(folder, last);
    final.set(pid, { file: basename(path), entries: (await readSmaps(path, io)).entries });
  }
  return {
    folder,
    log: fileIn(folder, LOG),
    kernel: kernelOf(meta.kernel, refuse),
    faults: meta.assumption ?? 'on-map',
    maxMapCount: meta.max_map_count ?? DEFAULT_MAX_MAP_COUNT,
    initial,
    execMaps,
    final,
    firstMaps: { initial: pathOf([processes[0]?.initial].flat()[0]), final: pathOf(processes[0]?.final) },
    isIdle: sizeOf(fileIn(folder, LOG)) === 0,
    faultLog: meta.faults === undefined ? null : await readFaults(fileIn(folder, meta.faults), io),
  };
}

/** @throws InputError where there is nothing to replay */
export function requireCalls({ isIdle, folder }: Recording): void {
  if (!isIdle) return;
  const message = `the process made no call about memory while it was recorded, so there is nothing to replay; vma-lab report ${folder} tells of its map`;
  throw new InputError(message, { file: folder });
}

/** Bytes of a file; -1: there is none. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}

/** How its log is replayed. `asked`: an assumption that is asked for, instead of recorded faults. */
export function optionsOf(recording: Recording, asked?: FaultsAsked): Omit<ReplayOptions, 'profile'> {
  const { faults, maxMapCount, initial, execMaps, faultLog } = recording;
  return { faults, maxMapCount, initial, execMaps, ...(faultLog === null || asked !== undefined ? {} : { faultLog }) };
}

function kernelOf(kernel: string, refuse: (message: string) => InputError): ChosenKernel {
  try {
    return { kernel, ...chooseKernelProfile(kernel) };
  } catch (error) {
    if (error instanceof ProfileError) throw refuse(error.message);
    throw error;
  }
}
