import { DiagramError } from '../errors.ts';

/** One VMA of a drawing. Edges are columns, one a page, from the drawing's left edge; the end is exclusive. */
export interface DiagramVma {
  /** `A` to `Z`. */
  readonly letter: string;
  /** First column, from 0. */
  readonly start: number;
  /** Column after the last. */
  readonly end: number;
}

/** What a drawing says. Everything is counted in columns, one a page. */
export interface Diagram {
  /** Width of the drawing. */
  readonly pages: number;
  /** In address order; they do not overlap. */
  readonly vmas: readonly DiagramVma[];
  /** The range that is about to be mapped or changed, or `null`. It may cover holes and parts of VMAs. */
  readonly range: { readonly start: number; readonly end: number } | null;
}

/**
 * Reads a drawing of an address space: one column a page, one letter a VMA.
 *
 *   AA.BBB     A is 2 pages, then a hole of one page, then B
 *   AA**BB     `*` is the range: over a hole, so it is a new one
 *   AAbbBB     lower case: the first two pages of B are the range, so it is an existing one
 *   Aab*cC     it may cover several VMAs, and holes
 *
 * A second row is laid over the first, for those who rather keep the letters whole. These two say what `AAbbBB` says:
 *
 *   AABBBB     AA**BB
 *     **         BB
 *
 * Holes are `.` or a space. Indentation that all rows share is dropped, so write a hole at the left edge as `.`. Rows that
 * start with a digit are rulers, and are passed over, as are empty ones.
 *
 * @throws DiagramError for any other character, a letter in two places, two letters in one column, a range in two pieces; it
 *   names the column as written, counted from 1
 */
export function parseDiagram(text: string): Diagram {
  const rows = text.split('\n').filter((row) => row.trim() !== '' && !/^\s*\d/.test(row));
  const indent = Math.min(...rows.map((row) => row.length - row.trimStart().length));
  const width = Math.max(0, ...rows.map((row) => row.trimEnd().length - indent));
  const letters: string[] = Array.from({ length: width }, () => '');
  const inRange: boolean[] = Array.from({ length: width }, () => false);
  for (const row of rows) {
    const columns = row.trimEnd().slice(indent).split('');
    for (const [column, mark] of columns.entries()) {
      const shown = column + indent + 1;
      if (mark === '.' || mark === ' ') continue;
      if (mark !== '*' && !/^[A-Za-z]$/.test(mark)) throw new DiagramError(unreadable(mark), shown);
      if (mark === '*' || mark >= 'a') inRange[column] = true;
      if (mark === '*') continue;
      const letter = mark.toUpperCase();
      const other = letters[column];
      if (other !== '' && other !== letter) throw new DiagramError(`both ${other} and ${letter} here`, shown);
      letters[column] = letter;
    }
  }
  return { pages: width, vmas: vmasOf(letters, indent), range: rangeOf(inRange, indent) };
}

function unreadable(mark: string): string {
  if (mark === '/') return 'a shortened drawing cannot be read: "//" says that columns were left out';
  return `"${mark}" means nothing in a drawing: use letters, "." for a hole and "*" for the range`;
}

function vmasOf(letters: readonly string[], indent: number): DiagramVma[] {
  const vmas: DiagramVma[] = [];
  for (let column = 0; column < letters.length; ) {
    const letter = letters[column] as string;
    let end = column + 1;
    while (end < letters.length && letters[end] === letter) end++;
    const twin = vmas.find((vma) => vma.letter === letter);
    if (twin) {
      const first = twin.start + indent + 1;
      throw new DiagramError(`${letter} is in two places, here and at column ${first}`, column + indent + 1);
    }
    if (letter !== '') vmas.push({ letter, start: column, end });
    column = end;
  }
  return vmas;
}

function rangeOf(inRange: readonly boolean[], indent: number): Diagram['range'] {
  const start = inRange.indexOf(true);
  if (start < 0) return null;
  let end = start;
  while (inRange[end]) end++;
  const again = inRange.indexOf(true, end);
  if (again >= 0) throw new DiagramError('the range is in two pieces; the second starts here', again + indent + 1);
  return { start, end };
}

/**
 * Prints a drawing in one row, so that {@link parseDiagram} reads the same again: lower case, and `*` over a hole, are the
 * range.
 */
export function drawDiagram(diagram: Diagram): string {
  const columns: string[] = Array.from({ length: diagram.pages }, () => '.');
  for (const { letter, start, end } of diagram.vmas) columns.fill(letter, start, end);
  if (diagram.range !== null) {
    for (let column = diagram.range.start; column < diagram.range.end; column++) {
      const letter = columns[column] as string;
      columns[column] = letter === '.' ? '*' : letter.toLowerCase();
    }
  }
  return columns.join('');
}
