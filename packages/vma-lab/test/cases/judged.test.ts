import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createForkSim } from 'fork-sim/same-thread';
import { resultsVerdict } from 'fork-sim/words';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../../scripts/tempFolder.mjs';
import type { ReplayReport } from '../../src/json/index.ts';
import { cli, file, programFile, recording } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

/** A copy of a program's recording whose log is another. */
function programWith(name: string, change: (log: string) => string): string {
  const folder = tempFolder('vma-lab-judged-');
  cpSync(recording(`programs/${name}`), folder, { recursive: true });
  const log = join(folder, 'trace.strace');
  writeFileSync(log, change(readFileSync(log, 'utf8')));
  return folder;
}

describe('what could not be judged', () => {
  rightCase(
    'verify of a program whose log has a line that cannot be read and a call that failed for another reason',
    { right: 'counted apart, no tick; the maps are equal, so status 0', before: 'a tick, and no count' },
    async () => {
      const folder = programWith('true', (log) => {
        const pid = /^\d+/.exec(log)?.[0];
        const more = `${pid}  mmap(NULL, 4294967296, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 ENOMEM (Cannot allocate memory)\n`;
        return log.replace(/^(\d+ +exit_group)/m, `garbage that is none\n${more}$1`);
      });
      const { out, status } = await cli(['verify', folder]);
      expect(out).toMatch(
        /^\? .*: 1 of 1 process.*; not judged: 1 failed for a reason outside of the model, 1 line could/,
      );
      expect(status).toBe(0);
      const { recordings } = JSON.parse((await cli(['verify', folder, '--json'])).out);
      expect(recordings[0].unjudged).toEqual({ outside: 1, unknownMemory: 0, notModelled: 0, unread: 1, unused: 0 });
    },
  );

  it('a program of which everything was judged has a tick', async () => {
    const { out } = await cli(['verify', recording('programs/true')]);
    expect(out).toMatch(/^✓ /);
    expect(out).not.toContain('not judged');
  });

  it('a model that breaks its own rules is wrong, though the log agrees', () => {
    const none = { count: 0 };
    const judged = {
      ...{ performed: 3, wrongResults: none, outsideResults: none, unknownMemory: none, notModelled: [] },
      ...{ placesChecked: 0, wrongPlaces: none, violations: [{ message: 'two VMAs overlap' }] },
    };
    expect(resultsVerdict(judged, 0)).toEqual({ state: 'wrong', text: 'the model breaks 1 rule of its own' });
    expect(resultsVerdict({ ...judged, violations: [] }, 0).state).toBe('right');
  });
});

describe('page tables of machines that are not modelled', () => {
  const log = (path: string): string => (path.includes('/') ? caseFile(path) : path);
  rightCase(
    'field/26-i386-mmap2.strace',
    { right: '--json: no figure of page tables, no limits, no what-if', before: '"kB": 20, as of x86-64' },
    async () => {
      const { kernels } = JSON.parse(
        (await cli(['replay', log('field/26-i386-mmap2.strace'), '--json'])).out,
      ) as ReplayReport;
      const [kernel] = kernels;
      const { pageTables, fork } = kernel!.processes[0]!;
      expect(pageTables).toEqual({ tables: null, kB: null });
      expect([fork.tablesKbAtMost, fork.refaultTablesKb, fork.proven.tablesKb]).toEqual([null, null, null]);
      expect(
        kernel!.processes[0]!.map.map(({ fork: { tablesKb } }) => tablesKb).filter((kB) => kB !== null && kB > 0),
      ).toEqual([]);
      expect(kernel!.guardsAsMarkers).toBeNull();
      expect(kernel!.limits ?? []).toEqual([]);
    },
  );

  rightCase(
    'two kernels on a log of 32 bits',
    { right: 'page tables "not known", no tick on the maps', before: '"0 kB on both", and a tick' },
    async () => {
      const { out } = await cli(['replay', log('field/26-i386-mmap2.strace'), '--kernel', '6.12,6.18']);
      expect(out).toContain('tables at most not known on both');
      expect(out).not.toMatch(/0 kB|✓/);
    },
  );

  rightCase(
    'a log with a map of 16 kB pages',
    { right: '--json leaves its page tables out', before: 'those of 4 kB pages' },
    async () => {
      const smaps = file(
        'arm.smaps',
        [
          'aaaac0000000-aaaac0010000 rw-p 00000000 00:00 0 ',
          'Size:                 64 kB',
          'KernelPageSize:       16 kB',
          'MMUPageSize:          16 kB',
          'VmFlags: rd wr mr mw me ac',
          '',
        ]
          .join('\n')
          .replaceAll('aaaa', '2aaa'),
      );
      const strace = file('arm.strace', '7 munmap(0x2aaac0000000, 16384) = 0\n');
      const { out } = await cli(['replay', strace, '--initial', smaps, '--json']);
      const { kernels } = JSON.parse(out) as ReplayReport;
      expect(kernels[0]?.processes[0]?.pageTables).toEqual({ tables: null, kB: null });
    },
  );
});

describe('the worker takes the maps of every process', () => {
  it('as the command line does: bash-pipeline', async () => {
    const meta = JSON.parse(readFileSync(programFile('bash-pipeline', 'meta.json'), 'utf8')) as {
      processes: readonly { pid: number; initial?: string; final?: string }[];
    };
    const read = (name: string): string => readFileSync(programFile('bash-pipeline', name), 'utf8');
    const maps = meta.processes
      .slice(1)
      .flatMap(({ pid, initial, final }) => [
        ...(initial === undefined ? [] : [{ map: 'initial' as const, pid, source: read(initial), name: initial }]),
        ...(final === undefined ? [] : [{ map: 'final' as const, pid, source: read(final), name: final }]),
      ]);
    expect(maps.length).toBeGreaterThan(3);
    const sim = createForkSim();
    const source = read('trace.strace');
    const first = { initial: read('initial.smaps'), final: read('final.smaps') };
    const strange = { map: 'final' as const, pid: 7, source: read('final.smaps'), name: 'final.7.smaps' };
    const checkpoints = [{ line: 1e9, pid: maps.at(-1)!.pid, source: maps.at(-1)!.source, name: 'last' }];
    const answer = await sim.loadStrace({ source, ...first, maps: [...maps, strange], checkpoints });
    await sim.dispose();
    const finals = maps.filter(({ map }) => map === 'final');
    expect(answer.final?.differing).toBe(0);
    expect(answer.otherFinals.map(({ pid, file: name, differing }) => [pid, name, differing])).toEqual(
      finals.map(({ pid, name }) => [pid, name, 0]),
    );
    expect(answer.unused).toEqual([{ map: 'final', pid: 7 }]);
    expect(answer.checkpoints).toMatchObject([{ pid: checkpoints[0]?.pid, comparison: { differing: 0 } }]);
  });
});

describe('behind a line that could not be read', () => {
  const anon = (length: number, at: string): string =>
    `7 mmap(NULL, ${length}, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f00000${at}`;
  const CUT = '7 munmap(0x7f0000010...';

  rightCase(
    'a log whose lines were cut at the right, with an ellipsis',
    { right: 'what the cut call did is not known: places behind it are not judged', before: '1 of 2 places wrong' },
    async () => {
      const lines = [anon(4096, '10000'), CUT, anon(4096, '10000'), anon(8192, '0e000')];
      const { out } = await cli(['replay', file('cut.strace', `${lines.join('\n')}\n`), '--json']);
      const { log, kernels } = JSON.parse(out) as ReplayReport;
      expect(log.unreadable).toBe(1);
      const [process] = kernels[0]?.processes ?? [];
      expect(process).toMatchObject({ places: { checked: 1, wrong: 0 }, afterUnread: { wrong: 1 } });
      const said = (await cli(['replay', file('cut.strace', `${lines.join('\n')}\n`)])).out.replace(/\s+/g, ' ');
      expect(said).toContain('1 call behind a line that could not be read, 1 line could not be read');
      const sim = createForkSim();
      const { outcome } = await sim.loadStrace({ source: lines.join('\n') });
      await sim.dispose();
      expect(outcome).toMatchObject({ wrongPlaces: { count: 0 }, afterUnread: { count: 1 } });
    },
  );

  rightCase(
    'the same where the line that could not be read is of a call that maps nothing, or stands behind',
    { right: 'judged: 1 place wrong', before: 'the same' },
    async () => {
      const wrong = [anon(4096, '10000'), anon(4096, '10000')];
      for (const lines of [
        ['7 madvise(0x7f0000010...', ...wrong],
        [...wrong, CUT],
      ]) {
        const { out } = await cli(['replay', file('judged.strace', `${lines.join('\n')}\n`), '--json']);
        const [process] = (JSON.parse(out) as ReplayReport).kernels[0]?.processes ?? [];
        expect(process).toMatchObject({ places: { wrong: 1 } });
      }
    },
  );
});
