import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type FaultAssumption, isObject, type RealMap } from 'fork-sim';
import { InputError, type SmapsEntry } from 'proc-io';
import { chooseKernelProfile, DEFAULT_MAX_MAP_COUNT, ProfileError } from 'vma-core';
import type { CliIo } from '../cli/cliIo.ts';
import type { ChosenKernel } from '../cli/options.ts';
import { readText } from './openInput.ts';
import { readSmaps } from './readSmaps.ts';

/** The name of the file that makes a folder a program's recording. */
export const META = 'meta.json';

/** One process of `meta.json`. */
interface MetaProcess {
  readonly pid: number | 'first';
  readonly initial?: string;
  readonly final?: string;
}

interface Meta {
  readonly kernel: string;
  readonly assumption: FaultAssumption;
  readonly maxMapCount: number;
  readonly processes: readonly MetaProcess[];
}

const ASSUMPTIONS: readonly FaultAssumption[] = ['never', 'on-map', 'auto', 'late'];

/** A program's recording: its log, its maps, and the kernel. */
export interface Recording {
  readonly folder: string;
  /** Path of the log. */
  readonly log: string;
  readonly kernel: ChosenKernel;
  readonly faults: FaultAssumption;
  readonly maxMapCount: number;
  readonly initial: ReadonlyMap<number | 'first', readonly SmapsEntry[]>;
  readonly final: ReadonlyMap<number | 'first', RealMap>;
}

/** Reads what a folder with a `meta.json` says of a recording, and its maps. @throws InputError */
export async function readRecording(folder: string, io: CliIo): Promise<Recording> {
  const meta = await readMeta(folder, io);
  const initial = new Map<number | 'first', readonly SmapsEntry[]>();
  const final = new Map<number | 'first', RealMap>();
  for (const { pid, initial: first, final: last } of meta.processes) {
    if (first !== undefined) initial.set(pid, (await readSmaps(fileIn(folder, first), io)).entries);
    if (last === undefined) continue;
    const file = fileIn(folder, last);
    final.set(pid, { file: basename(file), entries: (await readSmaps(file, io)).entries });
  }
  const kernel = { kernel: meta.kernel, ...chooseKernelProfile(meta.kernel) };
  const { assumption: faults, maxMapCount } = meta;
  return { folder, log: fileIn(folder, 'trace.strace'), kernel, faults, maxMapCount, initial, final };
}

/** The path of a file of the recording; large ones are kept compressed. */
function fileIn(folder: string, name: string): string {
  const path = join(folder, name);
  return existsSync(path) || !existsSync(`${path}.gz`) ? path : `${path}.gz`;
}

async function readMeta(folder: string, io: CliIo): Promise<Meta> {
  const file = join(folder, META);
  const refuse = (message: string): InputError => new InputError(message, { file, line: 1, column: 1 });
  let value: unknown;
  try {
    value = JSON.parse(await readText(file, io));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw refuse(`no JSON: ${(error as Error).message}`);
  }
  if (!isObject(value) || typeof value.kernel !== 'string')
    throw refuse('"kernel" is missing: a version such as "6.18.44"');
  const assumption = (value.assumption ?? 'on-map') as FaultAssumption;
  if (!ASSUMPTIONS.includes(assumption)) throw refuse(`"assumption" must be one of ${ASSUMPTIONS.join(', ')}`);
  const maxMapCount = value.max_map_count ?? DEFAULT_MAX_MAP_COUNT;
  if (typeof maxMapCount !== 'number' || !Number.isInteger(maxMapCount))
    throw refuse('"max_map_count" must be a whole number');
  try {
    chooseKernelProfile(value.kernel);
  } catch (error) {
    if (error instanceof ProfileError) throw refuse(error.message);
    throw error;
  }
  return { kernel: value.kernel, assumption, maxMapCount, processes: readProcesses(value.processes, refuse) };
}

function readProcesses(value: unknown, refuse: (message: string) => InputError): MetaProcess[] {
  if (value === undefined) return [{ pid: 'first', initial: 'initial.smaps', final: 'final.smaps' }];
  if (!Array.isArray(value) || value.length === 0) throw refuse('"processes" must be a list of processes');
  return value.map((entry: unknown, at) => {
    if (!isObject(entry) || typeof entry.pid !== 'number') throw refuse(`process ${at} of "processes" has no pid`);
    const { pid, initial, final } = entry;
    return {
      pid,
      ...(typeof initial === 'string' ? { initial } : {}),
      ...(typeof final === 'string' ? { final } : {}),
    };
  });
}
