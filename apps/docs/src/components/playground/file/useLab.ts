import type { ForkSimClient } from 'fork-sim/worker';
import { useEffect, useState } from 'react';

/** A simulation in a worker of its own, as long as the component is there; `null`: not started yet. */
export function useLab(): { readonly lab: ForkSimClient | null; readonly problem: unknown } {
  const [lab, setLab] = useState<ForkSimClient | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    let gone = false;
    let started: ForkSimClient | null = null;
    const start = async (): Promise<void> => {
      const { startForkSim } = await import('fork-sim/worker');
      if (gone) return;
      started = await startForkSim();
      if (gone) await started.dispose();
      else setLab(started);
    };
    start().catch((error: unknown) => {
      if (!gone) setProblem(error);
    });
    return () => {
      gone = true;
      started?.dispose().catch(() => undefined);
    };
  }, []);
  return { lab, problem };
}
