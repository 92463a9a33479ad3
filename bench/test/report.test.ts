import { describe, expect, it } from 'vitest';
import { CASES } from '../src/cases/index.ts';
import { readOptions } from '../src/options.ts';
import type { CaseReport } from '../src/report.ts';
import { summary } from '../src/runCase.ts';
import { formatNumber, formatReport } from '../src/table.ts';
import { judge } from '../src/targets.ts';

const row = (name: string, ours: number, kernel: number | null = null, counts = {}): CaseReport => ({
  name,
  title: name,
  unit: 'ns',
  per: 'a cycle',
  ours: summary([ours]),
  kernel: kernel === null ? null : summary([kernel]),
  ratio: kernel === null ? null : { p50: ours / kernel, min: ours / kernel },
  counts,
  note: null,
});

describe('summary', () => {
  it('is the least, the middle one and the largest, in any order', () => {
    expect(summary([5, 1, 9])).toEqual({ min: 1, p50: 5, max: 9, rounds: 3 });
    expect(summary([4, 1, 2, 9])).toEqual({ min: 1, p50: 3, max: 9, rounds: 4 });
  });
});

describe('targets', () => {
  it('are judged by the worse of two kinds of cycle', () => {
    const rows = [row('merge/mmap/65000', 300, 1000), row('merge/mprotect/65000', 600, 1000)];
    expect(judge(rows)[0]).toMatchObject({ target: '1', value: '0.600', met: false });
    rows[1] = row('merge/mprotect/65000', 500, 1000);
    expect(judge(rows)[0]).toMatchObject({ value: '0.500', met: true });
  });

  it('are not judged where a case is missing', () => {
    expect(judge([row('merge/mmap/65000', 300, 1000)])[0]).toMatchObject({ value: null, met: null });
    expect(judge([]).every(({ met }) => met === null)).toBe(true);
  });

  it('of shape are counted', () => {
    const rows = [
      row('fork/shared/256', 1, null, { ptesCopied: 0 }),
      row('fork/shared/256/guard', 1, null, { ptesCopied: 3 }),
    ];
    expect(judge(rows).filter(({ target }) => target === '4')).toMatchObject([{ met: true }, { met: false }]);
  });

  it('name cases that there are', () => {
    const rows = CASES.map(({ name }) => row(name, 1, 1, { ptesCopied: 0, processMib: 1 }));
    expect(judge(rows).every(({ met }) => met !== null)).toBe(true);
  });
});

describe('cases', () => {
  it('have names of their own', () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
  });
});

describe('the table', () => {
  it('says what was measured, beside what, and what is missing', () => {
    const cases = [
      row('merge/mmap/65000', 1234.5, 5000),
      { ...row('fork/anon/4096', 1), ours: null, note: 'left out' },
    ];
    const text = formatReport({
      form: 'vma-bench 1',
      date: '2026-01-01T00:00:00.000Z',
      machine: { cpu: 'CPU', cpus: 2, memoryMib: 1, node: '20', kernel: '6.18', load: [0.5, 1] },
      kernelSide: null,
      seconds: 9,
      cases,
      targets: judge(cases),
    });
    expect(text).toContain('beside Linux 6.18');
    expect(text).toMatch(/merge\/mmap\/65000 +1,235 ns +1,235 ns +5,000 ns +5,000 ns +0\.247 {2}a cycle\n/);
    expect(text).toMatch(/fork\/anon\/4096.*left out\n/);
    expect(text).toContain('not measured');
  });

  it('shows digits that count', () => {
    expect([0.0123, 3, 12.345, 999.9, 1234567.8].map(formatNumber)).toEqual([
      '0.0123',
      '3',
      '12.3',
      '1,000',
      '1,234,568',
    ]);
  });
});

describe('the command line', () => {
  it('takes names, a file, and help', () => {
    expect(readOptions(['--only', 'merge', '--only', 'fork', '--json', 'x'])).toEqual({
      help: false,
      json: 'x',
      only: ['merge', 'fork'],
    });
    expect(readOptions(['-h']).help).toBe(true);
  });

  it('refuses what it does not know', () => {
    expect(() => readOptions(['--fast'])).toThrow(TypeError);
  });
});
