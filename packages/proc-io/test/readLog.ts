import { readFileSync } from 'node:fs';
import { parseStrace, type StraceCall, type StraceEvent, type StraceOptions, type StraceStats } from '../src/index.ts';

/** Everything that a log gives. */
export interface ReadLog {
  readonly events: readonly StraceEvent[];
  readonly calls: readonly StraceCall[];
  readonly stats: Readonly<StraceStats>;
}

/** Reads a whole log. */
export function readLog(text: string | Uint8Array, options: StraceOptions = { file: 'log' }): ReadLog {
  const reading = parseStrace(text, options);
  const events: StraceEvent[] = [];
  for (let step = reading.next(); ; step = reading.next()) {
    if (step.done === true) return { events, calls: events.filter(isCall), stats: step.value };
    events.push(step.value);
  }
}

/** Reads lines, to which the newlines are added. */
export function readLines(...lines: readonly string[]): ReadLog {
  return readLog(lines.map((line) => `${line}\n`).join(''));
}

/** The only call of a line. */
export function readCall(line: string): StraceCall {
  const { calls, events } = readLines(line);
  if (calls.length !== 1 || events.length !== 1) throw new Error(`no single call: ${JSON.stringify(events)}`);
  return calls[0]!;
}

function isCall(event: StraceEvent): event is StraceCall {
  return event.kind === 'call';
}

export const PROGRAMS = ['true', 'bash-builtins', 'git-status', 'guard-pool', 'python-imports'] as const;

/** A file of a recorded program. */
export function programFile(program: string, name: string): Uint8Array {
  return readFileSync(new URL(`../../../conformance/programs/${program}/${name}`, import.meta.url));
}

/** A log of `every-call` (see fixtures/README.md). */
export function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`fixtures/${name}.strace`, import.meta.url));
}

/** Every line of a log is in exactly one count. */
export function countedLines(stats: Readonly<StraceStats>): number {
  const { blank, callLines, irrelevantLines, otherLines, stackLines, unreadable, unfinished } = stats;
  return blank + callLines + irrelevantLines + otherLines + stackLines + unreadable + unfinished;
}
