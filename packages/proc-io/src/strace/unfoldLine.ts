import { beginsLine, endsLine, mendLine } from './mendLine.ts';
import { unpackLines } from './unpackLine.ts';

/** Shorter lines hold one call. */
export const MIN_FOLDED = 120;

/** What a text that holds several lines has: a break of HTML, a new line as a string writes it, a string behind another one. */
const FOLDED = /<br|\\[rn]|["'],\s*[bru]?["']/i;

/** Where a web page, a text printed with its escapes, or one that was escaped twice begins a new line. */
const SEPARATORS: readonly RegExp[] = [/\s*<br\s*\/?>\s*/i, /(?:\\r)?\\n/, /(?:\\\\r)?\\\\n/];

/**
 * The lines of a log that stand on one line: the log is a string of JSON or an array of them, or its new lines became `\n` or `<br>`.
 * `null`: the line is one line.
 */
export function unfoldLine(line: string): readonly string[] | null {
  if (line.length < MIN_FOLDED || !FOLDED.test(line)) return null;
  const strings = unpackLines(line, begins).flatMap((text) => text.split(/\r?\n/));
  if (holdsLog(strings)) return withoutEmpty(strings);
  for (const separator of SEPARATORS) {
    const parts = line.split(separator);
    if (holdsLog(parts)) return withoutEmpty(parts);
  }
  return null;
}

/** Has a text what strace begins a line with, behind what others put before it? */
function begins(text: string): boolean {
  return beginsLine(mendLine(text) ?? text);
}

/** Two lines of a log, and each that begins is whole: a new line in a string of a call would cut that call in two. */
function holdsLog(lines: readonly string[]): boolean {
  let whole = 0;
  for (const line of lines) {
    const text = mendLine(line) ?? line;
    if (!beginsLine(text)) continue;
    if (!endsLine(text)) return false;
    whole++;
  }
  return whole > 1;
}

function withoutEmpty(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.trim() !== '');
}
