import { FaultParser, InputError } from 'proc-io';
import { describe, expect, it } from 'vitest';
import { mapOf, replayText, smapsOf } from './replayText.ts';

const DAY = Date.parse('2026-11-28T00:00:00Z') / 1000;
/** A fault at a second of the day. */
const fault = (tid: number, second: number, address: string, write = true): string =>
  `${tid} 2026-11-28 00:00:0${second}.500000 exceptions:page_fault_user: address=${address} ip=0x1 error_code=0x${write ? 6 : 4}\n`;

function replay(log: string, faults: string, initial = '') {
  const parser = new FaultParser();
  parser.push(faults);
  const maps = new Map([['first' as const, smapsOf(initial === '' ? STACK : initial)]]);
  return replayText(log, { faultLog: parser.end(), initial: maps });
}

const STACK = `
7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0                          [stack]
Anonymous:             4 kB
VmFlags: rd wr mr mw me gd ac
`;
/** The times of `-ttt`, `-tt`, and those of another zone. */
const CLOCKS = [
  ['-ttt', (second: number) => `${DAY + second}.000000`],
  ['-tt', (second: number) => `00:00:0${second}.000000`],
  ['-tt of another zone', (second: number) => `05:30:0${second}.000000`],
] as const;
const ANON = 'PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED, -1, 0';

describe.each(CLOCKS)('faults beside a log with %s', (_, clock) => {
  /** Two ranges with a hole between them, which is filled last: it merges with both only where one of them has no anon_vma. */
  const log = [
    `7 ${clock(0)} mmap(0x10000, 4096, ${ANON}) = 0x10000`,
    `7 ${clock(1)} mmap(0x12000, 4096, ${ANON}) = 0x12000`,
    `7 ${clock(2)} mmap(0x11000, 4096, ${ANON}) = 0x11000`,
  ].join('\n');

  it('memory that no fault wrote has no anon_vma', () => {
    const none = fault(7, 0, '0x7fffffffe000');
    expect(mapOf(replay(log, none))[0]).toBe('10000-13000 rw-p');
    expect(mapOf(replay(log, none + fault(7, 0, '0x10000')))[0]).toBe('10000-13000 rw-p');
    expect(mapOf(replay(log, fault(7, 0, '0x10000') + fault(7, 1, '0x12008')))[0]).toBe('10000-12000 rw-p');
  });

  it('a read writes nothing, and a write after the last call comes too late', () => {
    expect(mapOf(replay(log, fault(7, 0, '0x10000') + fault(7, 1, '0x12000', false)))[0]).toBe('10000-13000 rw-p');
    expect(mapOf(replay(log, fault(7, 0, '0x10000') + fault(7, 2, '0x12000')))[0]).toBe('10000-13000 rw-p');
  });

  it('nothing rests on an assumption', () => {
    const { first } = replay(log, fault(7, 0, '0x10000'));
    const vmas = first!.space.process.mm.vmas();
    expect(vmas.map((vma) => first!.space.isAssumed(vma))).toEqual(vmas.map(() => false));
  });
});

it('a stack grows to the page of a fault, read or write', () => {
  const log = `7 ${DAY}.0 brk(NULL) = 0x1000`;
  expect(mapOf(replay(log, fault(7, 0, '0x7ffffffd0010', false)))[0]).toBe('7ffffffd0000-7ffffffff000 rw-p');
});

it('a child’s faults are its own, and wait for the clone that the log shows later', () => {
  const { processes } = replay(
    [
      `7 ${DAY}.0 mmap(0x10000, 4096, ${ANON}) = 0x10000`,
      `7 ${DAY + 1}.0 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>`,
      `7 ${DAY + 4}.0 <... clone resumed>) = 8`,
      `8 ${DAY + 5}.0 brk(NULL) = 0x1000`,
    ].join('\n'),
    fault(8, 2, '0x10000'),
  );
  expect(processes.map(({ pid }) => pid)).toContain(8);
  expect(
    [7, 8].map((pid) => processes.find((one) => one.pid === pid)?.space.process.mm.vmas()[0]?.anonVma !== null),
  ).toEqual([false, true]);
});

it('a child that fork left to refault gets an anon_vma by its own write, and its parent none', () => {
  const log = [
    `7 ${DAY}.0 mmap(0x10000, 4096, ${ANON}) = 0x10000`,
    `7 ${DAY + 1}.0 clone(child_stack=NULL, flags=SIGCHLD) = 8`,
    ...[7, 8].flatMap((pid) => [
      `${pid} ${DAY + 2}.0 mmap(0x12000, 4096, ${ANON}) = 0x12000`,
      `${pid} ${DAY + 3}.0 mmap(0x11000, 4096, ${ANON}) = 0x11000`,
    ]),
  ].join('\n');
  const only = (tid: number) => fault(tid, 1, '0x10000') + fault(tid, 2, '0x12000');
  const maps = (faults: string) => {
    const { processes } = replay(log, faults);
    return processes.map(({ space }) => space.process.mm.vmas().filter(({ vmStart }) => vmStart < 0x20000).length);
  };
  expect(maps(only(8))).toEqual([1, 2]);
  expect(maps(only(7))).toEqual([2, 1]);
});

it('faults inside execve are of the new program', () => {
  const exec = smapsOf(`
10000-11000 rw-p 00000000 fe:00 7                                        /bin/demo
Anonymous:             0 kB
VmFlags: rd wr mr mw me ac
`);
  const parser = new FaultParser();
  parser.push(fault(7, 1, '0x10000'));
  const { first } = replayText(
    [
      `7 ${DAY}.0 mmap(0x10000, 4096, ${ANON}) = 0x10000`,
      `7 ${DAY + 1}.0 execve("/bin/demo", ["demo"], 0x7ffc /* 1 var */) = 0`,
      `7 ${DAY + 2}.0 brk(NULL) = 0x1000`,
    ].join('\n'),
    { faultLog: parser.end(), initial: new Map([[7, exec]]) },
  );
  expect(first!.space.process.mm.vmas().map(({ anonVma }) => anonVma !== null)).toEqual([true]);
});

it('refuses a log without times', () => {
  expect(() => replay('7 brk(NULL) = 0x1000', fault(7, 0, '0x1000'))).toThrow(InputError);
});
