import { expect, it } from 'vitest';
import { LineIndex } from '../../src/worker/lineIndex.ts';

it.each([
  ['LF', '\n'],
  ['CR LF', '\r\n'],
  ['CR alone', '\r'],
  ['CR CR LF', '\r\r\n'],
])('lines that end in %s are found in pieces of any size', async (_, end) => {
  const source = Array.from({ length: 200 }, (__, at) => `line ${at + 1}${end}`).join('');
  for (const size of [1, 2, 7, 5000]) {
    const index = new LineIndex();
    for (let at = 0; at < source.length; at += size) index.feed(source.slice(at, at + size));
    const asked = [1, 64, 65, 129, 200];
    const found = await index.read(source, asked);
    expect(asked.map((line) => found.get(line))).toEqual(asked.map((line) => `line ${line}`));
  }
});
