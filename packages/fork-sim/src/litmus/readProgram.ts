import { InputError } from 'proc-io';
import { parseScenario } from '../scenario/parseScenarios.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { LineProblem } from './lineProblem.ts';
import { scenarioOfLitmus } from './litmusScenario.ts';
import { type ReadLitmus, readLitmus } from './parseLitmus.ts';

/** A scenario as a text says it. */
export interface Program {
  readonly scenario: Scenario;
  /** For each operation, the line it stands in, from 1. */
  readonly lines: readonly number[];
  readonly problems: readonly LineProblem[];
  /** The text as a litmus file, with its claims; `null`: it is JSON, which has none. */
  readonly litmus: ReadLitmus | null;
}

/**
 * Reads a scenario: a litmus file, or any lines of one; system calls as strace prints them may stand between them. Or JSON, on one line or on
 * many. Lines that cannot be read are listed.
 *
 * @param id the scenario's name, where the text gives none
 */
export function readProgram(text: string, id: string): Program {
  if (/^\s*\{/.test(text)) return readJson(text, id);
  const litmus = readLitmus(text);
  const lines = litmus.litmus.lines.flatMap(({ kind }, index) => (kind === 'op' ? [litmus.places[index]!.line] : []));
  return { scenario: scenarioOfLitmus(litmus.litmus, id), lines, problems: litmus.problems, litmus };
}

function readJson(text: string, id: string): Program {
  const line = text.replaceAll('\n', ' ');
  try {
    const scenario = parseScenario(line, { file: id, line: 1 });
    return { scenario, lines: scenario.ops.map(() => 1), problems: [], litmus: null };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const before = text.slice(0, error.column - 1).split('\n');
    const at = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    const problem = { ...at, end: at.column + 1, message: error.message };
    return { scenario: { id, ops: [] }, lines: [], problems: [problem], litmus: null };
  }
}
