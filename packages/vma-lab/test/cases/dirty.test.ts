import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createForkSim } from 'fork-sim/same-thread';
import { describeInput, detectInput, mergeLogs } from 'proc-io';
import { expect } from 'vitest';
import { tempFolder } from '../../../../scripts/tempFolder.mjs';
import type { ReplayReport } from '../../src/json/index.ts';
import { cli, file, programFile } from '../cli.ts';
import { caseFile, rightCase } from './rightCase.ts';

/** What is said of the processes of a log, without what tells of its lines. */
async function answers(path: string): Promise<unknown> {
  const { status, out, err } = await cli(['replay', path, '--kernel', '6.18', '--json']);
  expect(err).toBe('');
  expect(status).toBe(0);
  const { log, kernels } = JSON.parse(out) as ReplayReport;
  const processes = kernels[0]?.processes.map(({ vmas, results, places }) => ({ vmas, places, wrong: results.wrong }));
  return { calls: log.calls, processes };
}

const CLEAN = readFileSync(programFile('python-forks', 'trace.strace'), 'utf8').trimEnd().split('\n');

let clean: Promise<unknown> | null = null;

/** What is said of the clean log. */
async function cleanAnswers(): Promise<object> {
  clean ??= answers(file('clean.strace', CLEAN.join('\n')));
  return (await clean) as object;
}

/** A line in pieces of equal length, in characters. */
const cutAt = (width: number, line: string): string[] => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];

const escapeHtml = (line: string): string => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** What a log of `strace -f -o` becomes, and what was said of it before. */
const FORMS: readonly (readonly [form: string, before: string, dirty: (lines: readonly string[]) => string])[] = [
  ['ends of lines are CR alone', 'refused', (lines) => lines.map((line) => `${line}\r`).join('')],
  [
    'long lines go on behind a backslash',
    '5 calls lost',
    (lines) => lines.map((line) => line.replace(/^(.{40,72}) (?=.{20})/, '$1 \\\n    ')).join('\n'),
  ],
  ['lines are cut at 80', '5 calls lost', (lines) => lines.flatMap((line) => cutAt(80, line)).join('\n')],
  [
    'lines of rsyslog, pids of four digits',
    'read as years: one process',
    (lines) => lines.map((line) => `Nov 28 11:49:13 ${line}`).join('\n'),
  ],
  ['CSV', 'refused', (lines) => lines.map((line, at) => `${at},"${line.replaceAll('"', '""')}"`).join('\n')],
  ['logfmt', 'refused', (lines) => lines.map((line) => `level=info msg=${JSON.stringify(line)}`).join('\n')],
  ['strings of JSON', 'refused', (lines) => `[\n${lines.map((line) => JSON.stringify(line)).join(',\n')}\n]`],
  ['a diff of what is gone', 'pids lost', (lines) => lines.map((line) => `-${line}`).join('\n')],
  ['colours as shells write them', 'pids lost', (lines) => lines.map((line) => `\\e[32m${line}\\e[0m`).join('\n')],
  ['stern', 'refused', (lines) => lines.map((line) => `my-app-7d9f8b6c5-x2x4z app ${line}`).join('\n')],
  [
    'aws logs tail',
    'refused',
    (lines) =>
      lines
        .map((line, at) => `2026-11-28T09:12:${10 + (at % 50)}.000000+00:00 app/web/0123456789abcdef ${line}`)
        .join('\n'),
  ],
  ['a table of tabs', 'refused', (lines) => lines.map((line, at) => `${at}\t812\tstderr\t${line}`).join('\n')],
  ['fields of Loki', 'refused', (lines) => lines.map((line) => `{app="x", pod="y-1"} ${line}`).join('\n')],
  ['a hash of Ruby', 'refused', (lines) => lines.map((line) => `{"log"=>${JSON.stringify(line)}}`).join('\n')],
  [
    'a table of Markdown',
    '148 of 164 lines unread',
    (lines) => lines.map((line, at) => `| ${at} | \`${line.replaceAll('|', '\\|')}\` |`).join('\n'),
  ],
  ['one string of JSON', '"no call"', (lines) => JSON.stringify({ rc: 0, stderr: lines.join('\n') })],
  ['one array of JSON', '1 call', (lines) => `x => {"stderr_lines": ${JSON.stringify(lines)}}`],
  ['one line, its ends printed', '"no call"', (lines) => lines.join('\\n')],
  ['one line, its ends breaks of HTML', '"no call"', (lines) => `<p>${lines.map(escapeHtml).join('<br>')}</p>`],
  ['soft hyphens', '83 lines unread', (lines) => lines.join('\n').replaceAll('_', '_\u00ad')],
  ['ligatures of a PDF', '8 lines unread', (lines) => lines.join('\n').replaceAll('fi', '\ufb01')],
  [
    'the summary of strace -C behind it',
    '6 lines unread',
    (lines) =>
      [
        ...lines,
        '% time     seconds  usecs/call     calls    errors syscall',
        '------ ----------- ----------- --------- --------- ----------------',
        ' 41.31    0.000812          12        66        14 openat',
        '  2.10    0.000041           8         5           munmap',
        '------ ----------- ----------- --------- --------- ----------------',
        '100.00    0.001966          10       187        18 total',
      ].join('\n'),
  ],
  ['a tag like the name of strace', '"no call"', (lines) => lines.map((line) => `strace: ${line}`).join('\n')],
];

for (const [form, before, dirty] of FORMS) {
  const right = 'the answers of the clean log, which is python-forks of conformance/programs';
  rightCase(form, { right, before }, async () => {
    const path = file('dirty.strace', `${dirty(CLEAN)}\n`);
    expect(await answers(path)).toEqual(await cleanAnswers());
    const sim = createForkSim();
    const { calls } = await sim.loadStrace({ source: readFileSync(path, 'utf8') });
    await sim.dispose();
    expect(await cleanAnswers()).toMatchObject({ calls });
  });
}

rightCase(
  'a log without pids, with the numbers of an editor',
  { right: 'one process: the numbers are no pids', before: 'a process for each line' },
  async () => {
    const lines = readFileSync(caseFile('field/24-mremap-merge-student.strace'), 'utf8').trimEnd().split('\n');
    const plain = lines.map((line) => line.replace(/^\d+ +/, ''));
    const numbered = plain.map((line, at) => `${String(at + 1).padStart(4)} ${line}`);
    const own = await answers(file('own.strace', plain.join('\n')));
    expect(own).toMatchObject({ processes: { length: 1 } });
    expect(await answers(file('numbered.strace', numbered.join('\n')))).toEqual(own);
    // Threads of which an attached strace prints what each is in are numbered one after the other, too.
    const threads = [1, 2, 3, 4, 5].map((n) => `410${n} futex(0x7f0000001000, FUTEX_WAIT, 0, NULL <unfinished ...>`);
    const more = ['4103 <... futex resumed>) = 0', '4103 munmap(0x7f0000001000, 4096) = 0'];
    const { out } = await cli(['replay', file('threads.strace', `${[...threads, ...more].join('\n')}\n`), '--json']);
    expect(JSON.parse(out)).toMatchObject({ kernels: [{ processes: [{ pid: 4103 }] }] });
  },
);

rightCase(
  'smaps whose lines end in CR alone',
  { right: 'all VMAs, as in the file it was', before: '1 VMA, and nothing was said' },
  async () => {
    const smaps = readFileSync(programFile('true', 'final.smaps'), 'utf8');
    const vmas = async (text: string): Promise<unknown[]> => {
      const { out } = await cli(['smaps', file('cr.smaps', text), '--json']);
      return (JSON.parse(out) as { map: unknown[] }).map;
    };
    const own = await vmas(smaps);
    expect(own).toHaveLength(22);
    expect(await vmas(smaps.replaceAll('\n', '\r'))).toEqual(own);
  },
);

/** What a smaps becomes, and what was said of it before. */
const MAP_FORMS: readonly (readonly [form: string, before: string, dirty: (lines: readonly string[]) => string])[] = [
  [
    'lines of the journal',
    '1 VMA, and nothing was said',
    (l) => l.map((line) => `Nov 28 09:12:10 host app[812]: ${line}`).join('\n'),
  ],
  ['a level', '1 VMA, and nothing was said', (l) => l.map((line) => `DEBUG ${line}`).join('\n')],
  ['a logger', '1 VMA, and nothing was said', (l) => l.map((line) => `INFO:root:${line}`).join('\n')],
  ['the output of a failed test', '1 VMA, and nothing was said', (l) => l.map((line) => `E       ${line}`).join('\n')],
  [
    'strings of JSON',
    'refused',
    (l) => l.map((line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout' })).join('\n'),
  ],
  ['CSV', 'refused', (l) => l.map((line, at) => `"${at}","${line}"`).join('\n')],
  ['one string of JSON', 'refused', (l) => JSON.stringify({ rc: 0, stdout: l.join('\n') })],
  ['one array of Python', 'refused', (l) => `[${l.map((line) => `'${line}'`).join(', ')}]`],
  ['one line, its ends printed', '1 VMA, and nothing was said', (l) => l.join('\\n')],
  ['one line, its ends breaks of HTML', '1 VMA, and nothing was said', (l) => `<p>${l.join('<br>')}</p>`],
  ['breaks of HTML', 'a break in each name', (l) => l.map((line) => `${line}<br />`).join('\n')],
  ['addresses with 0x', 'refused', (l) => l.join('\n').replace(/^([0-9a-f]+)-([0-9a-f]+ )/gm, '0x$1-0x$2')],
  [
    'addresses in capitals',
    'refused',
    (l) => l.map((line) => line.replace(/^[0-9a-f]+-[0-9a-f]+ /, (at) => at.toUpperCase())).join('\n'),
  ],
  ['a list of code', '552 lines left out', (l) => l.map((line) => `- \`${line}\``).join('\n')],
  ['a diff', '552 lines left out', (l) => l.map((line) => `+${line}`).join('\n')],
  ['spaces of a word processor', 'refused', (l) => l.join('\n').replaceAll(' ', '\u00a0')],
  ['blanks at the ends of lines', 'names with blanks', (l) => l.map((line) => `${line}  `).join('\n')],
];

for (const [form, before, dirty] of MAP_FORMS) {
  rightCase(`smaps as ${form}`, { right: 'the map of the clean file', before }, async () => {
    const clean = readFileSync(programFile('true', 'final.smaps'), 'utf8');
    const text = dirty(clean.trimEnd().split('\n'));
    expect(detectInput(text.slice(0, 8192))).toBe('smaps');
    const [own, got] = await Promise.all(
      [clean, `${text}\n`].map(async (content, at) => {
        const { out, err } = await cli(['smaps', file(`form-${at}.smaps`, content), '--json']);
        expect(err).toBe('');
        return (JSON.parse(out) as { map: unknown }).map;
      }),
    );
    expect(got).toEqual(own);
  });
}

rightCase(
  'files of other tools and other systems',
  {
    right: 'what they are, and what to do',
    before: '"not a strace log"; a map of OpenBSD or a kernel report as unknown',
  },
  () => {
    const kinds: readonly (readonly [text: string, what: string])[] = [
      ['812:\n\nNative Memory Tracking:\n', "a JVM's Native Memory Tracking, which has no addresses"],
      ['812:\nProcess memory map of process 812:\n', "a JVM's System.map, which has no offsets"],
      [
        'Start            End                 Size  Offset           rwxpc  RWX  I/W Dev     Inode - File\n',
        "OpenBSD's procmap",
      ],
      ['  1234 sleep    CALL  mmap(0,0x1000,0x3,0x1002,0xffffffff,0)\n', "a BSD's kdump"],
      ['execve("/usr/bin/sleep", 0xFFFFFD7FFFDFFC78, 0xFFFFFD7FFFDFFC90)  argc = 2\n', "Solaris' truss"],
      ['1532 11:02:33.123456789 0 sleep (812) > mmap addr=0 length=8192\n', 'sysdig'],
      ['type=SYSCALL msg=audit(1700000000.123:456): arch=c000003e syscall=9\n', 'the audit log'],
      ['[12345.6] java invoked oom-killer: gfp_mask=0x140cca\n', 'the report of a kernel that ran out of memory'],
      [
        '     0.000 ( 0.000 ms): pf/413 minfault [elf_load+0x28a] => 0x557515d49028 (?k)\n',
        'page faults of perf trace, which does not tell writes from reads',
      ],
      ['MemTotal:       16303428 kB\nMemFree:         1 kB\n', '/proc/meminfo'],
      ['Limit                     Soft Limit           Hard Limit           Units\n', 'the limits of a process'],
    ];
    for (const [text, what] of kinds) expect(describeInput(text)).toMatchObject({ kind: 'other', what });
  },
);

rightCase(
  'maps of ppc64, whose pages have 64 kB',
  { right: 'the size of pages is not shown, and may be 64 kB', before: 'taken as 4 kB, and nothing was said' },
  async () => {
    const maps = [0x10d2b0000, 0x10d2c0000, 0x7fff9c400000, 0x7fffd8cb0000]
      .map((start) => `${start.toString(16)}-${(start + 0x10000).toString(16)} r-xp 00000000 fd:00 9 /bin/true\n`)
      .join('');
    const { out } = await cli(['smaps', file('ppc.maps', maps)]);
    expect(out).toMatch(/Every mapping begins and ends at a multiple of 64 kB/);
    const { out: ordinary } = await cli(['smaps', file('own.maps', maps.replace('10d2b0000-', '10d2b1000-'))]);
    expect(ordinary).not.toMatch(/multiple of/);
  },
);

rightCase('a tar archive, packed', { right: 'this is a tar archive', before: '"binary data"' }, async () => {
  const tar = new Uint8Array(1024);
  tar.set(new TextEncoder().encode('final.smaps'));
  tar.set(new TextEncoder().encode('ustar  '), 257);
  const { err } = await cli(['smaps', file('a.tgz', gzipSync(tar))]);
  expect(err).toContain('this is a tar archive: take the file out of it first: tar -xf FILE');
});

rightCase(
  'files of strace -ff without times, of two threads that map and unmap',
  {
    right: 'a mapping may have come before what another thread unmapped: not judged, and none is wrong',
    before: '1 of 2 places wrong',
  },
  async () => {
    const folder = tempFolder('ff-');
    const anon = 'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) =';
    const thread = 'clone(flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = ';
    const files = new Map([
      ['t.7', `${anon} 0x7f0000010000\n${thread}8\n${thread}9\nexit(0) = ?\n`],
      ['t.8', 'munmap(0x7f0000010000, 4096) = 0\nexit(0) = ?\n'],
      ['t.9', `${anon} 0x7f000000f000\nexit(0) = ?\n`],
    ]);
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const report = async (): Promise<ReplayReport> => {
      const { out } = await cli(['replay', folder, '--kernel', '6.18', '--json']);
      return JSON.parse(out) as ReplayReport;
    };
    const [first] = (await report()).kernels[0]?.processes ?? [];
    expect(first).toMatchObject({ places: { checked: 0, wrong: 0 }, results: { wrong: 0 }, unordered: { wrong: 1 } });
    const { out } = await cli(['replay', folder, '--kernel', '6.18']);
    expect(out).toMatch(/1 call of threads whose order\s+the\s+files\s+do\s+not\s+show/);
    expect(out).not.toContain('✗');
    const sim = createForkSim();
    const source = mergeLogs([...files].map(([name, text]) => ({ name, text }))).text;
    const { outcome } = await sim.loadStrace({ source, threadOrderUnknown: true });
    await sim.dispose();
    expect(outcome).toMatchObject({ wrongPlaces: { count: 0 }, unordered: { count: 1 } });
  },
);
