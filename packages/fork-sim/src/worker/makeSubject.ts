import { type FaultLog, FaultParser, InputError, require64Bit, type Smaps, SmapsParser, wrongFile } from 'proc-io';
import { kernelProfile } from 'vma-core';
import { DEFAULT_MAX_BYTES, type Process, type WorldOptions } from '../process/process.ts';
import { adoptSmaps } from '../replay/adoptSmaps.ts';
import { hasSoftDirty } from '../replay/flagsOfSmaps.ts';
import { requireFourLevels } from '../replay/mapGeometry.ts';
import { LogFiles } from '../replay/openFiles.ts';
import type { ReplayOptions } from '../replay/replayOptions.ts';
import { ReplaySpace } from '../replay/replaySpace.ts';
import type { Checkpoint } from '../report/checkpoints.ts';
import { firstAssumption } from '../report/faultSearch.ts';
import type { FinalMaps, RealMap } from '../report/finalMaps.ts';
import { mapNotes } from '../report/smapsNotes.ts';
import type { ReplayContext } from '../report/vmaRow.ts';
import { checkScenario } from '../scenario/checkScenario.ts';
import { parseScenario } from '../scenario/parseScenarios.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { LoadScenarioInput, LoadSmapsInput, LoadStraceInput, TextSource } from './forkSimApi.ts';
import type { Job } from './job.ts';
import { ProcessSubject } from './processSubject.ts';
import { ScenarioSubject } from './scenarioSubject.ts';
import { type InitialVmas, StraceSubject } from './straceSubject.ts';
import { nameOfSource, type ReadState, readChunks, sizeOfSource } from './textSource.ts';

const DEFAULT_KERNEL = '6.19';

/** Which kernel, as a caller names it. */
export type ProfileChoice = WorldOptions['profile'];

/** The options, with a limit to what the model may take. */
export function limited<Options extends Pick<WorldOptions, 'maxBytes'>>(options: Options): Options {
  return { ...options, maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES };
}

/** A scenario, checked, as it comes or from its line of JSON. @throws InputError where it is none */
export function readScenario(scenario: Scenario | string, name = '(scenario)'): Scenario {
  if (typeof scenario === 'string') return parseScenario(scenario, { file: name, line: 1 });
  const problem = checkScenario(scenario);
  if (problem === null) return scenario;
  const { path, message } = problem;
  throw new InputError(path.length === 0 ? message : `${path.join('.')}: ${message}`, { file: name });
}

/** @throws InputError for a scenario that is none */
export function makeScenario({ scenario, name, options }: LoadScenarioInput, profile: ProfileChoice): ScenarioSubject {
  const chosen = profile === undefined ? {} : { profile };
  return new ScenarioSubject(readScenario(scenario, name), limited({ ...options, ...chosen }));
}

/**
 * @param initial what the process had mapped, where the input's own was read before
 * @param notes what is to be said of the input
 */
export async function makeStrace(
  input: LoadStraceInput,
  profile: ProfileChoice | undefined,
  job: Job,
  initial?: InitialVmas | null,
  notes: readonly string[] = [],
): Promise<StraceSubject> {
  const chosen = profile ?? DEFAULT_KERNEL;
  const read = initial === undefined && input.initial !== undefined;
  const smaps = read ? await readSmaps(input.initial, undefined, job) : null;
  if (smaps !== null) requireFourLevels(smaps.entries, nameOfSource(input.initial ?? '', undefined, '(smaps)'));
  const vmas = smaps?.entries ?? initial;
  const initialNotes = smaps === null ? [] : mapNotes('initial', smaps);
  const initials = new Map<number | 'first', InitialVmas>(vmas ? [['first', vmas]] : []);
  const execMaps = new Map<number, InitialVmas[]>();
  const later = (input.maps ?? []).filter(({ map }) => map === 'initial');
  for (const { pid, exec = 1, source, name } of later.toSorted((a, b) => (a.exec ?? 1) - (b.exec ?? 1))) {
    const other = await readSmaps(source, name, job);
    requireFourLevels(other.entries, nameOfSource(source, name, '(smaps)'));
    initialNotes.push(...mapNotes('initial', other));
    if (exec === 1) initials.set(pid, other.entries);
    else execMaps.set(pid, [...(execMaps.get(pid) ?? []), other.entries]);
  }
  const isAssumed = input.faultLog === undefined || input.faults !== undefined;
  const checkpoints: Checkpoint[] = [];
  for (const { line, pid = 'first', source, name } of input.checkpoints ?? []) {
    const { entries } = await readSmaps(source, name, job);
    checkpoints.push({ line, pid, file: nameOfSource(source, name, '(smaps)'), entries });
  }
  const options: ReplayOptions = {
    ...limited(input.options ?? {}),
    profile: typeof chosen === 'string' ? kernelProfile(chosen) : chosen,
    faults: firstAssumption(input.faults),
    explain: input.explain ?? true,
    threadOrderUnknown: input.threadOrderUnknown ?? false,
    notes: [...initialNotes, ...notes],
    ...(initials.size > 0 && { initial: initials }),
    ...(execMaps.size > 0 && { execMaps }),
    ...(!isAssumed && input.faultLog !== undefined && { faultLog: await readFaults(input.faultLog, job) }),
    keep: new Set((input.maps ?? []).flatMap(({ map, pid }) => (map === 'final' ? [pid] : []))),
  };
  return new StraceSubject(input.source, nameOfSource(input.source, input.name, '(log)'), options, checkpoints);
}

/** What the processes of a log really had mapped at the end, and what is to be said of these maps. @throws as {@link readSmaps} */
export async function readFinals(
  { final, maps }: LoadStraceInput,
  job: Job,
): Promise<{ readonly final: FinalMaps; readonly notes: readonly string[] }> {
  const first = final === undefined ? [] : [{ pid: 'first' as const, source: final, name: undefined }];
  const others = (maps ?? []).filter(({ map }) => map === 'final');
  const all = new Map<number | 'first', RealMap>();
  const notes: string[] = [];
  for (const { pid, source, name } of [...first, ...others]) {
    const smaps = await readSmaps(source, name, job);
    notes.push(...mapNotes('final', smaps));
    all.set(pid, { file: nameOfSource(source, name, '(smaps)'), entries: smaps.entries });
  }
  return { final: all, notes };
}

/** @throws InputError for a text that is no smaps; CancelledError */
export async function makeSmaps({ source, name, options = {} }: LoadSmapsInput, job: Job): Promise<ProcessSubject> {
  const smaps = await readSmaps(source, name, job);
  const vmas = smaps.entries;
  const fill = (process: Process): ReplayContext => {
    const space = new ReplaySpace(process, { faults: 'auto', mapKnown: true });
    const files = new LogFiles(process.world);
    adoptSmaps(space, vmas, files);
    return { space, files, isSmaps: true };
  };
  const softDirty = options.softDirty ?? hasSoftDirty(vmas);
  const title = nameOfSource(source, name, '(smaps)');
  return new ProcessSubject(limited({ ...options, softDirty }), 'smaps', title, fill, smaps);
}

/** Page faults as `perf script` prints them. @throws InputError for a text that is something else; CancelledError */
async function readFaults(source: TextSource, job: Job): Promise<FaultLog> {
  const file = nameOfSource(source, undefined, '(page faults)');
  const parser = new FaultParser({ file });
  const state: ReadState = { read: 0, total: sizeOfSource(source) };
  for await (const chunk of readChunks(source, state, () => ({ file }))) {
    parser.push(chunk);
    const part = state.total === null ? null : state.read / state.total;
    if (job.due()) await job.pause({ doing: 'reading page faults', part, done: parser.lines, unit: 'lines' });
  }
  return parser.end();
}

/** A smaps or maps. @throws InputError for a text that is none; CancelledError */
export async function readSmaps(source: TextSource, name: string | undefined, job: Job): Promise<Smaps> {
  const file = nameOfSource(source, name, '(smaps)');
  const parser = new SmapsParser({ file });
  const state: ReadState = { read: 0, total: sizeOfSource(source) };
  let head: Uint8Array | string | null = null;
  try {
    for await (const chunk of readChunks(source, state, () => ({ file, line: parser.lines + 1 }))) {
      head ??= chunk.slice(0, HEAD);
      parser.push(chunk);
      const part = state.total === null ? null : state.read / state.total;
      if (job.due()) await job.pause({ doing: 'reading the map', part, done: parser.lines, unit: 'lines' });
    }
    const smaps = parser.end();
    require64Bit(smaps, { file });
    return smaps;
  } catch (error) {
    throw error instanceof InputError && head !== null ? wrongFile(error, head, 'smaps') : error;
  }
}

/** Of what begins a file: by that it is known. */
const HEAD = 1 << 16;
