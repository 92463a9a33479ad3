import { describe, expect, it } from 'vitest';
import { InputError, parseStrace, type StraceEvent } from '../../src/index.ts';
import { countedLines, programFile, readLines, readLog } from '../readLog.ts';

const OK = 'brk(NULL) = 0x55c8c1e74000\n';

function refused(input: string | Uint8Array): string {
  try {
    readLog(input, { file: 'trace.strace' });
  } catch (error) {
    if (error instanceof InputError) return error.toString();
    throw error;
  }
  return 'accepted';
}

describe('inputs that are no strace log', () => {
  it.each([
    ['nothing', '', 'trace.strace:1:1: the log is empty'],
    ['empty lines', '\n  \n\n', 'trace.strace:1:1: the log is empty'],
    [
      'a text',
      'Lorem ipsum\ndolor sit amet\n',
      'trace.strace:1:1: not a strace log: this begins neither a call nor a message of strace',
    ],
    [
      'a source',
      '\nint main(void) {\n  return 0;\n}\n',
      'trace.strace:2:1: not a strace log: this begins neither a call nor a message of strace',
    ],
    ['a call without a result', 'printf("x");\n', 'trace.strace:1:13: not a strace log: the call has no result'],
    ['binary data', 'ab\n\u007fELF\u0000\u0001', 'trace.strace:2:5: not a strace log: binary data'],
    [
      'one line without an end',
      'x'.repeat(3000),
      'trace.strace:1:1: not a strace log: this begins neither a call nor a message of strace',
    ],
    [
      'smaps',
      programFile('true', 'final.smaps'),
      'trace.strace:1:1: not a strace log: this begins neither a call nor a message of strace',
    ],
    [
      'gzip',
      Uint8Array.of(0x1f, 0x8b, 8, 0, 10, 200),
      'trace.strace:1:1: not a strace log: gzip data, unpack it first',
    ],
  ])('%s', (_, input, message) => {
    expect(refused(input)).toBe(message);
  });

  it('a log that begins with 999 other lines is one; with 1000 it is not', () => {
    const prose = 'The quick brown fox\n';
    expect(refused(prose.repeat(999) + OK)).toBe('accepted');
    expect(refused(prose.repeat(1000) + OK)).toMatch(/^trace.strace:1:1: not a strace log/);
    const { events } = readLog(prose.repeat(999) + OK);
    expect(events.map(({ kind }) => kind)).toEqual([...Array(999).fill('unreadable'), 'call']);
  });

  it('a long log of prose is refused at once, not at its end', () => {
    let asked = 0;
    const chunks = function* (): Generator<string> {
      for (; asked < 5000; asked++) yield 'The quick brown fox\n';
    };
    expect(() => [...parseStrace(chunks())]).toThrow(InputError);
    expect(asked).toBe(999);
  });
});

describe('a log that ends in the middle of a line', () => {
  const MMAP = 'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7fe8f3e6c000';
  const FAILED = 'munmap(0x1, 4096) = -1 EINVAL (Invalid argument)';

  it.each([
    MMAP.slice(0, 3),
    MMAP.slice(0, 6),
    MMAP.slice(0, 30),
    MMAP.slice(0, -17),
    MMAP.slice(0, -5),
    FAILED.slice(0, -1),
    FAILED.slice(0, -10),
    FAILED.slice(0, -20),
    FAILED.slice(0, -26),
    'brk(NULL <unfin',
    '+++ exited wi',
  ])('%s', (half) => {
    const { events, stats } = readLog(OK + half);
    expect(events.map(({ kind, line }) => `${kind} ${line}`)).toEqual(['call 1', 'unreadable 2']);
    expect(countedLines(stats)).toBe(2);
  });

  it.each([MMAP, FAILED, 'brk(NULL <unfinished ...>', '+++ exited with 0 +++', 'munmap(0x1000, 4096) = 0 <0.1>'])(
    'a whole line without its newline is read: %s',
    (line) => {
      expect(refused(OK + line)).toBe('accepted');
      expect(readLog(OK + line).events).toHaveLength(2);
    },
  );
});

describe('lines that cannot be read', () => {
  it.each([
    ['hello world', 1, 'this begins neither a call nor a message of strace'],
    ['7 ', 3, 'the line ends before a call'],
    ['mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1) = 0x1000', 44, 'a comma and another argument are expected here'],
    ['mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0, 5) = 0x1000', 47, 'a closing parenthesis is expected here'],
    ['mmap(NULL, 4096, read, MAP_PRIVATE, -1, 0) = 0x1000', 18, 'flags are expected here'],
    ['mmap(NULL, , PROT_READ, MAP_PRIVATE, -1, 0) = 0x1000', 12, 'a number is expected here'],
    ['mmap(NULL, 4096, , MAP_PRIVATE, -1, 0) = 0x1000', 18, 'flags are expected here'],
    ['mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</a, 0) = 0x1000', 43, 'a path without its closing >'],
    ['munmap(0x1000, 4096)', 21, 'the result (= ...) is expected here'],
    ['munmap(0x1000, 4096) = ', 24, 'a number is expected here'],
    ['munmap(0x1000, 4096) = 0 1', 26, 'the result has something behind it'],
    ['munmap(0x1000, 4096) = 0x', 24, 'a number is expected here'],
    ['munmap(0x, 4096) = 0', 8, 'a number is expected here'],
    ['munmap(0x123456789abcdef01, 4096) = 0', 8, 'a number is expected here'],
    ['read(3, "x", 1', 15, 'the call has no result'],
    ['--- nonsense ---', 1, 'neither a signal nor an exit'],
    ['<... what', 1, 'neither a call nor a resumed call'],
    [
      '% time     seconds  usecs/call     calls    errors syscall',
      1,
      'this begins neither a call nor a message of strace',
    ],
    ['clone3(0x7ffd, 88) = 7', 8, 'clone3 without its arguments'],
    ['clone(child_stack=NULL) = 7', 7, '"" are no flags'],
    ['clone(child_stack=NULL, flags=what) = 7', 31, '"what" are no flags'],
    ['execve(path, [], 0x7ffd) = 0', 8, '"path" is no string'],
    ['dup2(3, x) = 0', 9, '"x" is no file descriptor'],
  ])('%s', (line, column, why) => {
    const { events, stats } = readLines(OK.trim(), line, OK.trim());
    expect(events[1]).toEqual({ kind: 'unreadable', line: 2, column, text: line, why });
    expect(events[2]).toMatchObject({ kind: 'call', line: 3 });
    expect(stats).toMatchObject({ lines: 3, calls: 2, unreadable: 1 });
  });

  it('of a long line the beginning is kept; one of millions of characters does not fill the memory', () => {
    const { events } = readLines(OK.trim(), 'x'.repeat(3_000_000), OK.trim());
    expect(events.map(({ kind, line }) => `${kind} ${line}`)).toEqual(['call 1', 'unreadable 2', 'call 3']);
    expect(events[1]).toMatchObject({ why: 'the line is too long', text: 'x'.repeat(500) });
  });

  it('every 1000th line garbage: nothing lost, every bad line listed', () => {
    const good = Buffer.from(programFile('python-imports', 'trace.strace')).toString('latin1').trimEnd().split('\n');
    const garbage = ['\u0000\u0001\u0002', 'mmap(NULL, 4096', ')= 7(', '9 +++', '\udcff\udc80', '{"a": 1}', '...'];
    const calls = good.length - 1;
    const wanted: number[] = [];
    const text = function* (): Generator<string> {
      for (let n = 1; n <= 100_000; n++) {
        const bad = n % 1000 === 0;
        if (bad) wanted.push(n);
        yield `${bad ? garbage[(n / 1000) % garbage.length] : good[n % calls]}\n`;
      }
    };
    const counts = new Map<StraceEvent['kind'], number>();
    const bad: number[] = [];
    const reading = parseStrace(text());
    let step = reading.next();
    for (; step.done !== true; step = reading.next()) {
      const event = step.value;
      counts.set(event.kind, (counts.get(event.kind) ?? 0) + 1);
      if (event.kind === 'unreadable') bad.push(event.line);
    }
    expect(bad).toEqual(wanted);
    expect(Object.fromEntries(counts)).toEqual({ call: 99_900, unreadable: 100 });
    expect(step.value).toMatchObject({ lines: 100_000, calls: 99_900, unreadable: 100 });
    expect(countedLines(step.value)).toBe(100_000);
  });
});
