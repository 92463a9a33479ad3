import { describe, expect, it } from 'vitest';
import { sumOf } from '../testSum.mjs';

const report = (
  passed: number,
  failed: number,
  files: { status: string; assertionResults: { status: string }[] }[] = [],
) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: files.map((file, index) => ({ name: `file${index}`, ...file })),
});
const good = { status: 'passed', assertionResults: [{ status: 'passed' }] };
const bad = { status: 'failed', assertionResults: [{ status: 'failed' }] };
const broken = { status: 'failed', assertionResults: [] };

describe('sumOf', () => {
  it('counts the tests when all is well', () => {
    expect(sumOf([], report(3, 0, [good]))).toEqual({ passed: 3, failed: 0, notes: [] });
  });

  it('does not count vitest itself beside its failed tests', () => {
    expect(sumOf(['vitest'], report(3, 2, [good, bad]))).toMatchObject({ passed: 3, failed: 2 });
  });

  it('counts a file that did not load', () => {
    expect(sumOf(['vitest'], report(3, 0, [broken]))).toMatchObject({ failed: 1, notes: ['failed file: file0'] });
  });

  it('counts a file whose set-up broke after its tests were skipped', () => {
    const setUp = { status: 'failed', assertionResults: [{ status: 'skipped' }] };
    expect(sumOf(['vitest'], report(0, 0, [setUp]))).toMatchObject({ failed: 1 });
  });

  it('counts vitest when its tests passed and it failed all the same, or left no report', () => {
    expect(sumOf(['vitest'], report(3, 0, [good]))).toMatchObject({ passed: 3, failed: 1 });
    expect(sumOf(['vitest'], undefined)).toMatchObject({ passed: 0, failed: 1 });
  });

  it('counts every other failed step, and says which', () => {
    expect(sumOf(['build', 'lint'], report(3, 0))).toEqual({
      passed: 3,
      failed: 2,
      notes: ['failed step: build', 'failed step: lint'],
    });
  });

  it('says how many tests were skipped', () => {
    expect(sumOf([], { ...report(3, 0), numPendingTests: 2, numTodoTests: 1 }).notes).toEqual(['skipped tests: 3']);
  });
});
