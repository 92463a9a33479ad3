import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type FaultAssumption, isObject, type ProcessReport, type RealMap } from 'fork-sim';
import { InputError, type SmapsEntry } from 'proc-io';
import { chooseKernelProfile, DEFAULT_MAX_MAP_COUNT, ProfileError } from 'vma-core';
import type { ReplayAnswer } from '../cli/answers.ts';
import type { CliIo } from '../cli/cliIo.ts';
import { readText } from '../input/openInput.ts';
import { readSmaps } from '../input/readSmaps.ts';
import { replayLog } from '../input/replayLog.ts';

/** The name of the file that makes a folder a program's recording. */
export const META = 'meta.json';

/** What came of replaying a program's recording. */
export interface ProgramVerdict {
  readonly kind: 'program';
  readonly folder: string;
  readonly report: ReplayAnswer;
  /** Processes with a final map, and of them those whose map is equal, all places right. */
  readonly processes: number;
  readonly equal: number;
  /** The processes that differ. */
  readonly different: readonly ProcessReport[];
}

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

/** Replays a program's recording, as its `meta.json` describes it, and compares every process's map with the real one. */
export async function verifyProgram(folder: string, io: CliIo): Promise<ProgramVerdict> {
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
  const log = fileIn(folder, 'trace.strace');
  const options = { faults, maxMapCount, initial };
  const report = await replayLog([log], { kernels: [kernel], options, final, explain: false }, io);
  const compared = report.kernels[0]?.processes.filter(({ final: real }) => real !== null) ?? [];
  const missing = final.size - compared.length;
  if (missing > 0) {
    const message = `${missing} of ${final.size} processes of ${META} are not in the log`;
    throw new InputError(message, { file: join(folder, META), line: 1, column: 1 });
  }
  const different = compared.filter((process) => !isEqual(process));
  return {
    kind: 'program',
    folder,
    report,
    processes: compared.length,
    equal: compared.length - different.length,
    different,
  };
}

/** Every VMA equal, every mapping where the log has it, every call with the log's result. */
function isEqual({ final, wrongPlaces, wrongResults }: ProcessReport): boolean {
  return final?.differing === 0 && wrongPlaces.count === 0 && wrongResults.count === 0;
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
