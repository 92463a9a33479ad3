import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError, type LogChange, type LogInput, ProfileError, report, whatIf } from '../../src/index.ts';

const program = new URL('../../../../conformance/programs/guard-pool/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, program), 'utf8');
const trace: LogInput = { log: read('trace.strace'), initial: read('initial.smaps'), final: read('final.smaps') };

describe('report', () => {
  it('says of a log what the command line does, and compares with the map at the end', () => {
    const { headline, overview, lines, kernels, unused } = report(trace);
    expect(headline).toMatch(/\d VMAs at the peak/);
    expect(overview.vmas.peak).toBeGreaterThan(overview.vmas.start);
    expect(lines).toMatchObject({ unreadable: 0, calls: expect.any(Number) });
    expect([kernels[0]?.processes[0]?.final?.differences, unused]).toEqual([[], []]);
  });

  it('takes the text of a log alone, and says then what it does not know', () => {
    const { headline, overview } = report(read('trace.strace'));
    expect([overview.startsFrom, overview.of]).toEqual(['execve', 'log']);
    expect(headline).toMatch(/^At least /);
  });

  it('takes bytes, another kernel and another limit', () => {
    const bytes = new TextEncoder().encode(read('trace.strace'));
    const { kernels, overview } = report({ log: bytes, kernel: '6.12', maxMapCount: 1000 });
    expect([kernels[0]?.profile.name, overview.maxMapCount]).toEqual(['6.12', 1000]);
  });

  it.each<[string, Partial<LogInput>, typeof InputError | typeof ProfileError]>([
    ['a log without a call', { log: '' }, InputError],
    ['a log that is something else', { log: 'PK\x03\x04\0\0\0\0' }, InputError],
    ['a map that is something else', { initial: 'not a map\n' }, InputError],
    ['an unknown kernel', { kernel: 'windows' }, ProfileError],
  ])('says what is wrong: %s', (_, part, error) => {
    expect(() => report({ ...trace, ...part })).toThrow(error);
    expect(() => whatIf({ ...trace, ...part }, { guards: 'markers' })).toThrow(error);
  });
});

describe('whatIf', () => {
  it('says what guard markers would save', () => {
    const { before, after, guards } = whatIf(trace, { guards: 'markers' });
    const { overview } = report(trace);
    expect([before.peakVmas, after.peakVmas]).toEqual([overview.vmas.peak, overview.guards?.left]);
    expect(guards?.guards).toBe(overview.guards?.guards);
  });

  it('says which calls would fail at another limit', () => {
    const peak = whatIf(trace, { kernel: '6.19' }).before.peakVmas;
    const { calls, before, after } = whatIf(trace, { maxMapCount: peak - 3 });
    expect([before.maxMapCount, after.maxMapCount]).toEqual([65_530, peak - 3]);
    expect(calls.length).toBeGreaterThan(0);
  });

  it('says nothing changes on the same kernel', () => {
    const { before, after, calls } = whatIf(trace, { kernel: '6.19' });
    expect([calls, after]).toEqual([[], before]);
  });

  it('needs something to try', () => {
    expect(() => whatIf(trace, {} as LogChange)).toThrow(InputError);
  });
});
