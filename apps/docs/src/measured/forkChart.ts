import type { BenchRun } from './benchRun.ts';

/** One measured fork: the kernel's time and the engine's, in milliseconds. */
export interface MeasuredFork {
  readonly name: string;
  /** What was forked, in a few words. */
  readonly what: string;
  readonly kernel: number | null;
  readonly ours: number | null;
  readonly ptes: number | null;
}

const KINDS: Readonly<Record<string, string>> = {
  anon: 'anonymous',
  shared: 'shared file',
  guard: 'shared file, one guard',
};

/** The forks of a run of the benchmarks, as it names them: `fork/anon/256`, `fork/shared/256/guard`. */
export function measuredForks(run: BenchRun): MeasuredFork[] {
  return run.cases.flatMap((row) => {
    const match = /^fork\/(anon|shared)\/(\d+)(\/guard)?$/.exec(row.name);
    if (!match || row.unit !== 'ms') return [];
    const mib = Number(match[2]);
    const size = mib >= 1024 ? `${mib / 1024} GiB` : `${mib} MiB`;
    const kind = KINDS[match[3] ? 'guard' : (match[1] ?? '')] ?? '';
    return [
      {
        name: row.name,
        what: `${size}, ${kind}`,
        kernel: row.kernel?.p50 ?? null,
        ours: row.ours?.p50 ?? null,
        ptes: row.counts?.ptesCopied ?? null,
      },
    ];
  });
}

/** Milliseconds as people read them. */
export function milliseconds(value: number): string {
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(2)} ms`;
}
