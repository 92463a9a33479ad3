import { freemem } from 'node:os';
import type { BenchCase, BenchContext, PreparedCase, Round } from './benchCase.ts';
import type { CaseReport, Measured } from './report.ts';

/** Runs a case: our round and the kernel's in turn, so that what disturbs the machine disturbs both. */
export async function runCase(bench: BenchCase, context: BenchContext): Promise<CaseReport> {
  const freeMib = Math.floor(freemem() / 2 ** 20);
  if (bench.needsMib !== undefined && freeMib < bench.needsMib) {
    return leftOut(bench, `left out: it needs ${bench.needsMib} MiB of free memory, and there are ${freeMib}`);
  }
  // What the last case left behind would be collected in this one's time.
  globalThis.gc?.();
  const prepared = await bench.prepare(context);
  if (typeof prepared === 'string') return leftOut(bench, prepared);
  try {
    return await runRounds(bench, prepared, context);
  } finally {
    await prepared.dispose?.();
    await context.kernel?.ask('drop');
  }
}

async function runRounds(bench: BenchCase, prepared: PreparedCase, context: BenchContext): Promise<CaseReport> {
  const kernelRound = context.kernel === null ? undefined : prepared.kernel;
  const { freshMib = 0 } = bench;
  const oursRound = async (): Promise<number | null> => {
    if (freshMib > 0) await context.kernel?.ask(`touch ${freshMib}`);
    return await prepared.ours();
  };
  for (let i = 0; i < (bench.warmUp ?? 2); i++) await oursRound();
  const kernelCan = kernelRound !== undefined && (await kernelRound()) !== null;
  const ours: number[] = [];
  const kernels: number[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    await take(ours, oursRound);
    if (kernelCan) await take(kernels, kernelRound);
  }
  const kernel = kernels.length === 0 ? null : summary(kernels);
  const mine = summary(ours);
  return {
    ...described(bench),
    ours: mine,
    kernel,
    ratio: kernel === null ? null : { p50: mine.p50 / kernel.p50, min: mine.min / kernel.min },
    counts: prepared.counts?.() ?? {},
    note: kernelRound !== undefined && !kernelCan ? 'the running kernel cannot do this' : null,
  };
}

async function take(into: number[], round: Round): Promise<void> {
  const value = await round();
  if (value !== null) into.push(value);
}

function leftOut(bench: BenchCase, note: string): CaseReport {
  return { ...described(bench), ours: null, kernel: null, ratio: null, counts: {}, note };
}

function described({ name, title, unit, per }: BenchCase): Pick<CaseReport, 'name' | 'title' | 'unit' | 'per'> {
  return { name, title, unit, per };
}

/** The smallest, the middle and the largest of some values. */
export function summary(values: readonly number[]): Measured {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const p50 = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { min: sorted[0]!, p50, max: sorted[sorted.length - 1]!, rounds: sorted.length };
}
