import { readLongNumber } from './exactNumber.ts';
import type { ExitLine, NoticeLine, SignalLine, SupersededLine } from './straceEvent.ts';

/** Reads `+++ exited with 0 +++`, `+++ killed by SIGKILL (core dumped) +++`, `+++ superseded by execve in pid 7 +++`. */
export function readPlusLine(text: string, line: number, pid: number | null): ExitLine | SupersededLine | null {
  const exited = /^\+\+\+ exited with (\d+) \+\+\+$/.exec(text);
  if (exited) return { kind: 'exit', line, pid, status: Number(exited[1]), signal: null };
  const killed = /^\+\+\+ killed by (\S+)(?: \(core dumped\))? \+\+\+$/.exec(text);
  if (killed) return { kind: 'exit', line, pid, status: null, signal: killed[1]! };
  const superseded = /^\+\+\+ superseded by execve in pid (\d+)(?:[^\s\d]\S*)? \+\+\+$/.exec(text);
  return superseded ? { kind: 'superseded', line, pid, by: Number(superseded[1]) } : null;
}

/** What `-X raw` prints as a number. */
const SEGV_CODES: ReadonlyMap<string, string> = new Map([
  ['0x1', 'SEGV_MAPERR'],
  ['0x2', 'SEGV_ACCERR'],
]);

/** Reads `--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---` and `--- stopped by SIGSTOP ---`. */
export function readSignalLine(text: string, line: number, pid: number | null): SignalLine | null {
  const parts = /^--- (stopped by )?(SIG\w+|\d+|0x[0-9a-f]+)(?= )/.exec(text);
  if (parts === null || !text.endsWith(' ---')) return null;
  const behind = text.slice(parts[0].length, -4);
  // ` (Segmentation fault) @ 0 (0)` of old versions, ` {si_signo=SIGSEGV, ...}` of today's.
  if (behind !== '' && !/^ [({@]/.test(behind)) return null;
  const info = behind.slice(behind.indexOf('{') + 1);
  const signal = parts[2]!;
  const code = /\bsi_code=(?:(?:0x[0-9a-f]+|\d+) \/\* )?(\w+)/.exec(info)?.[1];
  const addr = /\bsi_addr=(NULL|0x[0-9a-f]+|0)/.exec(info)?.[1];
  return {
    kind: 'signal',
    line,
    pid,
    signal,
    code: code === undefined ? null : signal === 'SIGSEGV' ? (SEGV_CODES.get(code) ?? code) : code,
    addr: addr === undefined ? null : addr === 'NULL' ? 0 : (readLongNumber(addr)?.value ?? null),
    stopped: parts[1] !== undefined,
  };
}

/** The rules and rows of the summary that `strace -C` prints behind a log; its heading is listed, and so tells of it. */
const SUMMARY = /^\s*(?:-{6} -{11} -{9,11} -{9} |\d+\.\d\d\s+\d+\.\d{6}\s+\d+\s+\d+\s+(?:\d+\s+)?\w+\s*$)/;

/** True for a line of the summary that `strace -C` prints behind a log. */
export function isSummaryLine(line: string): boolean {
  return SUMMARY.test(line);
}

/** A message of strace about a process: `strace: Process 7 attached`. */
export interface AttachMessage {
  readonly kind: 'attach' | 'detach';
  readonly pid: number;
}

const ATTACH =
  /^(?:strace: )?Process (\d+)(?:<[^>]*>)? (attached|detached)(?: with \d+ threads| \(waiting for parent\))?$/;

/** Reads `strace: Process 7 attached`, `Process 7 detached`. */
export function readAttachMessage(text: string): AttachMessage | null {
  const parts = ATTACH.exec(text);
  if (parts === null) return null;
  return { kind: parts[2] === 'attached' ? 'attach' : 'detach', pid: Number(parts[1]) };
}

/** Any other message of strace: `strace: [ Process PID=7 runs in 32 bit mode. ]`. */
export function readNotice(text: string, line: number): NoticeLine | null {
  return text.startsWith('strace: ') || /^\[ Process PID=\d+ .*\]$/.test(text) ? { kind: 'notice', line, text } : null;
}

/**
 * Where a message `strace: Process 7 attached` cuts a call in two, which happens where both go to the terminal:
 * the text before it is to be continued by the next line. -1 where there is none.
 */
export function findTornMessage(text: string): number {
  const at = text.lastIndexOf('strace: Process ');
  return at > 0 && readAttachMessage(text.slice(at)) !== null ? at : -1;
}
