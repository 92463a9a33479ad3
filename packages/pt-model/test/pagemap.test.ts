import {
  decodePagemap,
  encodePagemap,
  mkGuardMarker,
  type PagemapEntry,
  PTE_SOFT_DIRTY,
  ptePfn,
  pteSetBits,
  readPagemapEntry,
  writePagemapEntry,
} from 'pt-model';
import { describe, expect, it } from 'vitest';
import { at, fill, newProcess } from './support/lab.ts';

const bit = (n: number): bigint => 1n << BigInt(n);
const bits = (...list: number[]): bigint => list.reduce((sum, n) => sum | bit(n), 0n);

describe('encodePagemap', () => {
  it.each([
    { name: 'nothing', letter: '.', want: 0n },
    { name: 'a written anonymous page', letter: 'A', want: bits(55, 56, 63) },
    { name: 'a protected anonymous page', letter: 'P', want: bits(55, 56, 57, 63) },
    { name: 'a file page', letter: 'F', want: bits(56, 61, 63) },
    { name: 'a protected file page', letter: 'Q', want: bits(56, 57, 61, 63) },
    { name: 'the zero page', letter: 'z', want: bits(63) },
    { name: 'a guard marker', letter: 'G', want: bits(58, 62) },
    { name: 'a write-protect marker', letter: 'W', want: bits(57, 62) },
    { name: 'a swap entry', letter: 'S', want: bits(62) },
  ])('$name ($letter)', ({ letter, want }) => {
    const pt = newProcess();
    fill(pt, at(0), letter);
    expect(encodePagemap(pt.get(at(0)), pt.frames, { vmaSoftDirty: false })).toBe(want);
    expect(encodePagemap(pt.get(at(0)), pt.frames, { vmaSoftDirty: true })).toBe(want | bit(55));
  });

  it('bit 56 goes when a second entry maps the page', () => {
    const pt = newProcess();
    fill(pt, at(0), 'AF');
    for (const page of [0, 1]) {
      const pte = pt.get(at(page));
      pt.frames.get(ptePfn(pte));
      expect(decodePagemap(encodePagemap(pte, pt.frames, { vmaSoftDirty: false })).exclusive).toBe(false);
    }
  });

  it('a soft-dirty guard marker has bit 55', () => {
    const { frames } = newProcess();
    expect(encodePagemap(mkGuardMarker(true), frames, { vmaSoftDirty: false })).toBe(bits(55, 58, 62));
  });

  it('shows frames and swap offsets only to those who may see them', () => {
    const pt = newProcess();
    fill(pt, at(0), 'ASG');
    pt.set(at(1), pteSetBits(pt.get(at(1)), PTE_SOFT_DIRTY));
    const frames = [0, 1, 2].map((page) =>
      [false, true].map(
        (showFrame) =>
          decodePagemap(encodePagemap(pt.get(at(page)), pt.frames, { vmaSoftDirty: false, showFrame })).frame,
      ),
    );
    expect(frames).toEqual([
      [0n, BigInt(ptePfn(pt.get(at(0))))],
      [0n, 7n],
      [0n, 0n],
    ]);
  });
});

describe('decodePagemap', () => {
  it.each<[keyof PagemapEntry, number]>([
    ['softDirty', 55],
    ['exclusive', 56],
    ['uffdWp', 57],
    ['guard', 58],
    ['file', 61],
    ['swap', 62],
    ['present', 63],
  ])('%s is bit %s alone', (field, n) => {
    const set = Object.entries(decodePagemap(bit(n))).filter(([, value]) => value !== false && value !== 0n);
    expect(set).toEqual([[field, true]]);
  });

  it('the frame is bits 0 to 54; bits 59 and 60 mean nothing', () => {
    expect(decodePagemap(2n ** 55n - 1n).frame).toBe(2n ** 55n - 1n);
    expect(decodePagemap(bits(59, 60))).toEqual(decodePagemap(0n));
  });
});

describe('bytes of a pagemap file', () => {
  it('are 64-bit little-endian words, also inside a larger buffer', () => {
    const bytes = new Uint8Array(40).subarray(3, 19);
    writePagemapEntry(bytes, 1, bits(63) | 0x0102n);
    expect([...bytes.subarray(8)]).toEqual([0x02, 0x01, 0, 0, 0, 0, 0, 0x80]);
    expect([readPagemapEntry(bytes, 0), readPagemapEntry(bytes, 1)]).toEqual([0n, bits(63) | 0x0102n]);
  });

  it.each([-1, 2, 0.5, Number.NaN])('there is no entry %s in 17 bytes', (index) => {
    expect(() => readPagemapEntry(new Uint8Array(17), index)).toThrow(/no entry/);
    expect(() => writePagemapEntry(new Uint8Array(17), index, 0n)).toThrow(/there are 2/);
  });
});
