import { InputError } from 'proc-io';
import type { LineError } from '../scenario/notation.ts';
import { ARENA_PAGES } from '../scenario/scenario.ts';
import { checkLitmus } from './checkLitmus.ts';
import type { LineProblem } from './lineProblem.ts';
import type { Litmus, LitmusLine, Place } from './litmus.ts';
import { type PlacedLine, readLitmusLine } from './readLitmusLine.ts';

/** A litmus file as far as it can be read. */
export interface ReadLitmus {
  /** Lines that can be read, and may stand where they do. */
  readonly litmus: Litmus;
  /** Where each of its lines stands in the text. */
  readonly places: readonly Place[];
  /** In the order of the text. */
  readonly problems: readonly LineProblem[];
}

/** Reads a litmus file; what cannot be read is listed. */
export function readLitmus(text: string): ReadLitmus {
  const placed: PlacedLine[] = [];
  const problems: LineProblem[] = [];
  let span = ARENA_PAGES;
  const rows = text.split('\n');
  // The last line's end is no empty line.
  if (rows.at(-1) === '') rows.pop();
  for (const [index, row] of rows.entries()) {
    const line = index + 1;
    const read = readLitmusLine(row.replace(/\r$/, ''), { line, span });
    placed.push(...read.lines);
    problems.push(...read.problems.map((problem) => problemAt(line, problem)));
    for (const { read: one } of read.lines) if (one.kind === 'header' && one.name === 'span') span = Number(one.value);
  }
  const misplaced = checkLitmus(placed.map(({ read }) => read));
  problems.push(...misplaced.map(({ index, message }) => ({ ...(placed[index] as PlacedLine).place, message })));
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  const wrong = new Set(misplaced.map(({ index }) => index));
  const right = placed.filter((_, index) => !wrong.has(index));
  return { litmus: { lines: right.map(({ read }) => read) }, places: right.map(({ place }) => place), problems };
}

/** Reads a litmus file. @throws InputError with the line and column of the first problem */
export function parseLitmus(text: string, file: string): ReadLitmus {
  const read = readLitmus(text);
  const [first] = read.problems;
  if (first !== undefined) {
    const more = read.problems.length > 1 ? ` (and ${read.problems.length - 1} more that cannot be read)` : '';
    throw new InputError(`${first.message}${more}`, { file, line: first.line, column: first.column });
  }
  if (!read.litmus.lines.some((line: LitmusLine) => line.kind === 'op')) {
    throw new InputError('no scenario: there is no operation, such as "mmap 4+8 rw"', {
      file,
      line: 1,
      column: 1,
    });
  }
  return read;
}

function problemAt(line: number, { message, column, end }: LineError): LineProblem {
  return { line, column, end, message };
}
