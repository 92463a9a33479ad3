import { describe, expect, it } from 'vitest';
import {
  countPagemap,
  InputError,
  PAGE_EXCLUSIVE,
  PAGE_FILE,
  PAGE_GUARD,
  PAGE_NONE,
  PAGE_PRESENT,
  PAGE_SOFT_DIRTY,
  PAGE_SWAP,
  PAGE_UFFD_WP,
  parsePagemap,
} from '../src/index.ts';

const bit = (n: number): bigint => 1n << BigInt(n);

function bytesOf(...entries: readonly bigint[]): Uint8Array {
  return new Uint8Array(new BigUint64Array(entries).buffer);
}

describe('parsePagemap', () => {
  it.each([
    { what: 'nothing', entry: 0n, state: PAGE_NONE, bits: 0, frame: 0 },
    { what: 'soft-dirty nothing', entry: bit(55), state: PAGE_NONE, bits: PAGE_SOFT_DIRTY, frame: 0 },
    {
      what: 'a present page',
      entry: bit(63) | bit(56) | 0x1234n,
      state: PAGE_PRESENT,
      bits: PAGE_EXCLUSIVE,
      frame: 0x1234,
    },
    { what: 'a page of a file', entry: bit(63) | bit(61), state: PAGE_PRESENT, bits: PAGE_FILE, frame: 0 },
    { what: 'swap', entry: bit(62) | (bit(55) - 1n), state: PAGE_SWAP, bits: 0, frame: 2 ** 55 },
    { what: 'a guard marker, which has the swap bit', entry: bit(62) | bit(58), state: PAGE_GUARD, bits: 0, frame: 0 },
    { what: 'a uffd-wp marker', entry: bit(62) | bit(57), state: PAGE_SWAP, bits: PAGE_UFFD_WP, frame: 0 },
  ])('$what', ({ entry, state, bits, frame }) => {
    const pagemap = parsePagemap(bytesOf(0n, entry));
    expect(pagemap.length).toBe(2);
    expect([pagemap.states[1], pagemap.bits[1], pagemap.frames[1]]).toEqual([state, bits, frame]);
  });

  it('reads a part of a larger buffer and counts its pages', () => {
    const bytes = bytesOf(bit(63), bit(63), bit(58) | bit(62), bit(62), 0n, bit(55));
    const odd = new Uint8Array(bytes.length + 3);
    odd.set(bytes, 3);
    expect(countPagemap(parsePagemap(odd.subarray(3)))).toEqual({
      none: 2,
      present: 2,
      swap: 1,
      guard: 1,
      softDirty: 1,
    });
    expect(parsePagemap(new Uint8Array(0)).length).toBe(0);
  });

  it('a number of bytes that is no number of entries', () => {
    expect(() => parsePagemap(new Uint8Array(9), { file: 'pagemap' })).toThrow(InputError);
  });
});
