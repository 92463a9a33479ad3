import { expect, it } from 'vitest';
import { timeText } from '../../src/words/index.ts';

it.each([
  [{ from: 213.9, to: 560.2 }, '210–570 ms'],
  [{ from: 0.0363, to: 0.1501 }, '36–160 µs'],
  [{ from: 3.71, to: 8.61 }, '3.7–8.7 ms'],
  [{ from: 900, to: 2310 }, '0.9–2.4 s'],
  [{ from: 0, to: 5 }, '0–5 ms'],
])('a time of %o is %s: rounded outwards, no more digits than are known', (range, text) => {
  expect(timeText(range)).toBe(text);
});
