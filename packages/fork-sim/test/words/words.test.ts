import { describe, expect, it } from 'vitest';
import { VM_FLAG_TABLE } from 'vma-core';
import {
  countOf,
  FLAG_MEANINGS,
  FORK_WORDS,
  forkShort,
  forkWhy,
  formatAddress,
  formatCount,
  formatKb,
  formatPages,
  formatPgoff,
  formatRange,
  formatSize,
} from '../../src/words/index.ts';

describe("fork's reasons in words", () => {
  it.each([
    [{ action: 'copy', rule: 'dstFlags' }, 'uw', 'flags uw', "the child's flags ask for it (uw)"],
    [{ action: 'copy', rule: 'srcFlags' }, 'gu', 'flags gu', "the parent's flags ask for it (gu)"],
    [{ action: 'copy', rule: 'anonVma' }, '', 'anon_vma', 'it has an anon_vma, so it may hold private pages'],
    [{ action: 'refault', rule: 'refault' }, '', 'nothing of its own', 'a fault can make every page table entry again'],
    [{ action: 'wipe', rule: null }, '', 'MADV_WIPEONFORK', 'MADV_WIPEONFORK'],
    [{ action: 'skip', rule: null }, '', 'MADV_DONTFORK', 'MADV_DONTFORK'],
  ] as const)('%j', (decided, flags, short, why) => {
    expect(forkShort(decided, flags)).toBe(short);
    expect(forkWhy(decided, flags)).toBe(why);
  });

  it('are six', () => {
    expect(Object.keys(FORK_WORDS)).toHaveLength(6);
  });
});

describe('a flag in words', () => {
  it('has one row for each flag that smaps prints, and no other', () => {
    const printed = VM_FLAG_TABLE.flatMap(({ mnemonic }) => mnemonic ?? []);
    expect(Object.keys(FLAG_MEANINGS).sort()).toEqual([...printed].sort());
    expect(Object.values(FLAG_MEANINGS).every((words) => words.length > 2)).toBe(true);
  });
});

describe('numbers', () => {
  it('have commas, units and a plural', () => {
    expect([0, 999, 1000, 65_530, 1_234_567].map(formatCount)).toEqual(['0', '999', '1,000', '65,530', '1,234,567']);
    expect([countOf(1, 'VMA'), countOf(0, 'VMA'), countOf(1200, 'entry', 'entries')]).toEqual([
      '1 VMA',
      '0 VMAs',
      '1,200 entries',
    ]);
    expect([formatKb(1234), formatPages(1), formatPages(1024)]).toEqual([
      '1,234 kB',
      '1 page, 4 kB',
      '1,024 pages, 4,096 kB',
    ]);
    expect([4096, 4.25 * 1024 ** 2, 130 * 1024 ** 3, 2 ** 45].map(formatSize)).toEqual(['4k', '4.3M', '130G', '32T']);
  });

  it('are hexadecimal where they are addresses', () => {
    expect(formatAddress(0x40_1000)).toBe('00401000');
    expect(formatRange(0x40_1000, 0x7f23_8b60_0000)).toBe('00401000-7f238b600000');
    expect([1024, 0xf_ffff, 0x10_0000].map(formatPgoff)).toEqual(['1,024', '1,048,575', '0x100000']);
  });
});
