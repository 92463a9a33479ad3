import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { InputError } from 'proc-io';
import { describe, expect, it } from 'vitest';
import { usesFormat2 } from '../../src/scenario/checkScenario.ts';
import {
  parseRecordedScenario,
  parseRecordingHeader,
  parseScenario,
  parseScenarios,
} from '../../src/scenario/parseScenarios.ts';

const RECORDINGS = fileURLToPath(new URL('../../../../conformance/recordings/', import.meta.url));

function linesOf(file: string): string[] {
  return gunzipSync(readFileSync(RECORDINGS + file))
    .toString()
    .trim()
    .split('\n');
}

/** The message for a line, as a user sees it. */
function problemOf(
  line: string,
  parse: (line: string, source: { file: string; line: number }) => unknown = parseScenario,
): string {
  try {
    parse(line, { file: 'f.jsonl', line: 7 });
    return 'no problem';
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return String(error);
  }
}

const withOp = (op: string, more = ''): string => `{"id":"a"${more},"ops":[${op}]}`;

describe('scenarios', () => {
  it.each([
    ['kernels/scenarios.jsonl.gz', 1119, 1],
    ['kernels2/scenarios.jsonl.gz', 1185, 2],
  ])('reads all of %s', (file, count, format) => {
    const scenarios = [...parseScenarios(linesOf(file), file)];
    expect(scenarios).toHaveLength(count);
    expect(scenarios.some(usesFormat2)).toBe(format === 2);
  });

  it.each([
    ['NaN', withOp('{"op":"munmap","page":NaN,"pages":1}'), ':40: NaN is no JSON value'],
    [
      '2^60',
      withOp('{"op":"munmap","page":1152921504606846976,"pages":1}'),
      ':40: "page" of munmap must be a page number from 0',
    ],
    ['negative', withOp('{"op":"munmap","page":-3,"pages":1}'), ':40: "page" of munmap must be a page number from 0'],
    [
      'not whole',
      withOp('{"op":"munmap","page":3.5,"pages":1}'),
      ':40: "page" of munmap must be a whole number, not 3.5',
    ],
    [
      'too large for a double',
      withOp('{"op":"munmap","page":1e999,"pages":1}'),
      ':40: "page" of munmap must be a whole number, not Infinity',
    ],
    [
      'text for a number',
      withOp('{"op":"munmap","page":"3","pages":1}'),
      ':40: "page" of munmap must be a page number, not "3"',
    ],
    [
      'beyond the arena',
      withOp('{"op":"munmap","page":64,"pages":1}'),
      ':40: "page" of munmap must be a page of the arena, 0 to 63, not 64',
    ],
    [
      'a mapping past the arena',
      withOp('{"op":"mmap","page":60,"pages":9,"prot":"rw"}'),
      ':49: mmap of pages 60 to 68 reaches past',
    ],
    ['an unknown operation', withOp('{"op":"mapp","page":1}'), ':24: unknown operation "mapp"'],
    ['no operation', withOp('{"page":1}'), ':18: unknown operation nothing'],
    ['an unknown field', withOp('{"op":"munmap","page":3,"pages":1,"pags":2}'), ':59: munmap has no field "pags"'],
    ['a missing field', withOp('{"op":"munmap","page":3}'), ':18: munmap needs "pages"'],
    [
      'a wrong protection',
      withOp('{"op":"mprotect","page":3,"pages":1,"prot":"rwq"}'),
      'must be "none" or letters of "rwx"',
    ],
    ['an unknown advice', withOp('{"op":"madvise","page":3,"pages":1,"advice":"MADV_FREE"}'), 'without MADV_'],
    [
      'an unknown backing',
      withOp('{"op":"mmap","page":3,"pages":1,"prot":"r","backing":"file9"}'),
      'must be one of anon, file0',
    ],
    [
      'a flag that is no truth value',
      withOp('{"op":"mmap","page":3,"pages":1,"prot":"r","shared":1}'),
      '"shared" of mmap must be true or false',
    ],
    [
      'too many touches',
      withOp('{"op":"touch","page":3,"pages":99999999,"access":"read"}'),
      '"pages" of touch must be',
    ],
    ['an op that is no object', withOp('17'), ':18: an operation is an object, not 17'],
    ['overlapping windows', withOp('', ',"windows":[["x",0,8],["y",4,8]]'), ':32: window "y" overlaps window "x"'],
    [
      'a window by the name of a prototype',
      withOp('', ',"windows":[["__proto__",0,8]]'),
      ':23: window "__proto__" cannot have this name',
    ],
    ['two windows of one name', withOp('', ',"windows":[["x",0,8],["x",8,8]]'), 'has the name of another'],
    ['a window past the span', withOp('', ',"span":10,"windows":[["x",0,11]]'), 'reaches past the arena'],
    ['an absurd span', withOp('', ',"span":1e30'), '"span" must be a number of pages from 1'],
    ['an unknown key', '{"id":"a","opps":[]}', ':18: a scenario has no field "opps"'],
    ['no id', '{"ops":[]}', ':1: a scenario needs "id"'],
    ['an id of no letters', '{"id":"","ops":[]}', ':7: "id" must be a string of some letters'],
    ['tags that are none', '{"id":"a","tags":["x",7],"ops":[]}', ':23: "tags" must be an array of strings, not 7'],
    ['ops that are no list', '{"id":"a","ops":{}}', ':17: "ops" must be an array, not {}'],
    [
      'a window of no page',
      withOp('', ',"windows":[["x",0,"8"]]'),
      ':29: the length of window "x" must be a number of pages, not "8"',
    ],
    ['no ops', '{"id":"a"}', ':1: a scenario needs "ops"'],
    ['no object', '[1]', ':1: a scenario is an object, not [1]'],
    ['half a line', '{"id":"a","ops":[{"op":"munmap","page":3,', ':42: the line ends too early'],
    ['text behind', '{"id":"a","ops":[]} x', ':21: something follows the JSON value'],
    ['a string that is not closed', '{"id":"a', ':7: the string is not closed'],
    ['a control character', '{"id":"a\u0001"}', 'a control character inside a string'],
    ['an unknown escape', '{"id":"\\q"}', 'an escape that JSON does not know'],
    ['a missing comma', '{"id":"a" "ops":[]}', ':11: a "," or a closing bracket is missing'],
    ['a missing colon', '{"id" "a"}', ':7: a ":" is missing'],
    ['a name without quotes', '{id:"a"}', ':2: a property name in double quotes is missing'],
    ['a trailing comma', '{"id":"a","ops":[1,]}', 'a JSON value is expected here'],
    ['a bracket too deep', '['.repeat(100_000), 'nested too deeply'],
  ])('%s: one line with file, line and column', (_, line, message) => {
    const problem = problemOf(line);
    expect(problem.startsWith('f.jsonl:7:')).toBe(true);
    expect(problem).toContain(message);
    expect(problem).not.toContain('\n');
  });

  it('an empty file is none', () => {
    expect(() => [...parseScenarios([], 'f.jsonl')]).toThrow('no scenario: the file is empty');
    expect(() => [...parseScenarios(['', ' '], 'f.jsonl')]).toThrow(InputError);
  });

  it('empty lines are skipped, and counted', () => {
    const lines = ['{"id":"a","ops":[]}', '', '{"id":1}'];
    expect(() => [...parseScenarios(lines, 'f.jsonl')]).toThrow(expect.objectContaining({ line: 3, column: 7 }));
  });
});

describe('recordings', () => {
  const parseRecord = (line: string, source: { file: string; line: number }): unknown =>
    parseRecordedScenario(line, source);

  it('gives the scenario back, and the steps', () => {
    const [header = '', first = ''] = linesOf('kernels2/6.19.14.jsonl.gz');
    expect(parseRecordingHeader(header, { file: 'f', line: 1 })).toMatchObject({
      format: 2,
      softDirty: true,
      faultAroundPages: 1,
    });
    const [input = ''] = linesOf('kernels2/scenarios.jsonl.gz');
    const { scenario, steps } = parseRecordedScenario(first, { file: 'f', line: 2 });
    expect(scenario).toEqual(JSON.parse(input));
    expect(steps).toHaveLength(scenario.ops.length);
  });

  it.each([
    ['no header', '{"id":"a","ops":[]}', 'no recording: the first line is a header'],
    ['another format', '{"kind":"header","format":3}', ':27: "format" must be 1 or 2'],
    ['no kernel', '{"kind":"header","format":1}', 'a header, which needs "kernel"'],
    [
      'fault-around of 0',
      '{"kind":"header","format":1,"kernel":"6.12","softDirty":true,"faultAroundPages":0}',
      '"faultAroundPages" must be',
    ],
  ])('%s', (_, line, message) => {
    expect(problemOf(line, (text, source) => parseRecordingHeader(text, source))).toContain(message);
  });

  it.each([
    ['no steps', '{"kind":"scenario","id":"a"}', 'a recorded scenario needs "steps"'],
    [
      'a wrong op',
      '{"kind":"scenario","id":"a","steps":[{"op":{"op":"munmap","page":-1,"pages":1}}]}',
      ':66: "page" of munmap',
    ],
    [
      'no result',
      '{"kind":"scenario","id":"a","steps":[{"op":{"op":"munmap","page":1,"pages":1}}]}',
      'a step needs "res"',
    ],
  ])('%s', (_, line, message) => {
    expect(problemOf(line, parseRecord)).toContain(message);
  });
});
