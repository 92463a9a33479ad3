import type { Style } from '../cli/style.ts';
import type { VmaReport } from '../report/replayReport.ts';
import { cut, drawTable, visibleLength } from './drawTable.ts';
import { labelOf } from './mapBars.ts';
import { formatCount, formatSize, sharedDigits } from './numbers.ts';

/** Flags that permissions tell already. */
const PLAIN: ReadonlySet<string> = new Set(['rd', 'wr', 'ex', 'sh', 'mr', 'mw', 'me', 'ms']);

/** Options of {@link drawVmaTable}. */
export interface VmaTableOptions {
  /** Words of sticky flags, marked with `*`. */
  readonly sticky: ReadonlySet<string>;
  /** Most rows; the rest is counted. */
  readonly most: number;
}

/**
 * A line a VMA: where, how long, permissions, the flags that permissions do not tell; what fork does and why; what keeps it apart from
 * the one above it.
 */
export function drawVmaTable(map: readonly VmaReport[], options: VmaTableOptions, style: Style): string[] {
  const shown = map.slice(0, options.most);
  let last = '';
  const rows = shown.map((vma, index) => {
    const address = vma.start.slice(2).padStart(8, '0');
    const same = sharedDigits(last, address);
    last = address;
    return [
      style.dim(labelOf(index)),
      `${style.dim(address.slice(0, same))}${address.slice(same)}`,
      formatSize(vma.pages * 4096),
      vma.perms,
      flagChips(vma.flags, options.sticky),
      forkCell(vma, style),
      vma.fork.action === 'copy' ? `${formatCount(vma.fork.tablesKb)}k` : '',
      wallCell(vma, style),
    ];
  });
  const columns = [
    { title: '' },
    { title: 'address' },
    { title: 'size', align: 'right' as const },
    { title: 'perms' },
    { title: 'flags' },
    { title: 'fork' },
    { title: 'tables', align: 'right' as const },
    { title: 'and the one above' },
  ];
  const bare = drawTable(columns, rows, style.dim);
  const lines = bare.map((line, at) => {
    const vma = shown[at - 1];
    const name = at === 0 ? 'name' : (vma?.name.split('/').at(-1) ?? '');
    const used = Math.max(...bare.map(visibleLength));
    const room = style.width - used - 2;
    if (room < 6 || name === '') return line;
    const shownName = cut(name, room, style.ascii ? '..' : style.sign.ellipsis);
    return `${line}${' '.repeat(used - visibleLength(line) + 2)}${at === 0 ? style.dim(shownName) : shownName}`;
  });
  if (map.length > shown.length) lines.push(style.dim(`and ${map.length - shown.length} more (--all shows every one)`));
  return lines;
}

function flagChips(flags: string, sticky: ReadonlySet<string>): string {
  return flags
    .split(' ')
    .filter((word) => word !== '' && !PLAIN.has(word))
    .map((word) => (sticky.has(word) ? `${word}*` : word))
    .join(' ');
}

function forkCell(vma: VmaReport, style: Style): string {
  const { action, why } = vma.fork;
  if (action === 'copy') {
    const mark = vma.assumed && why === 'anon_vma' ? '?' : '';
    return `${style.note(`${style.sign.copy} copy`)} ${why}${mark}`;
  }
  if (action === 'refault') return style.good(`${style.sign.refault} refault`);
  return `  ${why}`;
}

function wallCell(vma: VmaReport, style: Style): string {
  if (vma.seam) return style.note(`${style.ascii ? ':' : style.sign.seam} could merge`);
  if (vma.wall === null) return '';
  return `${style.sign.wall} ${cut(vma.wall.text, 30, style.ascii ? '..' : style.sign.ellipsis)}`;
}
