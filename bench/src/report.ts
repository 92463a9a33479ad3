/** What was measured over the rounds of one side. Never the mean: one disturbed round would move it. */
export interface Measured {
  readonly min: number;
  readonly p50: number;
  /** For rates: the best round is the highest. */
  readonly max: number;
  readonly rounds: number;
}

/** One row of the report. */
export interface CaseReport {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly per: string;
  /** `null`: left out; `note` says why. */
  readonly ours: Measured | null;
  /** `null`: not measured, or there is nothing like it. */
  readonly kernel: Measured | null;
  /** Ours divided by the kernel's: of the p50s, and of the minima. */
  readonly ratio: { readonly p50: number; readonly min: number } | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly note: string | null;
}

/** One target of the design, and whether this run meets it. */
export interface TargetReport {
  readonly target: string;
  readonly title: string;
  readonly limit: string;
  /** As measured, with its unit; `null`: not measured in this run. */
  readonly value: string | null;
  readonly met: boolean | null;
}

/** All of one run: what `--json` writes. */
export interface BenchReport {
  readonly form: 'vma-bench 1';
  readonly date: string;
  readonly machine: {
    readonly cpu: string;
    readonly cpus: number;
    readonly memoryMib: number;
    readonly node: string;
    readonly kernel: string | null;
    /** Load average over a minute, before and after: other work on the machine. */
    readonly load: readonly [number, number];
  };
  /** Why there is no kernel's side, or `null`. */
  readonly kernelSide: string | null;
  readonly seconds: number;
  readonly cases: readonly CaseReport[];
  readonly targets: readonly TargetReport[];
}
