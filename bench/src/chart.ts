import type { BenchReport, CaseReport } from './report.ts';
import { formatNumber } from './table.ts';

/** Colours of the project's pictures: the model in the blue of anonymous memory, the kernel as an outline. */
const THEMES = {
  light: { ground: '#ffffff', text: '#1b1f24', quiet: '#57606a', line: '#c6ccd3', ours: '#0072b2', kernel: '#1b1f24' },
  dark: { ground: '#14181d', text: '#eef3f7', quiet: '#a9b4bf', line: '#3a434d', ours: '#2f93d1', kernel: '#eef3f7' },
} as const;

/** Which ground the chart is for. */
export type ChartTheme = keyof typeof THEMES;

const WIDTH = 860;
const LABELS = 430;
const ROW = 44;
const TOP = 78;

/**
 * What has two sides, as bars: the model's filled, the kernel's in outline, both as parts of the longer one, and the two
 * values behind them. One SVG for each theme; print and grey stay readable, as the bars differ in shape.
 */
export function drawChart(report: BenchReport, theme: ChartTheme): string {
  const colours = THEMES[theme];
  const rows = report.cases.filter(({ ours, kernel }) => ours !== null && kernel !== null);
  const height = TOP + rows.length * ROW + 34;
  const what = `The model beside Linux ${report.machine.kernel ?? ''}: CPU time, middle of the rounds`;
  const said = rows.map(({ title, ratio }) => `${title}: ${ratio?.p50.toFixed(2)} of the kernel's time.`).join(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escaped(what)}</title>`,
    `<desc id="d">${escaped(said)}</desc>`,
    `<rect width="${WIDTH}" height="${height}" fill="${colours.ground}"/>`,
    `<g font-family="system-ui, sans-serif" font-size="13" fill="${colours.text}">`,
    `<text x="16" y="28" font-size="16" font-weight="600">${escaped(what)}</text>`,
    `<rect x="16" y="44" width="22" height="11" fill="${colours.ours}"/><text x="44" y="54">the model</text>`,
    `<rect x="126.5" y="44.5" width="21" height="10" fill="none" stroke="${colours.kernel}"/>`,
    '<text x="154" y="54">the kernel</text>',
    ...rows.map((row, i) => drawRow(row, TOP + i * ROW, colours)),
    `<text x="16" y="${height - 12}" fill="${colours.quiet}">${escaped(`${report.machine.cpu}, ${report.date.slice(0, 10)}. Not the same work: a kernel locks, allocates and flushes.`)}</text>`,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function drawRow(row: CaseReport, y: number, colours: (typeof THEMES)[ChartTheme]): string {
  const ours = row.ours?.p50 ?? 0;
  const kernel = row.kernel?.p50 ?? 0;
  const room = WIDTH - LABELS - 130;
  const scale = room / Math.max(ours, kernel);
  const long = (value: number): string => Math.max(1, value * scale).toFixed(1);
  const beside = (value: number, at: number): string =>
    `<text x="${(LABELS + Math.max(1, value * scale) + 6).toFixed(1)}" y="${at}" font-size="11">${formatNumber(value)} ${row.unit}</text>`;
  return [
    `<line x1="16" y1="${y - 4}" x2="${WIDTH - 16}" y2="${y - 4}" stroke="${colours.line}"/>`,
    `<text x="16" y="${y + 20}" font-size="12">${escaped(row.title)}</text>`,
    `<rect x="${LABELS}" y="${y + 3}" width="${long(ours)}" height="13" fill="${colours.ours}"/>`,
    beside(ours, y + 14),
    `<rect x="${LABELS}.5" y="${y + 20.5}" width="${long(kernel)}" height="12" fill="none" stroke="${colours.kernel}"/>`,
    beside(kernel, y + 31),
    `<text x="${WIDTH - 16}" y="${y + 23}" text-anchor="end" font-weight="600">${row.ratio?.p50.toFixed(2)}x</text>`,
  ].join('\n');
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
