import { InputError } from 'proc-io';
import { array, boolean, literal, looseObject, picklist, string, unknown } from 'valibot';
import type { RunOptions } from './arena.ts';
import { checkOp, checkScenario, findProblem, isObject, type ScenarioProblem } from './checkScenario.ts';
import { findJsonProblem, findJsonValue } from './jsonPosition.ts';
import { mustBe, whole } from './operations.ts';
import { ARENA_PAGES, type Scenario, type StepRecord } from './scenario.ts';

/** The first line of a recording: which kernel, and how it was configured. */
export interface RecordingHeader {
  readonly kind: 'header';
  readonly format: 1 | 2;
  /** As `uname -r` says it. */
  readonly kernel: string;
  /** As `uname -v` says it: where Debian gives the patch level that its names up to 6.1 hide. */
  readonly version?: string;
  readonly softDirty: boolean;
  readonly faultAroundPages: number;
  /** A short name of the kernel. */
  readonly label?: string;
  /** How many scenarios follow. */
  readonly scenarios?: number;
}

/** All that a header says of its kernel's version, for `chooseKernelProfile`. */
export function recordedKernel({ kernel, version = '' }: Pick<RecordingHeader, 'kernel' | 'version'>): string {
  return `${kernel} ${version}`.trim();
}

/** One scenario of a recording: what was asked, and what the kernel did at each step. */
export interface RecordedScenario {
  readonly scenario: Scenario;
  readonly steps: readonly StepRecord[];
}

/** One kernel's recording, and how the engine is to run its scenarios. */
export interface Recording {
  readonly header: RecordingHeader;
  readonly options: RunOptions;
  readonly scenarios: readonly RecordedScenario[];
}

/** Where a line came from, for error messages. */
export interface LineSource {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
}

/** A recorded scenario as it stands in its line. */
interface RecordedLine extends Omit<Scenario, 'ops'> {
  readonly kind: 'scenario';
  readonly kernel?: string;
  readonly steps: readonly StepRecord[];
}

const needs =
  (what: string) =>
  ({ expected }: { readonly expected: string | null }): string =>
    `${what} needs ${expected}`;

const HEADER = looseObject(
  {
    kind: literal('header', mustBe('"header" in the first line of a recording')),
    format: picklist([1, 2], mustBe('1 or 2')),
    kernel: string(mustBe('a version')),
    softDirty: boolean(mustBe('true or false')),
    faultAroundPages: whole(1, 512, 'a number of pages'),
  },
  needs('no recording: the first line is a header, which'),
);
const RECORD = looseObject(
  { kind: literal('scenario', mustBe('"scenario"')), steps: array(unknown(), mustBe('an array')) },
  needs('a recorded scenario'),
);
const STEP = looseObject(
  { res: unknown(), vmas: array(unknown(), mustBe('an array')), pages: unknown(), sd: unknown() },
  needs('a step'),
);

/**
 * Reads a scenario from one line of JSON, checked down to every number.
 * @throws InputError with line and column of the first thing that is wrong
 */
export function parseScenario(line: string, source: LineSource): Scenario {
  return parseChecked<Scenario>(line, source, checkScenario);
}

/**
 * Reads scenarios from JSON Lines, one at a time; empty lines are skipped.
 * @throws InputError for the first line that is none, or where there is no scenario at all
 */
export function* parseScenarios(lines: Iterable<string>, file: string): Generator<Scenario> {
  let line = 0;
  let found = 0;
  for (const text of lines) {
    line++;
    if (isBlank(text)) continue;
    found++;
    yield parseScenario(text, { file, line });
  }
  if (found === 0) throw new InputError('no scenario: the file is empty', { file, line: Math.max(line, 1), column: 1 });
}

/**
 * Reads a kernel's recording: the header, then a scenario a line; empty lines are skipped.
 * @throws InputError for the first line that is wrong, or where scenarios are missing at the end
 */
export function parseRecording(lines: Iterable<string>, file: string): Recording {
  let header: RecordingHeader | undefined;
  const scenarios: RecordedScenario[] = [];
  let last = 1;
  let line = 0;
  for (const text of lines) {
    line++;
    if (isBlank(text)) continue;
    last = line;
    if (header === undefined) header = parseRecordingHeader(text, { file, line });
    else scenarios.push(parseRecordedScenario(text, { file, line }));
  }
  if (header === undefined) throw new InputError('no recording: the file is empty', { file, line: 1, column: 1 });
  if (header.scenarios !== undefined && header.scenarios !== scenarios.length) {
    const message = `the recording is cut off: its header says ${header.scenarios} scenarios, and there are ${scenarios.length}`;
    throw new InputError(message, { file, line: last, column: 1 });
  }
  const { softDirty, faultAroundPages, format } = header;
  const profile = recordedKernel(header);
  return { header, options: { profile, softDirty, faultAroundPages, format }, scenarios };
}

/**
 * Reads the first line of a recording.
 * @throws InputError where it is no header of format 1 or 2
 */
export function parseRecordingHeader(line: string, source: LineSource): RecordingHeader {
  const check = (value: unknown): ScenarioProblem | null => findProblem('the first line of a recording', HEADER, value);
  return parseChecked<RecordingHeader>(line, source, check);
}

/**
 * Reads one scenario of a recording. What the kernel did is taken as it is; what was asked is checked.
 * @throws InputError with line and column
 */
export function parseRecordedScenario(line: string, source: LineSource): RecordedScenario {
  const { kind: _, kernel: __, steps, ...header } = parseChecked<RecordedLine>(line, source, checkRecord);
  return { scenario: { ...header, ops: steps.map(({ op }) => op) }, steps };
}

function checkRecord(value: unknown): ScenarioProblem | null {
  const wrong = findProblem('a recorded scenario', RECORD, value);
  if (wrong !== null) return wrong;
  const { kind: _, kernel: __, steps, ...header } = value as RecordedLine;
  const inHeader = checkScenario({ ...header, ops: [] });
  if (inHeader !== null) return inHeader;
  for (const [index, step] of steps.entries()) {
    const inOp = isObject(step) ? checkOp(step.op, header.span ?? ARENA_PAGES) : null;
    if (inOp !== null) return { path: ['steps', index, 'op', ...inOp.path], message: inOp.message };
    const inStep = findProblem('a step', STEP, step);
    if (inStep !== null) return { path: ['steps', index, ...inStep.path], message: inStep.message };
  }
  return null;
}

/** The value of a line of JSON in which `check` finds nothing wrong. @throws InputError with line and column */
function parseChecked<T>(line: string, source: LineSource, check: (value: unknown) => ScenarioProblem | null): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const problem = findJsonProblem(line) ?? { offset: 0, message: (error as Error).message };
    throw new InputError(problem.message, { ...source, column: problem.offset + 1 });
  }
  const problem = check(value);
  if (problem === null) return value as T;
  throw new InputError(problem.message, { ...source, column: findJsonValue(line, problem.path) + 1 });
}

function isBlank(line: string): boolean {
  return line.trim() === '';
}
