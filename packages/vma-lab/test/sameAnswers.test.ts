import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createForkSim } from 'fork-sim/same-thread';
import { consumerText, headline, helpText } from 'fork-sim/words';
import type { CompareSide, Overview } from 'fork-sim/worker';
import { describe, expect, it } from 'vitest';
import type { ReplayReport, Report, SmapsReport } from '../src/json/index.ts';
import { cli, file, programFile, recording } from './cli.ts';
import { type Input, ofCli, ofWorker } from './sameAnswers.ts';

const PROGRAMS = readdirSync(recording('programs')).filter((name) => existsSync(programFile(name, 'meta.json')));

/** Older than guard markers, with them, and the newest. */
const KERNELS = ['6.12', '6.18', '7.3'] as const;

function program(name: string): Input {
  const paths = { initial: programFile(name, 'initial.smaps'), final: programFile(name, 'final.smaps') };
  const trace = [programFile(name, 'trace.strace'), programFile(name, 'trace.strace.gz')].find(existsSync) ?? '';
  const source = new Blob([readFileSync(trace)]);
  const load = { source, initial: readFileSync(paths.initial, 'utf8'), final: readFileSync(paths.final, 'utf8') };
  return { args: [trace, '--initial', paths.initial, '--final', paths.final], load };
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

describe('guards of a map as markers', () => {
  it.each(['12-jvm-real-100-threads.smaps', '12-jvm-real-100-threads.maps', '12-jvm-thread-guards.final.smaps'])(
    'of %s',
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

describe('the command line and the worker say the same at first sight', () => {
  it.each(['guard-pool', 'thread-stacks', 'python-forks', 'sqlite-mmap'])('of the log of %s', async (name) => {
    const { args, load } = program(name);
    const initial = ['--initial', programFile(name, 'initial.smaps')];
    const { out } = await cli(['report', args[0]!, ...initial, '--kernel', '6.18', '--json']);
    const sim = createForkSim();
    const { source, initial: smaps = '' } = load;
    await sim.loadStrace({ source, initial: smaps, options: { profile: '6.18' } });
    const overview = await sim.overview();
    await sim.dispose();
    expectSame(JSON.parse(out) as Report, overview);
  });

  it.each(['12-jvm-real-100-threads.smaps', '18-redis-24g-thp.smaps', '44-dirty-maps-1.maps'])(
    'of %s',
    async (name) => {
      const path = join(recording('cases'), 'field', name);
      const { out } = await cli(['report', path, '--json']);
      const sim = createForkSim();
      await sim.loadSmaps({ source: readFileSync(path, 'utf8') });
      const overview = await sim.overview();
      await sim.dispose();
      expectSame(JSON.parse(out) as Report, overview);
    },
  );

  function expectSame(report: Report, overview: Overview | null): void {
    if (overview === null) throw new Error('no overview');
    expect(headline(overview)).toBe(report.headline);
    expect(overview.consumers.map(consumerText)).toEqual(report.consumers.map(({ text }) => text));
    expect(overview.helps.map((help) => helpText(help, overview))).toEqual(report.helps.map(({ text }) => text));
    const texts = { title: expect.any(String), text: expect.any(String) };
    expect(report.failures).toEqual(overview.failures.map((failure) => ({ ...failure, ...texts })));
    expect(overview.vmas).toEqual(report.vmas);
    expect(overview.fork).toEqual(report.fork);
  }
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
