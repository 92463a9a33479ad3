import { InputError } from 'proc-io';
import type { RunOptions } from './arena.ts';
import { checkOp, checkScenario, isObject, type ScenarioProblem } from './checkScenario.ts';
import { findJsonProblem, findJsonValue } from './jsonPosition.ts';
import { ARENA_PAGES, type Scenario, type StepRecord } from './scenario.ts';

/** The first line of a recording: which kernel, and how it was configured. */
export interface RecordingHeader {
  readonly kind: 'header';
  readonly format: 1 | 2;
  /** As `uname -r` says it. */
  readonly kernel: string;
  readonly softDirty: boolean;
  readonly faultAroundPages: number;
  /** A short name of the kernel. */
  readonly label?: string;
  /** How many scenarios follow. */
  readonly scenarios?: number;
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

const RECORD_KEYS: ReadonlySet<string> = new Set(['kind', 'kernel', 'steps']);

/**
 * Reads a scenario from one line of JSON, checked down to every number.
 * @throws InputError with line and column of the first thing that is wrong
 */
export function parseScenario(line: string, source: LineSource): Scenario {
  const value = parseJson(line, source);
  const problem = checkScenario(value);
  if (problem !== null) throw problemAt(line, source, problem);
  return value as Scenario;
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
  const { kernel: profile, softDirty, faultAroundPages, format } = header;
  return { header, options: { profile, softDirty, faultAroundPages, format }, scenarios };
}

/**
 * Reads the first line of a recording.
 * @throws InputError where it is no header of format 1 or 2
 */
export function parseRecordingHeader(line: string, source: LineSource): RecordingHeader {
  const value = parseJson(line, source);
  const wrong = checkHeader(value);
  if (wrong !== null) throw problemAt(line, source, wrong);
  return value as RecordingHeader;
}

/**
 * Reads one scenario of a recording. What the kernel did is taken as it is; what was asked is checked.
 * @throws InputError with line and column
 */
export function parseRecordedScenario(line: string, source: LineSource): RecordedScenario {
  const value = parseJson(line, source);
  const problem = checkRecord(value);
  if (problem !== null) throw problemAt(line, source, problem);
  const { steps, ...rest } = value as { steps: StepRecord[] } & Record<string, unknown>;
  const header = Object.fromEntries(Object.entries(rest).filter(([key]) => !RECORD_KEYS.has(key)));
  const scenario = { ...header, ops: steps.map(({ op }) => op) };
  return { scenario: scenario as unknown as Scenario, steps };
}

function checkRecord(value: unknown): ScenarioProblem | null {
  if (!isObject(value)) return { path: [], message: 'a recorded scenario is an object' };
  if (value.kind !== 'scenario') return { path: ['kind'], message: 'a recorded scenario has "kind": "scenario"' };
  if (!Array.isArray(value.steps)) return { path: ['steps'], message: 'a recorded scenario has "steps", an array' };
  const header = Object.fromEntries(Object.entries(value).filter(([key]) => !RECORD_KEYS.has(key)));
  const wrong = checkScenario({ ...header, ops: [] });
  if (wrong !== null) return wrong;
  const span = (value.span as number | undefined) ?? ARENA_PAGES;
  for (const [index, step] of value.steps.entries()) {
    if (!isObject(step)) return { path: ['steps', index], message: 'a step is an object' };
    const problem = checkOp(step.op, span);
    if (problem !== null) return { path: ['steps', index, 'op', ...problem.path], message: problem.message };
    for (const key of ['res', 'vmas', 'pages', 'sd']) {
      if (!(key in step)) return { path: ['steps', index], message: `a step has "${key}"` };
    }
    if (!Array.isArray(step.vmas)) return { path: ['steps', index, 'vmas'], message: '"vmas" must be an array' };
  }
  return null;
}

function checkHeader(value: unknown): ScenarioProblem | null {
  if (!isObject(value) || value.kind !== 'header') {
    return { path: [], message: 'no recording: the first line is a header, {"kind":"header", ...}' };
  }
  if (value.format !== 1 && value.format !== 2) return { path: ['format'], message: '"format" must be 1 or 2' };
  if (typeof value.kernel !== 'string') return { path: ['kernel'], message: '"kernel" must be a version' };
  if (typeof value.softDirty !== 'boolean')
    return { path: ['softDirty'], message: '"softDirty" must be true or false' };
  const window = value.faultAroundPages;
  if (typeof window === 'number' && Number.isInteger(window) && window >= 1 && window <= 512) return null;
  return { path: ['faultAroundPages'], message: '"faultAroundPages" must be a number of pages from 1 to 512' };
}

function parseJson(line: string, source: LineSource): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const problem = findJsonProblem(line) ?? { offset: 0, message: (error as Error).message };
    throw new InputError(problem.message, { ...source, column: problem.offset + 1 });
  }
}

function problemAt(line: string, source: LineSource, problem: ScenarioProblem): InputError {
  return new InputError(problem.message, { ...source, column: findJsonValue(line, problem.path) + 1 });
}

function isBlank(line: string): boolean {
  return line.trim() === '';
}
