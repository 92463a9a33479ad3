import type { BackingKind } from 'fork-sim';
import { formatAddress, formatSize } from 'fork-sim/words';
import { PAGE_SIZE } from 'vma-core';
import type { Style } from '../cli/style.ts';

/** What the picture of a map shows of a VMA. */
export interface MapBar {
  /** Bytes. */
  readonly start: number;
  readonly end: number;
  readonly perms: string;
  readonly backing: BackingKind;
  /** Letter or number that the table below the picture uses. */
  readonly label: string;
  /** Guard markers, as shares of the VMA: 0 its first page, 1 behind its last. */
  readonly guards: readonly { readonly from: number; readonly to: number }[];
  /** Nothing would keep it from merging with the one above it. */
  readonly seam: boolean;
  /** Draw attention to it. */
  readonly lit?: boolean;
}

/** A hole at least so long starts a new line; bytes. */
const BREAK = 1 << 30;
const GUTTER = 14;

/** One column group of a strip: the three rows of a VMA, or what stands between two. */
interface Piece {
  readonly columns: number;
  readonly above: string;
  readonly bar: string;
  readonly below: string;
}

/**
 * Draws an address space as strips, low addresses left: a bar a VMA, filled by protection and coloured by backing, wider where it is
 * longer (but not to scale). Guard markers stand above their bar. `‖`: the two never merge as they are; `┊`: nothing stops them.
 * A long hole starts a new strip, which its first address names.
 */
export function drawMap(bars: readonly MapBar[], style: Style): string[] {
  const lines: string[] = [];
  let strip: Piece[] = [];
  let from = bars[0]?.start ?? 0;
  const flush = (): void => {
    if (strip.length > 0) lines.push(...drawStrip(from, strip, style));
    strip = [];
  };
  for (const [at, bar] of bars.entries()) {
    const next = bars[at + 1];
    const piece = pieceOf(bar, style);
    const used = strip.reduce((sum, { columns }) => sum + columns, 0);
    if (strip.length > 0 && used + piece.columns + 1 > style.width - GUTTER) flush();
    if (strip.length === 0) from = bar.start;
    strip.push(piece);
    if (next === undefined) break;
    const hole = next.start - bar.end;
    if (hole >= BREAK) {
      flush();
      lines.push(`${' '.repeat(GUTTER)}${style.dim(`${style.sign.gap} ${formatSize(hole)} free`)}`);
    } else strip.push(between(hole, bar.seam, style));
  }
  flush();
  return lines;
}

/** Columns of a bar: one for a page, one more for each time it is four times as long. */
function columnsOf(bar: MapBar): number {
  const pages = (bar.end - bar.start) / PAGE_SIZE;
  return 1 + Math.floor(Math.log2(pages) / 2);
}

function pieceOf(bar: MapBar, style: Style): Piece {
  const columns = Math.max(columnsOf(bar), bar.label.length);
  const guards = Array.from({ length: columns }, (_, at) => {
    const [left, right] = [at / columns, (at + 1) / columns];
    return bar.guards.some(({ from, to }) => from < right && to > left) ? style.sign.guard : ' ';
  }).join('');
  const paint = bar.lit === true ? style.bad : style[bar.backing];
  return {
    columns,
    above: guards.trim() === '' ? guards : style.guard(guards),
    bar: paint(fillOf(bar.perms, style).repeat(columns)),
    below: style.dim(bar.label.padEnd(columns)),
  };
}

function fillOf(perms: string, { sign }: Style): string {
  if (perms[2] === 'x') return sign.exec;
  if (perms[1] === 'w') return sign.write;
  return perms[0] === 'r' ? sign.read : sign.none;
}

function between(hole: number, seam: boolean, style: Style): Piece {
  const sign = hole > 0 ? '.' : seam ? style.sign.seam : style.ascii ? '|' : style.sign.wall;
  const shown = hole === 0 && seam ? style.note(style.ascii ? ':' : sign) : style.dim(sign);
  return { columns: 1, above: ' ', bar: shown, below: ' ' };
}

function drawStrip(from: number, pieces: readonly Piece[], style: Style): string[] {
  const row = (part: 'above' | 'bar' | 'below'): string => pieces.map((piece) => piece[part]).join('');
  const label = formatAddress(from).padStart(GUTTER - 2);
  const hasGuards = pieces.some(({ above }) => above.trim() !== '');
  const blank = ' '.repeat(GUTTER);
  return [
    ...(hasGuards ? [`${blank}${row('above')}`.trimEnd()] : []),
    `${style.dim(label)}  ${row('bar')}`,
    `${blank}${row('below')}`.trimEnd(),
  ];
}

/** What the fills of {@link drawMap} mean, in one line. */
export function mapLegend(style: Style): string {
  const { sign } = style;
  const seam = style.ascii ? ':' : sign.seam;
  const wall = style.ascii ? '|' : sign.wall;
  return style.dim(
    `${sign.none} none  ${sign.read} read  ${sign.write} write  ${sign.exec} exec  ${sign.guard} guard marker  ${wall} stays apart  ${seam} could merge  . hole`,
  );
}
