import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/cli/commands.ts';
import { cli, file, programFile, recording } from './cli.ts';

const MMAP = '123 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000\n';
const SMAPS_32 = `08048000-08049000 r-xp 00000000 fe:00 1234       /bin/old
Size:                  4 kB
VmFlags: rd ex mr mw me
f7700000-f7800000 rw-p 00000000 00:00 0
Size:               1024 kB
VmFlags: rd wr mr mw me
`;
const scenario = (op: string): string => `{"id":"ok","ops":[]}\n{"id":"a","ops":[${op}]}\n`;

/** One line on standard error, nothing on standard output, status 2, no stack trace. */
async function expectRefused(args: readonly string[], message: string, stdin?: string): Promise<void> {
  const { status, out, err } = await cli(args, stdin === undefined ? {} : { stdin });
  expect(err).toContain(message);
  expect(err.trimEnd()).not.toContain('\n');
  expect(err).not.toMatch(/\bat .*\.(ts|js):\d+/);
  expect(out).toBe('');
  expect(status).toBe(2);
}

describe('a strace log that is none', () => {
  it('text', () => expectRefused(['replay', file('hello', 'hello\n')], 'hello:1:1: not a strace log'));
  it('a last line that is cut: what there is is read, and the line is listed', async () => {
    const { status, out } = await cli(['replay', file('half', `${MMAP}123 mmap(NULL, 81`)]);
    expect(status).toBe(0);
    expect(out).toContain('2:18: a comma and another argument are expected here');
  });
  it('empty', () => expectRefused(['replay', file('empty', '')], 'empty:1:1: the log is empty'));
  it('binary', () =>
    expectRefused(['replay', file('binary', new Uint8Array([0, 1, 2, 3, 10]))], 'binary:1:1: not a strace log'));
  it('a truncated gzip', () => {
    const whole = gzipSync(readFileSync(programFile('python-imports', 'trace.strace')));
    return expectRefused(
      ['replay', file('cut.gz', whole.subarray(0, 1500))],
      'the gzip file is cut off: its end is missing',
    );
  });
  it('a damaged gzip', () => {
    const bytes = gzipSync(MMAP.repeat(100));
    bytes.fill(0x55, 12, 30);
    return expectRefused(['replay', file('damaged.gz', bytes)], 'damaged.gz:1:1: damaged gzip');
  });
  it('no call that concerns memory', () =>
    expectRefused(
      ['replay', file('other', '1 getpid() = 1\n1 read(0, "", 10) = 0\n')],
      'other:2:1: no call in this log concerns memory',
    ));
  it('a file that is not there', () => expectRefused(['replay', 'nowhere/trace'], 'nowhere/trace:1:1: no such file'));
  it('a folder', () => expectRefused(['replay', recording('programs')], 'programs:1:1: this is a folder, not a file'));
  it('from standard input', () => expectRefused(['replay', '-'], '-:1:1: not a strace log', 'hello\n'));
});

describe('a smaps that cannot be used', () => {
  it('of 32 bits', () =>
    expectRefused(['smaps', file('smaps32', SMAPS_32)], 'smaps32:1:1: these are the mappings of a 32-bit process'));
  it('of 32 bits, as the initial map', () =>
    expectRefused(
      ['replay', file('log', MMAP), '--initial', file('smaps32b', SMAPS_32)],
      'smaps32b:1:1: these are the mappings of a 32-bit process',
    ));
  it('empty', () => expectRefused(['smaps', file('none', '')], 'none:1:1: the file is empty'));
  it('text', () => expectRefused(['smaps', file('text', 'hello\n')], 'text:1:1: '));
  it('a pid that is not there', () =>
    expectRefused(['smaps', '4194303'], '/proc/4194303/smaps:1:1: there is no process 4194303'));
});

describe('scenarios that cannot be', () => {
  it.each([
    ['nan', '{"op":"munmap","page":NaN,"pages":1}', '2:40: NaN is no JSON value'],
    ['huge', '{"op":"munmap","page":1152921504606846976,"pages":1}', '2:40: "page" of munmap must be a page number'],
    ['negative', '{"op":"munmap","page":-1,"pages":1}', '2:40: "page" of munmap must be a page number'],
    ['outside', '{"op":"munmap","page":64,"pages":1}', '2:40: "page" of munmap must be a page of the arena'],
    ['unknown', '{"op":"mapp"}', '2:24: unknown operation "mapp"'],
    ['halved', '{"op":"munmap","page":', '2:40: '],
  ])('%s', (name, op, message) =>
    expectRefused(['run', file(`${name}.jsonl`, scenario(op)), '--json'], `${name}.jsonl:${message}`),
  );

  it('overlapping windows', () =>
    expectRefused(
      ['run', file('windows.jsonl', '{"id":"a","windows":[["x",0,8],["y",4,8]],"ops":[]}\n')],
      'windows.jsonl:1:32: window "y" overlaps window "x"',
    ));
  it('a line that is no operation, and how it is written', () =>
    expectRefused(
      ['run', file('lines.txt', 'mmap 4+8 rw\nfork; mprotect 6+2\nguard 70\n')],
      'lines.txt:2:16: mprotect needs "prot"; it is written "mprotect 6+2 r" (and 1 more that cannot be read)',
    ));
  it('only comments', () => expectRefused(['run', file('none.txt', '# nothing\n')], 'none.txt:1:1: no scenario'));
  it('an empty file', () => expectRefused(['run', file('empty.jsonl', '')], 'empty.jsonl:1:1: no scenario'));
});

describe('recordings that cannot be', () => {
  it('scenarios instead', () =>
    expectRefused(
      ['verify', file('input.jsonl', '{"id":"a","ops":[]}\n')],
      'input.jsonl:1:1: this is a file of scenarios',
    ));
  it('cut off between lines', () => {
    const header = '{"kind":"header","format":1,"kernel":"6.19","softDirty":true,"faultAroundPages":1,"scenarios":5}\n';
    return expectRefused(
      ['verify', file('short.jsonl', header)],
      'short.jsonl:1:1: the recording is cut off: its header says 5 scenarios, and there are 0',
    );
  });
  it('of an unknown kernel', () => {
    const header = '{"kind":"header","format":1,"kernel":"mine","softDirty":true,"faultAroundPages":1}\n';
    return expectRefused(['verify', file('mine.jsonl', header)], 'mine.jsonl:1:1: unknown kernel profile "mine"');
  });
  it('a folder without any', () =>
    expectRefused(['verify', recording('strace')], 'strace:1:1: no recording in this folder'));
  it('a program without its log', async () => {
    const path = file('meta.json', '{"kernel":"6.19"}');
    await expectRefused(['verify', join(path, '..')], 'no such file');
  });
});

describe('a command line that cannot be', () => {
  it('an unknown profile', () =>
    expectRefused(
      ['run', 'x', '--kernel', 'foo'],
      '--kernel: unknown kernel profile "foo": give one of 5.10, 6.1, 6.12',
    ));
  it('three kernels', () =>
    expectRefused(['replay', 'x', '--kernel', '6.12,6.16,7.3'], '--kernel takes one kernel, or two'));
  it('a window that is no power of two', () =>
    expectRefused(['run', 'x', '--fault-around', '3'], '--fault-around is a power of two, not 3'));
  it('a limit that is no number', () =>
    expectRefused(['replay', 'x', '--max-map-count', 'many'], '--max-map-count is a whole number'));
  it('an unknown command', async () => {
    const { status, err } = await cli(['frob']);
    expect(status).toBe(2);
    expect(err).toContain("unknown command 'frob'");
  });
  it('an unknown mode', async () => {
    const { status, err } = await cli(['replay', 'x', '--faults', 'maybe']);
    expect(status).toBe(2);
    expect(err).toContain('never, on-map, auto');
  });
  it('a missing argument', async () => {
    const { status, err } = await cli(['run']);
    expect(status).toBe(2);
    expect(err).toContain('missing required argument');
  });
});

describe('help', () => {
  it.each([[], ...COMMANDS.map(({ name }) => [name])])(
    '%s --help shows examples, and is no error',
    async (...command) => {
      const { status, out, err } = await cli([...command, '--help']);
      expect(status).toBe(0);
      expect(out).toContain('Examples:');
      expect(err).toBe('');
    },
  );

  it.each(COMMANDS)('$name --help says what it prints, and its first example is of the command', async (row) => {
    const { out } = await cli([row.name, '--help']);
    expect(out.replace(/\s+/g, ' ')).toContain(row.prints);
    expect(row.examples.split('\n')[0]).toContain(`vma-lab ${row.name}`);
  });

  it('the help of all lists every command', async () => {
    const { out } = await cli(['--help']);
    for (const { name } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it('--version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await cli(['--version'])).toMatchObject({ status: 0, out: `${version}\n` });
  });
});
