import { formatVmFlags, PAGE_SIZE, type VmFlags } from 'vma-core';
import { Fork, type ForkDecision } from '../process/fork.ts';
import type { Process } from '../process/process.ts';
import type { DecisionRecord, ForkAnswer } from './forkSimApi.ts';
import type { Job } from './job.ts';

/** Decisions that are sent at once. */
const BATCH = 1024;

/** Pages that the parent has resident: what a fork copies at most, so that progress has a whole. */
function residentPages(process: Process): number {
  const { anon, file } = process.pageTable.rss;
  return Math.max(1, anon + file);
}

/** What a fork did, and which parts of the child it left to refault. */
export interface ForkJobResult {
  readonly answer: ForkAnswer;
  readonly refaulted: RefaultRanges;
}

/** Ranges of a child whose page tables were not copied, in bytes, ascending. */
export type RefaultRanges = readonly { readonly start: number; readonly end: number }[];

/**
 * Forks a process, VMA by VMA; decisions are handed on in batches as they are made.
 * @throws CancelledError, OutOfMemoryError: there is no child then
 */
export async function forkJob(parent: Process, job: Job): Promise<ForkJobResult> {
  const { onDecisions } = job.control;
  const resident = residentPages(parent);
  const words = new Map<VmFlags, string>();
  const format = (flags: VmFlags): string => {
    const text = words.get(flags) ?? formatVmFlags(flags);
    words.set(flags, text);
    return text;
  };
  const counts = { copy: 0, refault: 0, wipe: 0, skip: 0 };
  const refaulted: { start: number; end: number }[] = [];
  let batch: DecisionRecord[] = [];
  let tables = 0;
  let ptes = 0;
  const fork = new Fork(parent, parent.world.newProcess());
  try {
    while (fork.dupVma()) {
      const decision = fork.decision(fork.length - 1);
      counts[decision.action]++;
      tables += decision.tables;
      ptes += decision.ptes;
      if (decision.action === 'refault') {
        refaulted.push({ start: decision.vmStart, end: decision.vmEnd });
      }
      if (onDecisions !== undefined && batch.push(record(parent, decision, format)) === BATCH) {
        onDecisions(batch);
        batch = [];
      }
      if (job.due()) {
        const part = Math.min(1, ptes / resident);
        await job.pause({ doing: 'copying page tables', part, done: ptes, unit: 'PTEs' });
      }
    }
  } catch (error) {
    fork.giveUp();
    throw error;
  }
  if (batch.length > 0) onDecisions?.(batch);
  job.report({ doing: 'copying page tables', part: 1, done: ptes, unit: 'PTEs' });
  const { copy: copied, refault, wipe: wiped, skip: skipped } = counts;
  const answer = { child: fork.child.pid, copied, refaulted: refault, wiped, skipped, ptes, tables };
  return { answer, refaulted };
}

function record({ mm }: Process, decision: ForkDecision, format: (flags: VmFlags) => string): DecisionRecord {
  const { src, vmStart, vmEnd, vmFlags, reason, action, ptes, tables } = decision;
  const [rule, because] = reason === null ? [null, ''] : [reason.rule, format(reason.flags)];
  const file = mm.store.file[src] || null;
  return { start: vmStart, end: vmEnd, flags: format(vmFlags), file, action, rule, because, ptes, tables };
}

/** Is this page in a part of the child that was left to refault? */
export function wasRefaulted(ranges: RefaultRanges, page: number): boolean {
  const addr = page * PAGE_SIZE;
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle] as { end: number }).end <= addr) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && (ranges[low] as { start: number }).start <= addr;
}
