import { unpackLines } from './unpackLine.ts';

/** Shorter lines hold one line of a log or a map. */
export const MIN_FOLDED = 120;

/** What a text that holds several lines has: a break of HTML, a new line as a string writes it, a string behind another one. */
const FOLDED = /<br|\\[rn]|["'],\s*[bru]?["']/i;

/** Where a web page, a text printed with its escapes, or one that was escaped twice begins a new line. */
const SEPARATORS: readonly RegExp[] = [/<br\s*\/?>/i, /(?:\\r)?\\n/, /(?:\\\\r)?\\\\n/];

/** How to tell the lines of a kind of file. */
export interface LineKind {
  /** True for a line of the file, with what others put around it. */
  readonly isLine: (text: string) => boolean;
  /** True for pieces that are lines of the file, and not what a new line in a string cut. */
  readonly areLines: (texts: readonly string[]) => boolean;
}

/**
 * The lines of a file that stand on one line: it is a string of JSON or an array of them, or its new lines became `\n` or `<br>`.
 * `null`: the line is one line.
 */
export function unfoldLine(line: string, { isLine, areLines }: LineKind): readonly string[] | null {
  if (line.length < MIN_FOLDED || !FOLDED.test(line)) return null;
  const strings = unpackLines(line, isLine).flatMap((text) => text.split(/\r?\n/));
  if (areLines(strings)) return withoutEmpty(strings);
  for (const separator of SEPARATORS) {
    const parts = line.split(separator);
    if (areLines(parts)) return withoutEmpty(parts);
  }
  return null;
}

function withoutEmpty(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.trim() !== '');
}
