import type { Trace } from 'fork-sim';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { type KeptTraces, type Run, runKey, unpackTraces } from './keptTraces.ts';
import { engineNow, fetchEngine, onEngine } from './lateEngine.ts';

/** How a picture stands with the engine. */
interface Waiting {
  /** The engine is on its way: what is shown is from before. */
  readonly isBusy: boolean;
  /** Why it did not come; it is asked again at the next act. */
  readonly problem: string | null;
}

/** The traces that a picture asked for, or those that it had until they come. */
interface ShownTraces extends Waiting {
  /** One for each run. */
  readonly traces: readonly Trace[];
}

/**
 * Traces of runs: those that the build kept are here at once, others wait for the engine.
 * @param runs The same array as long as nothing else is asked for
 * @param kept What `plugins/keepTraces.ts` gave to this part of the page
 */
export function useTraces(runs: readonly Run[], kept: string | undefined): ShownTraces {
  const known = useMemo(() => unpackTraces(kept), [kept]);
  const engine = useSyncExternalStore(onEngine, engineNow, engineNow);
  const found = useMemo(() => tracesOf(runs, known, engine), [runs, known, engine]);
  const [last, setLast] = useState(found);
  const [problem, setProblem] = useState<string | null>(null);
  if (found !== null && found !== last) setLast(found);
  useEffect(() => {
    if (found !== null || runs.length === 0) return;
    setProblem(null);
    fetchEngine().catch(() => setProblem('The engine did not load. Check the connection, then choose again.'));
  }, [found, runs]);
  const traces = found ?? last;
  if (traces === null) throw new Error(`the build kept no trace of ${runs.map(runKey).join(' and ')}`);
  return { traces, isBusy: found === null && problem === null, problem };
}

/** {@link useTraces} of one run. */
export function useTrace(
  { lines, profile, softDirty }: Run,
  kept: string | undefined,
): Waiting & { readonly trace: Trace } {
  const runs = useMemo(() => [{ lines, profile, softDirty }], [lines, profile, softDirty]);
  const { traces, isBusy, problem } = useTraces(runs, kept);
  return { trace: traces[0]!, isBusy, problem };
}

/** The trace of each run; `null`: one of them needs the engine, which is not here. */
function tracesOf(runs: readonly Run[], known: KeptTraces, engine: ReturnType<typeof engineNow>): Trace[] | null {
  const traces = runs.map((run) => known.get(runKey(run)) ?? engine?.(run));
  return traces.every((trace) => trace !== undefined) ? traces : null;
}
