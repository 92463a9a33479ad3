import { countOf } from 'fork-sim/words';
import type { LogProcess, StepAnswer } from 'fork-sim/worker';

/** Which processes one wants to see: pids of the log; `null`: the first. */
export interface WantedProcesses {
  readonly chosen: number | null;
  /** The one beside it; `auto`: whose call it is, else the child or the parent; `none`: nobody. */
  readonly beside: number | 'auto' | 'none';
}

export const FIRST_PROCESS: WantedProcesses = { chosen: null, beside: 'auto' };

/** The processes that are shown at a step: the chosen one, and the one beside it. */
export interface ShownProcesses {
  /** `null`: before the first call none is known. */
  readonly chosen: LogProcess | null;
  readonly beside: LogProcess | null;
}

/** Finds the processes that are wanted among those that live at a step; where the chosen one does not, it is the first. */
export function shownProcesses({ log }: StepAnswer, wanted: WantedProcesses): ShownProcesses {
  const processes = log?.processes ?? [];
  const chosen = processes.find(({ logPid }) => logPid === wanted.chosen) ?? processes[0] ?? null;
  if (log === null || chosen === null || wanted.beside === 'none') return { chosen, beside: null };
  // Two that share an address space, as a vfork child and its parent do, would be the same map twice.
  const others = processes.filter(({ pid }) => pid !== chosen.pid);
  if (wanted.beside !== 'auto') {
    return { chosen, beside: others.find(({ logPid }) => logPid === wanted.beside) ?? null };
  }
  const children = others.filter(({ parent }) => parent !== null && parent === chosen.logPid);
  const forked = log.caller === chosen.pid ? children.find(({ logPid }) => logPid === log.fork?.child) : undefined;
  const caller = others.find(({ pid }) => pid === log.caller);
  const parent = others.find(({ logPid }) => logPid !== null && logPid === chosen.parent);
  return { chosen, beside: forked ?? caller ?? children.at(-1) ?? parent ?? null };
}

/** A process in a few words: `1234, child of 1200: worker (40 VMAs)`. */
export function processText({ logPid, parent, program, vmas }: LogProcess): string {
  const pid = logPid === null ? 'the first' : String(logPid);
  const name = program === null ? '' : `: ${program.split('/').at(-1)}`;
  return `${pid}${parent === null ? '' : `, child of ${parent}`}${name} (${countOf(vmas, 'VMA')})`;
}
