import { describe, expect } from 'vitest';
import type { ReplayReport, SmapsReport } from '../../src/json/index.ts';
import { cli } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

/** What `replay --json` says of a log below `conformance/cases`. */
async function replayed(path: string, more: readonly string[] = []): Promise<ReplayReport> {
  const { out } = await cli(['replay', caseFile(path), ...more, '--json']);
  return JSON.parse(out) as ReplayReport;
}

/** The same, with the maps at the start and at the end that stand beside the log. */
function replayedWithMaps(path: string, more: readonly string[] = []): Promise<ReplayReport> {
  const of = (file: string): string => caseFile(path.replace(/strace$/, file));
  return replayed(path, ['--initial', of('initial.smaps'), '--final', of('final.smaps'), ...more]);
}

async function smapsOf(path: string): Promise<SmapsReport> {
  return JSON.parse((await cli(['smaps', caseFile(path), '--json'])).out) as SmapsReport;
}

describe('guards as markers', () => {
  rightCase(
    'field/12-jvm-real-100-threads.smaps',
    { right: '385 VMAs, at best 157: guards take what their stacks are (nh)', before: '385 -> 373' },
    async () => {
      const { vmas, guards } = await smapsOf('field/12-jvm-real-100-threads.smaps');
      expect([vmas, guards.vmasAtBest]).toEqual([385, 157]);
      // What HotSpot reserved with MAP_NORESERVE and did not commit is no guard.
      expect(guards.sizes).toEqual([
        { bytes: 16384, count: 111 },
        { bytes: 4096, count: 7 },
      ]);
    },
  );

  rightCase(
    'field/12-jvm-real-100-threads.strace.gz',
    {
      right: '374 -> 148 at the peak: 119 guards, as many as its map has and one that went',
      before: '374 -> 362, 8 guards',
    },
    async () => {
      const { kernels } = await replayed('field/12-jvm-real-100-threads.strace.gz');
      expect(kernels[0]?.processes[0]?.vmas.peak).toBe(374);
      expect(kernels[0]?.guardsAsMarkers).toMatchObject({ guards: 119, vmas: { peak: 148 } });
    },
  );

  rightCase(
    'field/12-jvm-thread-guards.final.smaps',
    { right: '223 VMAs, with markers 24 (the judge program with MARKER=1, 6.18.44)', before: '223 -> 223' },
    async () => {
      const { vmas, guards } = await smapsOf('field/12-jvm-thread-guards.final.smaps');
      expect([vmas, guards.count, guards.vmasAtBest]).toEqual([223, 100, 24]);
    },
  );

  rightCase(
    'field/12-jvm-thread-guards.strace',
    { right: '223 VMAs, with markers 24 (the judge program with MARKER=1, 6.18.44)', before: 'no what-if' },
    async () => {
      const { kernels } = await replayedWithMaps('field/12-jvm-thread-guards.strace', ['--kernel', '6.18.44']);
      const vmas = { peak: 24, end: 24 };
      expect(kernels[0]?.guardsAsMarkers).toMatchObject({ guards: 100, sizes: [{ bytes: 16384, count: 100 }], vmas });
    },
  );

  rightCase(
    'programs/jvm-guards/prot-none.smaps',
    { right: '224 lines, 25 with markers (6.18.44); [vsyscall] is no VMA: 223 and 24', before: '223 -> 223' },
    async () => {
      const { vmas, guards } = await smapsOf('programs/jvm-guards/prot-none.smaps');
      expect([vmas, guards.vmasAtBest]).toEqual([223, 24]);
    },
  );
});

/** The line of a drawn report that begins with a label, and what belongs to it. */
async function drawn(path: string, label: string, more: readonly string[] = []): Promise<string> {
  const { out } = await cli(['replay', caseFile(path), ...more], { columns: 400 });
  return out.split('\n').find((line) => line.startsWith(`  ${label} `)) ?? '';
}

describe('limits', () => {
  rightCase(
    'field/50-needed-limit-blames-failing-call.strace',
    { right: 'needs 1: with 0, the brk of line 3 fails', before: 'needs 2: with 1, line 4 fails' },
    async () => {
      const { kernels } = await replayed('field/50-needed-limit-blames-failing-call.strace');
      expect(new Set(kernels[0]?.limits?.map(({ atLeast, fails }) => `${atLeast} ${fails?.line}`))).toEqual(
        new Set(['1 3']),
      );
    },
  );

  rightCase(
    'field/01-coroutine-guard-enomem.strace',
    {
      right: 'the call needs one VMA more; how many are to spare is not known (the limit was raised, and it works)',
      before: '65,529 to spare, and a wrong result',
    },
    async () => {
      const path = 'field/01-coroutine-guard-enomem.strace';
      const first = (await replayed(path)).kernels[0]?.processes[0];
      expect(first).toMatchObject({ startsFrom: 'unknown', toSpare: null });
      expect(await drawn(path, 'limit')).toContain('how many are to spare is not known');
    },
  );

  rightCase(
    'field/06-overcommit-4g.strace',
    { right: 'the call asks for 4 GiB of accounted memory; 2 GiB works (the issue)', before: 'ENOMEM is wrong' },
    async () => {
      const first = (await replayed('field/06-overcommit-4g.strace')).kernels[0]?.processes[0];
      expect(first?.results.wrong).toBe(0);
      expect(first?.outside.examples[0]?.why).toContain('asks for 4 GiB of accounted memory');
      expect(await drawn('field/06-overcommit-4g.strace', 'results')).toContain('? 2 of 3 calls ended as the log says');
    },
  );

  rightCase(
    'field/37-at-the-limit.strace',
    { right: '65,531 VMAs at the peak: full (6.18.44)', before: '0 to spare' },
    async () => {
      const of = (file: string): string => caseFile(`field/37-at-the-limit.${file}.smaps.gz`);
      const maps = ['--initial', of('initial'), '--final', of('final'), '--kernel', '6.18.44'];
      const { out } = await cli(['replay', caseFile('field/37-at-the-limit.strace'), ...maps], { columns: 400 });
      expect(out).toMatch(/limit +max_map_count 65,530: full: no call may add a VMA/);
      expect(out).toMatch(/VMAs +.* 65,531 at the peak/);
      expect(out).toMatch(/results +✓ all/);
      expect(out).toMatch(/final map +✓ all 65,530 VMAs/);
    },
    300_000,
  );
});

describe('a tick stands for what was judged', () => {
  rightCase(
    'a line that could not be read',
    { right: 'no tick: 1 line could not be read', before: '✓ all' },
    async () => {
      const log =
        'brk(NULL) = 0x55d000000000\nmmap(NULL, 40, PROT_READ|, MAP_PRIVATE = ?what\nbrk(NULL) = 0x55d000000000\n';
      const { out } = await cli(['replay', '-'], { stdin: log, columns: 200 });
      expect(out).toContain('? 2 of 2 calls ended as the log says; 1 line could not be read');
    },
  );

  rightCase(
    'programs/initial-tgid, --initial of a process that is not in the log',
    { right: 'said, and no tick', before: '✓ all' },
    async () => {
      const map = caseFile('field/42-mlock-onfault.initial.smaps');
      const log = caseFile('field/42-mlock-onfault.strace');
      const { out } = await cli(['replay', log, '--initial', `4711=${map}`], { columns: 200 });
      expect(out).toContain('The initial map of pid 4711 was not used');
      expect(out).not.toMatch(/results +✓/);
    },
  );
});

describe('faults that nobody saw', () => {
  rightCase(
    'programs/on-map-ignores-anonymous',
    { right: 'what the initial smaps proves as written is no assumption, in every mode', before: 'not used' },
    async () => {
      const of = (file: string): string => caseFile(`programs/on-map-ignores-anonymous/r.${file}`);
      for (const faults of ['never', 'on-map', 'auto']) {
        const maps = ['--initial', of('initial'), '--final', of('final'), '--faults', faults, '--kernel', '6.18.44'];
        const { kernels } = await replayed('programs/on-map-ignores-anonymous/r.strace', maps);
        expect(kernels[0]?.processes[0]?.final).toMatchObject({ differences: [] });
      }
    },
  );

  const UNSEEN = [
    ['12-jvm-thread-guards', 223, '100 false differences', 'auto', []],
    ['42-mlock-onfault', 23, '24 VMAs', 'never', []],
    ['05-mremap-faulted-unfaulted', 32, '6 false differences', 'never', []],
    ['24-mremap-merge-student', 37, '3 false differences', 'on-map', [{ line: 23, before: null }]],
  ] as const;
  for (const [name, vmas, before, faults, exceptions] of UNSEEN) {
    rightCase(
      `field/${name}.strace`,
      { right: `${vmas} VMAs at the end, all as in the real map (6.18.44)`, before },
      async () => {
        const [kernel] = (await replayedWithMaps(`field/${name}.strace`, ['--kernel', '6.18.44'])).kernels;
        expect(kernel?.processes[0]?.final).toMatchObject({ real: vmas, equal: vmas, differences: [] });
        expect(kernel).toMatchObject({ faults, faultsFound: { faults, exceptions, differing: 0 } });
      },
    );
  }

  rightCase(
    'field/24-mremap-merge-student.strace, --faults never',
    { right: 'what was asked stays, and what would explain the map is said', before: 'not said' },
    async () => {
      const more = ['--kernel', '6.18.44', '--faults', 'never'];
      const [kernel] = (await replayedWithMaps('field/24-mremap-merge-student.strace', more)).kernels;
      expect(kernel?.processes[0]?.final?.differences).toHaveLength(10);
      expect(kernel).toMatchObject({ faults: 'never', faultsFound: { faults: 'on-map', differing: 0 } });
    },
  );

  rightCase(
    'field/42-mlock-onfault.strace, a final map of another program',
    { right: 'no page faults lead to it: said loudly', before: 'only differences' },
    async () => {
      const final = caseFile('field/36-stack-probe-mremap.final.smaps');
      const initial = caseFile('field/42-mlock-onfault.initial.smaps');
      const log = caseFile('field/42-mlock-onfault.strace');
      const { out } = await cli(['replay', log, '--initial', initial, '--final', final], { columns: 400 });
      const text = out.replaceAll(/\s+/g, ' ');
      expect(text).toMatch(/✗ no page faults .*lead to the real map.*: the model is wrong here/);
    },
    120_000,
  );
});

describe('reserves', () => {
  rightCase(
    'a log that reserves 4 TiB and uses 64 kB of it',
    { right: 'what cannot fault is in no figure of fork', before: '1,073,741,808 pages to refault' },
    async () => {
      const at = '0x100000000000';
      const log = [
        `mmap(${at}, 4398046511104, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE|MAP_FIXED, -1, 0) = ${at}`,
        `mprotect(${at}, 65536, PROT_READ|PROT_WRITE) = 0`,
      ].join('\n');
      const { out } = await cli(['replay', '-', '--json'], { stdin: `${log}\n` });
      const { fork } = (JSON.parse(out) as ReplayReport).kernels[0]!.processes[0]!;
      expect(fork).toMatchObject({
        copy: { vmas: 1, pages: 16 },
        refault: { vmas: 0, pages: 0 },
        refaultTablesKb: 0,
        reserves: { vmas: 1, pages: 2 ** 30 - 16 },
      });
    },
  );
});

describe('checkpoints', () => {
  rightCase(
    'field/12-jvm-thread-guards.strace, --checkpoint at its first and last line',
    { right: 'the maps there are the real ones at the start and at the end', before: 'compared at the end alone' },
    async () => {
      const of = (file: string): string => caseFile(`field/12-jvm-thread-guards.${file}.smaps`);
      const more = ['--kernel', '6.18.44', '--faults', 'auto', '--checkpoint'];
      const right = [`0=${of('initial')}`, '--checkpoint', `100000=${of('final')}`];
      const same = await replayedWithMaps('field/12-jvm-thread-guards.strace', [...more, ...right]);
      expect(same.kernels[0]?.checkpoints.map(({ real, equal }) => [real, equal])).toEqual([
        [23, 23],
        [223, 223],
      ]);
      const early = await replayedWithMaps('field/12-jvm-thread-guards.strace', [...more, `3=${of('final')}`]);
      expect(early.kernels[0]?.checkpoints[0]?.differences).not.toEqual([]);
    },
  );
});
