import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cli, file, recording } from './cli.ts';

const TWO = `{"id":"two","note":"side by side","ops":[{"op":"mmap","page":10,"pages":4,"prot":"rw"},{"op":"mmap","page":14,"pages":4,"prot":"r"},{"op":"madvise","page":11,"pages":1,"advice":"GUARD_INSTALL"},{"op":"mprotect","page":14,"pages":4,"prot":"rw"}]}\n`;

interface Line {
  readonly id: string;
  readonly steps: readonly unknown[];
}

function linesOf(path: string): Line[] {
  const text = gunzipSync(readFileSync(recording(path))).toString();
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('run --json', () => {
  it.each([
    ['kernels', '6.18.44', ['--no-soft-dirty', '--fault-around', '16']],
    ['kernels2', '7.3.4', []],
  ])('%s on %s gives the recorded steps, a header first', async (set, kernel, options) => {
    const { status, out } = await cli([
      'run',
      recording(`recordings/${set}/scenarios.jsonl.gz`),
      '--kernel',
      kernel,
      ...options,
      '--json',
    ]);
    expect(status).toBe(0);
    const [header, ...mine] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const softDirty = kernel !== '6.18.44';
    expect(header).toEqual({
      kind: 'header',
      format: set === 'kernels' ? 1 : 2,
      kernel,
      softDirty,
      faultAroundPages: softDirty ? 1 : 16,
    });
    const [, ...recorded] = linesOf(`recordings/${set}/${kernel}.jsonl.gz`);
    expect(mine.map(({ id }) => id)).toEqual(recorded.map(({ id }) => id));
    expect(mine.filter(({ steps }, at) => !isDeepStrictEqual(steps, recorded[at]?.steps)).map(({ id }) => id)).toEqual(
      [],
    );
  });

  it('defaults: 6.19, soft dirty, no fault-around', async () => {
    const { out } = await cli(['run', '-', '--json'], { stdin: TWO });
    const [header = ''] = out.split('\n');
    expect(JSON.parse(header)).toEqual({
      kind: 'header',
      format: 1,
      kernel: '6.19',
      softDirty: true,
      faultAroundPages: 1,
    });
  });

  it('reads gzip from standard input, and --format 2 adds wp and pt', async () => {
    const { out } = await cli(['run', '-', '--json', '--format', '2'], { stdin: gzipSync(TWO) });
    const [, record] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(record?.steps[2]).toMatchObject({ res: 'ok', pt: 12, wp: '0000000000000000', sd: '000000000003fc00' });
  });

  it('what it prints, verify accepts', async () => {
    const { out } = await cli(['run', '-', '--json'], { stdin: TWO });
    expect(await cli(['verify', '-'], { stdin: out })).toMatchObject({ status: 0 });
  });
});

describe('run', () => {
  it('draws each step: the call, its result, a strip with a letter a VMA, page states below', async () => {
    const { status, out } = await cli(['run', file('two.jsonl', TWO)]);
    expect(status).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toBe('two  side by side');
    expect(out).toContain('mprotect 14+4 rw');
    expect(out).toContain('       0  ..........AAAABBBB..............................................');
    expect(out).toContain('       0  ..........AAAAAAAA..............................................');
    expect(out).toMatch(/^ {20}\.G\.{6}$/m);
    expect(out).toContain('A  10–18');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('keeps a letter from step to step, and gives what is new a new one', async () => {
    const ops = [
      '{"op":"mmap","page":10,"pages":4,"prot":"rw"}',
      '{"op":"mmap","page":20,"pages":4,"prot":"r"}',
      '{"op":"munmap","page":10,"pages":4}',
      '{"op":"mmap","page":30,"pages":4,"prot":"r"}',
    ];
    const { out } = await cli(['run', '-'], { stdin: `{"id":"letters","ops":[${ops.join()}]}\n` });
    expect(out).toContain('....................BBBB......CCCC');
  });

  it('reads operations, one a line, as it reads the JSON of the same', async () => {
    const lines = ['# side by side', 'mmap 10+4 rw', 'mmap 14+4 r; guard 11', '', 'mprotect 14+4 rw'];
    const { status, out } = await cli(['run', file('two.txt', lines.join('\n'))]);
    expect(status).toBe(0);
    const json = await cli(['run', file('two3.jsonl', TWO)]);
    const titleOf = (text: string): string => text.split('\n')[0] ?? '';
    expect(titleOf(out)).toBe('two.txt  side by side');
    expect(out.slice(titleOf(out).length)).toBe(json.out.slice(titleOf(json.out).length));
    const piped = await cli(['run', '-', '--json'], { stdin: gzipSync(lines.join('\r\n')) });
    const [header, record] = piped.out.trim().split('\n') as [string, string];
    expect(JSON.parse(header)).toMatchObject({ kind: 'header', format: 1 });
    expect((JSON.parse(record) as Line).steps).toHaveLength(4);
  });

  it('prints each operation as it is written', async () => {
    const lines = ['mmap 2+4 r file0@2 shared', 'mremap 2+4 -> 20+8 mayMove', 'write 20+2', 'uffd_copy 24+2'];
    const { out } = await cli(['run', '-'], { stdin: lines.join('\n') });
    for (const [index, line] of lines.entries()) expect(out).toContain(`   ${index}  ${line} `);
  });

  it('says that a version was not measured', async () => {
    const { out } = await cli(['run', file('two2.jsonl', TWO), '--kernel', '6.17']);
    expect(out).toContain('not measured');
  });

  it('has no colour when piped, has some on a terminal, none with NO_COLOR', async () => {
    const path = file('colours.jsonl', TWO);
    const coloured = '\u001b[';
    expect((await cli(['run', path])).out).not.toContain(coloured);
    expect((await cli(['run', path], { terminal: true })).out).toContain(coloured);
    expect((await cli(['run', path], { terminal: true, env: { NO_COLOR: '1' } })).out).not.toContain(coloured);
  });

  it('--ascii has nothing but ASCII', async () => {
    const { out } = await cli(['run', file('ascii.jsonl', TWO), '--ascii']);
    expect(out).toMatch(/^[\x20-\x7e\n]*$/);
  });
});
