import type { Cut } from './cutLog.ts';
import type { RecordingFolder } from './folder.ts';
import { newsOf } from './logLine.ts';
import type { LogTail } from './logTail.ts';
import { ProcessList } from './processList.ts';
import { isStopped, processOf, signal, smapsOf, threadsOf } from './procFiles.ts';

/** Polls in a row that find all threads stopped and the log at rest, before they count as standing still. */
const STILL_POLLS = 3;

/** A process that ends, and whose other threads are being stopped. */
interface Ending {
  readonly since: number;
  logSize: number;
  polls: number;
}

/** How the first process ended. */
export interface ProgramEnd {
  readonly status?: number;
  readonly signal?: string;
}

/**
 * Follows a log while strace writes it, and reads the maps of its processes: after each execve, where strace has them stopped by a signal,
 * and as they enter `exit_group`, where strace holds them for a while. Strace itself is stopped while a map is read, and so
 * is what it holds; other threads of a process that ends are stopped by a signal.
 */
export class MapWatcher {
  readonly processes: ProcessList = new ProcessList();
  readonly cuts: Cut[] = [];
  /** Pid of the first process; 0: not known yet. */
  root: number;
  /** Bytes of the log before the program itself begins. */
  begin = 0;
  /** How the first process ended; `null`: it runs. */
  end: ProgramEnd | null = null;
  readonly #folder: RecordingFolder;
  readonly #tail: LogTail;
  readonly #tracer: () => number;
  readonly #holdMs: number;
  readonly #ending = new Map<number, Ending>();
  /** The first process's execve that begins the program is still to come: that before it is a shell's. */
  #isBefore: boolean;

  /**
   * @param tracer the pid of strace
   * @param holdMs how long strace holds what enters `exit_group`
   * @param attached the process that ran already; `null`: the log begins with a shell that becomes the program
   */
  constructor(folder: RecordingFolder, tail: LogTail, tracer: () => number, holdMs: number, attached: number | null) {
    this.#folder = folder;
    this.#tail = tail;
    this.#tracer = tracer;
    this.#holdMs = holdMs;
    this.root = attached ?? 0;
    this.#isBefore = attached === null;
  }

  /** Looks at what the log says by now. Gives the number of lines. */
  poll(): number {
    let lines = 0;
    for (const { line, at } of this.#tail.read()) {
      this.#see(line, at);
      lines++;
    }
    this.#see(this.#tail.partial, this.#tail.lineEnd);
    for (const [pid, ending] of this.#ending) this.#stopOthers(pid, ending);
    return lines;
  }

  /** Reads the map of a process that runs, and stands still, as its last one. */
  readFinal(pid: number): void {
    if (this.processes.of(pid).final === undefined) this.#readFinal(pid);
  }

  #see(line: string, at: number): void {
    const news = newsOf(line);
    if (news === null) return;
    const { pid } = news;
    if (this.root === 0) {
      this.root = pid;
      this.processes.of(pid);
    }
    switch (news.kind) {
      case 'exec':
        this.#execed(pid, news.failed, at);
        return;
      case 'cloning':
        this.processes.clonesThread(pid);
        return;
      case 'child':
        this.processes.born(news.child, pid, processOf(pid) || pid, news.begun);
        return;
      case 'ending':
        this.#ends(processOf(pid));
        return;
      case 'ended':
        this.processes.over(pid, news.signal);
        this.#ending.delete(pid);
        if (pid === this.root) this.end = news;
        return;
      default:
        news satisfies never;
    }
  }

  #execed(pid: number, failed: boolean, at: number): void {
    if (this.#isBefore) {
      // The shell's own comes first; that one is not stopped by a signal.
      if (at === 0) return;
      if (!failed) {
        this.begin = at;
        this.#isBefore = false;
      }
    }
    if (!failed) {
      const { initial } = this.processes.of(pid);
      const number = initial.length === 0 ? '' : `-${initial.length + 1}`;
      const smaps = smapsOf(pid);
      const name = `initial${this.#infix(pid)}${number}.smaps`;
      if (smaps !== '') initial.push(this.#folder.write(name, smaps));
      else this.processes.of(pid).note = 'a map after its execve is not known: not compared';
    }
    // It waits for this one signal, whether it has stopped already or is about to.
    signal(pid, 'SIGCONT');
  }

  #ends(pid: number): void {
    if (pid === 0 || this.#ending.has(pid) || this.processes.of(pid).final !== undefined) return;
    if (threadsOf(pid).length > 1) {
      signal(pid, 'SIGSTOP');
      this.#ending.set(pid, { since: Date.now(), logSize: this.#tail.size, polls: 0 });
    } else this.#readFinal(pid);
  }

  #stopOthers(pid: number, ending: Ending): void {
    const isStill = ending.logSize === this.#tail.size && isStopped(pid);
    ending.logSize = this.#tail.size;
    ending.polls = isStill ? ending.polls + 1 : 0;
    const isLate = Date.now() - ending.since > this.#holdMs * 0.8;
    if (ending.polls < STILL_POLLS && !isLate) return;
    this.#ending.delete(pid);
    this.#readFinal(pid, !isLate);
    signal(pid, 'SIGCONT');
  }

  #readFinal(pid: number, stoodStill = true): void {
    const known = this.processes.of(pid);
    const tracer = this.#tracer();
    signal(tracer, 'SIGSTOP');
    const smaps = stoodStill ? smapsOf(pid) : '';
    if (smaps !== '') {
      known.final = this.#folder.write(`final${this.#infix(pid)}.smaps`, smaps);
      const tids = threadsOf(pid);
      if (tids.length > 1) this.cuts.push({ at: this.#tail.size, tids: new Set(tids) });
    } else known.note ??= 'its threads did not stand still in time: no map at the end';
    signal(tracer, 'SIGCONT');
  }

  #infix(pid: number): string {
    return pid === this.root ? '' : `.${pid}`;
  }
}
