import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { tempFolder } from '../../../../scripts/tempFolder.mjs';
import type { ReplayReport } from '../../src/json/index.ts';
import { cli, file } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

/** What `replay --json` says of a log on 6.18. */
async function replayed(log: string, more: readonly string[] = []): Promise<ReplayReport> {
  const { out, err } = await cli(['replay', log, '--kernel', '6.18', ...more, '--json']);
  expect(err).toBe('');
  return JSON.parse(out) as ReplayReport;
}

/** The first process of a log on 6.18. */
async function firstOf(log: string, more: readonly string[] = []): Promise<ReplayReport['kernels'][0]['processes'][0]> {
  const { kernels } = await replayed(log, more);
  const first = kernels[0]?.processes[0];
  if (first === undefined) throw new Error('no process');
  return first;
}

let logs = 0;

/** A log of these lines. */
function logOf(text: string): string {
  const lines = text.trim().split('\n');
  return file(`order-${logs++}.strace`, lines.map((line) => `${line.trim()}\n`).join(''));
}

const THREAD = 'flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM';
const anon = (length: number, prot = 'PROT_READ'): string =>
  `mmap(NULL, ${length}, ${prot}, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0`;

describe('calls that overlap', () => {
  rightCase(
    'field/11-thread-overlap-order.strace',
    {
      right: 'the munmap came after line 5: all places right, peak 3 (6.18.44)',
      before: '1 of 2 places wrong, peak 2',
    },
    async () => {
      const first = await firstOf(caseFile('field/11-thread-overlap-order.strace'));
      expect(first).toMatchObject({
        places: { checked: 2, wrong: 0 },
        results: { wrong: 0 },
        vmas: { peak: 3, end: 2 },
      });
      expect(first.assumptions.join()).not.toContain('order');
    },
  );

  rightCase(
    'programs/event-order/trace.strace',
    { right: 'an order exists in which both places fit', before: '1 of 2 places wrong: an madvise between them' },
    async () => {
      const first = await firstOf(caseFile('programs/event-order/trace.strace'));
      expect(first).toMatchObject({ places: { checked: 2, wrong: 0 }, results: { wrong: 0 } });
    },
  );

  rightCase(
    'programs/event-order/without-madvise.strace',
    { right: 'an order exists in which both places fit', before: 'the same' },
    async () => {
      const first = await firstOf(caseFile('programs/event-order/without-madvise.strace'));
      expect(first).toMatchObject({ places: { checked: 2, wrong: 0 }, results: { wrong: 0 } });
    },
  );

  rightCase(
    'programs/event-order-greedy/trace.strace',
    {
      right: 'thread 11 maps and unmaps first, then the page of thread 10 lands in the hole',
      before: '1 of 2 places wrong',
    },
    async () => {
      const first = await firstOf(caseFile('programs/event-order-greedy/trace.strace'));
      expect(first).toMatchObject({ places: { checked: 2, wrong: 0 }, results: { wrong: 0 } });
    },
  );

  rightCase(
    'programs/event-order-greedy/node-long.200.strace',
    { right: 'all 45 places and all 185 results as in the log', before: '2 places and 1 result wrong' },
    async () => {
      const initial = caseFile('programs/event-order-greedy/node-long.initial.smaps');
      const log = caseFile('programs/event-order-greedy/node-long.200.strace');
      const first = await firstOf(log, ['--initial', initial]);
      expect(first).toMatchObject({ places: { checked: 45, wrong: 0 }, results: { wrong: 0 } });
      expect(first.assumptions.join()).not.toContain('No order');
    },
  );

  rightCase(
    'three threads, each call inside another',
    { right: 'the two mappings that end last were made first, as their addresses show', before: 'the same' },
    async () => {
      const first = await firstOf(
        logOf(`
        10 ${anon(16384)}) = 0x7f0000010000
        10 clone(child_stack=0x7f0, ${THREAD}) = 11
        10 clone(child_stack=0x7f0, ${THREAD}) = 12
        10 ${anon(4096)} <unfinished ...>
        11 ${anon(4096)} <unfinished ...>
        12 munmap(0x7f0000012000, 8192) = 0
        12 ${anon(8192)}) = 0x7f0000012000
        12 mprotect(0x7f0000012000, 4096, PROT_NONE) = 0
        11 <... mmap resumed>) = 0x7f000000f000
        10 <... mmap resumed>) = 0x7f000000e000`),
      );
      expect(first).toMatchObject({ places: { checked: 3, wrong: 0 }, results: { wrong: 0 }, vmas: { end: 3 } });
    },
  );

  rightCase(
    'brk of two threads',
    { right: 'brk(NULL) answers the break that the other thread set first', before: 'the same' },
    async () => {
      const first = await firstOf(
        logOf(`
        10 brk(NULL) = 0x555555559000
        10 clone(child_stack=0x7f0, ${THREAD}) = 11
        11 brk(0x55555557a000 <unfinished ...>
        10 brk(NULL) = 0x55555557a000
        11 <... brk resumed>) = 0x55555557a000`),
      );
      expect(first).toMatchObject({ results: { wrong: 0 }, vmas: { end: 1 } });
    },
  );

  rightCase(
    'mprotect over a hole that another thread makes',
    { right: 'ENOMEM: the munmap came first, although it ends last', before: 'a wrong result' },
    async () => {
      const first = await firstOf(
        logOf(`
        10 ${anon(16384)}) = 0x7f0000010000
        10 clone(child_stack=0x7f0, ${THREAD}) = 11
        11 munmap(0x7f0000011000, 4096 <unfinished ...>
        10 mprotect(0x7f0000010000, 16384, PROT_NONE) = -1 ENOMEM (Cannot allocate memory)
        11 <... munmap resumed>) = 0`),
      );
      expect(first).toMatchObject({ results: { wrong: 0 }, failedAlike: 1 });
    },
  );

  rightCase(
    'a child that begins before its parent’s clone has returned, and another thread in between',
    { right: 'clone comes before what the child does', before: 'the same, where nothing else overlaps' },
    async () => {
      const { kernels } = await replayed(
        logOf(`
        10 ${anon(16384)}) = 0x7f0000010000
        10 clone(child_stack=0x7f0, ${THREAD}) = 11
        10 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>
        11 ${anon(4096)} <unfinished ...>
        12 munmap(0x7f0000010000, 8192) = 0
        11 <... mmap resumed>) = 0x7f000000f000
        10 <... clone resumed>) = 12`),
      );
      expect(kernels[0]?.processes).toMatchObject([
        { pid: 10, places: { wrong: 0 }, vmas: { end: 1 } },
        { pid: 12, vmas: { end: 1 } },
      ]);
      // A fork copies memory soon after it begins, and ends much later.
      expect(kernels[0]?.processes[0]?.assumptions.join()).toContain(
        'fit either order: line 3 was taken to come before line 4',
      );
    },
  );

  rightCase(
    'MAP_FIXED over what another thread unmaps',
    { right: 'both orders give the log’s results: said, with the lines', before: 'nothing said' },
    async () => {
      const first = await firstOf(
        logOf(`
        10 ${anon(16384)}) = 0x7f0000010000
        10 clone(child_stack=0x7f0, ${THREAD}) = 11
        10 mmap(0x7f0000010000, 4096, PROT_NONE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0 <unfinished ...>
        11 munmap(0x7f0000010000, 8192) = 0
        10 <... mmap resumed>) = 0x7f0000010000`),
      );
      expect(first.results.wrong).toBe(0);
      expect(first.assumptions.join()).toContain(
        'Calls overlap, and the results fit either order: line 4 was taken to come before line 3.',
      );
    },
  );

  rightCase(
    'results that no order explains',
    { right: 'said, with the line; the place counts as wrong', before: 'the place counts as wrong' },
    async () => {
      const first = await firstOf(
        logOf(`
        10 ${anon(16384)}) = 0x7f0000010000
        10 ${anon(65536)}) = 0x7f0000000000
        10 munmap(0x7f0000000000, 65536) = 0
        10 clone(child_stack=0x7f0, ${THREAD}) = 11
        10 ${anon(4096)} <unfinished ...>
        11 ${anon(4096)}) = 0x7f0000001000
        10 <... mmap resumed>) = 0x7f000000f000`),
      );
      expect(first.places.wrong).toBe(1);
      expect(first.assumptions.join()).toContain('No order was found in which all results');
    },
  );
});

describe('several attached processes', () => {
  rightCase(
    'a mapping that an attached log shows below where there was room, for all that the log shows',
    {
      right: 'something from before the log is there: not judged; what the log has shown to be free is',
      before: '1 of 2 places wrong',
    },
    async () => {
      const log = (last: string): string => `
        7 ${anon(12288)}) = 0x7f1c11fbb000
        7 munmap(0x7f1c11fbb000, 12288) = 0
        7 ${anon(16384)}) = 0x7f1c11fba000
        7 munmap(0x7f1c11fba000, 16384) = 0
        7 ${anon(20480)}) = 0x7f1c111f8000
        7 ${anon(8192)}) = ${last}`;
      const open = await firstOf(logOf(log('0x7f1c11fbc000')));
      expect(open.places).toMatchObject({ checked: 2, wrong: 0 });
      expect(open.unknownMemory).toMatchObject({ count: 1 });
      const wrong = await firstOf(logOf(log('0x7f1c11000000')));
      expect(wrong.places).toMatchObject({ checked: 2, wrong: 1 });
    },
  );

  const attached = (file: string): string => caseFile(`programs/two-attached/${file}`);
  const ended = (kernel: ReplayReport['kernels'][0] | undefined): unknown =>
    kernel?.processes.map(({ pid, map, places }) => [pid, map.map(({ pages }) => pages * 4), places.wrong]);

  rightCase(
    'field/17-attach-two-workers.strace',
    {
      right: 'two address spaces, as line 4 returns what line 3 holds: 4100 ends with 8 kB, 4200 with 1028 kB',
      before: 'one process, 0 VMAs at the end',
    },
    async () => {
      const { kernels } = await replayed(caseFile('field/17-attach-two-workers.strace'));
      expect(ended(kernels[0])).toEqual([
        [4100, [8], 0],
        [4200, [1028], 0],
      ]);
      expect(kernels[0]?.processes[1]?.assumptions.join()).toContain(
        "Pid 4200, which no clone shows, was taken as a process of its own: line 4 cannot be of pid 4100's address space.",
      );
    },
  );

  rightCase(
    'the same without the messages of strace, which a log of -o does not have',
    { right: 'two address spaces', before: 'one process' },
    async () => {
      const lines = readFileSync(caseFile('field/17-attach-two-workers.strace'), 'utf8')
        .split('\n')
        .slice(2)
        .join('\n');
      const { kernels } = await replayed(logOf(lines));
      expect(ended(kernels[0])).toEqual([
        [4100, [8], 0],
        [4200, [1028], 0],
      ]);
    },
  );

  rightCase(
    'programs/two-attached/two.log with its maps',
    { right: 'each process begins from its own map, and every place is right', before: 'one process, places wrong' },
    async () => {
      const maps = ['16343=a.smaps', '16344=b.smaps'].flatMap((map) => {
        const [pid, name] = map.split('=') as [string, string];
        return ['--initial', `${pid}=${attached(name)}`, '--final', `${pid}=${attached(name)}`];
      });
      const { kernels, unused } = await replayed(attached('two.log'), maps);
      expect(unused).toEqual([]);
      expect(kernels[0]?.processes).toMatchObject([
        { pid: 16344, vmas: { start: 22 }, places: { checked: 6, wrong: 0 }, final: { real: 22 } },
        { pid: 16343, vmas: { start: 22 }, places: { checked: 6, wrong: 0 }, final: { real: 22 } },
      ]);
    },
  );

  rightCase(
    'programs/two-attached/two.log without maps',
    { right: 'two processes: one is placed above a hole that was free to the other', before: 'one process' },
    async () => {
      const { kernels } = await replayed(attached('two.log'));
      expect(kernels[0]?.processesSeen).toBe(2);
    },
  );

  rightCase(
    'programs/initial-tgid/att.log.gz with the map of 16004',
    { right: 'the threads 16006 to 16008 are of that process: all 63 places right', before: 'the map is not used' },
    async () => {
      const map = `16004=${caseFile('programs/initial-tgid/att.smaps')}`;
      const { kernels, unused } = await replayed(caseFile('programs/initial-tgid/att.log.gz'), ['--initial', map]);
      expect(unused).toEqual([]);
      expect(kernels[0]?.processes).toMatchObject([
        { pid: 16004, vmas: { start: 40 }, places: { checked: 63, wrong: 0 }, results: { wrong: 0 } },
      ]);
    },
  );

  rightCase(
    'programs/initial-tgid/att.log.gz, its first lines only: 16004 itself has none',
    { right: 'the map is of the process whose memory the calls work on', before: 'the map is not used' },
    async () => {
      const text = gunzipSync(readFileSync(caseFile('programs/initial-tgid/att.log.gz'))).toString();
      const log = logOf(
        text
          .split('\n')
          .filter((line) => line.startsWith('1600') && !line.startsWith('16004'))
          .join('\n'),
      );
      const map = `16004=${caseFile('programs/initial-tgid/att.smaps')}`;
      const { kernels, unused } = await replayed(log, ['--initial', map]);
      expect(unused).toEqual([]);
      expect(kernels[0]?.processes[0]).toMatchObject({ pid: 16004, vmas: { start: 40 }, places: { wrong: 0 } });
    },
  );

  rightCase(
    'maps of pids that the log does not have',
    { right: 'said in the report, status 2, no tick', before: 'nothing said, status 0' },
    async () => {
      const maps = ['--initial', `999=${attached('a.smaps')}`, '--final', `777=${attached('b.smaps')}`];
      const { out, status } = await cli(['replay', attached('two.log'), ...maps]);
      expect(status).toBe(2);
      expect(out.replace(/\s+/g, ' ')).toContain(
        'The initial map of pid 999 was not used: the log shows no process with this pid',
      );
      expect(out.replace(/\s+/g, ' ')).toContain(
        'The final map of pid 777 was not used: the log shows no process with this pid',
      );
    },
  );

  rightCase(
    'a thread that ran before the log began, and unmaps what the first has mapped',
    { right: 'one process, and the line that shows it', before: 'one process' },
    async () => {
      const { kernels } = await replayed(
        logOf(`
        10 ${anon(8192)}) = 0x7f0000010000
        11 munmap(0x7f0000010000, 8192) = 0
        10 ${anon(8192)}) = 0x7f0000010000`),
      );
      expect(ended(kernels[0])).toEqual([[10, [8], 0]]);
      expect(kernels[0]?.processes[0]?.assumptions.join()).toContain(
        "was taken as a thread of pid 10's process: line 2",
      );
    },
  );

  rightCase(
    'a pid that goes on after another’s exit_group',
    { right: 'a process of its own', before: 'a thread of the one that has exited' },
    async () => {
      const { kernels } = await replayed(
        logOf(`
        10 ${anon(8192)}) = 0x7f0000010000
        11 madvise(0x7e0000000000, 4096, MADV_DONTNEED) = 0
        10 exit_group(0) = ?
        11 madvise(0x7e0000000000, 4096, MADV_DONTNEED) = 0`),
      );
      expect(kernels[0]?.processes.map(({ pid }) => pid)).toEqual([10, 11]);
    },
  );

  rightCase(
    'programs/brk-attach/brk.strace',
    { right: 'the heap began before the log: unknown, not wrong', before: '2 of 3 results wrong' },
    async () => {
      const first = await firstOf(caseFile('programs/brk-attach/brk.strace'));
      expect(first).toMatchObject({ results: { wrong: 0 }, unknownMemory: { count: 1 } });
    },
  );
});

describe('notes of every process', () => {
  for (const name of ['pmc', 'pmc2']) {
    rightCase(
      `peers/${name}.strace`,
      { right: 'what the child did that is not modelled is listed, with its pid', before: 'of the first process only' },
      async () => {
        const log = caseFile(`peers/${name}.strace`);
        const first = await firstOf(log);
        const all = [...first.notModelled, ...first.others.flatMap(({ notModelled }) => notModelled)];
        const ofChild = first.others.filter(({ pid }) => pid === 8);
        expect(ofChild).toHaveLength(1);
        expect(all.map(({ name: call }) => call).join()).toContain('MAP_HUGETLB');
        const { out } = await cli(['replay', log]);
        expect(out).toMatch(/pid 8 [\s\S]*not modelled/);
      },
    );
  }

  rightCase(
    'verify of a recording whose child has such notes',
    { right: 'the notes stand with the difference', before: 'no notes' },
    async () => {
      const of = tempFolder('notes-');
      writeFileSync(join(of, 'meta.json'), '{"kernel":"6.18.44","assumption":"never"}');
      writeFileSync(join(of, 'trace.strace'), readFileSync(caseFile('peers/pmc.strace')));
      const smaps = readFileSync(caseFile('programs/two-attached/a.smaps'));
      for (const map of ['initial.smaps', 'final.smaps']) writeFileSync(join(of, map), smaps);
      const { out, status } = await cli(['verify', of]);
      expect(status).toBe(1);
      expect(out).toMatch(/pid 8 [\s\S]*not modelled/);
    },
  );
});

describe('what was not traced', () => {
  rightCase(
    'threads without -f',
    { right: 'said, with the line of the first thread', before: 'nothing said' },
    async () => {
      const first = await firstOf(
        logOf(`
        ${anon(8192)}) = 0x7f0000010000
        clone(child_stack=0x7f0, ${THREAD}) = 11
        ${anon(4096)}) = 0x7f000000f000`),
      );
      expect(first.assumptions.join()).toContain('Line 2 starts a thread, and no line of the log has a pid');
    },
  );

  rightCase('threads with -f', { right: 'nothing is missing', before: 'the same' }, async () => {
    const first = await firstOf(
      logOf(`
      10 ${anon(8192)}) = 0x7f0000010000
      10 clone(child_stack=0x7f0, ${THREAD}) = 11`),
    );
    expect(first.assumptions.join()).not.toContain('starts a thread');
  });

  rightCase(
    '-e trace=mmap alone, with addresses that come twice',
    { right: 'said: no munmap is in the log, and which line shows it', before: 'places wrong, nothing said' },
    async () => {
      const low = Array.from({ length: 9 }, (_, at) => `${anon(4096)}) = 0x7f00000${(0x20 - at).toString(16)}000`);
      const first = await firstOf(logOf([...low, `${anon(4096)}) = 0x7f000001e000`].join('\n')));
      expect(first.assumptions.join()).toContain('The log has 10 mmap and no munmap, mprotect, mremap or brk');
      expect(first.assumptions.join()).toContain('Line 10 was given addresses that are still mapped in the model');
    },
  );
});

describe('files of strace -ff', () => {
  const PIDS = [15323, 15324, 15325, 15326, 15327, 15329];
  const files = PIDS.map((pid) => caseFile(`field/48-strace-ff.${pid}.strace`));
  const report = async (paths: readonly string[]): Promise<ReplayReport> => {
    const { out, err } = await cli(['replay', ...paths, '--kernel', '6.18', '--json']);
    expect(err).toBe('');
    return JSON.parse(out) as ReplayReport;
  };

  rightCase(
    'field/48-strace-ff.*.strace',
    { right: 'one process of five threads, and the child that it forks', before: 'too many arguments' },
    async () => {
      const { kernels, log } = await report(files);
      expect(log).toMatchObject({ unreadable: 0, lines: 107 });
      expect(kernels[0]).toMatchObject({ processesSeen: 2 });
      const first = kernels[0]?.processes[0];
      expect(first).toMatchObject({ pid: 15323, program: './th', forks: [{ child: 15329 }] });
      expect(first?.results.wrong).toBe(0);
      expect(first?.assumptions.join()).toContain(
        'The files have no time stamps: in which order threads did things is open',
      );
    },
  );

  rightCase('a folder with them', { right: 'the same as the files', before: 'this is a folder' }, async () => {
    const folder = tempFolder('ff-');
    for (const [at, path] of files.entries()) copyFileSync(path, join(folder, `trace.${PIDS[at]}`));
    writeFileSync(join(folder, 'README.md'), 'not a log');
    const [one, other] = [await report([folder]), await report(files)];
    expect(one.kernels).toEqual(other.kernels);
  });

  rightCase('files with time stamps', { right: 'lines go by their times', before: 'too many arguments' }, async () => {
    const folder = tempFolder('ff-');
    const write = (pid: number, lines: readonly string[]): void =>
      writeFileSync(join(folder, `t.${pid}`), lines.map((line) => `${line}\n`).join(''));
    write(7, [
      `23:59:59.100000 ${anon(8192)}) = 0x7f0000010000`,
      `23:59:59.200000 clone(child_stack=0x7f0, ${THREAD}) = 8`,
      `00:00:00.400000 ${anon(4096)}) = 0x7f000000e000`,
    ]);
    write(8, [`23:59:59.900000 ${anon(4096)}) = 0x7f000000f000`]);
    const first = (await report([folder])).kernels[0]?.processes[0];
    expect(first).toMatchObject({ pid: 7, places: { checked: 2, wrong: 0 } });
    expect(first?.assumptions.join()).not.toContain('time stamps');
  });

  rightCase(
    'two logs that are not of -ff',
    { right: 'refused, with the reason', before: 'too many arguments' },
    async () => {
      const { err, status } = await cli([
        'replay',
        logOf(`1 ${anon(4096)}) = 0x7f0000010000`),
        caseFile('peers/m.strace'),
      ]);
      expect(status).toBe(2);
      expect(err).toContain('whose names end in a pid; this one does not');
    },
  );
});
