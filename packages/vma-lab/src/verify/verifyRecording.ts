import { parseRecording, type Recording, type RecordingHeader, recordedKernel, runScenario } from 'fork-sim';
import { InputError } from 'proc-io';
import { chooseKernelProfile, type ProfileChoice } from 'vma-core/changes';
import type { CliIo } from '../cli/cliIo.ts';
import { maxBytes } from '../cli/maxBytes.ts';
import { type Input, readAs, textOf } from '../input/openInput.ts';
import { type DifferentStep, firstDifferent } from './compareSteps.ts';

/** What came of comparing a kernel's recording with the model. */
export interface RecordingVerdict {
  readonly kind: 'kernel';
  readonly file: string;
  readonly header: RecordingHeader;
  /** The profile that stood for the kernel. */
  readonly profile: string;
  readonly note: string;
  readonly scenarios: number;
  readonly steps: number;
  /** Scenarios equal in every field of every step. */
  readonly equal: number;
  /** One for each scenario that differs: its first different step. */
  readonly different: readonly DifferentStep[];
}

/**
 * Runs every scenario of a recording in the model, configured as the recording's header says, and compares every field of every
 * step.
 *
 * @param watch told how many scenarios are done
 * @throws InputError where the file is no recording
 */
export async function verifyRecording(
  path: string,
  io: CliIo,
  watch: (scenarios: number) => void,
): Promise<RecordingVerdict> {
  const read = async (input: Input): Promise<Recording> => parseRecording((await textOf(input)).split('\n'), path);
  const { header, options, scenarios } = await readAs('verify', path, io, read);
  const { profile, note } = profileOf(recordedKernel(header), path);
  const different: DifferentStep[] = [];
  let steps = 0;
  for (const [at, { scenario, steps: recorded }] of scenarios.entries()) {
    const step = firstDifferent(
      scenario,
      recorded,
      runScenario(scenario, { ...options, profile, maxBytes: maxBytes(io) }),
    );
    if (step !== null) different.push(step);
    steps += recorded.length;
    watch(at + 1);
  }
  const equal = scenarios.length - different.length;
  return {
    kind: 'kernel',
    file: path,
    header,
    profile: profile.name,
    note,
    scenarios: scenarios.length,
    steps,
    equal,
    different,
  };
}

function profileOf(kernel: string, file: string): ProfileChoice {
  try {
    return chooseKernelProfile(kernel);
  } catch (error) {
    throw new InputError((error as Error).message, { file, line: 1, column: 1 });
  }
}
