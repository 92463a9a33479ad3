import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextTree } from '../../src/strace/textTree.ts';

const COMMA = 44;
const CLOSE_PAREN = 41;

/** The characters of a line, and the newline behind it. */
function codesOf(text: string): Uint8Array {
  return Uint8Array.from(`${text}\n`, (char) => Math.min(char.charCodeAt(0), 0x80));
}

function tree(): TextTree<number> {
  return new TextTree([COMMA, CLOSE_PAREN]);
}

// Few characters, so that texts share beginnings, and one of those that end a text.
const text = fc.string({ unit: fc.constantFrom('a', 'b', '|', ','), maxLength: 8 });

describe('TextTree', () => {
  it('finds what was added, up to the first end at which a text was added, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(text), fc.array(text, { minLength: 1 }), (added, asked) => {
        const texts = tree();
        const expected = new Map<string, number>();
        added.forEach((each, i) => {
          if (each === '') return;
          texts.add(each, i);
          expected.set(each, i);
        });
        for (const each of [...asked, ...added]) {
          for (const end of [',', ')', '']) {
            const line = `x${each}${end}`;
            const found = texts.find(codesOf(line), 1);
            // Every place of the line where a text may end, the nearest first.
            const ends = Array.from(line).flatMap((char, at) => (at > 0 && (char === ',' || char === ')') ? [at] : []));
            const want = ends.find((at) => expected.has(line.slice(1, at)));
            expect(found).toBe(want === undefined ? undefined : expected.get(line.slice(1, want)));
            if (want !== undefined) expect(texts.end).toBe(want);
          }
        }
      }),
    );
  });

  it('takes no text that is not ASCII, and does not take another for it', () => {
    const texts = tree();
    texts.add('caf\u00e9', 1);
    texts.add('caf\u0080', 2);
    expect(texts.find(codesOf('caf\u00e9,'), 0)).toBeUndefined();
    expect(texts.find(codesOf('caf\u0080,'), 0)).toBeUndefined();
  });

  it('forgets the old ones when it is full, and finds the new ones', () => {
    const texts = tree();
    const textOf = (i: number): string => `3</lib/${'x'.repeat(i % 40)}${i}>`;
    let kept = 0;
    for (let i = 0; i < 20_000; i++) {
      texts.add(textOf(i), i);
      expect(texts.find(codesOf(`${textOf(i)})`), 0)).toBe(i);
    }
    for (let i = 0; i < 20_000; i++) {
      const found = texts.find(codesOf(`${textOf(i)})`), 0);
      if (found !== undefined) {
        expect(found).toBe(i);
        kept++;
      }
    }
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(4096);
  });
});
