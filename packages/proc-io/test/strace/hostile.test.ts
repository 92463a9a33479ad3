import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../../../scripts/cpuTime.ts';
import { formatStraceCall } from '../../src/index.ts';
import { countedLines, readCall, readLines } from '../readLog.ts';

const OK = 'brk(NULL) = 0x55c8c1e74000';

/** Lines that once took steps by the square or the cube of their length: half a million characters of each would take hours. */
const REPEATED: readonly (readonly [name: string, begin: string, again: string, end: string])[] = [
  ['a signal', '1 --- SIGSEGV (', ') {} @ ', ''],
  ['a message', 'strace: Process 1<', 'Process 1<', ''],
  ['paths in arguments', 'prctl(', '< ', ''],
  ['paths that end', 'prctl(', '< <a> ', ') = 0'],
  ['comments in arguments', 'prctl(', '/* ', ''],
  ['a comment in a number', 'munmap(0 /*', '/* ', ''],
  ['results', 'read(3, ""', ') = 1', ''],
  ['spaces before a result', 'munmap(0x1', ' ', 'x'],
  ['digits', 'madvise(0x200000000000, 4096, ', '9', ') = 0'],
  ['hex digits', '1 --- SIGSEGV {si_signo=SIGSEGV, si_addr=0x', 'f', '} ---'],
  ['resumed', '1 <... ', 'resumed ', ''],
  ['brackets', '[', '[pid ', ''],
  ['flags', 'madvise(0x200000000000, 4096, ', 'A|', 'B) = 0'],
  ['braces', 'clone3(', '{a={', ') = 7'],
  ['brackets in braces', 'clone3({flags=', '[{', '}) = 7'],
  ['strings', 'execve(', '"\\', '") = 0'],
  ['times', '', '1:', ''],
];

describe('lines that are made to be slow', () => {
  it.each(REPEATED)('%s', (_, begin, again, end) => {
    const line = begin + again.repeat(500_000 / again.length) + end;
    const started = cpuTime();
    const { stats } = readLines(OK, line, OK);
    expect(countedLines(stats)).toBe(3);
    expect(cpuTime() - started).toBeLessThan(4000);
  });

  it.each([
    ['comments without an end', '1 munmap(0 /*'],
    ['brackets without an end', '[pid 7'],
    ['resumed lines without their word', '1 <... mmap'],
  ])('many of them: %s', (_, line) => {
    const started = cpuTime();
    const { stats } = readLines(OK, ...Array<string>(30_000).fill(line));
    expect(stats.unreadable).toBe(30_000);
    expect(cpuTime() - started).toBeLessThan(6000);
  });

  it('calls that wait for their result', () => {
    const open = Array.from({ length: 10_000 }, (_, n) => `${n + 10} munmap(0x1000, 4096 <unfinished ...>`);
    const started = cpuTime();
    const { stats } = readLines(...open, ...Array<string>(50_000).fill(`1 ${OK}`));
    expect(stats).toMatchObject({ calls: 50_000, unfinished: 10_000 });
    expect(cpuTime() - started).toBeLessThan(4000);
  });
});

describe('the earliest call that waits', () => {
  it('is known whichever of them ends first', () => {
    const begin = (pid: number): string => `${pid} munmap(0x1000, 4096 <unfinished ...>`;
    const end = (pid: number): string => `${pid} <... munmap resumed>) = 0`;
    const { calls } = readLines(begin(1), begin(2), begin(3), `9 ${OK}`, end(2), end(1), `9 ${OK}`, end(3), `9 ${OK}`);
    expect(calls.map(({ line, openSince }) => [line, openSince])).toEqual([
      [4, 1],
      [2, 1],
      [1, 3],
      [7, 3],
      [3, null],
      [9, null],
    ]);
  });

  it('after many more have ended', () => {
    const pairs = Array.from({ length: 1000 }, (_, n) => [
      `${n + 10} munmap(0x1000, 4096 <unfinished ...>`,
      `${n + 10} <... munmap resumed>) = 0`,
    ]).flat();
    const { calls } = readLines('1 munmap(0x1000, 4096 <unfinished ...>', ...pairs, `2 ${OK}`);
    expect(calls.at(-1)?.openSince).toBe(1);
  });
});

describe('values of 64 bits', () => {
  it.each([
    ['mseal(NULL, 0, 0xffffffffffffffff) = -1 EINVAL (Invalid argument)', -1],
    ['syscall_0x1ce(0x7fdf4ae77000, 0x1000, 0xffffffffffffffff, 0, 0, 0) = -1 EINVAL (Invalid argument)', -1],
    ['mlock2(0x7fdf4ae77000, 4096, MLOCK_ONFAULT|0xfffffffffffffffe) = -1 EINVAL (Invalid argument)', -1],
    ['mlockall(MCL_CURRENT|MCL_FUTURE|MCL_ONFAULT|0xfffffff8) = -1 EINVAL (Invalid argument)', 0xffff_ffff],
    ['mseal(NULL, 0, 0x100000000) = -1 EINVAL (Invalid argument)', 2 ** 32],
    ['mseal(NULL, 0, 0x8000000000000000) = -1 EINVAL (Invalid argument)', -(2 ** 63)],
  ])('%s', (line, flags) => {
    const call = readCall(line);
    expect(call).toMatchObject({ args: { flags }, inexact: false });
    expect(readCall(formatStraceCall(call)).args).toEqual(call.args);
  });

  it('bits that no double holds are said to be inexact', () => {
    expect(readCall('mseal(NULL, 0, 0x7fffffffffffffff) = -1 EINVAL (Invalid argument)').inexact).toBe(true);
  });

  it('the greatest number is printed as itself', () => {
    const call = readCall('munmap(0xffffffffffffffff, 18446744073709551615) = -1 EINVAL (Invalid argument)');
    expect(call.inexact).toBe(true);
    expect(formatStraceCall(call)).toContain('munmap(0xffffffffffffffff, 18446744073709551615)');
  });

  it('more than 64 bits are none', () => {
    for (const number of ['0x10000000000000000', '18446744073709551616', '9'.repeat(310), `0x${'f'.repeat(256)}`]) {
      const { events } = readLines(OK, `munmap(${number}, 4096) = 0`, `madvise(0x1000, 4096, ${number}) = 0`);
      expect(events.map(({ kind }) => kind)).toEqual(['call', 'unreadable', 'unreadable']);
    }
  });
});

it('a byte that is no character is printed as strace prints it', () => {
  const call = readCall('execve("/bin/\\303\\251", ["x"], 0x7ffd) = 0');
  expect(formatStraceCall(call)).toContain('"/bin/\\303\\251"');
  const raw = readCall('execve("/bin/\udcb8", ["中"], 0x7ffd) = 0');
  expect(formatStraceCall(raw)).toContain('"/bin/\\270", ["\\344\\270\\255"]');
});

it('a line number of grep before a pid is no time', () => {
  expect(readLines(OK, '12:26324 brk(NULL) = 0x1000').calls.every(({ time }) => time === null)).toBe(true);
});

describe('process_madvise', () => {
  it.each([
    ['PIDFD_SELF', -10_000],
    ['PIDFD_SELF_THREAD_GROUP', -10_001],
    ['-10000', -10_000],
    ['6<pid:1770>', 6],
  ])('of %s', (pidfd, fd) => {
    const line = `process_madvise(${pidfd}, [{iov_base=0x1000, iov_len=4096}], 1, MADV_GUARD_INSTALL, 0) = 4096`;
    expect(readCall(line).args).toMatchObject({ pidfd: { fd }, ranges: [{ addr: 0x1000, length: 4096 }], count: 1 });
  });

  it.each([
    ['[{iov_base=0x1000, iov_len=4096}, ...]', 1],
    ['0x7ffd0f5e1000', 0],
    ['NULL', 0],
  ])('whose vector strace shows as %s', (vector, shown) => {
    const { args } = readCall(`process_madvise(6, ${vector}, 40, 0x66 /* MADV_??? */, 0) = -1 EFAULT (Bad address)`);
    expect(args).toMatchObject({ count: 40, advice: 0x66 });
    expect(args).toHaveProperty('ranges.length', shown);
  });
});

it('the second half of a torn line that cannot be read is listed with its own column', () => {
  const { events, stats } = readLines(
    OK,
    `7 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1strace: Process 8 attached`,
    ', what) = 0x7f0000000000',
    OK,
  );
  const unreadable = events.filter(({ kind }) => kind === 'unreadable');
  expect(unreadable).toMatchObject([
    { line: 2, text: '7 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1' },
    { line: 3, column: 1, text: ', what) = 0x7f0000000000' },
  ]);
  expect(countedLines(stats)).toBe(4);
});
