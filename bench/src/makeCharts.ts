// Draws `results/latest.json` as `results/latest-light.svg` and `results/latest-dark.svg`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawChart } from './chart.ts';
import type { BenchReport } from './report.ts';

const results = fileURLToPath(new URL('../results/', import.meta.url));
const report = JSON.parse(readFileSync(`${results}latest.json`, 'utf8')) as BenchReport;
for (const theme of ['light', 'dark'] as const) {
  writeFileSync(`${results}latest-${theme}.svg`, drawChart(report, theme));
}
