import { countOf } from 'fork-sim/words';
import type { Style } from '../cli/style.ts';
import type {
  FinalReport,
  MapDifferenceReport,
  MapRowReport,
  ProcessReport,
  ReplayReport,
} from '../report/replayReport.ts';
import { drawMap } from './drawMap.ts';
import { cut } from './drawTable.ts';

/** Most differing VMAs that are listed. */
const MAX_LISTED = 12;

/** Draws how a model's map differs from the real one: both strips around the difference, then the VMAs of each side. */
export function drawFinal(final: FinalReport, style: Style): string[] {
  const head = `${style.bold('What differs from the real map')}  ${style.dim(`${final.equal} of ${final.real} VMAs are equal; - real (${final.file}), + model`)}`;
  return [head, ...drawSides(final.differences, 'real', 'model', style)];
}

/** Draws how the maps of two kernels differ. */
export function drawBetween(report: ReplayReport, style: Style): string[] {
  const [a, b] = report.kernels;
  const differences = report.between ?? [];
  const head = style.bold(`${a?.kernel} against ${b?.kernel}`);
  const lines = [`${head}  ${style.dim('the same log, two profiles')}`];
  const [first, second] = [a?.processes[0], b?.processes[0]];
  if (first !== undefined && second !== undefined) {
    const same = (x: number, y: number): string =>
      x === y ? `${x} on both` : style.bad(`${x} ${style.sign.differs} ${y}`);
    lines.push(`  VMAs: peak ${same(first.vmas.peak, second.vmas.peak)}, end ${same(first.vmas.end, second.vmas.end)}`);
    lines.push(`  merges: ${same(first.merges, second.merges)}; splits: ${same(first.splits, second.splits)}`);
    lines.push(`  calls with another result than in the log: ${same(first.results.wrong, second.results.wrong)}`);
    lines.push(
      `  fork: VMAs copied ${same(first.fork.copy.vmas, second.fork.copy.vmas)}, tables at most ${same(first.fork.tablesKbAtMost, second.fork.tablesKbAtMost)} kB`,
    );
  }
  lines.push(...forkDifferences(first, second, style));
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
    const [from, to] = [vma.fork, same.fork].map(({ action, why }) => `${action} (${why})`);
    lines.push(`  fork of ${vma.start.slice(2)} ${vma.perms}: ${from} ${style.bad(style.sign.differs)} ${to}`);
  }
  return lines.length > MAX_LISTED ? [...lines.slice(0, MAX_LISTED), `  and ${lines.length - MAX_LISTED} more`] : lines;
}

function drawSides(differences: readonly MapDifferenceReport[], nameA: string, nameB: string, style: Style): string[] {
  const shown = differences.slice(0, MAX_LISTED);
  const strip = (side: 'a' | 'b'): string[] => {
    const rows = shown.flatMap((difference) => (difference[side] === null ? [] : [difference[side]]));
    return drawMap(
      rows.map((row, at) => ({
        start: Number(row.start),
        end: Number(row.end),
        perms: row.perms,
        backing: 'anonymous' as const,
        label: String(at + 1),
        guards: [],
        seam: false,
        lit: true,
      })),
      style,
    );
  };
  const lines = [`  ${style.dim(nameA)}`, ...strip('a'), `  ${style.dim(nameB)}`, ...strip('b')];
  for (const { a, b, fields } of shown) {
    if (a !== null) lines.push(`  ${style.good('-')} ${describeRow(a, style)}`);
    if (b !== null) lines.push(`  ${style.bad('+')} ${describeRow(b, style)}`);
    if (fields.length > 0) lines.push(`    ${style.dim(`${style.sign.differs} ${fields.join(', ')}`)}`);
  }
  if (differences.length > shown.length) lines.push(style.dim(`  and ${differences.length - shown.length} more`));
  return lines;
}

function describeRow(row: MapRowReport, style: Style): string {
  const range = `${row.start.slice(2)}-${row.end.slice(2)}`;
  const name =
    row.name === '' ? '' : `  ${cut(row.name.split('/').at(-1) ?? '', 24, style.ascii ? '..' : style.sign.ellipsis)}`;
  return `${range} ${row.perms} ${row.pgoff.toString(16).padStart(5, '0')}  ${row.flags}${name}`;
}
