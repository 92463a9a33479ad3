import { createForkSim } from 'fork-sim/same-thread';
import { checkpointVerdict, flagsDiffWords } from 'fork-sim/words';
import type { LoadStraceInput } from 'fork-sim/worker';
import type { ReplayReport } from '../src/json/index.ts';
import { cli } from './cli.ts';

/** A log of one command line, and the same log for the worker. */
export interface Input {
  readonly args: readonly string[];
  readonly load: LoadStraceInput;
}

/** What the command line answers for the log's first process on a kernel. */
export async function ofCli({ args }: Input, kernel: string): Promise<unknown> {
  const { out } = await cli(['replay', ...args, '--kernel', kernel, '--json']);
  const report = JSON.parse(out) as ReplayReport;
  const [only] = report.kernels;
  const first = only?.processes[0];
  if (first === undefined) throw new Error('no process');
  const { fork, map } = first;
  const { guardsAsMarkers } = only ?? {};
  const limit = only?.limits?.find(({ profile }) => profile === kernel);
  return {
    lines: report.log.lines,
    unreadable: report.log.unreadable,
    mended: report.log.mended,
    processes: only?.processesSeen,
    machine: first.machine,
    violations: first.violations.length,
    unused: report.unused,
    checkpoints: only?.checkpoints.map(({ line, file, verdict }) => [line, file, verdict]),
    otherFinals: only?.processes
      .slice(1)
      .flatMap(({ pid, final }) => (final === null ? [] : [[pid, final.real, final.equal]])),
    start: first.vmas.start,
    peak: [first.vmas.peak, first.peakCall?.line ?? null],
    end: first.vmas.end,
    merges: first.merges,
    splits: first.splits,
    calls: first.calls,
    wrong: [first.results.wrong, first.places.wrong],
    unknownMemory: first.unknownMemory.count,
    notModelled: first.notModelled,
    limitFailures: first.limitFailures.length,
    assumptions: first.assumptions,
    refusals: first.refusals.map(({ rule, detail, count, examples }) => [rule, detail, count, examples[0]?.line]),
    final: first.final && [first.final.real, first.final.model, first.final.equal, first.final.differences.length],
    pages: map.reduce((sum, { pages }) => sum + pages, 0),
    seams: map.filter(({ seam }) => seam).length,
    walls: counted(map.flatMap(({ wall }) => (wall === null ? [] : [wall.rule]))),
    copy: fork.copy,
    refault: fork.refault,
    wipe: fork.wipe,
    skip: fork.skip,
    reserves: fork.reserves,
    proven: fork.proven,
    childTablesKbAtMost: fork.tablesKbAtMost,
    guards: { regions: first.guards.regions, pages: first.guards.pages },
    assumed: first.assumed,
    faults: only?.faults,
    faultsFound: only?.faultsFound && {
      ...only.faultsFound,
      exceptions: only.faultsFound.exceptions.length,
      proven: only.faultsFound.proven.length,
    },
    outside: first.outside.examples.map(({ line, why }) => [line, why]),
    tablesKb: first.pageTables.kB,
    whatIf: guardsAsMarkers && {
      guards: guardsAsMarkers.guards,
      sizes: guardsAsMarkers.sizes,
      longest: guardsAsMarkers.longest,
      profile: guardsAsMarkers.profile,
      peakVmas: guardsAsMarkers.vmas.peak,
      endVmas: guardsAsMarkers.vmas.end,
      tablesKb: guardsAsMarkers.tablesKb,
    },
    limit: limit ? { atLeast: limit.atLeast, fails: limit.fails } : null,
  };
}

/** What the worker answers, in the same form. */
export async function ofWorker({ load }: Input, kernel: string): Promise<unknown> {
  const sim = createForkSim();
  const answer = await sim.loadStrace({ ...load, options: { profile: kernel } });
  const { lines, unread, mended, processesSeen, outcome, final, faults, faultsFound } = answer;
  const summary = await sim.sumUp();
  const { guards, limit } = await sim.whatIf();
  await sim.dispose();
  if (outcome === null) throw new Error('no call');
  return {
    lines,
    unreadable: unread,
    mended,
    processes: processesSeen,
    machine: outcome.machine,
    violations: outcome.violations.length,
    unused: answer.unused,
    checkpoints: answer.checkpoints.map((one) => [one.line, one.file, checkpointVerdict(one)]),
    otherFinals: answer.otherFinals.map(({ pid, real, equal }) => [pid, real, equal]),
    start: outcome.startVmas,
    peak: [outcome.peakVmas, outcome.peakCall?.line ?? null],
    end: outcome.endVmas,
    merges: outcome.merges,
    splits: outcome.splits,
    calls: outcome.performed,
    wrong: [outcome.wrongResults.count, outcome.wrongPlaces.count],
    unknownMemory: outcome.unknownMemory.count,
    notModelled: outcome.notModelled,
    limitFailures: outcome.limitFailures.count,
    assumptions: outcome.assumptions,
    refusals: outcome.refusals.map(({ rule, flags, count, examples }) => [
      rule,
      flagsDiffWords(flags),
      count,
      examples[0]?.line,
    ]),
    final: final && [final.real, final.model, final.equal, final.differing],
    pages: summary.pages,
    seams: summary.seams.count,
    walls: counted(summary.walls.flatMap(({ rule, count }) => Array.from({ length: count }, () => rule))),
    ...summary.forkTotals,
    reserves: summary.reserves,
    proven: summary.proven,
    childTablesKbAtMost: summary.childTablesKbAtMost,
    guards: summary.guards,
    assumed: summary.assumed,
    faults,
    faultsFound: faultsFound && {
      ...faultsFound,
      exceptions: faultsFound.exceptions.length,
      proven: faultsFound.proven.length,
    },
    outside: outcome.outsideResults.examples.map(({ line, why }) => [line, why]),
    tablesKb: summary.tablesKb,
    whatIf: guards,
    limit: limit && { atLeast: limit.atLeast, fails: limit.fails },
  };
}

function counted(rules: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const rule of rules.toSorted()) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}
