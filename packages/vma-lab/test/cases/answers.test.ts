import { describe, expect } from 'vitest';
import type { ReplayReport, SmapsReport } from '../../src/index.ts';
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
      const { kernels } = await replayedWithMaps('field/12-jvm-thread-guards.strace', ['--kernel', '6.18']);
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
      const maps = ['--initial', of('initial'), '--final', of('final'), '--kernel', '6.18'];
      const { out } = await cli(['replay', caseFile('field/37-at-the-limit.strace'), ...maps], { columns: 400 });
      expect(out).toMatch(/limit +max_map_count 65,530: full: no call may add a VMA/);
      expect(out).toMatch(/VMAs +.* 65,531 at the peak/);
      expect(out).toMatch(/results +✓ all/);
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
      expect(out).toContain('a map of pid 4711: the log shows no such process');
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
      for (const faults of ['never', 'on-map', 'late']) {
        const maps = ['--initial', of('initial'), '--final', of('final'), '--faults', faults, '--kernel', '6.18'];
        const { kernels } = await replayed('programs/on-map-ignores-anonymous/r.strace', maps);
        expect(kernels[0]?.processes[0]?.final).toMatchObject({ differences: [] });
      }
    },
  );
});
