import { InputError } from 'proc-io';
import { expect, it } from 'vitest';
import { cpuTime } from '../../../../scripts/cpuTime.ts';
import { readProgram } from '../../src/litmus/readProgram.ts';
import { parseScenario } from '../../src/scenario/parseScenarios.ts';

it.each([
  ['spaces behind a call', `munmap(0x1,${' '.repeat(300_000)}x`],
  ['spaces behind a call and =', `munmap(0x1, 4096)${' '.repeat(300_000)}= x`],
  ['spaces before an argument', `munmap(${' '.repeat(300_000)}5, 4096)`],
  ['arguments', `mmap(0x200000000000, 4096, PROT_READ, MAP_PRIVATE, ${'7 '.repeat(150_000)}, 0)`],
])('a line of strace with many %s is read in steps that grow with its length', (_, line) => {
  const started = cpuTime();
  expect(readProgram(line, 'a').problems.length).toBeGreaterThan(0);
  expect(cpuTime() - started).toBeLessThan(3000);
});

it('a number of more than 64 bits in a line of strace is a problem with its place', () => {
  const { problems } = readProgram(`madvise(0x200000000000,4096,${'9'.repeat(310)})=0`, 'a');
  expect(problems[0]).toMatchObject({ line: 1, column: 29 });
});

it.each([250, 9000])('a value nested %d deep where none should be is an InputError', (depth) => {
  const deep = '['.repeat(depth) + ']'.repeat(depth);
  expect(() => parseScenario(`{"id":"a","ops":[${deep}]}`, { file: 'a', line: 1 })).toThrow(InputError);
  const inField = `{"id":"a","ops":[{"op":"munmap","page":${deep},"pages":1}]}`;
  expect(() => parseScenario(inField, { file: 'a', line: 1 })).toThrow(InputError);
});
