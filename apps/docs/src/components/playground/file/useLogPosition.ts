import type { ForkSimClient, MapWindow, Progress, StepAnswer } from 'fork-sim/worker';
import { useCallback, useEffect, useState } from 'react';
import { isCancelled } from './useJob.ts';

/** Every VMA there can be. */
const ALL = 1 << 22;

/** A step of a log, and the map after it. */
export interface ShownStep {
  readonly step: StepAnswer;
  readonly map: MapWindow;
}

/** Where one stands in a log. */
export interface LogPosition {
  /** Where one wants to be; what is shown follows. */
  readonly wanted: number;
  readonly shown: ShownStep | null;
  /** How far a long way there is; `null`: one is there, or it is short. */
  readonly progress: Progress | null;
  readonly problem: unknown;
  readonly goTo: (position: number) => void;
  /** The process whose map is shown, by its pid in the model; `null`: the first. */
  readonly pid: number | null;
  readonly setPid: (pid: number | null) => void;
}

/** Follows a position in the log that a worker has loaded: a newer wish cancels an older one. */
export function useLogPosition(lab: ForkSimClient, length: number, from: number): LogPosition {
  const [wanted, setWanted] = useState(from);
  const [pid, setPid] = useState<number | null>(null);
  const [shown, setShown] = useState<ShownStep | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const go = async (): Promise<void> => {
      const step = await lab.jump(wanted, { signal, onProgress: (now) => !signal.aborted && setProgress(now) });
      const own = pid !== null && step.pids.includes(pid) ? { pid } : {};
      const map = await lab.readMap({ max: ALL, ...own }, { signal });
      if (signal.aborted) return;
      setShown({ step, map });
      setProblem(null);
      setProgress(null);
    };
    go().catch((error: unknown) => {
      if (!signal.aborted && !isCancelled(error)) setProblem(error);
    });
    return () => abort.abort();
  }, [lab, wanted, pid]);
  const goTo = useCallback(
    (position: number) => setWanted(Math.max(0, Math.min(length, Math.round(position)))),
    [length],
  );
  return { wanted, shown, progress, problem, goTo, pid, setPid };
}
