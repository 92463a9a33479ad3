import type { FaultAssumption } from 'fork-sim';

/** An address as printed in JSON: `0x7f238b600000`. */
export type HexAddress = string;

/** A call of the log. */
export interface CallRef {
  /** Line on which it begins, from 1. */
  readonly line: number;
  /** The call as strace prints it, without pid and result. */
  readonly call: string;
}

/** What `vma-lab replay --json` prints. */
export interface ReplayReport {
  readonly kind: 'replay';
  /** Version of this form. A field may be added without a new version. */
  readonly version: 1;
  readonly log: LogReport;
  /** One for each kernel asked for: one or two. */
  readonly kernels: readonly KernelReport[];
  /** With two kernels: the first process's maps at the end, where the two differ; else `null`. */
  readonly between: readonly MapDifferenceReport[] | null;
}

/** What was read. */
export interface LogReport {
  readonly file: string;
  readonly lines: number;
  /** Calls that concern memory or processes, and were replayed. */
  readonly calls: number;
  /** Other calls, by name. */
  readonly irrelevant: Readonly<Record<string, number>>;
  readonly unreadable: number;
  readonly unreadableLines: readonly { line: number; column: number; why: string; text: string }[];
  /** Calls that never got their result. */
  readonly unfinished: number;
}

/** One replay. */
export interface KernelReport {
  /** As asked for. */
  readonly kernel: string;
  readonly profile: string;
  readonly measured: boolean;
  readonly note: string;
  readonly faults: FaultAssumption;
  readonly softDirty: boolean;
  readonly maxMapCount: number;
  /** The first process, then every other that was still alive at the end, or is compared. */
  readonly processes: readonly ProcessReport[];
  /** Processes that the log has shown. */
  readonly processesSeen: number;
  /** The limit that the first process needs, on each profile; `null` where the log is too long to try. */
  readonly limits: readonly LimitReport[] | null;
  /** What PROT_NONE guards would cost as markers; `null` where there are none to rewrite. */
  readonly guardsAsMarkers: GuardsReport | null;
}

/** One process of a replay, as the log left it. */
export interface ProcessReport {
  readonly pid: number | null;
  readonly parent: number | null;
  readonly program: string | null;
  readonly exited: boolean;
  readonly vmas: { readonly start: number; readonly peak: number; readonly end: number };
  /** The call after which there were most VMAs; `null`: never more than at the start. */
  readonly peakCall: CallRef | null;
  readonly merges: number;
  readonly mergedAway: number;
  readonly splits: number;
  /** Calls performed on its address space. */
  readonly calls: number;
  /** Calls that failed in the log and in the model alike. */
  readonly failedAlike: number;
  readonly places: { readonly checked: number; readonly wrong: number; readonly examples: readonly WrongReport[] };
  readonly results: { readonly wrong: number; readonly examples: readonly WrongReport[] };
  /** Calls on memory that was mapped before the log began. */
  readonly unknownMemory: { readonly count: number; readonly examples: readonly CallRef[] };
  readonly refusals: readonly RefusalReport[];
  readonly notModelled: readonly { name: string; why: string; count: number; lines: readonly number[] }[];
  readonly limitFailures: readonly (CallRef & { errno: string; vmas: number; maxMapCount: number })[];
  /** Forks in the log, vforks and threads left out. */
  readonly forkCount: number;
  /** The first of them. */
  readonly forks: readonly (CallRef & { child: number; copy: number; refault: number; wipe: number; skip: number })[];
  /** VMAs between the peak and `max_map_count`. */
  readonly toSpare: number;
  readonly guards: {
    readonly regions: number;
    readonly pages: number;
    readonly list: readonly { start: HexAddress; end: HexAddress }[];
  };
  readonly map: readonly VmaReport[];
  /** Page tables that the log proves: for guards, and for pages that were populated. */
  readonly pageTables: { readonly tables: number; readonly kB: number };
  readonly fork: ForkReport;
  /** VMAs whose anon_vma is assumed, not proven by a call. */
  readonly assumed: number;
  /** What else was assumed, in sentences. */
  readonly assumptions: readonly string[];
  /** Compared with the final smaps; `null` without one. */
  readonly final: FinalReport | null;
}

/** A result or a place that is another in the model. */
export interface WrongReport extends CallRef {
  readonly log: string;
  readonly model: string;
}

/** Neighbours that touched and did not merge, by one rule. */
export interface RefusalReport {
  readonly rule: string;
  /** The rule in words. */
  readonly title: string;
  /** Flags that differ, as two-letter words; else empty. */
  readonly detail: string;
  readonly count: number;
  readonly examples: readonly (CallRef & {
    of: 'new' | 'existing' | 'copied';
    side: 'prev' | 'next';
    neighbour: { start: HexAddress; end: HexAddress; perms: string };
    /** The two values. */
    text: string;
  })[];
}

/** One VMA at the end. */
export interface VmaReport {
  readonly start: HexAddress;
  readonly end: HexAddress;
  readonly pages: number;
  readonly perms: string;
  /** Pages; 0 for anonymous memory, as /proc shows it. */
  readonly pgoff: number;
  /** Two-letter words, as smaps prints them. */
  readonly flags: string;
  readonly backing: 'anonymous' | 'file' | 'shared' | 'special';
  readonly name: string;
  readonly anonVma: number | null;
  /** Its anon_vma is assumed. */
  readonly assumed: boolean;
  /** Guard markers in it. */
  readonly guardPages: number;
  /** Resident pages, by the final smaps; `null` where it does not tell. */
  readonly resident: number | null;
  readonly fork: {
    readonly action: 'copy' | 'refault' | 'wipe' | 'skip';
    readonly why: string;
    /** PTEs that the log itself shows to be there: guards, pages that were populated. */
    readonly ptes: number;
    /** Page tables for all of it, if every page were mapped; kB. */
    readonly tablesKb: number;
  };
  /** What keeps it and the VMA above it apart; `null` where a hole does, or nothing. */
  readonly wall: { readonly rule: string; readonly text: string } | null;
  /** The VMA above it touches it, and nothing would keep the two apart at the next call that asks. */
  readonly seam: boolean;
}

/** What a fork at the end would do. */
export interface ForkReport {
  /** VMAs by what fork does with them, and their pages. */
  readonly copy: { readonly vmas: number; readonly pages: number };
  readonly refault: { readonly vmas: number; readonly pages: number };
  readonly wipe: { readonly vmas: number; readonly pages: number };
  readonly skip: { readonly vmas: number; readonly pages: number };
  /** What the child certainly gets: PTEs that the log itself proves (guards, populated pages), and their tables in kB. */
  readonly proven: { readonly ptes: number; readonly tablesKb: number };
  /** Page tables that the child gets at most, for what is copied; kB. */
  readonly tablesKbAtMost: number;
  /** Page tables for what is left to refault, which one guard in it would make fork copy (on profiles that take guards there); kB. */
  readonly refaultTablesKb: number;
}

/** The limit that a log needs on one profile. */
export interface LimitReport {
  readonly profile: string;
  readonly atLeast: number;
  /** What fails first with one less. */
  readonly fails: (CallRef & { readonly errno: string }) | null;
}

/** A replay in which PROT_NONE guards were guard markers. */
export interface GuardsReport {
  /** Guards rewritten. */
  readonly guards: number;
  /** The profile of the what-if: one that has guards. */
  readonly profile: string;
  readonly vmas: { readonly peak: number; readonly end: number };
  /** Page tables for the markers; kB. */
  readonly tablesKb: number;
}

/** The model's map compared with a real one. */
export interface FinalReport {
  readonly file: string;
  readonly real: number;
  readonly model: number;
  readonly equal: number;
  readonly differences: readonly MapDifferenceReport[];
}

/** A VMA that is not the same on both sides; `null`: not there. */
export interface MapDifferenceReport {
  /** The real map, or the first kernel's. */
  readonly a: MapRowReport | null;
  /** The model's, or the second kernel's. */
  readonly b: MapRowReport | null;
  readonly fields: readonly string[];
}

/** A VMA of one side. */
export interface MapRowReport {
  readonly start: HexAddress;
  readonly end: HexAddress;
  readonly perms: string;
  readonly pgoff: number;
  readonly flags: string;
  readonly name: string;
}
