import { InputError } from '../inputError.ts';

/** One of the files that `strace -ff -o NAME` writes: the lines of one thread. */
export interface ThreadLog {
  /** Name of the file; it ends in the pid, before what tells the kind of file: `trace.7`, `trace.7.strace`, `trace.7.gz`. */
  readonly name: string;
  readonly text: string;
}

/** Several files as one log, each line with its pid in front. */
export interface MergedLog {
  readonly text: string;
  /** The files have times of day, so the order of their lines is known; else only as far as clone, wait and exit show it. */
  readonly hasTimes: boolean;
  /** What is to be said of the log, in sentences. */
  readonly notes: readonly string[];
}

/** Said of files whose lines have no times. */
const ORDER_OPEN =
  'The files have no time stamps: in which order threads did things is open, but for what clone, vfork and wait show. strace -ttt has them.';

/** A file as it is put together with others. */
interface Thread {
  readonly pid: number;
  readonly lines: readonly string[];
  readonly times: readonly number[];
  next: number;
  /** When its last line was taken: what has waited longest goes on. */
  turn: number;
  /** The child that a `vfork` waits for, until that execs or ends. */
  vforked: Thread | null;
}

const SECONDS_A_DAY = 86_400;

/** The pid in the name of a file of `strace -ff`; `null`: it has none. */
export function pidOfName(name: string): number | null {
  const parts = (name.split(/[/\\]/).at(-1) ?? '').split('.').slice(1);
  const pid = parts.findLast((part) => /^\d{1,7}$/.test(part));
  return pid === undefined ? null : Number(pid);
}

/**
 * Puts the files of `strace -ff` together into one log, as `strace -f` would have written it.
 *
 * Lines go by their times (`-t`, `-tt`, `-ttt`). Where they have none, or the same, threads take turns; and always a clone comes before
 * its child, what a `wait4` or the join of a thread waits for comes before it, and a `vfork` waits for its child's `execve`.
 *
 * @throws InputError for a file whose name has no pid
 */
export function mergeLogs(files: readonly ThreadLog[]): MergedLog {
  const threads = new Map<number, Thread>();
  for (const { name, text } of files) {
    const pid = pidOfName(name);
    if (pid === null) {
      const message =
        'several logs are taken together as files of strace -ff, whose names end in a pid; this one does not';
      throw new InputError(message, { file: name });
    }
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    threads.set(pid, { pid, lines, times: timesOf(lines), next: 0, turn: 0, vforked: null });
  }
  const all = [...threads.values()];
  const hasTimes = all.every(({ times }) => times.length > 0);
  const notes = [
    `Line numbers count the lines of ${files.length} files put together.`,
    ...(hasTimes ? [] : [ORDER_OPEN]),
  ];
  return { text: linesOf(threads, hasTimes).join(''), hasTimes, notes };
}

function linesOf(threads: ReadonlyMap<number, Thread>, hasTimes: boolean): string[] {
  const merged: string[] = [];
  const born = new Set([...threads.values()].flatMap(({ lines }) => lines.map(childOf)));
  const running = [...threads.values()].filter(({ pid }) => !born.has(pid));
  for (let turn = 1; ; turn++) {
    const ready = running.filter((thread) => thread.next < thread.lines.length);
    const thread =
      firstOf(
        ready.filter((one) => !isBlocked(one, threads)),
        hasTimes,
      ) ?? firstOf(ready, hasTimes);
    if (thread === null) {
      // A child whose parent's line could not be read.
      const late = [...threads.values()].find((one) => one.next < one.lines.length);
      if (late === undefined) return merged;
      running.push(late);
      continue;
    }
    const line = thread.lines[thread.next++] as string;
    merged.push(`${thread.pid} ${line.trimStart()}\n`);
    thread.turn = turn;
    const child = threads.get(childOf(line) ?? -1);
    if (child === undefined || running.includes(child)) continue;
    running.push(child);
    if (bodyOf(line).startsWith('vfork(')) thread.vforked = child;
  }
}

/** Of threads that may go on, the one with the earliest line; of those alike, the one that has waited longest. */
function firstOf(threads: readonly Thread[], hasTimes: boolean): Thread | null {
  let first: Thread | null = null;
  for (const thread of threads) {
    const earlier = first === null || !hasTimes ? 0 : timeOf(thread) - timeOf(first);
    if (first === null || earlier < 0 || (earlier === 0 && thread.turn < first.turn)) first = thread;
  }
  return first;
}

function timeOf({ times, next }: Thread): number {
  return times[next] as number;
}

/** Does the next line of a thread wait for what another has yet to do? */
function isBlocked(thread: Thread, threads: ReadonlyMap<number, Thread>): boolean {
  const { vforked } = thread;
  if (vforked !== null) {
    const last = vforked.lines[vforked.next - 1];
    const isDone =
      vforked.next >= vforked.lines.length || (last !== undefined && /^execve(at)?\(.*= 0$/.test(bodyOf(last)));
    if (!isDone) return true;
    thread.vforked = null;
  }
  const awaited = awaitedBy(thread.lines[thread.next] as string);
  const other = awaited === null ? undefined : threads.get(awaited);
  return other !== undefined && other !== thread && other.next < other.lines.length;
}

/** The pid that a line shows to be a child; `null`: none. */
function childOf(line: string): number | null {
  const body = bodyOf(line);
  return /^(?:clone3?|v?fork)\(/.test(body) ? resultOf(body) : null;
}

/** The pid whose end a line has waited for: `wait4` answers it, and who joins a thread waits for its number to go. */
function awaitedBy(line: string): number | null {
  const body = bodyOf(line);
  if (/^(?:wait4|waitpid)\(/.test(body)) return resultOf(body);
  const joined = /^waitid\(P_PID, (\d+),/.exec(body) ?? /^futex\(0x[0-9a-f]+, FUTEX_WAIT[A-Z_|]*, (\d+),/.exec(body);
  return joined === null || resultOf(body) !== 0 ? null : Number(joined[1]);
}

/** What a call returned; `null`: no plain number, or an error. */
function resultOf(body: string): number | null {
  const result = /\) {1,48}= (\d{1,10})$/.exec(body.slice(-64));
  return result === null ? null : Number(result[1]);
}

/** A line without its time. */
function bodyOf(line: string): string {
  return line.replace(/^\s*[\d:.]+ +/, '').trimEnd();
}

/** Seconds of each line, never less than before; empty where a line has no time of day. */
function timesOf(lines: readonly string[]): number[] {
  const times: number[] = [];
  let day = 0;
  for (const line of lines) {
    const clock = /^(\d\d):(\d\d):(\d\d(?:\.\d+)?) /.exec(line);
    const epoch = /^(\d{9,11}\.\d+) /.exec(line);
    if (clock === null && epoch === null) return [];
    const seconds =
      clock === null ? Number(epoch?.[1]) : Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
    const last = times.at(-1) ?? 0;
    // Past midnight.
    if (clock !== null && seconds + day < last - SECONDS_A_DAY / 2) day += SECONDS_A_DAY;
    times.push(Math.max(last, seconds + day));
  }
  return times;
}
