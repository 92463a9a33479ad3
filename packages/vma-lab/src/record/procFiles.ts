import { readdirSync, readFileSync } from 'node:fs';

/** A file below /proc as text; empty where it is gone, or may not be read. */
export function procText(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

/** Threads of a process, those that ended left out; empty: it is gone. */
export function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map(Number)
      .filter((tid) => !/^[ZX]/.test(stateOf(pid, tid)));
  } catch {
    return [];
  }
}

/** Whether every thread of a process is stopped, by a signal or by its tracer. */
export function isStopped(pid: number): boolean {
  const tids = threadsOf(pid);
  return tids.length > 0 && tids.every((tid) => /^[tT]/.test(stateOf(pid, tid)));
}

/** A thread that waits in the kernel where no signal but SIGKILL reaches it, and in which function; `null`: none does. */
export function waitsInKernel(pid: number): { readonly tid: number; readonly where: string } | null {
  const tid = threadsOf(pid).find((one) => stateOf(pid, one).startsWith('D'));
  return tid === undefined ? null : { tid, where: procText(`${pid}/task/${tid}/wchan`).replace(/^0$/, '').trim() };
}

/** The process that a thread is of; 0: there is none. */
export function processOf(tid: number): number {
  return Number(/^Tgid:\t(\d+)$/m.exec(procText(`${tid}/status`))?.[1] ?? 0);
}

/** Whether every thread of a process is traced by `tracer`. */
export function isTracedBy(pid: number, tracer: number): boolean {
  return threadsOf(pid).every((tid) => procText(`${pid}/task/${tid}/status`).includes(`\nTracerPid:\t${tracer}\n`));
}

/** What a process has mapped, as smaps; empty: it has no memory any more, or may not be read. */
export function smapsOf(pid: number): string {
  // Where its first thread has ended and others run on, the process shows nothing, and they do.
  const path = `${pid}/task/${threadsOf(pid)[0] ?? pid}`;
  const text = procText(`${path}/smaps`);
  // It may have ended meanwhile, and the text with it.
  return procText(`${path}/maps`) === '' ? '' : text;
}

function stateOf(pid: number, tid: number): string {
  const stat = procText(`${pid}/task/${tid}/stat`);
  return stat === '' ? 'X' : stat.slice(stat.lastIndexOf(')') + 2);
}

/** Sends a signal; nothing where the process is gone, or may not be sent one. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone.
  }
}
