import { expect, it } from 'vitest';
import { FaultParser, InputError } from '../../src/index.ts';

const read = (text: string) => {
  const parser = new FaultParser({ file: 'faults' });
  for (const part of text.split(/(?<=.{7})/s)) parser.push(part);
  return parser.end();
};
const at = (clock: string): number => Date.parse(`2026-11-28T${clock}Z`) / 1000;

it.each([
  [
    'tid and time of day',
    ' 7151 2026-11-28 15:08:48.500000 exceptions:page_fault_kernel: address=0x5555 ip=elf_load error_code=0x2',
  ],
  [
    'pid, tid, a command',
    'my prog (7)  7150/7151  2026-11-28 15:08:48.500000:  exceptions:page_fault_user: address=0x5555 ip=0x55 error_code=0x2',
  ],
  [
    'a processor',
    'true  7151 [001] 2026-11-28 15:08:48.500000123: exceptions:page_fault_user: address=0x5555 ip=0x55 error_code=0x2',
  ],
])('reads a fault with %s', (_, line) => {
  expect(read(`# a comment\n\n${line}\n`)).toEqual({
    length: 1,
    tids: [7151],
    times: [at('15:08:48.500')],
    addresses: [0x5555],
    codes: [2],
  });
});

it('puts faults in the order of their times, and leaves out the kernel’s own memory', () => {
  const line = (clock: string, address: string): string =>
    `7 2026-11-28 ${clock} exceptions:page_fault_user: address=${address} ip=0x1 error_code=0x6\n`;
  const log = read(
    line('15:00:00.000002', '0x2000') +
      line('15:00:00.000001', '0x1000') +
      line('15:00:00.000003', 'init_task') +
      line('15:00:00.000003', '0xffff888000000000'),
  );
  expect(log.addresses).toEqual([0x1000, 0x2000]);
});

it.each([
  [
    'true 7 [0] 26627.574376: exceptions:page_fault_user: address=0x1 ip=0x1 error_code=0x2',
    /:2:1: .*-k CLOCK_MONOTONIC/,
  ],
  ['7 1.5 brk(NULL) = 0x1000', /:2:1: no page fault as perf script prints it/],
])('refuses %s', (line, message) => {
  const good = '7 2026-11-28 15:00:00.000001 exceptions:page_fault_user: address=0x1000 ip=0x1 error_code=0x6\n';
  expect(() => read(`${good}${line}\n`)).toThrow(InputError);
  try {
    read(`${good}${line}\n`);
  } catch (error) {
    expect(String(error)).toMatch(message);
  }
});
