import { describe, expect, it } from 'vitest';
import { formatStraceCall, type StraceCall } from '../../src/index.ts';
import { countedLines, fixture, PROGRAMS, programFile, readLines, readLog } from '../readLog.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Calls that strace prints with arguments the event does not keep (an environment, a mode, a parent's tid). */
const NOT_KEPT = new Set(['execve', 'clone3']);

/** How a strace prints calls that knows the numbers which 6.1 does not. */
function withNames(line: string): string {
  return line.replace('0x66 /* MADV_??? */', 'MADV_GUARD_INSTALL').replace('0x67 /* MADV_??? */', 'MADV_GUARD_REMOVE');
}

describe('logs of real programs', () => {
  it.each([
    { program: 'true', lines: 16, calls: 15 },
    { program: 'bash-builtins', lines: 42, calls: 41 },
    { program: 'git-status', lines: 32, calls: 31 },
    { program: 'guard-pool', lines: 161, calls: 150 },
    { program: 'python-imports', lines: 187, calls: 186 },
  ])('$program: every one of $lines lines is read, $calls calls', ({ program, lines, calls }) => {
    const { stats, events } = readLog(programFile(program, 'trace.strace'));
    expect(stats).toMatchObject({ lines, calls, unreadable: 0, unfinished: 0, irrelevantLines: 0 });
    expect(countedLines(stats)).toBe(lines);
    expect(events.some((event) => event.kind === 'unreadable')).toBe(false);
  });

  it.each(PROGRAMS)('%s: its calls are printed again letter for letter', (program) => {
    const log = text(programFile(program, 'trace.strace'));
    const lines = log.split('\n');
    const whole = readLog(log).calls.filter((call) => call.line === call.endLine && !NOT_KEPT.has(call.name));
    expect(whole.length).toBeGreaterThan(10);
    expect(whole.map(formatStraceCall)).toEqual(whole.map((call) => withNames(lines[call.line - 1]!)));
  });

  it('guard-pool: guard markers, which strace 6.1 has no name for, and calls cut in two by threads', () => {
    const { calls } = readLog(programFile('guard-pool', 'trace.strace'));
    expect(calls.filter((call) => call.name === 'madvise' && call.args.advice === 102)).toHaveLength(64);
    const parts = calls.filter((call) => call.line !== call.endLine);
    expect(parts.map((call) => `${call.name} ${call.line}-${call.endLine} by ${call.pid}`)).toMatchInlineSnapshot(`
      [
        "clone3 142-145 by 11772",
        "madvise 143-146 by 13208",
        "madvise 144-147 by 13207",
        "mmap 148-151 by 11772",
        "madvise 153-155 by 13209",
        "clone3 154-156 by 11772",
      ]
    `);
  });
});

const FORMS = ['plain', 'tt-n', 't-i', 'f-X-raw', 'f-X-verbose', 'f-r', 'f-yy-ttt-T', 'terminal', 'f-y'];

describe('one program in every form of strace', () => {
  it.each(FORMS)('%s: reading what was printed gives every call again', (form) => {
    const calls = readLog(fixture(form)).calls.filter((call) => !call.inexact);
    const again = readLines(...calls.map(formatStraceCall)).calls;
    const placed = again.map((call, i) => {
      const { line, endLine, openSince } = calls[i]!;
      return { ...call, line, endLine, openSince };
    });
    expect(placed).toEqual(calls);
  });

  /** What does not change from run to run: the addresses and pids are numbered in the order of their appearance. */
  function steady(call: StraceCall): unknown {
    const seen = JSON.stringify({ name: call.name, args: call.args, errno: call.errno }, (key, value: unknown) => {
      if (typeof value === 'number' && value >= 0x40_0000 && key !== 'flags' && key !== 'length') return 'address';
      if (['fd', 'pid', 'pidfd', 'path', 'deleted', 'device', 'shmid', 'features', 'max', 'text'].includes(key))
        return undefined;
      return value;
    });
    return JSON.parse(seen);
  }

  it.each(FORMS.slice(3))('%s: the same calls as with -f -y', (form) => {
    const same = ({ name }: StraceCall): boolean => name !== 'execve';
    const wanted = readLog(fixture('f-y')).calls.filter(same).map(steady);
    expect(
      new Set(
        readLog(fixture(form))
          .calls.filter(same)
          .map((call) => JSON.stringify(steady(call))),
      ),
    ).toEqual(new Set(wanted.map((call) => JSON.stringify(call))));
  });

  it.each(['plain', 'tt-n', 't-i'])('%s: the first process alone', (form) => {
    const { stats, calls } = readLog(fixture(form));
    expect(stats).toMatchObject({ lines: 105, calls: 80, unreadable: 0, unfinished: 0 });
    expect(calls.every((call) => call.pid === null)).toBe(true);
    expect(calls.every((call) => (call.time !== null) === (form !== 'plain'))).toBe(true);
  });

  it.each(['f-y', 'f-yy-ttt-T', 'f-X-raw', 'f-X-verbose', 'f-r', 'terminal'])('%s: five processes', (form) => {
    const { stats, calls, events } = readLog(fixture(form));
    expect(countedLines(stats)).toBe(stats.lines);
    expect(stats).toMatchObject({ calls: 85, unreadable: 0, unfinished: 0 });
    const children = calls.filter(({ name }) => name === 'clone' || name === 'vfork').map((call) => call.ret);
    expect(children).toHaveLength(4);
    const exits = events.filter((event) => event.kind === 'exit');
    expect(exits.map((exit) => exit.status ?? exit.signal)).toEqual([3, 0, 'SIGSEGV', 'SIGSEGV', 0]);
    expect(exits.slice(0, 4).map((exit) => exit.pid)).toEqual(children);
    const faults = events.filter((event) => event.kind === 'signal' && event.signal === 'SIGSEGV');
    expect(faults).toMatchObject([{ code: 'SEGV_MAPERR', addr: 0x10 }, { code: 'SEGV_ACCERR' }]);
  });

  it('terminal: lines without a pid belong to the process that the first [pid N] names', () => {
    const { events, calls } = readLog(fixture('terminal'));
    const known = events.find((event) => event.kind === 'pidKnown');
    expect(known).toBeDefined();
    const owners = new Set(calls.filter((call) => call.name === 'munmap').map((call) => call.pid));
    expect(owners).toEqual(new Set([known?.pid]));
    expect(events.filter((event) => event.kind === 'attach')).toHaveLength(4);
  });

  it('-T and -ttt: the duration in seconds, the time as printed', () => {
    const call = readLog(fixture('f-yy-ttt-T')).calls[1];
    expect(call?.time).toMatch(/^\d{10}\.\d{6}$/);
    expect(call?.duration).toBeGreaterThan(0);
    expect(call?.duration).toBeLessThan(1);
  });
});
