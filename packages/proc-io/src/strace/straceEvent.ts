import type { StraceArgs, StraceCallName } from './straceArgs.ts';

/** What every call has. */
export interface StraceCallBase {
  readonly kind: 'call';
  /** Line on which the call begins, from 1. */
  readonly line: number;
  /** Line with its result; another one for `<unfinished ...>` and `resumed`. */
  readonly endLine: number;
  /**
   * Line on which the earliest call began that had no result yet when this one had its own; `null`: none. What comes later in the
   * log, and concerns memory, began on that line or later, or behind `endLine`.
   */
  readonly openSince: number | null;
  /** `null` where the log names no pid. See {@link PidKnown}. */
  readonly pid: number | null;
  /** The timestamp of `-t`, `-tt`, `-ttt` or `-r`, as printed. */
  readonly time: string | null;
  /** Seconds spent in the call (`-T`). */
  readonly duration: number | null;
  /** What the call returned; `null` for `?`. */
  readonly ret: number | null;
  /** Errno name where it failed (`ret` is -1), or the restart code behind `?`; an unnamed errno 530 is `E530`. */
  readonly errno: string | null;
  /** Strace made the result up (`-e inject`): the kernel did not do the call. */
  readonly injected: boolean;
  /** Flag names that have no number here; the bits are without them. Almost always `null`. */
  readonly unknownNames: readonly string[] | null;
  /** A 64-bit number does not fit a double, so an argument is the nearest one that does. */
  readonly inexact: boolean;
}

/** One complete call: `name` says which arguments it has. */
export type StraceCall = {
  readonly [N in StraceCallName]: StraceCallBase & { readonly name: N; readonly args: StraceArgs[N] };
}[StraceCallName];

/** A line that cannot be read. It is listed, never dropped. */
export interface UnreadableLine {
  readonly kind: 'unreadable';
  readonly line: number;
  /** Where reading stopped, from 1. */
  readonly column: number;
  /** The line, at most 500 characters of it. */
  readonly text: string;
  readonly why: string;
}

/** A call that never got its result: its process ended, was detached, or the log ends. */
export interface UnfinishedCall {
  readonly kind: 'unfinished';
  readonly line: number;
  readonly pid: number | null;
  readonly name: string;
  /** What was printed of it. */
  readonly text: string;
  readonly why: 'exited' | 'detached' | 'end of log' | 'another call began';
}

/** `--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---` */
export interface SignalLine {
  readonly kind: 'signal';
  readonly line: number;
  readonly pid: number | null;
  readonly signal: string;
  /** `si_code`, such as `SEGV_ACCERR`; `null` where not printed. */
  readonly code: string | null;
  /** `si_addr` in bytes; `null` where not printed. */
  readonly addr: number | null;
  /** `--- stopped by SIGSTOP ---`: the process stopped, no signal was delivered. */
  readonly stopped: boolean;
}

/** `+++ exited with 0 +++` (then `signal` is `null`) or `+++ killed by SIGKILL +++` (then `status` is `null`). */
export interface ExitLine {
  readonly kind: 'exit';
  readonly line: number;
  readonly pid: number | null;
  readonly status: number | null;
  readonly signal: string | null;
}

/** `+++ superseded by execve in pid 7 +++`: thread 7 called execve and goes on under this pid. */
export interface SupersededLine {
  readonly kind: 'superseded';
  readonly line: number;
  readonly pid: number | null;
  readonly by: number;
}

/** `strace: Process 7 attached` or `detached`. */
export interface AttachLine {
  readonly kind: 'attach' | 'detach';
  readonly line: number;
  readonly pid: number;
}

/** The process whose lines have had no pid so far is this one. */
export interface PidKnown {
  readonly kind: 'pidKnown';
  readonly line: number;
  readonly pid: number;
}

/** A frame of the stack that `-k` prints below a call, the innermost first: ` > /usr/lib/libc.so.6(mmap+0x10) [0x11ba43]`. It is of the last call. */
export interface StackLine {
  readonly kind: 'stack';
  readonly line: number;
  /** Path of the program or library. */
  readonly object: string;
  /** Function; empty where strace knows none. */
  readonly symbol: string;
  /** Where in the function: `+0x10`. */
  readonly offset: string;
}

/** Another message of strace itself, such as `[ Process PID=7 runs in 32 bit mode. ]`. */
export interface NoticeLine {
  readonly kind: 'notice';
  readonly line: number;
  readonly text: string;
}

/** What a line of a log, or a pair of lines, turned out to be. */
export type StraceEvent =
  | StraceCall
  | UnreadableLine
  | UnfinishedCall
  | SignalLine
  | ExitLine
  | SupersededLine
  | AttachLine
  | PidKnown
  | StackLine
  | NoticeLine;

/** Counts over a whole log: every line is in exactly one of the first seven figures. */
export interface StraceStats {
  /** Lines, an unfinished one at the end included. */
  lines: number;
  /** Empty lines. */
  blank: number;
  /** Lines of calls that became events; a call on two lines counts two. */
  callLines: number;
  /** Lines of calls that do not concern memory; a call on two lines counts two. */
  irrelevantLines: number;
  /** Lines of signals, exits, attaching and strace's own messages. */
  otherLines: number;
  /** Page faults of `perf trace -F`, also among `otherLines`. They do not tell writes from reads. */
  perfFaults: number;
  /** Stack traces of `-k`. */
  stackLines: number;
  /** Unreadable lines. */
  unreadable: number;
  /** Lines of calls that never got their result. */
  unfinished: number;
  /**
   * Lines that could be read once something was taken off that strace does not print, such as quoting or colours, put together where mail
   * had wrapped them, or taken apart. Each is in one of the figures above as well.
   */
  mended: number;
  /** Calls that became events. */
  calls: number;
  /** Calls that do not concern memory, by name. */
  irrelevant: Map<string, number>;
}
