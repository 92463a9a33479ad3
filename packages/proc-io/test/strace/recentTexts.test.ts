import { describe, expect, it } from 'vitest';
import { RecentTexts } from '../../src/strace/recentTexts.ts';

const COMMA = 44;
const CLOSE_PAREN = 41;

/** The characters of a line, and the newline behind it. */
function codesOf(text: string): Uint8Array {
  return Uint8Array.from(`${text}\n`, (char) => Math.min(char.charCodeAt(0), 0x80));
}

function textsWith(...texts: readonly string[]): RecentTexts<string> {
  const recent = new RecentTexts<string>([COMMA, CLOSE_PAREN]);
  for (const text of texts) recent.add(codesOf(text), 0, text.length, text);
  return recent;
}

describe('RecentTexts', () => {
  it('finds a text only where it begins and where one of its ends follows', () => {
    const recent = textsWith('PROT_READ', 'PROT_READ|PROT_WRITE', '3</lib/libc.so.6>');
    for (const [line, from, found] of [
      ['(PROT_READ, 3)', 1, 'PROT_READ'],
      ['PROT_READ|PROT_WRITE)', 0, 'PROT_READ|PROT_WRITE'],
      ['mmap(3</lib/libc.so.6>, 0)', 5, '3</lib/libc.so.6>'],
    ] as const) {
      expect(recent.find(codesOf(line), from)).toBe(found);
      expect(recent.end).toBe(from + found.length);
    }
    for (const line of ['PROT_READ', 'PROT_READ|PROT_EXEC,', 'PROT_NONE,', '3</lib/libc.so.7>,', ' PROT_READ,', '']) {
      expect(recent.find(codesOf(line), 0)).toBeUndefined();
    }
  });

  it('takes no text that is not ASCII, and does not take another for it', () => {
    const recent = textsWith('caf\u00e9');
    expect(recent.find(codesOf('caf\u00e9,'), 0)).toBeUndefined();
    expect(recent.find(codesOf('caf\u00e8,'), 0)).toBeUndefined();
  });

  it('finds what it keeps of forty, each a copy of its own', () => {
    const texts = Array.from({ length: 40 }, (_, i) => `${i}</lib/${i}>`);
    const recent = textsWith(...texts);
    const found = texts.map((text) => recent.find(codesOf(`${text})`), 0));
    for (const [i, text] of found.entries()) expect([undefined, texts[i]]).toContain(text);
    expect(found.filter((text) => text !== undefined).length).toBeGreaterThan(30);
  });

  it('keeps no more than a few hundred, the last one among them, and none that is long', () => {
    const texts = Array.from({ length: 5000 }, (_, i) => `3</usr/lib/python3/lib-${i}.so>`);
    const recent = textsWith(...texts, `3</${'long'.repeat(100)}>`);
    const found = texts.filter((text) => recent.find(codesOf(`${text},`), 0) === text);
    expect(found.length).toBeLessThanOrEqual(256);
    expect(found).toContain(texts.at(-1));
    expect(recent.find(codesOf(`3</${'long'.repeat(100)}>,`), 0)).toBeUndefined();
  });

  it('finds a text that has one of its ends in it', () => {
    const recent = textsWith('3</a,b>', '4</tmp/x>(deleted)');
    for (const text of ['4</tmp/x>(deleted)', '3</a,b>', '3</a,b>']) {
      expect(recent.find(codesOf(`${text},`), 0)).toBe(text);
      expect(recent.end).toBe(text.length);
    }
    for (const line of ['3</a,c>,', '4</tmp/x>,', '4</tmp/x>(deleted']) {
      expect(recent.find(codesOf(line), 0)).toBeUndefined();
    }
  });
});
