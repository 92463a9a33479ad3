import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ReplayReport } from '../src/json/index.ts';
import { cli, file, programFile } from './cli.ts';

const program = (name: string): string[] => [
  programFile(name, 'trace.strace'),
  '--initial',
  programFile(name, 'initial.smaps'),
  '--final',
  programFile(name, 'final.smaps'),
];

const PROGRESS = new RegExp(`^(\r${'\u001b'}\\[2K.*)*$`);

async function reportOf(...args: string[]): Promise<ReplayReport> {
  const { out, err } = await cli(['replay', ...args, '--json']);
  expect(err).toBe('');
  return JSON.parse(out) as ReplayReport;
}

describe('replay of guard-pool', () => {
  it('says what the map was, is, and what keeps its parts apart, within 100 columns', async () => {
    const { status, out } = await cli(['replay', ...program('guard-pool'), '--kernel', '6.18.44']);
    expect(status).toBe(0);
    for (const text of [
      '/opt/demo/guard-pool, pid 11772',
      '150 calls of 161 lines, replayed as Linux 6.18.44, profile 6.19',
      '12 at the start, 32 at the peak (line 152: mprotect(0x7f23895fd000',
      'all 9 mappings without an address landed where the log says',
      'all 144 calls ended as the log says',
      'all 32 VMAs as in',
      'max_map_count 65,530: 65,498 to spare at the peak',
      '45 marker regions (45 pages, 180 kB) in 1 VMA',
      'if the 4 PROT_NONE guards of 4 kB were',
      '10 of 32 VMAs rest on an assumption about anon_vma',
      'The map at the end',
      'Why neighbours did not merge',
      'vmFlags wr ac',
      'libc.so.6 ≠ ld.so.cache',
      'A fork now',
      '= copy       18 VMAs',
      '~ refault    10 VMAs',
      'reserves   4 VMAs',
      'Which call would fail first',
      'needs 32',
    ]) {
      expect(out).toContain(text);
    }
    for (const line of out.split('\n'))
      expect(line.replaceAll(programFile('', ''), '').length).toBeLessThanOrEqual(100);
  });

  it('draws a bar a VMA, guards above theirs, a wall between what stays apart', async () => {
    const { out } = await cli(['replay', ...program('guard-pool')]);
    expect(out).toMatch(/^55ad69eec000 {2}░‖▚‖░‖░‖█\.███$/m);
    expect(out).toMatch(/^ {14} +G{6}$/m);
    expect(out).toContain('▁‖██████‖▁‖██████');
  });

  it('--ascii has nothing but ASCII', async () => {
    const { out } = await cli(['replay', ...program('guard-pool'), '--ascii', '--kernel', '6.12,6.19']);
    expect(out).toMatch(/^[\x20-\x7e\n]*$/);
    expect(out).toMatch(/^55ad69eec000 {2}r\|x\|r\|r\|w\.www$/m);
  });

  it('--json says the same', async () => {
    const report = await reportOf(...program('guard-pool'), '--kernel', '6.18.44');
    expect(report).toMatchObject({
      kind: 'replay',
      version: 1,
      between: null,
      log: { lines: 161, calls: 150, unreadable: 0, unfinished: 0 },
    });
    const [kernel] = report.kernels;
    expect(kernel).toMatchObject({
      kernel: '6.18.44',
      profile: '6.19',
      measured: true,
      faults: 'on-map',
      softDirty: false,
      maxMapCount: 65530,
      processesSeen: 1,
    });
    const [process] = kernel?.processes ?? [];
    expect(process).toMatchObject({
      pid: 11772,
      program: '/opt/demo/guard-pool',
      exited: true,
      vmas: { start: 12, peak: 32, end: 32 },
      peakCall: { line: 152 },
      places: { checked: 9, wrong: 0 },
      results: { wrong: 0 },
      guards: { regions: 45, pages: 45 },
      fork: { copy: { vmas: 18 }, refault: { vmas: 10 }, reserves: { vmas: 4 }, wipe: { vmas: 0 }, skip: { vmas: 0 } },
      final: { real: 32, model: 32, equal: 32, differences: [] },
    });
    expect(process?.map).toHaveLength(32);
    expect(process?.map.find(({ guardPages }) => guardPages > 0)).toMatchObject({
      start: '0x7f238b600000',
      pages: 1024,
      perms: 'rw-p',
      flags: 'rd wr mr mw me gu ac',
      backing: 'anonymous',
      guardPages: 45,
      fork: { action: 'copy', why: 'flags gu', ptes: 45 },
    });
    expect(process?.refusals.find(({ rule }) => rule === 'vmFile')).toMatchObject({
      count: 2,
      examples: [{ line: 5, text: 'libc.so.6 ≠ ld.so.cache' }, {}],
    });
    expect(kernel?.guardsAsMarkers).toMatchObject({ guards: 4, profile: '6.19', vmas: { peak: 26, end: 25 } });
    expect(kernel?.limits?.map(({ profile }) => profile).sort()).toEqual([
      '6.12',
      '6.16',
      '6.18',
      '6.19',
      '7.3',
      'as-posted',
      'guard-flag',
    ]);
    expect(kernel?.limits?.find(({ profile }) => profile === '6.19')).toMatchObject({
      atLeast: 32,
      fails: { line: 152, errno: 'ENOMEM' },
    });
  });
});

describe('replay', () => {
  it('of other programs fits into 100 columns too', async () => {
    for (const name of ['python-imports', 'node-threads', 'forking-server', 'mremap-moves']) {
      const { out } = await cli(['replay', ...program(name)]);
      for (const line of out.split('\n'))
        expect(line.replaceAll(programFile('', ''), '').length).toBeLessThanOrEqual(100);
    }
  });

  it('with a real map that is another draws what differs, and ends with status 1', async () => {
    const real = file(
      'real.smaps',
      readFileSync(programFile('true', 'final.smaps'), 'utf8').replace('rd mr mw me ac', 'rd mr mw me'),
    );
    const args = [
      programFile('true', 'trace.strace'),
      '--initial',
      programFile('true', 'initial.smaps'),
      '--final',
      real,
    ];
    const { status, out } = await cli(['replay', ...args]);
    expect(status).toBe(1);
    expect(out).toContain('21 of 22 VMAs as in');
    expect(out).toContain('What differs from the real map');
    expect(out).toContain('≠ flags');
  });

  it('--kernel A,B shows both and what differs', async () => {
    const { status, out } = await cli([
      'replay',
      ...program('guard-fork-pool').slice(0, 3),
      '--kernel',
      '6.18.15,6.19',
    ]);
    expect(status).toBe(0);
    expect(out).toContain('6.18.15 against 6.19');
    expect(out).toContain('peak 31 ≠ 30');
    expect(out).toMatch(/VMAs? differ: - 6\.18\.15, \+ 6\.19/);
    const report = await reportOf(...program('guard-fork-pool').slice(0, 3), '--kernel', '6.18.15,6.19');
    expect(report.kernels.map(({ profile }) => profile)).toEqual(['6.18', '6.19']);
    expect(report.between?.length).toBeGreaterThan(0);
  });

  it('--faults: what counts as written decides what a fork copies', async () => {
    const copied = async (faults: string): Promise<number | undefined> => {
      const report = await reportOf(...program('true').slice(0, 3), '--faults', faults);
      return report.kernels[0]?.processes[0]?.fork.copy.vmas;
    };
    expect(await copied('never')).toBeLessThan((await copied('on-map')) ?? 0);
    expect(await copied('auto')).toBeLessThanOrEqual((await copied('on-map')) ?? 0);
  });

  it('lists what it could not read, and what it does not model, with the lines', async () => {
    const log = file(
      'odd',
      '1 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000\n1 mmap(oops) = 3\n1 mbind(0x7f0000000000, 4096, MPOL_BIND, [0x1], 64, 0) = 0\n1 getpid() = 1\n',
    );
    const { status, out } = await cli(['replay', log]);
    expect(status).toBe(0);
    expect(out).toContain('Not as the log has it');
    expect(out).toMatch(/not modelled mbind, 1×: not modelled \(line 3\)/);
    expect(out).toMatch(/1 line could not be read:\n +2:\d+: /);
    const report = await reportOf(log);
    expect(report.log).toMatchObject({ unreadable: 1, irrelevant: { getpid: 1 } });
  });

  it('counts a place and a result that are another in the model', async () => {
    const log = file(
      'elsewhere',
      '1 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000\n1 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000\n1 munmap(0x7f0000000000, 4096) = -1 EPERM (Operation not permitted)\n',
    );
    const { out } = await cli(['replay', log]);
    expect(out).toContain('1 of 1 did not land where the log says: see below');
    expect(out).toMatch(
      /placement +line 2: .* in the log 0x7f0000000000, in the\s+model 0x7efffffffe000|placement +line 2/,
    );
    expect(out).toMatch(/result +line 3: munmap/);
  });

  it('says which calls the limit made fail', async () => {
    const log = file(
      'limit',
      '1 mmap(NULL, 16384, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000\n1 mprotect(0x7f0000001000, 4096, PROT_NONE) = -1 ENOMEM (Cannot allocate memory)\n',
    );
    const { out } = await cli(['replay', log, '--max-map-count', '2']);
    expect(out).toMatch(/1\s+call\s+failed\s+for\s+it,\s+first\s+line 2:\s+ENOMEM/);
  });

  it('compares every process that has a final map, given by its pid', async () => {
    const pid = 6601;
    const { status, out } = await cli([
      'replay',
      ...program('fork-merge'),
      '--final',
      `${pid}=${programFile('fork-merge', `final.${pid}.smaps`)}`,
    ]);
    expect(status).toBe(0);
    expect(out).toContain('Other processes');
    expect(out).toMatch(/6601 .*✓ 27 VMAs equal/);
  });

  it('reads gzip, and standard input', async () => {
    const text = readFileSync(programFile('true', 'trace.strace'));
    const fromGzip = await cli(['replay', file('true.gz', gzipSync(text)), '--json']);
    const fromStdin = await cli(['replay', '-', '--json'], { stdin: text });
    const strip = (out: string): unknown => ({ ...(JSON.parse(out) as ReplayReport), log: null });
    expect(strip(fromStdin.out)).toEqual(strip(fromGzip.out));
  });

  it('shows progress only where standard error is a terminal', async () => {
    const args = ['replay', ...program('true')];
    expect((await cli(args)).err).toBe('');
    expect((await cli(args, { terminal: true })).err).toMatch(PROGRESS);
  });
});
