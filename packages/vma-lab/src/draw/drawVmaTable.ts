import type { VmaRow } from 'fork-sim';
import { flagWords, formatAddress, formatCount, formatSize, refusalShort } from 'fork-sim/words';
import { formatVmFlags } from 'vma-core';
import type { Style } from '../cli/style.ts';
import { whyForked } from '../json/replayJson.ts';
import { type Column, cut, drawTable, visibleLength } from './drawTable.ts';
import { labelOf } from './mapBars.ts';
import { ellipsisOf } from './section.ts';

/** Flags that permissions tell already. */
const PLAIN: ReadonlySet<string> = new Set(['rd', 'wr', 'ex', 'sh', 'mr', 'mw', 'me', 'ms']);

/** Narrowest column of names that is still drawn. */
const MIN_NAME = 6;

/**
 * A line a VMA: where, how long, permissions, the flags that permissions do not tell (sticky ones with a `*`); what fork does and why; what
 * keeps it apart from the one above it; its name, where there is room for it.
 *
 * @param most rows that are drawn; the rest is counted
 * @param tables false: the sizes of page tables are not known
 */
export function drawVmaTable(map: readonly VmaRow[], most: number, style: Style, tables = true): string[] {
  const shown = map.slice(0, most);
  const dots = ellipsisOf(style);
  let last = '';
  const facts = shown.map((vma, index) => {
    const address = formatAddress(vma.start);
    const same = sharedDigits(last, address);
    last = address;
    return [
      style.dim(labelOf(index)),
      `${style.dim(address.slice(0, same))}${address.slice(same)}`,
      formatSize(vma.end - vma.start),
      vma.perms,
      flagChips(vma),
      forkCell(vma, style),
      tables && vma.fork.action === 'copy' && vma.fork.kBAtMost !== null ? `${formatCount(vma.fork.kBAtMost)}k` : '',
    ];
  });
  const bare = drawTable(COLUMNS, facts);
  const used = Math.max(...bare.map(visibleLength)) + 2;
  const room = Math.max(10, style.width - used - 2);
  const walls = shown.map((vma) => wallCell(vma, Math.min(30, room), style));
  const wide = Math.max(WALL.length, ...walls.map(visibleLength));
  const columns = [...COLUMNS, WALL];
  const nameRoom = style.width - used - wide - 2;
  const withNames = nameRoom >= MIN_NAME;
  const rows = facts.map((cells, at) => {
    const name = shown[at]?.name.split('/').at(-1) ?? '';
    return [...cells, walls[at] as string, ...(withNames ? [cut(name, nameRoom, dots)] : [])];
  });
  const lines = drawTable(withNames ? [...columns, 'name'] : columns, rows, style.dim);
  if (map.length > shown.length) lines.push(style.dim(`and ${map.length - shown.length} more (--all shows every one)`));
  return lines;
}

const WALL = 'and the one above';
const COLUMNS: readonly Column[] = ['', 'address', { right: 'size' }, 'perms', 'flags', 'fork', { right: 'tables' }];

function flagChips(row: VmaRow): string {
  const stuck = new Set(formatVmFlags(row.sticky).split(' '));
  return flagWords(row)
    .split(' ')
    .filter((word) => word !== '' && !PLAIN.has(word))
    .map((word) => (stuck.has(word) ? `${word}*` : word))
    .join(' ');
}

function forkCell(vma: VmaRow, style: Style): string {
  const { action, rule } = vma.fork;
  const why = whyForked(vma);
  if (action === 'copy') {
    const mark = vma.assumed && rule === 'anonVma' ? '?' : '';
    return `${style.note(`${style.sign.copy} copy`)} ${why}${mark}`;
  }
  if (action === 'refault') return style.good(`${style.sign.refault} refault`);
  return `  ${why}`;
}

function wallCell({ above }: VmaRow, room: number, style: Style): string {
  if (above.kind === 'seam') return style.note(`${style.ascii ? ':' : style.sign.seam} could merge`);
  if (above.kind === 'top' || above.kind === 'hole') return '';
  const text = above.kind === 'unknown' ? 'anon_vma not shown' : refusalShort(above.refusal);
  return cut(`${style.sign.wall} ${text}`, room, ellipsisOf(style));
}

/** How many leading digits two addresses share: those are dimmed where one stands below the other. */
function sharedDigits(above: string, below: string): number {
  if (above.length !== below.length) return 0;
  let at = 0;
  while (at < below.length && above[at] === below[at]) at++;
  return at;
}
