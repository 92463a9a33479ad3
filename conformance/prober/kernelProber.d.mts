/** One op of a scenario: recordings/FORMAT.md, FORMAT2.md. Pages, not bytes. */
export interface ProbeOp {
  readonly op: string;
  readonly [field: string]: string | number | boolean;
}

/** A scenario as a line of `scenarios.jsonl`. */
export interface ProbeScenario {
  readonly id: string;
  readonly ops: readonly ProbeOp[];
  /** Pages of the arena, 64 when absent. */
  readonly span?: number;
  /** Takes every address outside the arena first. */
  readonly reserve?: boolean;
  /** `[name, firstPage, pages]`: the pages looked at one by one. */
  readonly windows?: readonly (readonly [string, number, number])[];
  readonly [key: string]: unknown;
}

/** `[start, end, perms, pgoff, backing, VmFlags]`, and a name where /proc shows one. Pages; `end` is exclusive. */
export type ProbeVma = readonly [number, number, string, number, string, string, string?];

/** The state of a process after a step. */
export interface ProbeState {
  readonly vmas: readonly ProbeVma[];
  readonly pages: string | Readonly<Record<string, string>>;
  readonly sd: string | Readonly<Record<string, string>>;
  /** Format 2 only. */
  readonly wp?: string | Readonly<Record<string, string>>;
  /** Page-table memory of the arena in kB. Format 2 only. */
  readonly pt?: number;
}

/** What one op did. */
export interface ProbeStep extends ProbeState {
  readonly op: ProbeOp;
  readonly res: string;
  readonly at?: number | 'outside';
  readonly faults?: string;
  readonly vals?: readonly (number | null)[];
  readonly done?: number;
  readonly brk?: readonly [number, number];
  readonly open?: false;
  readonly child?: ProbeState;
}

/** One line of a recording. */
export interface ProbeRecord {
  readonly kind: 'scenario';
  readonly id: string;
  readonly kernel: string;
  readonly steps: readonly ProbeStep[];
  readonly [key: string]: unknown;
}

/** The first line of a recording, without `set` and `scenarios`. */
export interface ProbeHeader {
  readonly kind: 'header';
  readonly format: 1 | 2;
  /** `uname -r` */
  readonly kernel: string;
  /** `uname -v` */
  readonly version: string;
  /** The version in three numbers. */
  readonly label: string;
  readonly softDirty: boolean;
  readonly faultAroundPages: number;
  readonly guardInstallAnon: string;
  readonly guardInstallFile: string;
  readonly guardFlagInSmaps: boolean;
  readonly [key: string]: unknown;
}

/** The prober cannot run here (no Linux, no compiler, no root), or it failed. The message says which. */
export declare class ProberError extends Error {
  name: string;
}

/** Where scenarios are performed: the program itself, on the running kernel, or something that runs it elsewhere. */
export type Prober =
  | string
  | {
      /** Scenarios given to it at once. */
      readonly chunk: number;
      run(input: string): { status: number | null; signal: string | null; stdout: string; stderr: string };
    };

/** Compiles the prober into a temporary folder; the program's path. Throws `ProberError`. */
export declare function compileProber(): string;

/** 2 when a scenario needs format 2, else 1. */
export declare function formatOf(scenarios: readonly ProbeScenario[]): 1 | 2;

/** What the prober's kernel has, measured. Throws `ProberError`. */
export declare function probeHeader(prober: Prober, format: 1 | 2): ProbeHeader;

/** Performs scenarios on the prober's kernel, each in a fresh process. Throws `ProberError`. */
export declare function runOnKernel(
  prober: Prober,
  scenarios: readonly ProbeScenario[],
  options?: { readonly format?: 1 | 2; readonly kernel?: string },
): Generator<ProbeRecord, void, undefined>;
