import { describe, expect, it } from 'vitest';
import { drawChart } from '../src/chart.ts';
import type { BenchReport } from '../src/report.ts';

const side = { min: 1, p50: 2, max: 3, rounds: 5 };
const report: BenchReport = {
  form: 'vma-bench 1',
  date: '2026-01-01T00:00:00.000Z',
  machine: { cpu: 'CPU', cpus: 2, memoryMib: 1, node: '20', kernel: '6.18', load: [0, 0] },
  kernelSide: null,
  seconds: 1,
  cases: [
    {
      name: 'a',
      title: 'a < b & c',
      unit: 'ns',
      per: '',
      ours: side,
      kernel: { ...side, p50: 8 },
      ratio: { p50: 0.25, min: 1 },
      counts: {},
      note: null,
    },
    { name: 'b', title: 'alone', unit: 'ns', per: '', ours: side, kernel: null, ratio: null, counts: {}, note: null },
  ],
  targets: [],
};

describe.each(['light', 'dark'] as const)('the chart, %s', (theme) => {
  const svg = drawChart(report, theme);

  it('has what has two sides, in words too', () => {
    expect(svg).toContain('<desc id="d">a &lt; b &amp; c: 0.25 of the kernel\'s time.</desc>');
    expect(svg).not.toContain('alone');
    expect(svg).toContain('0.25x');
  });

  it('draws both as parts of the longer one', () => {
    const widths = [...svg.matchAll(/width="(\d+\.\d)"/g)].map(([, width]) => Number(width));
    expect(widths).toHaveLength(2);
    expect(widths[0]! / widths[1]!).toBeCloseTo(0.25, 2);
  });
});
