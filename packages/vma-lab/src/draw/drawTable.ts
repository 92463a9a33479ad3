/** A column of a table: which side its cells stand on, and the widest it may become. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly max?: number;
}

const ESCAPE = '\u001b';
const CSI = new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g');

/** Columns that a text takes on a terminal; colour codes take none. */
export function visibleLength(text: string): number {
  return text.replace(CSI, '').length;
}

/** Fills a text up to `width` columns. */
function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const missing = Math.max(0, width - visibleLength(text));
  return align === 'right' ? ' '.repeat(missing) + text : text + ' '.repeat(missing);
}

/** Cuts a text without colours to `width` columns, with a sign that something is missing. */
export function cut(text: string, width: number, ellipsis: string): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - ellipsis.length))}${ellipsis}`;
}

/** Rows under their titles, columns as wide as they need; no line ends in blanks. Cells may be coloured. */
export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  titleStyle: (text: string) => string = (text) => text,
): string[] {
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...rows.map((row) => visibleLength(row[at] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => pad(cell, widths[at]!, columns[at]?.align))
      .join('  ')
      .trimEnd();
  return [titleStyle(line(columns.map(({ title }) => title))), ...rows.map(line)];
}

/** Cuts prose into lines of at most `width` columns, at blanks. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && visibleLength(line) + 1 + visibleLength(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}
