import { InputError } from 'proc-io';
import { LineError } from '../scenario/notation.ts';
import type { LineProblem } from '../scenario/readProgram.ts';
import { ARENA_PAGES } from '../scenario/scenario.ts';
import { checkLitmus } from './checkLitmus.ts';
import type { Litmus, LitmusLine, Place } from './litmus.ts';
import { type PlacedLine, readLitmusLine } from './readLitmusLine.ts';

/** A litmus file as far as it can be read. */
export interface ReadLitmus {
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
  const litmus: Litmus = { lines: placed.map(({ read }) => read) };
  const places = placed.map(({ place }) => place);
  problems.push(...checkLitmus(litmus.lines).map(({ index, message }) => ({ ...(places[index] as Place), message })));
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return { litmus, places, problems };
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
    throw new InputError('no operation: a litmus file has at least one, such as "mmap 4+8 rw"', { file, line: 1, column: 1 });
  }
  return read;
}

function problemAt(line: number, { message, column, end }: LineError): LineProblem {
  return { line, column, end, message };
}
