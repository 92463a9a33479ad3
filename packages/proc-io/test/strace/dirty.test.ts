import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../../../scripts/cpuTime.ts';
import { parseStrace, type StraceCall, type StraceEvent } from '../../src/index.ts';
import { countedLines, readLines, readLog } from '../readLog.ts';

/** A log as strace writes it with `-f -o`. */
const CLEAN = [
  '11257 mmap(NULL, 47042560, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7ffa0ed23000',
  '11257 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3</usr/lib/libm-2.so>, 0x1000) = 0x7ffa0e522000',
  '11257 mprotect(0x7ffa0e523000, 8388608, PROT_READ|PROT_WRITE <unfinished ...>',
  '11293 futex(0x5580904cd034, FUTEX_WAIT_PRIVATE, 0, NULL <unfinished ...>',
  '11257 <... mprotect resumed>)           = 0',
  '11293 <... futex resumed>)              = -1 EAGAIN (Resource temporarily unavailable)',
  '11257 read(3, "a & b", 832)             = 5',
  '11257 execve("/bin/true", ["true"], 0x7ffd1 /* 9 vars */) = -1 ENOENT (No such file or directory)',
  '11257 munmap(0x7ffa0ed23000, 47042560)  = -1 EINVAL (Invalid argument)',
  '11293 +++ exited with 0 +++',
];
const html = (line: string): string =>
  line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** What people, mail, terminals and log collectors make of a line. */
const FORMS: readonly (readonly [name: string, dirty: (line: string, at: number) => string])[] = [
  ['quoted in a mail', (line) => `> ${line}`],
  ['quoted three times', (line) => `>> > ${line}`],
  ['quoted without a space', (line) => `>${line}`],
  ['behind a bar', (line) => `| ${line}`],
  ['indented', (line) => `      ${line}`],
  ['indented by a tab', (line) => `\t${line}`],
  ['indented and quoted', (line) => `    > ${line}`],
  ['a diff', (line) => `+${line}`],
  ['a list', (line) => `* ${line}`],
  ['a list with dashes', (line) => `- ${line}`],
  ['a comment', (line) => `# ${line}`],
  ['a prompt of gdb', (line) => `(gdb) ${line}`],
  ['grep -n', (line, at) => `${at + 1}:${line}`],
  ['grep -n in files', (line, at) => `trace.log:${at + 1}:${line}`],
  ['grep -C', (line, at) => `trace.log-${at + 1}-${line}`],
  ['cat -n', (line, at) => `     ${at + 1}\t${line}`],
  ['syslog', (line) => `Nov 28 11:49:13 host app[4711]: ${line}`],
  ['the journal', (line) => `Nov 28 11:49:13.123456 host strace[4711]: ${line}`],
  ['docker compose', (line) => `web-1  | ${line}`],
  ['kubectl --prefix', (line) => `[pod/web-0/app] ${line}`],
  ['the runtime of containers', (line) => `2026-11-28T11:49:13.123456789Z stderr F ${line}`],
  ['docker --timestamps', (line) => `2026-11-28T11:49:13.123456789Z ${line}`],
  ['a log of an application', (line) => `2026-11-28 11:49:13,123 [main] INFO  tracer - ${line}`],
  ['a level', (line) => `[INFO] ${line}`],
  ['ts', (line) => `Nov 28 11:49:13 ${line}`],
  ['a file of docker', (line) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: '2026-11-28T11:49:13Z' })],
  ['green', (line) => `\x1b[32m${line}\x1b[0m`],
  ['colours of parts', (line) => line.replace(/(\w+)\(/, '\x1b[1;34m$1\x1b[0m(').replace(/$/, '\x1b[K')],
  ['colours as cat -v shows them', (line) => `^[[32m${line}^[[0m`],
  ['colours without their ESC', (line) => `[32m${line}[0m`],
  ['HTML', html],
  ['HTML, escaped twice', (line) => html(html(line))],
  ['HTML with breaks', (line) => `${html(line)}<br/>`],
  ['HTML in code', (line) => `<p><code>${html(line)}</code></p>`],
  ['HTML with classes', (line) => `<span class="line">${html(line)}</span>`],
  ['quoted-printable', (line) => line.replaceAll('=', '=3D')],
  ['quoted-printable, spaces too', (line) => line.replaceAll('=', '=3D').replaceAll('  ', ' =20')],
  ['spaces that do not break', (line) => line.replaceAll(' ', '\u00a0')],
  ['dots of a word processor', (line) => line.replaceAll('...', '…')],
  ['minus signs of a word processor', (line) => line.replaceAll('-1', '−1')],
  ['quotes of a word processor', (line) => line.replace(/"([^"]*)"/g, '“$1”')],
  ['spaces behind', (line) => `${line}  \t `],
  ['two carriage returns', (line) => `${line}\r\r`],
  ['escaped for Markdown', (line) => line.replace(/[_*|<>]/g, '\\$&')],
  ['of a wiki', (line) => `{{${line}}}`],
  ['in a box', (line) => `│ ${line} │`],
  ['a space before the parenthesis', (line) => line.replace(/(mmap|munmap|mprotect|execve)\(/, '$1 (')],
  ['without spaces', (line) => line.replace(/\) += /, ')=').replaceAll(', ', ',')],
  ['in backticks', (line) => `\`${line}\``],
  ['a diff of what is gone', (line) => `-${line}`],
  ['cat -A', (line) => `${line}$`],
  ['with its end printed', (line) => `${line}\\r\\n`],
  ['colours with colons', (line) => `\x1b[38:2::1:2:3m${line}\x1b[m`],
  ['colours as shells write them', (line) => `\\e[32m${line}\\033[0m`],
  ['colours as JSON writes them', (line) => `\\u001b[32m${line}\\x1b[0m`],
  ['colours of rsyslog', (line) => `#033[32m${line}#033[0m`],
  ['colours of a picture of ESC', (line) => `\u241b[32m${line}\ufffd[0m`],
  ['CDATA', (line) => `<![CDATA[${line}]]>`],
  ['signs of East Asia', (line) => line.replaceAll('(', '\uff08').replaceAll(')', '\uff09').replaceAll(', ', '\uff0c')],
  ['all signs escaped', (line) => line.replace(/[_*|<>[\](){}+.!-]/g, '\\$&')],
  ['CSV', (line) => `"${line.replaceAll('"', '""')}"`],
  ['CSV with a number', (line, at) => `${at + 1},"${line.replaceAll('"', '""')}"`],
  ['CSV with semicolons', (line, at) => `${at + 1};"${line.replaceAll('"', '""')}";x`],
  ['SQL', (line, at) => `INSERT INTO log VALUES (${at}, '${line.replaceAll("'", "''")}');`],
  ['strings of JSON', (line) => `  ${JSON.stringify(line)},`],
  ['strings of C', (line) => `"${line.replaceAll('"', '\\"')}\\n"`],
  ['a field of JSON, whatever its name', (line) => JSON.stringify({ level: 'info', line })],
  ['the journal as JSON', (line) => JSON.stringify({ __CURSOR: 's=1', MESSAGE: line, _PID: '4711' })],
  ['fluentd', (line) => `2026-11-28 11:49:13.000000000 +0000 app: ${JSON.stringify({ message: line })}`],
  ['logfmt', (line) => `time=2026-11-28T11:49:13Z level=info msg=${JSON.stringify(line)}`],
  ['GitHub Actions', (line) => `2026-11-28T11:49:13.1234567Z ${line}`],
  ['GitHub Actions of gh', (line) => `build\tRun tests\t2026-11-28T11:49:13.1234567Z ${line}`],
  ['Azure', (line) => `2026-11-28T11:49:13.1234567Z ##[debug]${line}`],
  ['Splunk', (line) => `11/28/26 11:49:13.123 AM ${line}`],
  ['Heroku', (line) => `2026-11-28T11:49:13.123456+00:00 app[web.1]: ${line}`],
  ['a tag like the name of strace', (line) => `strace: ${line}`],
  ['Apache', (line) => `[Sat Nov 28 11:49:13.123456 2026] [core:notice] [pid 4711:tid 4712] ${line}`],
];

const told = ({ name, pid, ret, errno, args }: StraceCall): unknown => ({ name, pid, ret, errno, args });

describe('a log that went through other hands', () => {
  const clean = readLines(...CLEAN);

  it.each(FORMS)('%s: says the same', (_, dirty) => {
    const { calls, stats, events } = readLines(...CLEAN.map(dirty));
    expect(events.filter(({ kind }) => kind === 'unreadable')).toEqual([]);
    expect(calls.map(told)).toEqual(clean.calls.map(told));
    expect(events.map(({ kind, line }) => [kind, line])).toEqual(clean.events.map(({ kind, line }) => [kind, line]));
    expect(countedLines(stats)).toBe(CLEAN.length);
    expect(stats).toMatchObject({ calls: clean.stats.calls, unreadable: 0 });
  });

  it.each([FORMS[0]!, FORMS[6]!, FORMS[30]!])('%s: with times and threads', (_, dirty) => {
    const lines = [
      '[pid  7] 12:00:00.123456 brk(NULL) = 0x1000',
      '[pid  8<bash>] 1700000000.1 munmap(0x1000, 4096) = 0 <0.000012>',
    ];
    const { calls } = readLines('brk(NULL) = 0x1000', ...lines.map(dirty));
    expect(calls.map(({ pid, time }) => [pid, time])).toEqual([
      [null, null],
      [7, '12:00:00.123456'],
      [8, '1700000000.1'],
    ]);
  });

  it('what stands around it is listed, with its lines', () => {
    const { calls, events, stats } = readLines(
      'Hi all, here is what I see:',
      '```',
      '$ strace -f ./a',
      ...CLEAN,
      '```',
      'Any idea?',
    );
    expect(calls).toHaveLength(clean.calls.length);
    expect(events.filter(({ kind }) => kind === 'unreadable').map(({ line }) => line)).toEqual([1, 2, 3, 14, 15]);
    expect(countedLines(stats)).toBe(15);
  });

  it('a call in a sentence or in a string is none of the log', () => {
    const { calls } = readLines(
      ...CLEAN.slice(0, 1),
      'I think that mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f0000000000 fails',
      '7 write(1, "munmap(0x1000, 4096) = 0',
      'printf("munmap(0x1000, 4096) = 0");',
    );
    expect(calls).toHaveLength(1);
  });

  it('a trace of the stack is still one', () => {
    const { stats } = readLines(CLEAN[0]!, ' > /usr/lib/libc.so.6(mmap+0x10) [0x11]', ' > ./a(main+0x1) [0x2]');
    expect(stats).toMatchObject({ calls: 1, stackLines: 2, unreadable: 0 });
  });
});

it.each([
  ['syslog in files of docker', (line: string) => JSON.stringify({ log: `Nov 28 11:49:13 host app[4711]: ${line}\n` })],
  ['colours in CSV', (line: string) => `7,"\x1b[32m${line.replaceAll('"', '""')}\x1b[0m"`],
  ['CSV in a mail', (line: string) => `> "${line.replaceAll('"', '""')}"`],
  ['logfmt in HTML', (line: string) => html(`level=info msg=${JSON.stringify(line)}`)],
  ['HTML in JSON', (line: string) => JSON.stringify({ text: html(line) })],
])('one in another: %s', (_, dirty) => {
  const clean = readLines(...CLEAN);
  const { calls, stats } = readLines(...CLEAN.map(dirty));
  expect(calls.map(({ name, pid, ret, errno, args }) => ({ name, pid, ret, errno, args }))).toEqual(
    clean.calls.map(({ name, pid, ret, errno, args }) => ({ name, pid, ret, errno, args })),
  );
  expect(stats.unreadable).toBe(0);
});

describe('with what strace prints before a call', () => {
  it.each([
    ['a pid of four digits behind a date', 'Nov 28 11:49:13 8191  brk(NULL) = 0x1000'],
    ['the number of -n', 'host app[4711]: 8191 [ 12] brk(NULL) = 0x1000'],
    ['the address of -i', 'host app[4711]: 8191 [00007f5d464faad7] brk(NULL) = 0x1000'],
    ['an address of -i that is not known', 'host app[4711]: 8191 [????????????????] brk(NULL) = 0x1000'],
    ['both', 'host app[4711]: 8191 [ 12] [00007f5d464faad7] brk(NULL) = 0x1000'],
  ])('%s', (_, line) => {
    expect(readLines(line).calls).toMatchObject([{ pid: 8191, name: 'brk' }]);
  });

  it.each([
    ['syslog', (at: number) => `Nov 28 11:49:${10 + at} host app[4711]: `],
    ['kubectl', (at: number) => `[pod/web-0/app] 2026-11-28T11:49:1${at}.123Z `],
    ['numbers of lines', (at: number) => `${98 + at}. `],
    ['a level', () => '[INFO] '],
  ])('a message in the middle of a call, behind %s', (_, before) => {
    const lines = [
      'clone(child_stack=NULL, flags=CLONE_VM|SIGCHLDstrace: Process 9 attached',
      ', child_tidptr=0x7f12) = 9',
      '[pid     9] brk(NULL) = 0x1000',
    ].map((line, at) => before(at) + line);
    const { calls, stats } = readLines(...lines);
    expect(calls).toMatchObject([
      { name: 'clone', ret: 9 },
      { name: 'brk', pid: 9 },
    ]);
    expect(stats).toMatchObject({ unreadable: 0, lines: 3 });
  });

  it('a message in the middle of a call, in JSON', () => {
    const lines = ['clone(flags=CLONE_VMstrace: Process 9 attached', ', child_tidptr=0x7f12) = 9'];
    const { calls } = readLines('brk(NULL) = 0x1000', ...lines.map((log) => JSON.stringify({ log: `${log}\n` })));
    expect(calls).toMatchObject([{ name: 'brk' }, { name: 'clone', ret: 9 }]);
  });
});

describe('ends of lines', () => {
  it.each([
    ['CR LF', '\r\n'],
    ['CR alone', '\r'],
    ['CR CR LF', '\r\r\n'],
  ])('%s', (_, end) => {
    const clean = readLines(...CLEAN);
    const text = CLEAN.map((line) => line + end).join('');
    const { events, stats } = readLog(text);
    expect(events).toEqual(clean.events);
    expect(stats).toMatchObject({ lines: CLEAN.length, mended: 0 });
    const pieces: StraceEvent[] = [...parseStrace(text.match(/[\s\S]{1,7}/g) ?? [])];
    expect(pieces).toEqual(clean.events);
  });
});

describe('lines that were wrapped', () => {
  const wrap = (line: string, width: number, at: RegExp): string[] => {
    const lines: string[] = [];
    for (let rest = line; rest !== ''; ) {
      const cut = rest.length <= width ? rest.length : lastOf(rest.slice(0, width), at);
      lines.push(rest.slice(0, cut).trimEnd());
      rest = rest.slice(cut).trimStart();
    }
    return lines;
  };
  const lastOf = (text: string, at: RegExp): number => {
    const found = [...text.matchAll(at)].at(-1);
    return found === undefined || found.index === 0 ? text.length : found.index + found[0].length;
  };
  const calls = CLEAN.filter((line) => !line.includes('unfinished') && !line.includes('resumed'));
  const wanted = readLines(...calls).calls.map(told);

  it.each([
    ['by mail', 72, / /g],
    ['by mail, narrow', 40, / /g],
    ['by a terminal', 80, /$^/g],
    ['by a terminal, narrow', 52, /$^/g],
  ])('%s', (_, width, at) => {
    const lines = calls.flatMap((line) => wrap(line, width, at));
    const { calls: read, stats } = readLines(...lines);
    expect(read.map(told)).toEqual(wanted);
    expect(countedLines(stats)).toBe(lines.length);
    expect(stats.unreadable).toBe(0);
  });

  it('at a width, also within a number', () => {
    const lines = calls.flatMap((line) => line.match(/.{1,60}/g) ?? []);
    const address = 'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000010000';
    const cut = address.padStart(
      address.length + 120 - 'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0'.length,
    );
    const { calls: read, stats } = readLines(...lines, ...(cut.match(/.{1,60}/g) ?? []), ...lines);
    expect(read.map(told)).toEqual([...wanted, told(readLines(address).calls[0]!), ...wanted]);
    expect(stats.unreadable).toBe(0);
  });

  it.each([
    ['a signal', ['7 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED,', 'si_pid=9, si_uid=0} ---']],
    ['an exit', ['7 +++ killed by SIGKILL (core', 'dumped) +++']],
    ['the second half of a call', ['7 brk(NULL <unfinished ...>', '7 <... brk resumed>', ') = 0x1000']],
    ['behind what strace prints before a call', ['7 12:00:00.123456', 'munmap(0x1000, 4096) = 0']],
    ['behind the address of -i', ['7 [00007f5d464faad7]', 'munmap(0x1000, 4096) = 0']],
  ])('%s', (_, lines) => {
    const { stats, events } = readLines('7 brk(NULL) = 0x1000', ...lines);
    expect(stats.unreadable).toBe(0);
    expect(events).toMatchObject([{ pid: 7 }, { pid: 7 }]);
  });

  it.each([
    ['', '    '],
    [' \\', ''],
    ['\\', '> '],
    ['', '\u21aa '],
  ])('with %j behind and %j before', (behind, before) => {
    const lines = calls.flatMap((line) => {
      const pieces = wrap(line, 50, / /g);
      return pieces.map((piece, at) => (at > 0 ? before : '') + piece + (at < pieces.length - 1 ? behind : ''));
    });
    const { calls: read, stats } = readLines(...lines);
    expect(read.map(told)).toEqual(wanted);
    expect(stats.unreadable).toBe(0);
  });

  it('in front of the words of an error', () => {
    const { stats, calls } = readLines(
      'munmap(0x1, 4096) = -1 EINVAL',
      '(Invalid argument)',
      'read(0) = -1 EIO',
      '(Any)',
    );
    expect(calls).toHaveLength(1);
    expect(stats).toMatchObject({ lines: 4, callLines: 2, irrelevantLines: 1, otherLines: 1, unreadable: 0 });
  });

  it.each([
    ['in front of an error', '-1', 'ENOMEM (Cannot allocate memory)'],
    ['in an error', '-1 ENO', 'MEM (Cannot allocate memory)'],
    ['in the words of an error', '-1 ENOMEM (Cannot', 'allocate memory)'],
  ])('%s', (_where, result, rest) => {
    const { stats, calls } = readLines(
      `munmap(0x1000, 4096) = ${result}`,
      rest,
      `access("/a", R_OK) = ${result}`,
      rest,
    );
    expect(calls).toMatchObject([{ ret: -1, errno: 'ENOMEM' }]);
    expect(stats).toMatchObject({ lines: 4, callLines: 2, unreadable: 0 });
  });

  it('behind an error that somebody has cut off: what follows is no part of the call', () => {
    const { stats, calls } = readLines('munmap(0x1000, 4096) = -1 ENOMEM', 'some words', 'munmap(0x2000, 4096) = 0');
    expect(calls).toMatchObject([{ errno: 'ENOMEM' }, { ret: 0 }]);
    expect(stats).toMatchObject({ callLines: 2, unreadable: 1 });
  });

  it.each([
    ['MAP_PRIVATE', '|MAP_ANONYMOUS'],
    ['MAP_PRIVATE|', 'MAP_ANONYMOUS'],
    ['MAP_PRIVATE|', '|MAP_ANONYMOUS'],
    ['MAP_PRIVATE|', '| MAP_ANONYMOUS'],
  ])('between two flags: %s and %s', (left, right) => {
    const { calls } = readLines(`mmap(NULL, 4096, PROT_READ, ${left}`, `${right}, -1, 0) = 0x7f0000010000`);
    expect(calls).toMatchObject([{ args: { flags: 0x22 }, unknownNames: null }]);
  });

  it('a line of a collector whose text is not its first field', () => {
    const { calls } = readLines('{"time": "12:00", "log": "munmap(0x1000, 4096) = 0\\n", "stream": "stderr"}');
    expect(calls).toMatchObject([{ name: 'munmap' }]);
  });

  it('and quoted', () => {
    const lines = calls.flatMap((line) => wrap(line, 60, / /g)).map((line) => `> ${line}`);
    expect(readLines(...lines).calls.map(told)).toEqual(wanted);
  });

  it('as quoted-printable, with = at the end', () => {
    const soft = calls.flatMap((line) => {
      const encoded = line.replaceAll('=', '=3D');
      return [`${encoded.slice(0, 45)}=`, encoded.slice(45)];
    });
    expect(readLines(...soft).calls.map(told)).toEqual(wanted);
  });

  it('with a backslash at the end', () => {
    const lines = calls.flatMap((line) => [`${line.slice(0, 45)}\\`, line.slice(45)]);
    expect(readLines(...lines).calls.map(told)).toEqual(wanted);
  });

  it('into each other, as a mail of 2005 has them', () => {
    const { calls, events, stats } = readLines(
      'mmap(NULL, 1061968, PROT_READ|PROT_EXEC, MAP_PRIVATE, 3, 0) =',
      '0x2a95687000 mprotect(0x2a9568b000, 1045584, PROT_NONE) = 0',
      'mprotect(0x7fbff09000, 4096,',
      'PROT_READ|PROT_WRITE|PROT_EXEC|PROT_GROWSDOWN) = -1 EINVAL (Invalid',
      'argument) mprotect(0x7fbff02000, 32768,',
      'PROT_READ|PROT_WRITE|PROT_EXEC) = -1 ENOMEM (Cannot allocate memory)',
    );
    expect(calls.map(({ name, line, endLine, ret, errno }) => [name, line, endLine, ret, errno])).toEqual([
      ['mmap', 1, 2, 0x2a_9568_7000, null],
      ['mprotect', 2, 2, 0, null],
      ['mprotect', 3, 5, -1, 'EINVAL'],
      ['mprotect', 5, 6, -1, 'ENOMEM'],
    ]);
    expect(events).toHaveLength(4);
    expect(countedLines(stats)).toBe(6);
  });

  it('a call that does not go on is listed, every line of it', () => {
    const { events, stats } = readLines(CLEAN[0]!, 'mmap(NULL, 4096,', 'PROT_READ, what', 'ever', CLEAN[0]!);
    expect(events.map(({ kind, line }) => `${kind} ${line}`)).toEqual([
      'call 1',
      'unreadable 2',
      'unreadable 3',
      'unreadable 4',
      'call 5',
    ]);
    expect(countedLines(stats)).toBe(5);
  });

  it('at the end of the log', () => {
    const { events, stats } = readLog('brk(NULL) = 0x1000\nmmap(NULL, 4096,\nPROT_READ, MAP_PRI');
    expect(events.map(({ kind, line }) => `${kind} ${line}`)).toEqual(['call 1', 'unreadable 2', 'unreadable 3']);
    expect(countedLines(stats)).toBe(3);
  });
});

describe('something behind a result', () => {
  it.each([
    'munmap(0x1000, 4096) = 0 <-- here',
    'munmap(0x1000, 4096) = 0   # why?',
    'munmap(0x1000, 4096) = 0 // why?',
    'munmap(0x1000, 4096) = 0 /* why? */',
    'munmap(0x1000, 4096) = 0 ← why?',
    'munmap(0x1000, 4096) = 0 Every time',
    'munmap(0x1000, 4096) = 0 (first time)',
    'munmap(0x1000, 4096) = 0 <0.000012> !!!',
  ])('a remark: %s', (line) => {
    const { calls, stats } = readLines(line);
    expect(calls).toMatchObject([{ name: 'munmap', ret: 0, errno: null }]);
    expect(stats).toMatchObject({ lines: 1, callLines: 1, unreadable: 0 });
  });

  it('calls, some of which do not concern memory', () => {
    const { calls, stats } = readLines(
      'close(3) = 0 brk(NULL) = 0x1000 read(3, ") = 0", 4) = 4 munmap(0x1000, 4096) = 0 getpid() = 7',
      'read(3, ") = 0 brk(NULL) = 0", 40) = 4',
      'getpid() = 7 getpid() = 7 brk(NULL) = 0x2000 # the end',
    );
    expect(calls.map(({ name, line }) => `${name} ${line}`)).toEqual(['close 1', 'brk 1', 'munmap 1', 'brk 3']);
    expect(Object.fromEntries(stats.irrelevant)).toEqual({ read: 2, getpid: 3 });
    expect(countedLines(stats)).toBe(3);
  });

  it('a call that cannot be read: its line is listed', () => {
    const { events, stats } = readLines('brk(NULL) = 0x1000 munmap(0x1000) = 0', 'brk(NULL) = 0x1000');
    expect(events.map(({ kind, line }) => `${kind} ${line}`)).toEqual(['call 1', 'unreadable 1', 'call 2']);
    expect(stats).toMatchObject({ lines: 2, callLines: 1, unreadable: 1 });
  });

  it('behind the second half of a call; where that cannot be read, they are not read either', () => {
    const begin = '7 munmap(0x1000, 4096 <unfinished ...>';
    const { calls } = readLines(begin, '7 <... munmap resumed>) = 0 brk(NULL) = 0x1000');
    expect(calls.map(({ name, pid, line, endLine }) => `${pid} ${name} ${line}-${endLine}`)).toEqual([
      '7 munmap 1-2',
      '7 brk 2-2',
    ]);
    const { stats, events } = readLines(
      '7 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>',
      '7 <... mmap resumed>) = 0x7ff689ebb0007944  brk(NULL) = 0x1000',
    );
    expect(events.map(({ kind, line }) => `${kind} ${line}`)).toEqual(['unreadable 1', 'unreadable 2']);
    expect(countedLines(stats)).toBe(2);
  });

  it('many calls on one line take steps that grow with it', () => {
    const started = cpuTime();
    const { stats } = readLines(`${'getpid() = 7 '.repeat(20_000)}brk(NULL) = 0x1000`, 'brk(NULL) = 0x1000');
    expect(stats).toMatchObject({ lines: 2, calls: 2 });
    expect(cpuTime() - started).toBeLessThan(3000);
  });
});

it('a byte order mark is no part of the first line', () => {
  const bytes = new TextEncoder().encode('\ufeff1 brk(NULL) = 0x1000\n');
  for (const log of [bytes, '\ufeff1 brk(NULL) = 0x1000\n']) expect(readLog(log).calls).toHaveLength(1);
});
