import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { RunOptions, Scenario, StepRecord } from 'fork-sim';

/** The first line of a recording: which kernel, and how it was configured. */
export interface Header {
  readonly kernel: string;
  readonly format: 1 | 2;
  readonly softDirty: boolean;
  readonly faultAroundPages: number;
}

/** A scenario, and what the kernel did at each step. */
export interface Recorded {
  readonly scenario: Scenario;
  readonly steps: readonly StepRecord[];
}

/** A recording of one kernel. */
export interface Recording {
  readonly header: Header;
  readonly scenarios: readonly Recorded[];
}

const read = new Map<string, Recording>();

/** Reads a recording below `conformance/recordings`; each file is read once. */
export function readRecording(path: string): Recording {
  const known = read.get(path);
  if (known !== undefined) return known;
  const [header, ...records] = readLines(path) as [Header, ...(Scenario & { steps: StepRecord[] })[]];
  const scenarios = records.map(({ steps, ...rest }) => ({
    scenario: { ...rest, ops: steps.map(({ op }) => op) },
    steps,
  }));
  const recording = { header, scenarios };
  read.set(path, recording);
  return recording;
}

/** Reads the lines of a `.jsonl` or `.jsonl.gz` file below `conformance/recordings`. */
export function readLines(path: string): unknown[] {
  const bytes = readFileSync(fileURLToPath(new URL(`../../recordings/${path}`, import.meta.url)));
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** The options under which the model is to say what this kernel said. */
export function optionsOf({ kernel, format, softDirty, faultAroundPages }: Header): RunOptions {
  return { profile: kernel, format, softDirty, faultAroundPages };
}
