import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8, Utf8Stream } from '../src/utf8.ts';

const SEED = 20260121;

describe(`bytes as text (seed ${SEED})`, () => {
  it('any bytes come out the same', () => {
    const odd = fc.uint8Array({ maxLength: 40 });
    const text = fc.string({ unit: 'binary' }).map(encodeUtf8);
    const bytes = fc
      .array(fc.oneof(odd, text), { maxLength: 5 })
      .map((parts) => Uint8Array.from(parts.flatMap((p) => [...p])));
    fc.assert(
      fc.property(bytes, (some) => {
        expect(encodeUtf8(decodeUtf8(some))).toEqual(some);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it('any text comes out the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it.each([
    ['too long a form', [0xc0, 0x80], '\udcc0\udc80'],
    ['a surrogate', [0xed, 0xb2, 0x80], '\udced\udcb2\udc80'],
    ['past the last character', [0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    ['a cut character', [0x61, 0xe2, 0x82], 'a\udce2\udc82'],
    ['a byte order mark stays', [0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
  ])('%s', (_, bytes, text) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toBe(text);
    expect([...encodeUtf8(text)]).toEqual(bytes);
  });

  it('a long invalid text is decoded in pieces', () => {
    const bytes = new Uint8Array(20_000).fill(0xff);
    expect(encodeUtf8(decodeUtf8(bytes))).toEqual(bytes);
  });

  it('a character may be cut by the end of a chunk', () => {
    const stream = new Utf8Stream();
    const bytes = encodeUtf8('a\u20ac\u{1f600}');
    const parts = [...bytes].map((byte) => stream.decode(Uint8Array.of(byte)));
    expect([...parts, stream.decode(new Uint8Array(0), true)].join('')).toBe('a\u20ac\u{1f600}');
  });
});
