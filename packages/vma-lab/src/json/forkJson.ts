import type { ForkEntries, ForkReport, ForkSum, ForkVmaGroup, SmapsFork } from 'fork-sim';
import { FORK_TIME_SOURCE, forkShort, groupText } from 'fork-sim/words';
import { formatVmFlags } from 'vma-core';
import type { SubjectMap } from '../input/subjectMap.ts';
import { hexAddress, subjectJson } from './texts.ts';

/** What a fork would do with a map on one kernel. */
export interface ForkOnKernel extends SubjectMap {
  readonly report: ForkReport;
}

/** What `vma-lab fork` found. */
export interface ForkAnswer {
  /** One, or two to compare. */
  readonly kernels: readonly ForkOnKernel[];
  /** The other profiles; empty for a log, which is replayed on those alone that are asked for. */
  readonly others: readonly SmapsFork[];
}

/** What `vma-lab fork --json` prints. */
export type ForkJson = ReturnType<typeof forkJson>;

/** The report as `--json` prints it. A field may be added without a new version. */
export function forkJson({ kernels, others }: ForkAnswer) {
  return {
    kind: 'fork' as const,
    version: 1 as const,
    kernels: kernels.map(kernelJson),
    others: others.map(({ childTablesKbAtMost, ...fork }) => ({ ...fork, tablesKbAtMost: childTablesKbAtMost })),
  };
}

function kernelJson(answer: ForkOnKernel) {
  const { vmas, sums, reserves, groups, time, timeIsKnown } = answer.report;
  return {
    ...subjectJson(answer),
    vmas,
    copy: sumJson(sums.copy),
    refault: sumJson(sums.refault),
    wipe: sumJson(sums.wipe),
    skip: sumJson(sums.skip),
    reserves: sumJson(reserves),
    time: { fromMs: time.from, toMs: time.to, known: timeIsKnown, source: FORK_TIME_SOURCE },
    groups: groups.map(groupJson),
  };
}

function sumJson({ vmas, pages, shown, tablesKbAtMost }: ForkSum) {
  return { vmas, pages, ...shownJson(shown), tablesKbAtMost };
}

/** `resident`, `entries`, `hugeEntries`: `null` where the input does not tell. */
export function shownJson(shown: ForkEntries | null) {
  const { resident = null, entries = null, huge = null } = shown ?? {};
  return { resident, entries, hugeEntries: huge };
}

function groupJson(one: ForkVmaGroup) {
  const { group, action, rule, flags, assumed } = one;
  const why = forkShort({ action, rule }, formatVmFlags(flags));
  return { what: groupText(group), at: hexAddress(group.at), action, why, assumed, ...sumJson(one) };
}
