import type { BenchReport, CaseReport, TargetReport } from './report.ts';

/** The report as it is printed: what was measured, then the targets. */
export function formatReport(report: BenchReport): string {
  const { machine } = report;
  const load = machine.load.map((value) => value.toFixed(2)).join(' and ');
  return [
    `${machine.cpu}, ${machine.cpus} CPUs, Node ${machine.node}; load ${load} before and after; ${report.seconds} s`,
    report.kernelSide === null ? `beside Linux ${machine.kernel}` : `only our side: ${report.kernelSide}`,
    'CPU time of one round out of several: the least, and the middle one (p50). The ratio is ours / kernel, of the p50s.',
    '',
    ...formatTable(
      ['', 'ours min', 'p50', 'kernel min', 'p50', 'ratio', ''],
      report.cases.map((row) => caseCells(row)),
    ),
    '',
    ...formatTable(
      ['target', '', 'wanted', 'measured', ''],
      report.targets.map((row) => targetCells(row)),
      [0, 1, 4],
    ),
    '',
  ].join('\n');
}

function caseCells({ title, unit, per, ours, kernel, ratio, counts, note }: CaseReport): string[] {
  const show = (value: number): string => `${formatNumber(value)} ${unit}`;
  const counted = Object.entries(counts).map(([name, value]) => `${name} ${formatNumber(value)}`);
  const remarks = [...(per === '' ? [] : [per]), ...counted, ...(note === null ? [] : [note])];
  return [
    title,
    ours === null ? '' : show(unit === 'lines/s' ? ours.max : ours.min),
    ours === null ? '' : show(ours.p50),
    kernel === null ? '' : show(kernel.min),
    kernel === null ? '' : show(kernel.p50),
    ratio === null ? '' : ratio.p50.toFixed(3),
    remarks.join('; '),
  ];
}

function targetCells({ target, title, limit, value, met }: TargetReport): string[] {
  return [target, title, limit, value ?? '-', met === null ? 'not measured' : met ? 'met' : 'NOT MET'];
}

/** Three or four digits that count. */
export function formatNumber(value: number): string {
  if (value >= 999.5) return Math.round(value).toLocaleString('en');
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

/** Rows in columns; those of `left` begin where the column does, as do the first and the last one. */
function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[] = [0, head.length - 1],
): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, column) => (left.includes(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
