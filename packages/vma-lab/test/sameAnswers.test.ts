import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createForkSim } from 'fork-sim/same-thread';
import type { CompareSide, LoadStraceInput } from 'fork-sim/worker';
import { describe, expect, it } from 'vitest';
import { formatVmFlags } from 'vma-core';
import type { ReplayReport, SmapsReport } from '../src/index.ts';
import { cli, file, programFile, recording } from './cli.ts';

const PROGRAMS = readdirSync(recording('programs')).filter((name) => existsSync(programFile(name, 'meta.json')));

/** Older than guard markers, with them, and the newest. */
const KERNELS = ['6.12', '6.18', '7.3'] as const;

/** A log of one command line, and the same log for the worker. */
interface Input {
  readonly args: readonly string[];
  readonly load: LoadStraceInput;
}

function program(name: string): Input {
  const paths = { initial: programFile(name, 'initial.smaps'), final: programFile(name, 'final.smaps') };
  const trace = [programFile(name, 'trace.strace'), programFile(name, 'trace.strace.gz')].find(existsSync) ?? '';
  const source = new Blob([readFileSync(trace)]);
  const load = { source, initial: readFileSync(paths.initial, 'utf8'), final: readFileSync(paths.final, 'utf8') };
  return { args: [trace, '--initial', paths.initial, '--final', paths.final], load };
}

/** What the command line answers for the log's first process on a kernel. */
async function ofCli({ args }: Input, kernel: string): Promise<unknown> {
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
    limit: limit && { atLeast: limit.atLeast, fails: limit.fails },
  };
}

/** What the worker answers, in the same form. */
async function ofWorker({ load }: Input, kernel: string): Promise<unknown> {
  const sim = createForkSim();
  const { lines, unread, mended, processesSeen, outcome, final, faults, faultsFound } = await sim.loadStrace({
    ...load,
    options: { profile: kernel },
  });
  const summary = await sim.sumUp();
  const { guards, limit } = await sim.whatIf();
  await sim.dispose();
  if (outcome === null) throw new Error('no call');
  return {
    lines,
    unreadable: unread,
    mended,
    processes: processesSeen,
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
      formatVmFlags(flags),
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

describe('the command line and the worker give the same figures', () => {
  it('of every program there is', () => {
    expect(PROGRAMS).toHaveLength(29);
  });

  it.each(PROGRAMS)('of %s', async (name) => {
    for (const kernel of KERNELS)
      expect(await ofWorker(program(name), kernel)).toEqual(await ofCli(program(name), kernel));
  });
});

/** Logs below `conformance/cases` with maps at the start and at the end, and logs alone. */
const CASES = [
  ...['12-jvm-thread-guards', '24-mremap-merge-student', '42-mlock-onfault', '05-mremap-faulted-unfaulted'],
  ...['04-mremap-fixed-unmaps-dest', '36-stack-probe-mremap', '39-v8-dontfork', '41-uffd-register'],
].map((name) => ({ log: `field/${name}.strace`, maps: true }));
const LOGS = [
  'field/01-coroutine-guard-enomem.strace',
  'field/06-overcommit-4g.strace',
  'field/50-needed-limit-blames-failing-call.strace',
  'programs/jvm-guards/prot-none.strace',
].map((log) => ({ log, maps: false }));

function caseInput({ log, maps }: (typeof CASES)[number]): Input {
  const path = join(recording('cases'), log);
  const source = new Blob([readFileSync(path)]);
  if (!maps) return { args: [path], load: { source } };
  const [initial, final] = ['initial', 'final'].map((which) => path.replace(/strace$/, `${which}.smaps`));
  if (initial === undefined || final === undefined) throw new Error('two maps');
  const load = { source, initial: readFileSync(initial, 'utf8'), final: readFileSync(final, 'utf8') };
  return { args: [path, '--initial', initial, '--final', final], load };
}

describe('the command line and the worker say the same of every case', () => {
  it.each([...CASES, ...LOGS])('of $log', async (one) => {
    expect(await ofWorker(caseInput(one), '6.18')).toEqual(await ofCli(caseInput(one), '6.18'));
  });

  it.each(['12-jvm-real-100-threads.smaps', '12-jvm-real-100-threads.maps', '12-jvm-thread-guards.final.smaps'])(
    'of %s: its guards as markers',
    async (name) => {
      const path = join(recording('cases'), 'field', name);
      const { out } = await cli(['smaps', path, '--json']);
      const { count, sizes, longest, vmasAtBest } = (JSON.parse(out) as SmapsReport).guards;
      const sim = createForkSim();
      await sim.loadSmaps({ source: readFileSync(path, 'utf8') });
      const { guards } = await sim.whatIf();
      await sim.dispose();
      expect(guards).toMatchObject({ guards: count, sizes, longest, endVmas: vmasAtBest });
    },
  );
});

describe('the page tables of a fork child, at most', () => {
  const childOf = ({ summary }: CompareSide): number | null | undefined => summary?.childTablesKbAtMost;

  it('guard-pool: the tables that its VMAs share count once', async () => {
    const answer = await createForkSim().compare({
      input: { kind: 'strace', load: program('guard-pool').load },
      profiles: ['6.18', '6.19'],
    });
    expect(childOf(answer.sides[0])).toBe(128);
  });

  it('differ between kernels only where the VMAs that are copied do', async () => {
    const log = file(
      'two-reasons.strace',
      [
        'mmap(0x100000000, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0) = 0x100000000',
        'mmap(0x100004000, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0) = 0x100004000',
        'madvise(0x100004000, 4096, MADV_GUARD_INSTALL) = 0',
        '',
      ].join('\n'),
    );
    const load = { source: readFileSync(log, 'utf8') };
    const { sides } = await createForkSim().compare({ input: { kind: 'strace', load }, profiles: ['6.18', '6.19'] });
    const { out } = await cli(['replay', log, '--kernel', '6.18,6.19', '--json']);
    const { kernels } = JSON.parse(out) as ReplayReport;
    expect(kernels.map(({ processes }) => processes[0]?.fork.tablesKbAtMost)).toEqual([12, 12]);
    expect(sides.map(childOf)).toEqual([12, 12]);
    // Two VMAs that are copied for two reasons, in two groups: each counts the tables that they share.
    expect(sides[1].summary?.fork.map(({ action, kBAtMost }) => [action, kBAtMost])).toEqual([
      ['copy', 12],
      ['copy', 12],
    ]);
  });
});
