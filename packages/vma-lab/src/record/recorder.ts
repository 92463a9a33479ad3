import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { constants, release } from 'node:os';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../cli/usageError.ts';
import { cutLog } from './cutLog.ts';
import { FaultRecorder } from './faultRecorder.ts';
import { LOG, PLAIN_BYTES, type RecordingFolder } from './folder.ts';
import { LogTail } from './logTail.ts';
import { MapWatcher, type ProgramEnd } from './mapWatcher.ts';
import { isStopped, isTracedBy, procText, signal, smapsOf, waitsInKernel } from './procFiles.ts';
import type { RecordingMeta } from './recordingMeta.ts';
import { exitHoldMs, explain, straceOptions } from './traceTools.ts';

const POLL_MS = 2;
/** Polls in a row that find all stopped and the log at rest, before processes count as standing still. */
const STILL_POLLS = 5;
/** How long a process may take to stand still, and strace to take hold of it or to let go; ms. */
const PATIENCE_MS = 5000;
const RAW_LOG = `${LOG}.raw`;

/** What is recorded. */
export type Recorded =
  | { readonly kind: 'command'; readonly command: readonly string[] }
  /** `seconds`: for how long; `null`: until it ends, or a signal comes. */
  | { readonly kind: 'process'; readonly pid: number; readonly seconds: number | null };

/** What records. */
export interface Tools {
  /** Version of strace. */
  readonly strace: string;
  /** Version of perf; `null`: page faults are not recorded. */
  readonly perf: string | null;
  /** Who makes the recording, for `meta.json`. */
  readonly recorder: string;
}

/** A recording that is done. */
export interface Recording {
  readonly meta: RecordingMeta;
  readonly end: ProgramEnd | null;
}

/** Waits for a line, so that faults are recorded from the first one on, and becomes strace. */
const GATE = 'read -r go <&3 && exec 3<&- && exec "$0" "$@"';

/** Signals that end a program, and that a terminal sends to all of its programs by itself. */
const OF_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

/**
 * Records a program and all that it starts, or a process that runs, into a folder: its strace log, and its maps at the beginning and at
 * the end. The program has standard input and output to itself.
 *
 * @param say told of what a user should know meanwhile, in sentences
 * @throws UsageError where strace cannot begin
 */
export async function record(
  what: Recorded,
  folder: RecordingFolder,
  tools: Tools,
  say: (text: string) => void,
): Promise<Recording> {
  const session = new Session(what, folder, tools, say);
  try {
    return await (what.kind === 'command' ? session.runCommand(what.command) : session.attach(what.pid, what.seconds));
  } catch (error) {
    if (error instanceof UsageError) folder.discard();
    throw error;
  }
}

class Session {
  readonly #folder: RecordingFolder;
  readonly #say: (text: string) => void;
  readonly #head: RecordingMeta;
  readonly #log: string;
  readonly #tail: LogTail;
  readonly #watcher: MapWatcher;
  readonly #tools: Tools;
  readonly #holdMs = exitHoldMs();
  #strace: ChildProcess | null = null;
  #faults: FaultRecorder | null = null;
  #isOver = false;
  #saved = 0;
  /** Signals that came and ask for the end. */
  #asked = 0;

  constructor(what: Recorded, folder: RecordingFolder, tools: Tools, say: (text: string) => void) {
    this.#tools = tools;
    this.#folder = folder;
    this.#say = say;
    this.#log = folder.file(RAW_LOG);
    closeSync(openSync(this.#log, 'w'));
    this.#tail = new LogTail(this.#log);
    const attached = what.kind === 'process' ? what.pid : null;
    this.#watcher = new MapWatcher(folder, this.#tail, () => this.#strace?.pid ?? 0, this.#holdMs, attached);
    this.#head = {
      kernel: release().replace(/-.*/, ''),
      strace: tools.strace,
      recorder: tools.recorder,
      max_map_count: Number(procText('sys/vm/max_map_count')),
      command: what.kind === 'command' ? [...what.command] : procText(`${what.pid}/cmdline`).split('\0').slice(0, -1),
      ...(attached === null ? {} : { attached: true }),
    };
  }

  async runCommand(command: readonly string[]): Promise<Recording> {
    // A first execve is not stopped by strace, so a shell makes it.
    const args = [
      'strace',
      ...straceOptions(this.#log, this.#holdMs),
      '--',
      '/bin/sh',
      '-c',
      'exec "$0" "$@"',
      ...command,
    ];
    const child = spawn('/bin/sh', ['-c', GATE, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'pipe'] });
    this.#start(child);
    await this.#recordFaults(child.pid ?? 0);
    (child.stdio[3] as Writable).end('go\n');
    const release = this.#onSignals((name) => this.#forward(name));
    let isTold = false;
    while (!this.#isOver) {
      await this.#step();
      const { end, processes } = this.#watcher;
      if (end === null || isTold || this.#isOver) continue;
      isTold = true;
      await sleep(1000);
      const { living } = processes;
      if (!this.#isOver && living.length > 0) {
        this.#say(`${command[0]} has ended, but its children run on (pid ${living.join(', ')}): Ctrl-C ends it`);
      }
    }
    release();
    return this.#finish(this.#watcher.begin);
  }

  async attach(pid: number, seconds: number | null): Promise<Recording> {
    const until = seconds === null ? Number.POSITIVE_INFINITY : Date.now() + seconds * 1000;
    const release = this.#onSignals(() => {
      this.#asked++;
    });
    try {
      await this.#whileStopped([pid], async (isStill) => {
        if (!isStill) throw new UsageError(notStill(pid));
        const known = this.#watcher.processes.of(pid);
        known.initial.push(this.#folder.write('initial.smaps', smapsOf(pid)));
        const options = [...straceOptions(this.#log, this.#holdMs), '-p', String(pid)];
        // In a session of its own: a terminal's Ctrl-C is for us.
        const strace = spawn('strace', options, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
        let problem = '';
        strace.stderr?.setEncoding('utf8').on('data', (text: string) => {
          problem += text;
        });
        this.#start(strace);
        await this.#until(() => isTracedBy(pid, strace.pid ?? 0));
        if (this.#isOver) throw new UsageError(`strace cannot trace process ${pid}: ${explain(problem)}`);
        if (!isTracedBy(pid, strace.pid ?? 0)) {
          signal(strace.pid ?? 0, 'SIGKILL');
          throw new UsageError(
            `strace has not taken hold of process ${pid} in ${PATIENCE_MS / 1000} s: nothing was recorded`,
          );
        }
        await this.#recordFaults(pid);
      });
      this.#say(`recording process ${pid}; ${seconds === null ? 'Ctrl-C ends the recording' : `for ${seconds} s`}`);
      while (!this.#isOver && this.#asked === 0 && Date.now() < until) await this.#step();
      if (!this.#isOver) {
        const { living } = this.#watcher.processes;
        await this.#whileStopped(living, async () => {
          for (const one of living) this.#watcher.readFinal(one);
          await this.#endStrace();
        });
      }
    } finally {
      release();
    }
    return this.#finish(0);
  }

  /** Ends strace: it lets go of what it traces, or is killed where a thread does not let it. */
  async #endStrace(): Promise<void> {
    signal(this.#strace?.pid ?? 0, 'SIGINT');
    await this.#until(() => false);
    if (this.#isOver) return;
    this.#say(
      'strace did not let go of a thread that waits in the kernel, and was ended: the last calls may be missing',
    );
    signal(this.#strace?.pid ?? 0, 'SIGKILL');
    while (!this.#isOver) await sleep(POLL_MS);
  }

  /** Waits until something is so, strace is over, or a few seconds have passed. */
  async #until(isSo: () => boolean): Promise<void> {
    const since = Date.now();
    while (!this.#isOver && !isSo() && Date.now() - since < PATIENCE_MS) await sleep(POLL_MS);
  }

  async #recordFaults(pid: number): Promise<void> {
    if (this.#tools.perf === null) return;
    const faults = new FaultRecorder(this.#folder, pid);
    if (await faults.begin()) this.#faults = faults;
    else this.#say('perf has ended at once, so page faults are not recorded');
  }

  /** Does something while processes stand still, and the log is read to its end; it is told whether they really do. */
  async #whileStopped(pids: readonly number[], act: (isStill: boolean) => Promise<void>): Promise<void> {
    try {
      for (const pid of pids) signal(pid, 'SIGSTOP');
      const since = Date.now();
      let still = 0;
      while (still < STILL_POLLS && Date.now() - since < PATIENCE_MS) {
        await sleep(POLL_MS);
        const isStill = this.#watcher.poll() === 0 && pids.every(isStopped);
        still = isStill ? still + 1 : 0;
      }
      await act(still === STILL_POLLS);
    } finally {
      for (const pid of pids) signal(pid, 'SIGCONT');
    }
  }

  #start(strace: ChildProcess): void {
    this.#strace = strace;
    const over = (): void => {
      this.#isOver = true;
    };
    strace.once('exit', over);
    strace.once('error', over);
    this.#folder.writeMeta({ ...this.#head, processes: [] });
  }

  async #step(): Promise<void> {
    this.#watcher.poll();
    if (Date.now() - this.#saved > 1000) {
      this.#saved = Date.now();
      this.#folder.writeMeta({ ...this.#head, processes: this.#watcher.processes.list() });
    }
    await sleep(POLL_MS);
  }

  /** Handles signals until the function that it gives is called. */
  #onSignals(act: (name: NodeJS.Signals) => void): () => void {
    const all = [...OF_TERMINAL, ...FORWARDED];
    for (const name of all) process.on(name, act);
    return () => {
      for (const name of all) process.off(name, act);
    };
  }

  /** To the program while it runs; then what it started is ended. */
  #forward(name: NodeJS.Signals): void {
    const { end, root, processes } = this.#watcher;
    if (end === null) {
      const hasIt = OF_TERMINAL.includes(name) && process.stdin.isTTY === true;
      if (!hasIt && root !== 0) signal(root, name);
      return;
    }
    this.#asked++;
    for (const pid of processes.living) signal(pid, this.#asked === 1 ? 'SIGTERM' : 'SIGKILL');
  }

  async #finish(begin: number): Promise<Recording> {
    this.#watcher.poll();
    this.#tail.close();
    const { cuts, processes, end } = this.#watcher;
    const isLarge = statSync(this.#log).size > PLAIN_BYTES;
    if (existsSync(this.#log)) await cutLog(this.#log, this.#folder.file(isLarge ? `${LOG}.gz` : LOG), begin, cuts);
    const exit =
      end === null ? {} : { exit: { ...(end.signal === undefined ? { status: end.status } : { signal: end.signal }) } };
    const faults = (await this.#faults?.finish()) ?? null;
    if (faults !== null && faults.lost > 0) this.#say(`perf lost ${faults.lost} page faults: the replay may differ`);
    const recorded =
      faults === null ? { assumption: 'auto' as const } : { perf: this.#tools.perf ?? '', faults: faults.file };
    const meta: RecordingMeta = { ...this.#head, ...recorded, ...exit, processes: processes.list() };
    this.#folder.writeMeta(meta);
    return { meta, end };
  }
}

/** Why a process cannot be attached to: it does not stop. */
function notStill(pid: number): string {
  const waits = waitsInKernel(pid);
  const what =
    waits === null
      ? 'does not stand still'
      : `does not stop: its thread ${waits.tid} waits in the kernel (state D${waits.where === '' ? '' : `, ${waits.where}`}), as after vfork until the child execs or ends, or for a disk`;
  return `process ${pid} ${what}. Nothing was recorded: try again when it runs, record its child, or record the command from its beginning (vma-lab record -- COMMAND)`;
}

/** The exit status of a program, as a shell gives it. */
export function exitStatusOf({ status, signal: name }: ProgramEnd): number {
  if (name === undefined) return status ?? 0;
  return 128 + (constants.signals[name as NodeJS.Signals] ?? 0);
}
