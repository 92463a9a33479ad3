import type { Trace } from 'fork-sim';
import { useEffect, useMemo, useState } from 'react';
import { compareTraces } from '../../picture/compareTraces.ts';

/** Milliseconds that a step stays while the trace plays. */
const STEP_MS = 1000;

/** Where in the trace the reader is, and how to get elsewhere. */
export interface Player {
  /** The step shown, from 0; 0 where there is none. */
  readonly index: number;
  readonly last: number;
  readonly playing: boolean;
  readonly goTo: (step: number) => void;
  readonly play: () => void;
  readonly nextMerge: () => void;
  readonly nextRefusal: () => void;
  readonly nextDifference: () => void;
  /** Steps, from 0, with a merge, with a refusal, and those in which the two kernels differ. */
  readonly merges: readonly number[];
  readonly refusals: readonly number[];
  readonly differing: readonly number[];
}

/** Steps through traces. `step`: where the state says; absent: at the end. */
export function usePlayer(traces: readonly Trace[], step: number | undefined, onStep: (step: number) => void): Player {
  const [first, second] = traces;
  const last = (first?.steps.length ?? 0) - 1;
  const index = Math.max(0, Math.min(last, step ?? last));
  const [playing, setPlaying] = useState(false);
  const merges = useMemo(() => stepsWith(traces, 'merged'), [traces]);
  const refusals = useMemo(() => stepsWith(traces, 'refused'), [traces]);
  const differing = useMemo(() => (first && second ? compareTraces(first, second) : []), [first, second]);
  const goTo = (to: number): void => onStep(Math.max(0, Math.min(last, to)));
  const goNext = (steps: readonly number[]): void => {
    const next = steps.find((one) => one > index) ?? steps[0];
    if (next !== undefined) goTo(next);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: one timer a step
  useEffect(() => {
    if (!playing) return;
    if (index >= last) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => goTo(index + 1), STEP_MS);
    return () => clearTimeout(timer);
  }, [playing, index, last]);
  return {
    index,
    last,
    playing,
    goTo,
    play: () => {
      if (!playing && index === last) goTo(0);
      setPlaying(!playing);
    },
    nextMerge: () => goNext(merges),
    nextRefusal: () => goNext(refusals),
    nextDifference: () => goNext(differing),
    merges,
    refusals,
    differing,
  };
}

/** Steps of any of the traces in which something happened. */
function stepsWith(traces: readonly Trace[], kind: 'merged' | 'refused'): number[] {
  const steps = traces.flatMap((trace) => trace.steps.filter(({ events }) => events.some((one) => one.kind === kind)));
  return [...new Set(steps.map(({ index }) => index))].sort((a, b) => a - b);
}
