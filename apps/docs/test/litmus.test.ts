import { fileURLToPath } from 'node:url';
import { judgeLitmus, litmusTest, parseLitmus, type Trace } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { readRows } from '../plugins/litmus.ts';
import { EXPORTS } from '../src/components/playground/exports.ts';
import { byFolder } from '../src/content/library.ts';
import { traceLines } from '../src/engine.ts';
import { readDroppedFile } from '../src/files/droppedFile.ts';
import { claimsSummary, failedClaims, hasClaims } from '../src/link/claims.ts';
import { programOf } from '../src/link/program.ts';
import { traceHere, traceRequest } from '../src/link/traceRequest.ts';

const FOLDER = fileURLToPath(new URL('../../../litmus', import.meta.url));
const TEXT = '# Title\n\nmmap 4+2 rw => ok\nmap ....AA\nvmas 2\n';

describe('litmus files on the site', () => {
  it('are judged for the table while the site is built', () => {
    const rows = readRows(FOLDER);
    const row = rows.find(({ name }) => name === 'sticky/lost-by-mprotect');
    expect(row?.verdicts).toEqual([
      ...Array.from({ length: 3 }, () => 'notApplicable'),
      ...Array.from({ length: 4 }, () => 'holds'),
    ]);
    expect(row?.confirmed).toContain('6.18.44');
    expect([...byFolder(rows).keys()]).toContain('sticky');
    expect(rows.flatMap(({ verdicts }) => verdicts)).not.toContain('fails');
  });

  it('are opened by the playground as they are', async () => {
    expect(await readDroppedFile(new File([TEXT], 'a.litmus'))).toEqual({
      kind: 'litmus',
      name: 'a.litmus',
      text: TEXT,
    });
  });

  it('are saved with their claims', () => {
    const made = traceRequest({ text: TEXT, profile: '6.19' });
    const [trace] = 'request' in made ? traceHere(made.request) : [];
    const form = EXPORTS.find(({ file }) => file.endsWith('.litmus'));
    expect(trace && form?.make([trace], 0, TEXT)).toBe(TEXT);
    expect(trace && form?.make([trace], 0, '{"id":"x","ops":[]}')).toBe('# Title\nid: playground\n\nmmap 4+2 rw\n');
  });

  it('are drawn on all kernels that are shown, a child below its parent, and step by step', () => {
    const lines = 'mmap 2+4 r file0@2 shared\nguard 4\nfork child';
    const made = ['6.12', '6.19'].map((profile) => traceLines('x', lines, { profile }));
    const [first, second] = made as [Trace, Trace];
    const svg = (file: string, ...traces: [Trace, ...Trace[]]): string =>
      EXPORTS.find((one) => one.file === file)?.make(traces, 2, lines) ?? '';
    const titles = (text: string): string[] =>
      [...text.matchAll(/<text [^>]*>([^<]*\([\d.]+\)[^<]*|Child)</g)].map(([, one]) => one ?? '');
    expect(titles(svg('vma-lab.svg', second))).toEqual(['3. fork child: ok (6.19), parent', 'Child']);
    expect(titles(svg('vma-lab.svg', first, second))).toHaveLength(4);
    expect(titles(svg('vma-lab-steps.svg', second))).toEqual([
      '1. mmap 2+4 r file0@2 shared: ok (6.19)',
      '2. madvise 4+1 GUARD_INSTALL: ok (6.19)',
      '3. fork child: ok (6.19), parent',
      'Child',
    ]);
    expect(svg('vma-lab.svg', second)).not.toMatch(/\b1 VMAs/);
  });

  it('show the claims that fail, in place', () => {
    const program = programOf(TEXT);
    expect(hasClaims(program)).toBe(true);
    expect(hasClaims(programOf('mmap 4+2 rw'))).toBe(false);
    expect(hasClaims(programOf(`${TEXT}mpa`))).toBe(false);
    const test = litmusTest(parseLitmus(TEXT, 'a'), 'a');
    const verdicts = ['6.12', '6.19'].map((kernel) => judgeLitmus(test, kernel));
    expect(failedClaims(program, verdicts)).toEqual([
      { line: 5, column: 1, end: 7, message: 'this claim fails on 6.12 and 6.19; there is: vmas 1' },
    ]);
    expect(claimsSummary(verdicts)).toBe('6.12: 2 of 3 claims hold; 6.19: 2 of 3 claims hold');
  });

  it('say how their kernel is built', () => {
    const made = traceRequest({ text: 'soft-dirty: on\nfault-around: 16\nmmap 4+2 rw', profile: '6.19' });
    expect(made).toMatchObject({ request: { softDirty: true, faultAroundPages: 16 } });
  });
});
