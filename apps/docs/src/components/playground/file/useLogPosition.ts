import type { ForkSimClient, LogProcess, MapSlice, Progress, StepAnswer } from 'fork-sim/worker';
import { useCallback, useEffect, useState } from 'react';
import { FIRST_PROCESS, shownProcesses, type WantedProcesses } from '../../../picture/shownProcesses.ts';
import { isCancelled } from './useJob.ts';

/** Every VMA there can be. */
const ALL = 1 << 22;

/** The map of a process; `null`: before the first call it has no name. */
export interface ShownMap {
  readonly process: LogProcess | null;
  readonly map: MapSlice;
}

/** A step of a log, and the maps after it: of the chosen process, and of the one beside it. */
export interface ShownStep {
  readonly step: StepAnswer;
  readonly chosen: ShownMap;
  readonly beside: ShownMap | null;
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
  /** The processes whose maps are wanted. */
  readonly processes: WantedProcesses;
  readonly setProcesses: (processes: WantedProcesses) => void;
}

/** Follows a position in the log that a worker has loaded: a newer wish cancels an older one. */
export function useLogPosition(lab: ForkSimClient, length: number, from: number): LogPosition {
  const [wanted, setWanted] = useState(from);
  const [processes, setProcesses] = useState(FIRST_PROCESS);
  const [shown, setShown] = useState<ShownStep | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const read = async (process: LogProcess | null): Promise<ShownMap> => {
      const map = await lab.readMap({ max: ALL, ...(process && { pid: process.pid }) }, { signal });
      return { process, map };
    };
    const go = async (): Promise<void> => {
      const step = await lab.jump(wanted, { signal, onProgress: (now) => !signal.aborted && setProgress(now) });
      const { chosen, beside } = shownProcesses(step, processes);
      const maps = { chosen: await read(chosen), beside: beside && (await read(beside)) };
      if (signal.aborted) return;
      setShown({ step, ...maps });
      setProblem(null);
      setProgress(null);
    };
    go().catch((error: unknown) => {
      if (!signal.aborted && !isCancelled(error)) setProblem(error);
    });
    return () => abort.abort();
  }, [lab, wanted, processes]);
  const goTo = useCallback(
    (position: number) => setWanted(Math.max(0, Math.min(length, Math.round(position)))),
    [length],
  );
  return { wanted, shown, progress, problem, goTo, processes, setProcesses };
}
