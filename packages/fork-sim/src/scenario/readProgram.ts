import { InputError } from 'proc-io';
import { parseLine } from './notation.ts';
import { parseScenario } from './parseScenarios.ts';
import type { Op, Scenario } from './scenario.ts';
import { isStraceLine, straceLine } from './straceOps.ts';

/** A line that cannot be read; line and column count from 1, `end` is exclusive. */
export interface LineProblem {
  readonly line: number;
  readonly column: number;
  readonly end: number;
  readonly message: string;
}

/** A scenario as a text says it. */
export interface Program {
  readonly scenario: Scenario;
  /** For each operation, the line it stands in, from 1. */
  readonly lines: readonly number[];
  readonly problems: readonly LineProblem[];
}

/**
 * Reads a scenario: lines of the notation and system calls as strace prints them, in any mixture; or JSON, on one line or on many.
 * Lines that cannot be read are listed.
 *
 * @param id the scenario's name, where the text gives none
 */
export function readProgram(text: string, id: string): Program {
  if (/^\s*\{/.test(text)) return readJson(text, id);
  const ops: Op[] = [];
  const lines: number[] = [];
  const problems: LineProblem[] = [];
  for (const [index, whole] of text.split('\n').entries()) {
    const line = index + 1;
    const read = isStraceLine(whole) ? straceLine(whole) : parseLine(whole);
    ops.push(...read.ops);
    lines.push(...read.ops.map(() => line));
    problems.push(...read.problems.map(({ column, end, message }) => ({ line, column, end, message })));
  }
  return { scenario: { id, ops }, lines, problems };
}

function readJson(text: string, id: string): Program {
  const line = text.replaceAll('\n', ' ');
  try {
    const scenario = parseScenario(line, { file: id, line: 1 });
    return { scenario, lines: scenario.ops.map(() => 1), problems: [] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const before = text.slice(0, error.column - 1).split('\n');
    const at = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    const problem = { ...at, end: at.column + 1, message: error.message };
    return { scenario: { id, ops: [] }, lines: [], problems: [problem] };
  }
}
