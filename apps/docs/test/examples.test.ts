import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { straceText } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../src/content/examples.ts';
import { parseGlossary } from '../src/content/glossary.ts';
import { traceLines } from '../src/engine.ts';
import { programOf } from '../src/link/program.ts';
import { decodeShare, encodeShare, ShareError } from '../src/link/shareLink.ts';
import { compareTraces } from '../src/picture/compareTraces.ts';
import { packedShare } from './support/packedShare.ts';

describe('traces', () => {
  it("strace's form gives the same operations again", () => {
    for (const { lines, profile } of EXAMPLES) {
      const trace = traceLines('x', lines, { profile });
      const text = trace.steps.map(({ record: { op, res, at } }) => straceText(op, res, at));
      const calls = trace.steps.filter(
        ({ op }) => !['touch', 'clear_refs', 'fill_maps'].includes(op.op) && !op.op.startsWith('uffd_'),
      );
      const again = programOf(text.join('\n'));
      expect(again.problems).toEqual([]);
      expect(again.scenario.ops.map((op) => op.op)).toEqual(calls.map(({ op }) => op.op));
    }
  });
});

describe('what the pages claim', () => {
  it.each(EXAMPLES)('$id: every line is read', ({ lines, other, profile, softDirty = false }) => {
    expect(programOf(lines).problems).toEqual([]);
    if (!other) return;
    const [a, b] = [profile, other].map((name) => traceLines('x', lines, { profile: name, softDirty }));
    expect(a && b && compareTraces(a, b).length).toBeGreaterThan(0);
  });

  it('stacks with markers are one VMA, and with mprotect eight', () => {
    const vmas = (id: string): number | undefined => {
      const example = EXAMPLES.find((one) => one.id === id);
      return traceLines(id, example?.lines ?? '', { profile: '6.19' }).steps.at(-1)?.state.vmas.length;
    };
    expect(vmas('stacks-markers')).toBe(1);
    expect(vmas('stacks-protnone')).toBe(8);
  });

  it('the glossary is read whole', () => {
    const text = readFileSync(fileURLToPath(new URL('../../../GLOSSARY.md', import.meta.url)), 'utf8');
    const rows = text
      .split('\n')
      .filter((line) => line.startsWith('|') && !/^\|[\s:|-]+\|$/.test(line) && !line.startsWith('| word |'));
    const words = parseGlossary(text).flatMap((group) => group.words);
    expect(words).toHaveLength(rows.length);
    for (const { word, meaning } of words) expect([word, meaning]).not.toContain('');
  });
});

describe('links', () => {
  const copies = { needsCopyDst: [], needsCopySrc: ['gu'] };
  it('say all of a state', () => {
    const state = {
      text: 'mmap 1+2 rw # é ✓\nfork',
      profile: 'own',
      other: '6.18',
      step: 1,
      softDirty: true,
      files: [{ name: 'a.strace', text: 'brk(NULL) = 0x1000\n' }],
      own: { from: '6.19', sticky: ['gu'], ignoreMerge: ['gu', 'sd'], ...copies, mergeReturnsFlags: true },
    };
    expect(decodeShare(`#${encodeShare(state)}`)).toEqual(state);
  });

  it('with files that are none are read without them', () => {
    const wrong = { text: 'fork', profile: '6.19', files: [{ name: 'a' }, null, { text: 'b' }, 7] };
    expect(decodeShare(encodeShare(wrong as never))).toEqual({ text: 'fork', profile: '6.19' });
  });

  it('that unpack to more than a tab can hold are refused', () => {
    const bomb = (bytes: number): string => packedShare({ text: '#'.repeat(bytes), profile: '6.19' });
    const largest = bomb(1e8);
    expect(largest.length).toBeLessThan(200_000);
    expect(() => decodeShare(largest)).toThrow('this link unpacks to more than 16 MB');
    expect(() => decodeShare(bomb(1e6))).toThrow('a text of 1000000 characters, which is too long for the editor');
    expect(decodeShare(bomb(1e5)).text).toHaveLength(1e5);
  });

  it.each(['v9.abc', 'v1.!!', 'v1.', 'v0.%E0%A4%A', 'v1.AAAA'])('%s is refused with a sentence', (fragment) => {
    expect(() => decodeShare(fragment)).toThrow(ShareError);
  });
});
