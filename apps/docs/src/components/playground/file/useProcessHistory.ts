import type { ForkSimClient, LogHistory, ProcessHistory, StraceAnswer } from 'fork-sim/worker';
import { useMemo } from 'react';
import { useJob } from './useJob.ts';

/** What a chart of one process needs. */
export interface ChartedHistory extends Omit<LogHistory, 'marks' | 'marked'>, Pick<ProcessHistory, 'from' | 'to'> {
  /** Its pid in the log; `null`: the first process. */
  readonly logPid: number | null;
  readonly startVmas: number;
  readonly peakVmas: number;
}

/** The history of a process of a log: that of the first came with the log. While another one is asked for, the chart is the first's. */
export function useProcessHistory(lab: ForkSimClient, answer: StraceAnswer, logPid: number | null): ChartedHistory {
  const { history, outcome } = answer;
  const first = useMemo(
    () => ({
      ...history,
      logPid: null,
      from: 0,
      to: null,
      startVmas: outcome?.startVmas ?? 0,
      peakVmas: outcome?.peakVmas ?? 0,
    }),
    [history, outcome],
  );
  const other = useJob(logPid === null ? null : String(logPid), (control) =>
    lab.readHistory({ logPid: logPid ?? 0 }, control),
  ).value;
  return other === null || other.logPid !== logPid ? first : other;
}
