import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { RunOptions, Scenario, StepRecord } from 'fork-sim';

/** The first line of a recording. */
export interface RecordingHeader {
  readonly kernel: string;
  readonly label: string;
  readonly format: 1 | 2;
  readonly softDirty: boolean;
  readonly faultAroundPages: number;
}

/** What one kernel did with one scenario. */
export interface RecordedScenario extends Scenario {
  readonly steps: readonly StepRecord[];
}

/** One kernel's recording, and how the engine is to run its scenarios. */
export interface Recording {
  readonly header: RecordingHeader;
  readonly options: RunOptions;
  readonly scenarios: readonly RecordedScenario[];
}

/** Reads a file of `conformance/recordings`. */
export function readRecording(file: string): Recording {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
  const header = JSON.parse(lines[0] ?? '') as RecordingHeader;
  return {
    header,
    options: {
      profile: header.kernel,
      softDirty: header.softDirty,
      faultAroundPages: header.faultAroundPages,
      format: header.format,
    },
    scenarios: lines
      .slice(1)
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RecordedScenario),
  };
}

/** The scenario that a recording is of: the operations of its steps, from the first, `steps` of them. */
export function scenarioOfRecorded(recorded: RecordedScenario, steps = recorded.steps.length): Scenario {
  const { id, windows, span, reserve } = recorded;
  return {
    id,
    ops: recorded.steps.slice(0, steps).map(({ op }) => op),
    ...(windows === undefined ? {} : { windows }),
    ...(span === undefined ? {} : { span }),
    ...(reserve === undefined ? {} : { reserve }),
  };
}
