import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../../scripts/tempFolder.mjs';
import { caseFile } from './cases/rightCase.ts';
import { file } from './cli.ts';

// The command line as a process: what becomes of its status where its output is closed, or full, and of its inputs that are no files.

const folder = tempFolder('vma-lab-streams-');
const bin = join(folder, 'dist/bin.js');

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  cpSync(new URL('../package.json', import.meta.url), join(folder, 'package.json'));
  await build({
    entryPoints: [new URL('../src/bin.ts', import.meta.url).pathname],
    outfile: bin,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['my-source'],
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'silent',
  });
});

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a line of bash in which `$LAB` is the command line; `begun` may do something to it while it runs. */
async function bash(line: string, begun: (child: ReturnType<typeof spawn>) => void = () => {}): Promise<Ended> {
  const child = spawn('bash', ['-c', line], {
    cwd: folder,
    env: { ...process.env, LAB: `${process.execPath} ${bin}`, NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  begun(child);
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { status, signal, out, err };
}

/** More than a pipe holds. */
const LONG = Array.from({ length: 1500 }, (_, at) => {
  const start = 0x7f0000000000 + at * 0x2000;
  return `${start.toString(16)}-${(start + 0x1000).toString(16)} ${at % 2 === 0 ? 'rw-p' : 'r--p'} 00000000 00:00 0 [anon:${at}]\n`;
}).join('');

const LOG = '1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000\n';
const WRONG = 'mmap 4+2 rw\nvmas 7\n';

describe('standard output', () => {
  it.each(['report', '--help', 'fmt', 'litmus'])('%s > /dev/full: one line, status 2', async (command) => {
    const input = { report: 'long.maps', fmt: 'wrong.litmus', litmus: 'wrong.litmus' }[command];
    const path = input === undefined ? '' : file(input, input.endsWith('maps') ? LONG : WRONG);
    const { status, err } = await bash(`$LAB ${command} ${path} > /dev/full`);
    expect(err).toMatch(/^vma-lab: standard output cannot be written: ENOSPC.*\n$/);
    expect(status).toBe(2);
  });

  it('| head: nothing is said, and the status is that of the answer', async () => {
    const path = file('long.maps', LONG);
    expect(await bash(`set -o pipefail; $LAB smaps --all ${path} | head -1`)).toMatchObject({ status: 0, err: '' });
    expect(await bash(`$LAB smaps --all --json ${path} | true; exit \${PIPESTATUS[0]}`)).toMatchObject({
      status: 0,
      err: '',
    });
  });

  it('closed: what differs, or cannot be read, is no success', async () => {
    const wrong = file('wrong.litmus', WRONG);
    const closed = (args: string): Promise<Ended> => bash(`(sleep 0.1; $LAB ${args}) | true; exit \${PIPESTATUS[0]}`);
    expect(await closed(`litmus ${wrong}`)).toMatchObject({ status: 1, err: '' });
    expect(await closed(`fmt --check ${file('loose.litmus', 'mmap   4+2 rw\n')}`)).toMatchObject({
      status: 1,
      err: '',
    });
    expect(await closed('smaps nowhere')).toMatchObject({ status: 2, err: expect.stringContaining('no such file') });
  });

  it('standard error that is full changes no status', async () => {
    expect(await bash('$LAB smaps nowhere 2> /dev/full')).toMatchObject({ status: 2, out: '' });
  });
});

describe('inputs that are no files', () => {
  it('a FIFO is read as the file is', async () => {
    const path = file('fifo.strace', LOG);
    const asFile = await bash(`$LAB fork ${path} --json`);
    const asFifo = await bash(`mkfifo f && (timeout 60 cat ${path} > f &) && $LAB fork f --json`);
    expect(JSON.parse(asFifo.out)).toMatchObject({ kind: 'fork' });
    expect(asFifo.out.replace('"file":"f"', '')).toBe(asFile.out.replace(`"file":"${path}"`, ''));
    expect([asFifo.status, asFile.status]).toEqual([0, 0]);
  });

  it.each(['report', 'smaps', 'diff /dev/zero', 'decide --kernel 6.19,'])(
    '%s /dev/zero: one line, status 2',
    async (command) => {
      const { status, out, err } = await bash(`$LAB ${command}${command.endsWith(',') ? '' : ' '}/dev/zero`);
      expect(err).toMatch(/^vma-lab: .*\/dev\/zero.*\n$/);
      expect([status, out]).toEqual([2, '']);
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s while an input is waited for ends it, and nothing is printed',
    async (signal) => {
      const ended = await bash(`exec $LAB replay -`, (child) => {
        // It is at work once it has read a log that is longer than a pipe.
        child.stdin?.write(LOG.repeat(5000), () => child.kill(signal));
      });
      expect(ended).toEqual({ status: null, signal, out: '', err: '' });
    },
  );

  it('a reader of profiles stops where a profile cannot be longer', async () => {
    const path = file('long.json', `{"name":"x","from":"6.19"${' '.repeat(70_000)}}`);
    const { status, err } = await bash(`$LAB check --profile ${path} --pages 1 --depth 1`);
    expect([status, err]).toEqual([2, `vma-lab: ${path}:1:1: more than 65536 bytes: no profile\n`]);
  });

  it('hostile/win.jsonl and a UTF-16 file: the right status as a process too', async () => {
    expect(await bash(`$LAB run ${caseFile('hostile/win.jsonl')}`)).toMatchObject({ status: 2, out: '' });
    const path = file('wide.litmus', Buffer.from('\ufeffmmap 4+2 rw\nvmas 1\n', 'utf16le'));
    expect(await bash(`$LAB litmus ${path} --kernel 6.19`)).toMatchObject({ status: 0, err: '' });
  });
});
