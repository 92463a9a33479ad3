import type { MapComparison, MapDifference, MapRow, ProcessReport } from 'fork-sim';
import { countOf, differenceText, flagWords, formatKb } from 'fork-sim/words';
import type { ReplayAnswer } from '../cli/answers.ts';
import type { Style } from '../cli/style.ts';
import { whyForked } from '../json/replayJson.ts';
import { drawMap } from './drawMap.ts';
import { cut } from './drawTable.ts';
import { ellipsisOf, title } from './section.ts';

/** Most differing VMAs that are listed. */
const MAX_LISTED = 12;

/** Draws how a model's map differs from the real one: both strips around the difference, then the VMAs of each side. */
export function drawFinal(final: MapComparison & { readonly file: string }, style: Style): string[] {
  const sides = `${final.equal} of ${final.real} VMAs are equal; - real (${final.file}), + model`;
  return [
    title('What differs from the real map', sides, style),
    ...final.groups.map((group) => `  ${differenceText(group, ['the real map', 'the model'])}`),
    ...drawSides(final.differences, 'real', 'model', style),
  ];
}

/** Draws how the maps of two kernels differ. */
export function drawBetween(report: ReplayAnswer, style: Style): string[] {
  const [a, b] = report.kernels;
  const differences = report.between?.differences ?? [];
  const lines = [title(`${a?.kernel} against ${b?.kernel}`, 'the same log, two profiles', style)];
  const [first, second] = [a?.processes[0], b?.processes[0]];
  if (first !== undefined && second !== undefined) {
    const same = <T extends string | number>(x: T, y: T): string =>
      x === y ? `${x} on both` : style.bad(`${x} ${style.sign.differs} ${y}`);
    lines.push(`  VMAs: peak ${same(first.peakVmas, second.peakVmas)}, end ${same(first.endVmas, second.endVmas)}`);
    lines.push(`  merges: ${same(first.merges, second.merges)}; splits: ${same(first.splits, second.splits)}`);
    lines.push(
      `  calls with another result than in the log: ${same(first.wrongResults.count, second.wrongResults.count)}`,
    );
    const [a, b] = [first.summary, second.summary];
    lines.push(
      `  fork: VMAs copied ${same(a.forkTotals.copy.vmas, b.forkTotals.copy.vmas)}, tables at most ${same(formatKb(a.childTablesKbAtMost), formatKb(b.childTablesKbAtMost))}`,
    );
  }
  lines.push(...forkDifferences(first, second, style));
  if (first?.machine != null) return [...lines, `  ${style.note('?')} of ${first.machine} the maps are not computed`];
  if (differences.length === 0) return [...lines, `  ${style.good(style.sign.check)} the maps at the end are the same`];
  lines.push(`  ${countOf(differences.length, 'VMA')} differ: - ${a?.kernel}, + ${b?.kernel}`);
  return [...lines, ...drawSides(differences, a?.kernel ?? '', b?.kernel ?? '', style)];
}

/** VMAs of the same range that a fork treats differently. */
function forkDifferences(a: ProcessReport | undefined, b: ProcessReport | undefined, style: Style): string[] {
  const other = new Map(b?.map.map((vma) => [`${vma.start} ${vma.end}`, vma]));
  const lines: string[] = [];
  for (const vma of a?.map ?? []) {
    const same = other.get(`${vma.start} ${vma.end}`);
    if (same === undefined || same.fork.action === vma.fork.action) continue;
    const [from, to] = [vma, same].map((one) => `${one.fork.action} (${whyForked(one)})`);
    lines.push(`  fork of ${vma.start.toString(16)} ${vma.perms}: ${from} ${style.bad(style.sign.differs)} ${to}`);
  }
  return lines.length > MAX_LISTED ? [...lines.slice(0, MAX_LISTED), `  and ${lines.length - MAX_LISTED} more`] : lines;
}

function drawSides(differences: readonly MapDifference[], nameA: string, nameB: string, style: Style): string[] {
  const shown = differences.slice(0, MAX_LISTED);
  const strip = (side: 'real' | 'model'): string[] => {
    const rows = shown.flatMap((difference) => (difference[side] === null ? [] : [difference[side]]));
    const plain = { backing: 'anonymous' as const, guards: [], seam: false, lit: true };
    return drawMap(
      rows.map(({ start, end, perms }, at) => ({ ...plain, start, end, perms, label: String(at + 1) })),
      style,
    );
  };
  const lines = [`  ${style.dim(nameA)}`, ...strip('real'), `  ${style.dim(nameB)}`, ...strip('model')];
  for (const { real, model, fields } of shown) {
    if (real !== null) lines.push(`  ${style.good('-')} ${describeRow(real, style)}`);
    if (model !== null) lines.push(`  ${style.bad('+')} ${describeRow(model, style)}`);
    if (fields.length > 0) lines.push(`    ${style.dim(`${style.sign.differs} ${fields.join(', ')}`)}`);
  }
  if (differences.length > shown.length) lines.push(style.dim(`  and ${differences.length - shown.length} more`));
  return lines;
}

function describeRow(row: MapRow, style: Style): string {
  const range = `${row.start.toString(16)}-${row.end.toString(16)}`;
  const name = row.name === '' ? '' : `  ${cut(row.name.split('/').at(-1) ?? '', 24, ellipsisOf(style))}`;
  return `${range} ${row.perms} ${row.pgoff.toString(16).padStart(5, '0')}  ${flagWords(row)}${name}`;
}
