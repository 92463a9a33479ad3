import { expect, it } from 'vitest';
import { fuzzReader } from '../fuzz/fuzzReader.mjs';
import { READERS } from '../fuzz/readers.mjs';

/** Seed of the first text; every run has another, which stands in the titles. `VMA_SEED=123` runs with that one again. */
const first = Number(process.env.VMA_SEED ?? Math.floor(Math.random() * 0x7fff_ffff));

/** Logs are most of what people have: they get half of the 20 seconds. */
const seconds = (name: string): number => (name === 'strace' ? 10 : 10 / (READERS.length - 1));

it.each(READERS)(`$name: damaged texts from seed ${first} for some seconds`, (reader) => {
  const { files, found } = fuzzReader(reader, { from: first, seconds: seconds(reader.name) });
  expect(found).toBeNull();
  expect(files).toBeGreaterThan(50);
});
