import {
  parseRecordedScenario,
  parseRecordingHeader,
  type RecordingHeader,
  runScenario,
  type Scenario,
  type StepRecord,
} from 'fork-sim';
import { InputError } from 'proc-io';
import { chooseKernelProfile, type ProfileChoice } from 'vma-core';
import type { CliIo } from '../cli/cliIo.ts';
import { openInput } from '../input/openInput.ts';
import { readLines } from '../input/readLines.ts';
import { isEqualJson } from './compareSteps.ts';

/** The first step of a scenario in which the model differs from the recording. */
interface DifferentStep {
  readonly scenario: Scenario;
  /** Counts from 0. */
  readonly index: number;
  readonly recorded: StepRecord;
  readonly model: StepRecord;
}

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
  const input = await openInput(path, io);
  const file = input.name;
  let header: RecordingHeader | undefined;
  let run: (scenario: Scenario) => StepRecord[] = () => [];
  let kernel = { profile: '', note: '' };
  let line = 0;
  let scenarios = 0;
  let steps = 0;
  const different: DifferentStep[] = [];
  for await (const lines of readLines(input.bytes)) {
    for (const text of lines) {
      line++;
      if (text.trim() === '') continue;
      if (header === undefined) {
        const read = parseRecordingHeader(text, { file, line });
        header = read;
        const chosen = profileOf(read.kernel, file, line);
        kernel = { profile: chosen.profile.name, note: chosen.note };
        const { softDirty, faultAroundPages, format } = read;
        run = (scenario) => runScenario(scenario, { profile: chosen.profile, softDirty, faultAroundPages, format });
        continue;
      }
      const recorded = parseRecordedScenario(text, { file, line });
      const step = firstDifference(recorded.scenario, recorded.steps, run(recorded.scenario));
      if (step !== null) different.push(step);
      scenarios++;
      steps += recorded.steps.length;
      watch(scenarios);
    }
  }
  if (header === undefined) throw new InputError('no recording: the file is empty', { file, line: 1, column: 1 });
  if (header.scenarios !== undefined && header.scenarios !== scenarios) {
    const message = `the recording is cut off: its header says ${header.scenarios} scenarios, and there are ${scenarios}`;
    throw new InputError(message, { file, line: Math.max(1, line), column: 1 });
  }
  return { kind: 'kernel', file, header, ...kernel, scenarios, steps, equal: scenarios - different.length, different };
}

function firstDifference(
  scenario: Scenario,
  recorded: readonly StepRecord[],
  model: readonly StepRecord[],
): DifferentStep | null {
  for (const [index, step] of recorded.entries()) {
    const own = model[index] as StepRecord;
    if (!isEqualJson(step, own)) return { scenario, index, recorded: step, model: own };
  }
  return null;
}

function profileOf(kernel: string, file: string, line: number): ProfileChoice {
  try {
    return chooseKernelProfile(kernel);
  } catch (error) {
    throw new InputError((error as Error).message, { file, line, column: 1 });
  }
}
