/** A column of a table: its title, and whether its cells stand on the right. */
export type Column = string | { readonly right: string };

const ESCAPE = '\u001b';
const CSI = new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g');

/** Columns that a text takes on a terminal; colour codes take none. */
export function visibleLength(text: string): number {
  return text.replace(CSI, '').length;
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
  const titles = columns.map((column) => (typeof column === 'string' ? column : column.right));
  const widths = titles.map((_, at) => Math.max(...[titles, ...rows].map((row) => visibleLength(row[at] ?? ''))));
  const cellAt = (cell: string, at: number): string => {
    const blanks = ' '.repeat(widths[at]! - visibleLength(cell));
    return typeof columns[at] === 'string' ? cell + blanks : blanks + cell;
  };
  const line = (cells: readonly string[]): string => cells.map(cellAt).join('  ').trimEnd();
  return [titleStyle(line(titles)), ...rows.map(line)];
}

/** Lines set in by two columns. */
export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
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
