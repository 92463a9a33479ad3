import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createWriteStream, rmSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { RecordingFolder } from './folder.ts';

const EVENTS = 'exceptions:page_fault_user,exceptions:page_fault_kernel';
const DATA = 'perf.data';
/** The file of faults in a recording. */
const FAULTS = 'faults.perf.gz';
/** Times are the log's, which has those of the day. */
const CLOCK = ['-k', 'CLOCK_MONOTONIC'];

/** Version of perf; a text behind `why`: why it cannot record page faults here. */
export function findPerf(): { readonly version: string } | { readonly why: string } {
  const version = spawnSync('perf', ['--version'], { encoding: 'utf8' });
  if (version.error !== undefined) return { why: 'perf is not installed' };
  const tried = spawnSync('perf', ['record', '-q', '-o', '/dev/null', '-e', EVENTS, ...CLOCK, '--', '/bin/true'], {
    encoding: 'utf8',
  });
  if (tried.status === 0) return { version: /version (\S+)/.exec(version.stdout)?.[1] ?? '?' };
  const isRefused = /permission|not permitted|paranoid|access/i.test(tried.stderr);
  return {
    why: isRefused
      ? 'perf may not trace (kernel.perf_event_paranoid, or run as root)'
      : 'perf has not these events here',
  };
}

/** Records the page faults of a process, and of all that it starts, with perf. */
export class FaultRecorder {
  readonly #folder: RecordingFolder;
  readonly #perf: ChildProcess;
  readonly #ended: Promise<void>;
  #problem = '';

  constructor(folder: RecordingFolder, pid: number) {
    this.#folder = folder;
    const options = ['-q', '-e', EVENTS, ...CLOCK, '-m', '2048', '-D', '-1', '--control', 'fd:3,4'];
    // In a session of its own: a terminal's Ctrl-C is for the program.
    this.#perf = spawn('perf', ['record', ...options, '-o', folder.file(DATA), '-p', String(pid)], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.#perf.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#problem += text;
    });
    this.#ended = new Promise((resolve) => {
      this.#perf.once('exit', () => resolve());
      this.#perf.once('error', () => resolve());
    });
    this.#perf.stdio[3]?.on('error', () => {});
  }

  /** Resolves when faults are recorded; false: perf has ended instead. */
  async begin(): Promise<boolean> {
    const [, , , control, answers] = this.#perf.stdio as unknown as [null, null, Readable, Writable, Readable];
    control.write('enable\n');
    const answered = new Promise<boolean>((resolve) => answers.once('data', () => resolve(true)));
    return Promise.race([answered, this.#ended.then(() => false)]);
  }

  /** Ends the recording, and writes the faults; `null`: there are none. */
  async finish(): Promise<{ readonly file: string; readonly lost: number } | null> {
    this.#perf.kill('SIGINT');
    await this.#ended;
    const data = this.#folder.file(DATA);
    const script = spawn('perf', ['script', '-i', data, '-F', 'trace:tid,tod,event,trace'], {
      env: { ...process.env, TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    script.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const status = new Promise<number | null>((resolve) => {
      script.once('close', resolve);
      script.once('error', () => resolve(null));
    });
    await pipeline(script.stdout, createGzip(), createWriteStream(this.#folder.file(FAULTS)));
    const isRead = (await status) === 0;
    const lost = Number(/lost (\d+) /i.exec(`${this.#problem}${said}`)?.[1] ?? 0);
    rmSync(data, { force: true });
    if (isRead) return { file: FAULTS, lost };
    rmSync(this.#folder.file(FAULTS), { force: true });
    return null;
  }
}
