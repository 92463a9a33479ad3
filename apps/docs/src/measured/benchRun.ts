/** One side's rounds. */
export interface BenchMeasured {
  readonly min: number;
  readonly p50: number;
}

/** One row of a run of `npm run bench`. */
export interface BenchRow {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly per: string;
  readonly ours: BenchMeasured | null;
  readonly kernel: BenchMeasured | null;
  readonly ratio: { readonly p50: number; readonly min: number } | null;
  /** Work that was counted, by name. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** What the page "Speed" takes from a kept run. */
export interface BenchRun {
  readonly form: string;
  readonly date: string;
  readonly machine: {
    readonly cpu: string;
    readonly cpus: number;
    readonly node: string;
    readonly kernel: string | null;
  };
  readonly cases: readonly BenchRow[];
  readonly targets: readonly {
    readonly target: string;
    readonly title: string;
    readonly limit: string;
    readonly value: string | null;
    readonly met: boolean | null;
  }[];
}
