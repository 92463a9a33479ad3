import { type Op, parseScenario, type Scenario } from 'fork-sim';
import { InputError } from 'proc-io';
import { type LineProblem, parseOps } from './opText.ts';
import { isStraceLine, StraceLineError, straceOp } from './straceOps.ts';

/** What is in the playground's editor. */
export interface Program {
  readonly scenario: Scenario;
  /** For each operation, the line it stands in, from 1. */
  readonly lines: readonly number[];
  readonly problems: readonly LineProblem[];
}

/** Reads the editor: scenario lines and system calls as strace prints them, mixed as one likes; or one scenario as JSON. */
export function readProgram(text: string): Program {
  if (/^\s*\{/.test(text)) return readJson(text);
  const ops: Op[] = [];
  const lines: number[] = [];
  const problems: LineProblem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const at = index + 1;
    if (isStraceLine(line)) {
      const read = readStrace(line, at);
      if ('problem' in read) problems.push(read.problem);
      else if (read.op !== null) {
        ops.push(read.op);
        lines.push(at);
      }
      continue;
    }
    const parsed = parseOps(line);
    ops.push(...parsed.ops);
    lines.push(...parsed.ops.map(() => at));
    problems.push(...parsed.problems.map((problem) => ({ ...problem, line: at })));
  }
  return { scenario: { id: 'playground', ops }, lines, problems };
}

/** The last step that stands in a line or above it, from 0; 0 where there is none. */
export function stepOfLine({ lines }: Program, line: number): number {
  return Math.max(
    0,
    lines.findLastIndex((at) => at <= line),
  );
}

function readStrace(line: string, at: number): { op: Op | null } | { problem: LineProblem } {
  try {
    return { op: straceOp(line) };
  } catch (error) {
    if (!(error instanceof StraceLineError)) throw error;
    return { problem: { line: at, column: error.column, end: line.length + 1, message: error.message } };
  }
}

function readJson(text: string): Program {
  const line = text.replaceAll('\n', ' ');
  try {
    const scenario = parseScenario(line, { file: 'editor', line: 1 });
    return { scenario, lines: scenario.ops.map(() => 1), problems: [] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const before = text.slice(0, error.column - 1).split('\n');
    const at = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    const problem = { ...at, end: at.column + 1, message: error.message };
    return { scenario: { id: 'playground', ops: [] }, lines: [], problems: [problem] };
  }
}
