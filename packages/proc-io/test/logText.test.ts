import { describe, expect, it } from 'vitest';
import { LogText } from '../src/strace/logText.ts';

const codesOf = (log: LogText): number[] => [...log.codes.subarray(0, log.text.length + 1)];

describe('LogText', () => {
  it('has the code of every ASCII character, and a 0 behind the last', () => {
    const text = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join('');
    expect(codesOf(new LogText().set(text))).toEqual([...Array(128).keys(), 0]);
  });

  it('has one code for any other character, each in its place', () => {
    const text = 'a\u00e9b\u20acc\u{1f600}d\ud800e';
    expect(codesOf(new LogText().set(text))).toEqual([97, 128, 98, 128, 99, 128, 128, 100, 128, 101, 0]);
  });

  it('takes a longer text and then a shorter one', () => {
    const log = new LogText();
    expect(codesOf(log.set('x'.repeat(5000)))).toEqual([...Array(5000).fill(120), 0]);
    expect(codesOf(log.set('yz'))).toEqual([121, 122, 0]);
    expect(codesOf(log.set(''))).toEqual([0]);
  });
});
