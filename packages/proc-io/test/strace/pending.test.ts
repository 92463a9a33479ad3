import { expect, it } from 'vitest';
import { cpuTime } from '../../../../scripts/cpuTime.ts';
import { StraceParser } from '../../src/index.ts';

/** Processor time for 30,000 calls while others have no result yet, in ms. */
function timeWith(pending: number): number {
  const parser = new StraceParser();
  for (let pid = 1; pid <= pending; pid++) parser.push(`${pid} munmap(0x1000, 4096 <unfinished ...>\n`);
  const lines = '100001 munmap(0x1000, 4096) = 0\n'.repeat(500);
  const begin = cpuTime();
  for (let chunk = 0; chunk < 60; chunk++) parser.push(lines);
  return cpuTime() - begin;
}

it('a line costs the same however many calls have no result yet', () => {
  timeWith(0);
  const times = [0, 10_000].map((pending) => Math.min(...[1, 2, 3].map(() => timeWith(pending))));
  expect(times[1]).toBeLessThan(3 * (times[0] as number) + 50);
});

it('the earliest call without a result is the one that has waited longest', () => {
  const parser = new StraceParser();
  const log = [
    '1 munmap(0x1000, 4096 <unfinished ...>',
    '2 munmap(0x1000, 4096 <unfinished ...>',
    '1 <... munmap resumed>) = 0',
    '1 munmap(0x1000, 4096 <unfinished ...>',
    '2 <... munmap resumed>) = 0',
    '1 <... munmap resumed>) = 0',
  ];
  const calls = parser.push(log.map((line) => `${line}\n`).join('')).filter((event) => event.kind === 'call');
  expect(calls.map(({ openSince }) => openSince)).toEqual([2, 4, null]);
});
