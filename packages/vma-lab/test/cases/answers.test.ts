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
