import type { ChangeKind } from 'fork-sim';
import { changeText, countOf, formatAddress, formatCount } from 'fork-sim/words';
import type { Style } from '../cli/style.ts';
import type { DiffAnswer } from '../json/diffJson.ts';
import { cut, drawTable, indent } from './drawTable.ts';
import { ellipsisOf, finish } from './section.ts';

/** Groups that are listed, unless all are asked for. */
const MAX_GROUPS = 20;

const SIGNS: { readonly [kind in ChangeKind]: string } = {
  added: '+',
  lost: '-',
  moved: '~',
  grown: '~',
  shrunk: '~',
  merged: '~',
  split: '~',
  reshaped: '~',
  changed: '~',
};

/** Draws what became of the VMAs of one map in another. */
export function drawDiff({ files, diff }: DiffAnswer, options: { readonly all?: boolean }, style: Style): string {
  const { vmas, same, groups } = diff;
  const lines = [
    `${style.bold(files.from)} ${style.sign.arrow} ${style.bold(files.to)}`,
    `${formatCount(vmas.from)} ${style.sign.arrow} ${countOf(vmas.to, 'VMA')}, ${formatCount(same)} of them the same`,
  ];
  if (groups.length === 0) return finish([...lines, style.good(`${style.sign.check} no difference`)], style);
  const shown = options.all === true ? groups : groups.slice(0, MAX_GROUPS);
  const room = style.width - FIXED;
  const rows = shown.map((group) => {
    const { kind, at } = group;
    const sign = kind === 'added' ? style.good(SIGNS[kind]) : kind === 'lost' ? style.bad(SIGNS[kind]) : SIGNS[kind];
    const [from, to] = [group.vmas.from, group.vmas.to];
    const count = from === to ? formatCount(to) : `${formatCount(from)} ${style.sign.arrow} ${formatCount(to)}`;
    return [`${sign} ${kind}`, count, cut(changeText(group), room, ellipsisOf(style)), style.dim(formatAddress(at))];
  });
  lines.push('', ...indent(drawTable(['', { right: 'VMAs' }, 'what', 'first at'], rows, style.dim)));
  const left = groups.slice(shown.length).reduce((sum, { count }) => sum + count, 0);
  if (left > 0) lines.push(style.dim(`  and ${countOf(left, 'more change')} (--all)`));
  return finish(lines, style);
}

/** Columns that the others take beside what changed. */
const FIXED = 46;
