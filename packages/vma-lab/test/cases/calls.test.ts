import { readFileSync } from 'node:fs';
import type { Scenario } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import type { Report as ReportJson } from '../../src/json/index.ts';
import type { ReplayJson } from '../../src/json/replayJson.ts';
import { cli, file } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

type ProcessJson = ReplayJson['kernels'][number]['processes'][number];

/** What `replay --json` says of the first process of a log. */
async function replayed(path: string, more: readonly string[] = []): Promise<ProcessJson> {
  const { out } = await cli(['replay', path, ...more, '--json']);
  const [kernel] = (JSON.parse(out) as ReplayJson).kernels;
  const [process] = kernel?.processes ?? [];
  if (process === undefined) throw new Error(`no process in ${path}`);
  return process;
}

/** The calls of a log that failed, as `report --json` lists them. */
async function failuresOf(path: string): Promise<ReportJson['failures']> {
  const { out } = await cli(['report', path, '--json']);
  return (JSON.parse(out) as ReportJson).failures;
}

/** The same of lines of a log. */
function replayedText(name: string, log: string, more: readonly string[] = []): Promise<ProcessJson> {
  return replayed(file(`${name}.strace`, `${log.trim()}\n`), more);
}

describe('refused for a reason outside of the model', () => {
  rightCase(
    'field/06-overcommit-4g.strace',
    {
      right: 'ENOMEM of 4 GiB writable private memory is the overcommit limit, not VMAs (as the question was resolved)',
      before: 'a wrong result: in the model mapped',
    },
    async () => {
      const { outside, results } = await replayed(caseFile('field/06-overcommit-4g.strace'));
      expect(results.wrong).toBe(0);
      expect(outside.count).toBe(1);
      expect(outside.examples[0]).toMatchObject({ line: 4, log: 'ENOMEM', why: expect.stringContaining('overcommit') });
    },
  );

  rightCase(
    'mlock over RLIMIT_MEMLOCK, which the log sets',
    { right: 'the model refuses it too; the second is not known, as EPERM needs a limit of 0', before: 'not judged' },
    async () => {
      const log = file(
        'memlock.strace',
        `prlimit64(0, RLIMIT_MEMLOCK, {rlim_cur=8192, rlim_max=8192}, NULL) = 0
         mmap(NULL, 16384, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f5b40000000
         mlock(0x7f5b40000000, 16384) = -1 ENOMEM (Cannot allocate memory)
         mlock(0x7f5b40000000, 4096) = -1 EPERM (Operation not permitted)
`,
      );
      const { outside, results } = await replayed(log);
      expect(results.wrong).toBe(0);
      expect(outside.examples.map(({ why }) => why)).toEqual([
        'RLIMIT_MEMLOCK was less than the 8192 bytes that the log shows, or memory is locked that it does not show',
      ]);
      expect(await failuresOf(log)).toContainEqual(
        expect.objectContaining({ reason: 'memlock', why: 'RLIMIT_MEMLOCK is 8 kB, and 0 kB were locked' }),
      );
    },
  );
});

describe('RLIMIT_MEMLOCK', () => {
  rightCase(
    'field/60-memlock.strace',
    {
      right: 'every call as in the log (6.18.44, no CAP_IPC_LOCK); 17 fail for the limit, each with what was locked',
      before: '15 "failed for a reason outside of the model", 1 wrong',
    },
    async () => {
      const { outside, results } = await replayed(caseFile('field/60-memlock.strace'));
      expect({ wrong: results.wrong, outside: outside.count }).toEqual({ wrong: 0, outside: 0 });
      const failures = await failuresOf(caseFile('field/60-memlock.strace'));
      const refused = failures.filter(({ reason }) => reason === 'memlock');
      expect(refused.reduce((sum, { count }) => sum + count, 0)).toBe(17);
      expect(refused.map(({ name, why }) => `${name}: ${why}`)).toContain(
        'brk: RLIMIT_MEMLOCK is 32 kB, and 32 kB were locked',
      );
    },
  );

  rightCase(
    'the same as root, whose calls pass the limit',
    { right: 'the process may lock more, and no later failure is laid to the limit', before: 'not known' },
    async () => {
      const log = file(
        'root.strace',
        `prlimit64(0, RLIMIT_MEMLOCK, NULL, {rlim_cur=8192*1024, rlim_max=8192*1024}) = 0
         prlimit64(0, RLIMIT_MEMLOCK, {rlim_cur=8192, rlim_max=8192}, NULL) = 0
         mmap(NULL, 65536, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f5b40000000
         mlock(0x7f5b40000000, 16384) = 0
         mlock(0x7f5b40004000, 16384) = -1 ENOMEM (Cannot allocate memory)
`,
      );
      const { assumptions, outside } = await replayed(log);
      expect(assumptions.join(' ')).toContain('Line 4 locks more than RLIMIT_MEMLOCK allows');
      expect(await failuresOf(log)).toMatchObject([
        { reason: 'outside', why: expect.stringContaining('RLIMIT_MEMLOCK was less') },
      ]);
      expect(outside.count).toBe(1);
    },
  );
});

describe('a call that failed in the log leaves what the kernel leaves', () => {
  const untouched = [
    ['guardfail', 'no marker, no page table: EINVAL', 'a guard marker, a G in the map'],
    ['mlockfail', 'no page table: K keeps VmPTE where it was', '514 tables, 262,144 PTEs for certain'],
    ['popfail', 'no page table', '514 tables, 262,144 PTEs for certain'],
  ] as const;
  for (const [name, right, before] of untouched) {
    rightCase(`hostile/${name}.strace`, { right, before }, async () => {
      const process = await replayed(caseFile(`hostile/${name}.strace`));
      expect(process).toMatchObject({ results: { wrong: 0 }, outside: { count: 1 }, guards: { pages: 0 } });
      expect(process.pageTables.tables).toBe(0);
      expect(process.fork.proven.ptes).toBe(0);
    });
  }

  rightCase(
    'hostile/fallback.strace',
    { right: 'two VMAs, no marker: the guard is PROT_NONE', before: 'a marker and the PROT_NONE VMA' },
    async () => {
      const process = await replayed(caseFile('hostile/fallback.strace'));
      expect(process).toMatchObject({ vmas: { end: 2 }, guards: { pages: 0 }, outside: { count: 1 } });
    },
  );

  rightCase(
    'hostile/eagain.strace',
    { right: 'EAGAIN maps nothing; no VMA is left (K)', before: 'internal error, status 2' },
    async () => {
      const { vmas, outside } = await replayed(caseFile('hostile/eagain.strace'));
      expect(vmas).toEqual({ start: 0, peak: 1, end: 0 });
      expect(outside.examples[0]?.why).toContain('RLIMIT_MEMLOCK');
    },
  );

  rightCase('hostile/eagain-program.strace', { right: 'one VMA is left', before: 'internal error' }, async () => {
    const { vmas } = await replayed(caseFile('hostile/eagain-program.strace'));
    expect(vmas.end).toBe(1);
  });

  for (const name of ['pastuser', 'pastuser2']) {
    rightCase(
      `hostile/${name}.strace`,
      { right: 'a call on memory that is not known', before: 'internal error: not a range of pages' },
      async () => {
        const { unknownMemory, vmas, guards } = await replayed(caseFile(`hostile/${name}.strace`));
        expect(unknownMemory.count).toBe(1);
        expect(vmas.end).toBe(1);
        expect(guards.pages).toBe(0);
      },
    );
  }

  rightCase('hostile/hugefail.strace', { right: 'the 2 MiB are a hole (K)', before: '4 MiB stay mapped' }, async () => {
    const { map } = await replayed(caseFile('hostile/hugefail.strace'));
    expect(map.map(({ start, end }) => [start, end])).toEqual([['0x200000200000', '0x200000400000']]);
  });

  rightCase(
    'hostile/fixfail.strace',
    {
      right:
        'shared memory that cannot be made leaves a hole, private memory without room leaves what was there, cut (K)',
      before: '4 MiB in one VMA',
    },
    async () => {
      const { map } = await replayed(caseFile('hostile/fixfail.strace'));
      expect(map.map(({ start, end }) => [start, end])).toEqual([
        ['0x200000000000', '0x200000001000'],
        ['0x200000001000', '0x200000400000'],
      ]);
    },
  );
});

describe('places', () => {
  const ofField = (name: string, end = 'initial.smaps'): string => caseFile(`field/${name}${end}`);
  const maps = (name: string): string[] => [
    '--initial',
    ofField(name, 'initial.smaps'),
    '--final',
    ofField(name, 'final.smaps'),
    '--kernel',
    '6.18.44',
  ];

  rightCase('field/19-static-program.strace', { right: '14 VMAs, as the real map', before: 'the same' }, async () => {
    const { final } = await replayed(ofField('19-static-program', '.strace'), maps('19-static-program-'));
    expect(final).toMatchObject({ real: 14, equal: 14 });
  });

  rightCase(
    'field/21-map-32bit.strace',
    { right: 'lines 5 and 6 fail: nothing of that size is free below 2 GiB', before: 'in the model mapped' },
    async () => {
      const process = await replayed(ofField('21-map-32bit', '.strace'), maps('21-map-32bit.'));
      expect(process).toMatchObject({ failedAlike: 2, places: { checked: 6, wrong: 0 }, results: { wrong: 0 } });
      expect(process.final).toMatchObject({ real: 29, equal: 29 });
      expect(process.outside.count).toBe(0);
    },
  );

  rightCase(
    'field/22-hints-and-stack-gap.strace',
    { right: 'all 15 as in the log (6.18.44)', before: 'all but the hints below the minimum and past user space' },
    async () => {
      const process = await replayed(ofField('22-hints-and-stack-gap', '.strace'), maps('22-hints-and-stack-gap.'));
      expect(process).toMatchObject({ failedAlike: 2, places: { checked: 8, wrong: 0 }, results: { wrong: 0 } });
      expect(process.final).toMatchObject({ real: 32, equal: 32 });
    },
  );

  for (const [name, right, before, checked] of [
    ['hint-below-min', 'a hint below 64 KiB is taken as 64 KiB', 'placed at the hint', 9],
    ['hint-outside', 'a hint past user space counts for nothing', 'the mapping was dropped', 8],
  ] as const) {
    rightCase(`programs/${name}/trace.strace`, { right, before }, async () => {
      const { places, results } = await replayed(caseFile(`programs/${name}/trace.strace`));
      expect(places).toMatchObject({ checked, wrong: 0 });
      expect(results.wrong).toBe(0);
    });
  }
});

describe('files that are no ordinary ones', () => {
  for (const [name, right, before, count] of [
    [
      '23-dev-zero-memfd-aio',
      'shared /dev/zero never merges, private is anonymous; io_setup maps a ring',
      '31 of 32',
      32,
    ],
    ['23-io-uring', 'the rings have de and mm, and no me', 'flags of an ordinary file', 25],
  ] as const) {
    rightCase(`field/${name}.strace`, { right, before }, async () => {
      const of = (file: string): string => caseFile(`field/${name}.${file}`);
      const more = ['--initial', of('initial.smaps'), '--final', of('final.smaps'), '--kernel', '6.18.44'];
      const process = await replayed(of('strace'), more);
      expect(process).toMatchObject({ results: { wrong: 0 }, places: { wrong: 0 }, notModelled: [] });
      expect(process.final).toMatchObject({ real: count, equal: count });
    });
  }

  for (const [name, flags, why] of [
    ['mfd', 'rd wr sh mr mw me ms de ht', 'huge pages'],
    ['sec', 'rd wr sh mr mw ms lo dd', 'secretmem'],
    ['mh', 'rd wr sh mr mw me ms de ht', 'huge pages'],
  ] as const) {
    rightCase(`peers/${name}.strace`, { right: `${flags}, listed`, before: 'ordinary memory, no note' }, async () => {
      const { map, notModelled, pageTables } = await replayed(caseFile(`peers/${name}.strace`));
      expect(map.map((vma) => vma.flags)).toEqual([flags]);
      expect(notModelled.some((note) => `${note.name} ${note.why}`.includes(why))).toBe(true);
      expect(pageTables.tables).toBe(0);
    });
  }

  rightCase(
    'peers/ro.strace',
    { right: 'that the file was opened for reading only is an assumption, named', before: 'taken, and said nowhere' },
    async () => {
      const { assumptions } = await replayed(caseFile('peers/ro.strace'));
      expect(assumptions.some((sentence) => sentence.includes('opened for reading only'))).toBe(true);
    },
  );

  rightCase(
    'perf, bpf, sockets and devices, as smaps of 6.18.44 shows them',
    { right: 'flags of their own', before: 'flags of an ordinary file' },
    async () => {
      const SHARED = 'PROT_READ|PROT_WRITE, MAP_SHARED|MAP_FIXED';
      const { map, outside, failedAlike, results } = await replayedText(
        'devices',
        `mmap(0x200000000000, 36864, ${SHARED}, 3<anon_inode:[perf_event]>, 0) = 0x200000000000
         mmap(0x200000010000, 4096, ${SHARED}, 4<anon_inode:bpf-map>, 0) = 0x200000010000
         mmap(0x200000020000, 4096, PROT_READ, MAP_SHARED|MAP_FIXED, 4<anon_inode:bpf-map>, 0) = 0x200000020000
         mmap(0x200000030000, 4096, ${SHARED}, 5<socket:[516586]>, 0) = 0x200000030000
         mmap(0x200000040000, 4096, ${SHARED}, 6<anon_inode:kvm-vcpu:0>, 0) = 0x200000040000
         mmap(0x200000050000, 4096, ${SHARED}, 7</dev/mem>, 0x40000000) = 0x200000050000
         mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE, 3<anon_inode:[perf_event]>, 0) = -1 EINVAL (Invalid argument)
         mmap(NULL, 4096, PROT_READ|PROT_EXEC, MAP_SHARED, 5<socket:[516586]>, 0) = -1 EPERM (Operation not permitted)`,
      );
      expect(map.map(({ flags }) => flags)).toEqual([
        'rd wr sh mr mw ms pf io dc de dd',
        'rd wr sh mr mw ms de dd mm',
        'rd sh mr ms de dd mm',
        'rd wr sh mr mw ms mm',
        'rd wr sh mr mw ms',
        'rd wr sh mr mw me ms pf io de dd',
      ]);
      expect([failedAlike, outside.count, results.wrong]).toEqual([2, 0, 0]);
    },
  );
});

describe('what the log decides', () => {
  rightCase(
    'programs/env-failures/envfail.strace',
    {
      right: '13 refused by the environment, no wrong result; EACCES, EBADF, EINVAL and protection keys are decided',
      before: '24 wrong results',
    },
    async () => {
      const { outside, results, failedAlike } = await replayed(caseFile('programs/env-failures/envfail.strace'));
      expect(results.wrong).toBe(0);
      expect(outside.examples.map(({ line }) => line)).toEqual([24, 26, 29, 33, 35, 36, 38, 40, 41, 44, 45, 46, 47]);
      expect(failedAlike).toBe(9);
    },
  );

  rightCase(
    'how a file was opened, and descriptors that are not open',
    { right: 'EACCES and EBADF in the model too', before: 'mapped' },
    async () => {
      const { failedAlike, results, outside } = await replayedText(
        'open-modes',
        `openat(AT_FDCWD</w>, "o", O_WRONLY|O_CREAT, 0600) = 5</w/o>
         openat(AT_FDCWD</w>, "r", O_RDONLY) = 6</w/r>
         mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 6</w/r>, 0) = 0x7f3852b5f000
         mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 5</w/o>, 0) = -1 EACCES (Permission denied)
         mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, 5</w/o>, 0) = -1 EACCES (Permission denied)
         mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, 6</w/r>, 0) = -1 EACCES (Permission denied)
         mmap(NULL, 4096, PROT_READ, MAP_SHARED, 77, 0) = -1 EBADF (Bad file descriptor)
         mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) = -1 EBADF (Bad file descriptor)
         mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 6</w/r>, 0x123) = -1 EINVAL (Invalid argument)
         mmap(NULL, 4096, PROT_READ, MAP_SHARED_VALIDATE|MAP_ANONYMOUS, -1, 0) = -1 EINVAL (Invalid argument)`,
      );
      expect([failedAlike, results.wrong, outside.count]).toEqual([7, 0, 0]);
    },
  );

  rightCase(
    'programs/brk-attach/brk.strace',
    { right: 'a heap that began before the log is unknown, not wrong', before: 'two wrong results' },
    async () => {
      const { results, unknownMemory } = await replayed(caseFile('programs/brk-attach/brk.strace'));
      expect(results.wrong).toBe(0);
      expect(unknownMemory.count).toBe(1);
    },
  );
});

describe('memory that a model may take', () => {
  for (const command of ['run', 'verify']) {
    rightCase(
      `hostile/gh.jsonl, by ${command}`,
      { right: 'out of memory, status 2', before: '24 GB, killed' },
      async () => {
        const scenario = caseFile('hostile/gh.jsonl');
        const path = command === 'run' ? scenario : file('gh-recording.jsonl', recordingOf(scenario));
        const { status, err } = await cli([command, path], { env: { VMA_LAB_MAX_BYTES: String(2 ** 24) } });
        expect(status).toBe(2);
        expect(err).toContain('the model is out of memory');
      },
    );
  }

  it('is a number of bytes', async () => {
    const { status, err } = await cli(['run', '-'], { stdin: 'mmap 1+1 rw', env: { VMA_LAB_MAX_BYTES: '2 GiB' } });
    expect(status).toBe(2);
    expect(err).toContain('VMA_LAB_MAX_BYTES must be a number of bytes, not "2 GiB"');
  });
});

/** A recording of one step of a file's scenario, whatever a kernel would have said. */
function recordingOf(path: string): string {
  const { id, reserve, ops } = JSON.parse(readFileSync(path, 'utf8')) as Pick<Scenario, 'id' | 'reserve' | 'ops'>;
  const header = { kind: 'header', format: 1, kernel: '6.18.44', softDirty: false, faultAroundPages: 1 };
  const step = { op: ops[0], res: 'ok', vmas: [], pages: '', sd: '' };
  const scenario = { kind: 'scenario', kernel: '6.18.44', id, reserve, steps: [step] };
  return `${JSON.stringify(header)}\n${JSON.stringify(scenario)}\n`;
}

describe('MADV_PAGEOUT', () => {
  rightCase(
    'peers/pageout.jsonl',
    { right: 'a page of a file that nobody else maps is unmapped (6.12, 6.18.44, 6.19, 7.3)', before: 'it stays' },
    async () => {
      const { out } = await cli(['run', caseFile('peers/pageout.jsonl'), '--format', '1', '--json']);
      const pages = out
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => JSON.parse(line) as { id: string; steps: { op: { advice?: string }; pages: string }[] })
        .map(({ id, steps }) => [id, steps.find(({ op }) => op.advice !== undefined)?.pages[0]]);
      expect(pages).toEqual([
        ['po-shared-read', '.'],
        ['po-shared-write', '.'],
        ['po-private-read', '.'],
        ['po-private-cow', 'A'],
        ['po-anon', 'A'],
        ['po-shm', '.'],
        ['cold', 'F'],
      ]);
    },
  );
});

describe('the kernel’s own suites', () => {
  for (const name of ['mdwe', 'mdwe2']) {
    rightCase(
      `peers/${name}.strace`,
      {
        right: 'PR_SET_MDWE refuses that memory becomes executable: EACCES in the model too',
        before: 'in the model 0',
      },
      async () => {
        const process = await replayed(caseFile(`peers/${name}.strace`));
        expect(process).toMatchObject({
          failedAlike: 1,
          results: { wrong: 0 },
          outside: { count: 0 },
          notModelled: [],
        });
      },
    );
  }

  rightCase(
    'PR_SET_MDWE, with mmap, fork, NO_INHERIT and execve',
    { right: 'W and X at once is EACCES; a child has it unless NO_INHERIT', before: 'not known' },
    async () => {
      const { failedAlike, results, outside } = await replayedText(
        'mdwe-more',
        `7 mmap(NULL, 4096, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7fa5164b1000
         7 prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) = 0
         7 mmap(NULL, 4096, PROT_READ|PROT_WRITE|PROT_EXEC, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 EACCES (Permission denied)
         7 mprotect(0x7fa5164b1000, 4096, PROT_READ|PROT_WRITE|PROT_EXEC) = -1 EACCES (Permission denied)
         7 mprotect(0x7fa5164b1000, 4096, PROT_EXEC|PROT_READ) = 0
         7 mprotect(0x7fa5164b1000, 4096, PROT_READ) = 0
         7 mprotect(0x7fa5164b1000, 4096, PROT_READ|PROT_EXEC) = -1 EACCES (Permission denied)`.replace(/^ +/gm, ''),
      );
      expect([failedAlike, results.wrong, outside.count]).toEqual([3, 0, 0]);
    },
  );

  for (const [name, guards, unknown] of [
    ['pm', 2, 0],
    ['pm3', 0, 1],
  ] as const) {
    rightCase(
      `peers/${name}.strace`,
      { right: `${guards} guards; what was mapped before is unknown`, before: 'not modelled; PIDFD_SELF unreadable' },
      async () => {
        const process = await replayed(caseFile(`peers/${name}.strace`));
        expect(process.guards.pages).toBe(guards);
        expect(process.unknownMemory.count).toBe(unknown);
        expect(process).toMatchObject({ results: { wrong: 0 }, notModelled: [] });
      },
    );
  }

  rightCase(
    'process_madvise with several ranges, of which one is refused, and of another process',
    { right: 'the bytes before the first that is refused; EINVAL where nothing was done', before: 'not modelled' },
    async () => {
      const { guards, results, failedAlike, notModelled } = await replayedText(
        'vector',
        `mmap(NULL, 16384, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7fa5164b1000
         mlock(0x7fa5164b3000, 4096) = 0
         process_madvise(-10000, [{iov_base=0x7fa5164b1000, iov_len=4096}, {iov_base=0x7fa5164b3000, iov_len=4096}], 2, MADV_GUARD_INSTALL, 0) = 4096
         process_madvise(-10000, [{iov_base=0x7fa5164b3000, iov_len=4096}], 1, MADV_GUARD_INSTALL, 0) = -1 EINVAL (Invalid argument)
         process_madvise(5, [{iov_base=0x7fa5164b3000, iov_len=4096}], 1, MADV_COLD, 0) = 4096`,
      );
      expect([guards.pages, results.wrong, failedAlike]).toEqual([1, 0, 1]);
      expect(notModelled).toMatchObject([{ name: 'process_madvise', lines: [5] }]);
    },
  );

  for (const name of ['fl', 'm']) {
    rightCase(
      `peers/${name}.strace`,
      { right: 'unknown flags of 64 bits are EINVAL in the model too', before: 'a wrong result: in the model 0' },
      async () => {
        const { results, outside } = await replayed(caseFile(`peers/${name}.strace`));
        expect([results.wrong, outside.count]).toEqual([0, 0]);
      },
    );
  }

  rightCase(
    'peers/dz.strace (dz.c)',
    {
      right: 'shared mappings of /dev/zero are two VMAs, MADV_FREE of a private one is 0; all 32 VMAs (6.18.44)',
      before: 'one VMA; EINVAL',
    },
    async () => {
      const of = (map: string): string => caseFile(`peers/dz.${map}.smaps`);
      const maps = ['--initial', of('initial'), '--final', of('final'), '--kernel', '6.18.44'];
      const { results, final, failedAlike } = await replayed(caseFile('peers/dz.strace'), maps);
      expect([results.wrong, failedAlike, final?.real, final?.equal]).toEqual([0, 1, 32, 32]);
    },
  );

  rightCase(
    'calls with odd arguments: huge pages as a file that grows down or is validated, MAP_SYNC of a memfd, a length past user space',
    {
      right:
        'EINVAL, ENOMEM of the pool of huge pages, no hole, EINVAL (seeds 267, 281, 307, 319 of oddCalls.mjs, 6.18.44)',
      before: 'mapped, EINVAL, a hole, EFAULT',
    },
    async () => {
      const maps = ['--initial', caseFile('peers/dz.initial.smaps'), '--kernel', '6.18.44'];
      const log = file(
        'odd.strace',
        [
          'mmap(NULL, 12288, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS|MAP_GROWSDOWN|MAP_HUGETLB, -1, 0) = -1 EINVAL (Invalid argument)',
          'mmap(NULL, 32768, PROT_READ, MAP_SHARED_VALIDATE|MAP_ANONYMOUS|MAP_HUGETLB, -1, 0) = -1 ENOMEM (Cannot allocate memory)',
          'mmap(0x200000000000, 8192, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x200000000000',
          'memfd_create("odd", 0) = 7',
          'mmap(0x200000000000, 8192, PROT_READ, MAP_SHARED_VALIDATE|MAP_FIXED|MAP_SYNC, 7</memfd:odd>, 0) = -1 EOPNOTSUPP (Operation not supported)',
          'madvise(0x200000001000, 1, MADV_UNMERGEABLE) = 0',
          'mremap(0x300000000000, 8192, 18446744073709547520, 0) = -1 EINVAL (Invalid argument)',
          '',
        ].join('\n'),
      );
      const { results, outside, failedAlike } = await replayed(log, maps);
      expect([results.wrong, outside.examples.map(({ line }) => line), failedAlike]).toEqual([0, [2, 5], 2]);
    },
  );
});
