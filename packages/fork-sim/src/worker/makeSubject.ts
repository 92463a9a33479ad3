import { parseSmaps, require64Bit } from 'proc-io';
import { kernelProfile } from 'vma-core';
import type { Process } from '../process.ts';
import { adoptSmaps, hasSoftDirty } from '../replay/adoptSmaps.ts';
import { LogFiles } from '../replay/openFiles.ts';
import { ReplaySpace } from '../replay/replaySpace.ts';
import { parseScenario } from '../scenario/parseScenarios.ts';
import type { WorldOptions } from '../world.ts';
import type { LoadScenarioInput, LoadSmapsInput, LoadStraceInput, TextSource } from './forkSimApi.ts';
import { ProcessSubject } from './processSubject.ts';
import { ScenarioSubject } from './scenarioSubject.ts';
import { type InitialVmas, StraceSubject } from './straceSubject.ts';
import type { ReplayContext } from './subject.ts';
import { nameOfSource, readText } from './textSource.ts';

/** Bytes that a model may take unless told otherwise: half of what a browser gives a tab before it ends it. */
const DEFAULT_MAX_BYTES = 2 ** 31;
const DEFAULT_KERNEL = '6.19';

/** Which kernel, as a caller names it. */
export type ProfileChoice = WorldOptions['profile'];

/** The options, with a limit to what the model may take. */
export function limited<Options extends WorldOptions>(options: Options): Options {
  return { ...options, maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES };
}

/** @throws InputError for a scenario that is none: one that comes as an object is checked as one that comes as text */
export function makeScenario(input: LoadScenarioInput, profile: ProfileChoice): ScenarioSubject {
  const { scenario, name = '(scenario)', options = {} } = input;
  const line = typeof scenario === 'string' ? scenario : JSON.stringify(scenario);
  const chosen = profile === undefined ? {} : { profile };
  return new ScenarioSubject(parseScenario(line, { file: name, line: 1 }), limited({ ...options, ...chosen }));
}

/** @param initial what the process had mapped, where the input's own was read before */
export async function makeStrace(
  input: LoadStraceInput,
  profile: ProfileChoice = DEFAULT_KERNEL,
  initial?: InitialVmas | null,
): Promise<StraceSubject> {
  const { softDirty, maxMapCount } = input.options ?? {};
  const name = nameOfSource(input.source, input.name, '(log)');
  return new StraceSubject(input.source, name, {
    profile: typeof profile === 'string' ? kernelProfile(profile) : profile,
    faults: input.faults ?? 'on-map',
    explain: input.explain ?? true,
    initial: initial !== undefined ? initial : input.initial === undefined ? null : await readSmaps(input.initial),
    ...(softDirty === undefined ? {} : { softDirty }),
    ...(maxMapCount === undefined ? {} : { maxMapCount }),
  });
}

/** @throws InputError for a text that is no smaps */
export async function makeSmaps({ source, name, options = {} }: LoadSmapsInput): Promise<ProcessSubject> {
  const vmas = await readSmaps(source, name);
  const adopt = (process: Process): ReplayContext => {
    const space = new ReplaySpace(process, 'auto', true);
    const files = new LogFiles(process.world);
    adoptSmaps(space, vmas, files);
    return { space, files, isSmaps: true };
  };
  const softDirty = options.softDirty ?? hasSoftDirty(vmas);
  return new ProcessSubject(
    limited({ ...options, softDirty }),
    'smaps',
    nameOfSource(source, name, '(smaps)'),
    adopt,
    vmas,
  );
}

/** The entries of a smaps or maps. @throws InputError for a text that is none */
export async function readSmaps(source: TextSource, name?: string): Promise<InitialVmas> {
  const file = nameOfSource(source, name, '(smaps)');
  const smaps = parseSmaps(await readText(source, file), { file });
  require64Bit(smaps, { file });
  return smaps.entries;
}
