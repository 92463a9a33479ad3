// What the commands found out, as it is printed: drawn, or as JSON.
import type { GuardRegion, KernelReport, Overview, ReplayReport, SmapsFork, SmapsReport, VmaRow } from 'fork-sim';
import type { UnreadableLine } from 'proc-io';
import type { ChosenKernel } from './options.ts';

/** A replay on a kernel as it was asked for. */
export type AskedKernel = KernelReport & ChosenKernel;

/** A log, and what it says of the address space. */
export interface ReplayAnswer extends ReplayReport {
  /** What was read of the log. */
  readonly log: {
    readonly file: string;
    readonly lines: number;
    /** Calls that concern memory or processes, and were replayed. */
    readonly calls: number;
    /** Other calls, by name. */
    readonly irrelevant: Readonly<Record<string, number>>;
    readonly unreadable: number;
    /** Lines that could be read once something foreign was taken off: quoting, colours, wrapping. */
    readonly mended: number;
    /** The first of them. */
    readonly unreadableLines: readonly Omit<UnreadableLine, 'kind'>[];
    /** Page faults of `perf trace -F` in it, which are not used: they do not tell writes from reads. */
    readonly perfFaults: number;
    /** Calls that never got their result. */
    readonly unfinished: number;
  };
  readonly kernels: readonly AskedKernel[];
}

/** What one smaps tells, and of which file and kernel. */
export interface SmapsAnswer extends SmapsReport {
  readonly file: string;
  readonly kernel: ChosenKernel;
  readonly maxMapCount: number;
}

/** What is said of a log, a map or a process at first sight. */
export interface ReportAnswer {
  readonly file: string;
  readonly kernel: ChosenKernel;
  readonly overview: Overview;
  /** Threads of a running process; `null`: not known. */
  readonly threads: number | null;
  /** Of a log, all that its replay tells; `null`: it is a map. */
  readonly replay: ReplayAnswer | null;
  /** What a map does not tell, and what was taken instead: sentences. */
  readonly notes: readonly string[];
  /** The VMAs now, and the guard markers in them. */
  readonly map: readonly VmaRow[];
  readonly guards: readonly GuardRegion[];
  /** What a fork would do, by profile; of a log that of its kernel is in {@link overview} alone. */
  readonly forks: readonly SmapsFork[];
}
