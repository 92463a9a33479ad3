import { describe, expect, it } from 'vitest';
import {
  type MergeRefusal,
  type MergeRule,
  pgoff,
  VM_ACCOUNT,
  VM_FLAG_TABLE,
  VM_IO,
  VM_READ,
  VM_WRITE,
  virtAddr,
  vmFlags,
} from 'vma-core';
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
  RULE_WORDS,
  refusalSentence,
  refusalShort,
  refusalText,
  refusalValues,
} from '../../src/words/index.ts';

const R = vmFlags(VM_READ);
const RW = vmFlags(VM_READ, VM_WRITE, VM_ACCOUNT);

/** One refusal of every rule, and its texts: short, the two values, the sentence. */
const REFUSALS: readonly (readonly [MergeRefusal, string, string, string])[] = [
  [
    { rule: 'notAdjacent', gap: 4096 },
    'there is a hole between them',
    'there is a hole between them',
    'There is a hole between them.',
  ],
  [
    { rule: 'notAtEdge', edge: virtAddr(0x4000) },
    'the range does not reach this edge of its VMA',
    'the range does not reach this edge of its VMA',
    'The range does not reach this edge of its VMA.',
  ],
  [{ rule: 'special', flags: vmFlags(VM_IO) }, 'special: io', 'special: io', 'Special mappings (io) never merge.'],
  [
    { rule: 'vmFlags', range: R, neighbour: RW, diff: vmFlags(VM_WRITE, VM_ACCOUNT) },
    'flags differ by wr ac',
    'only the neighbour: wr ac',
    'The flags differ by wr ac, which this kernel does not ignore.',
  ],
  [
    { rule: 'vmFile', range: 3, neighbour: 1 },
    'not the same open file',
    'libc.so.6 ≠ file 1',
    'They are not backed by the same open file.',
  ],
  [
    { rule: 'vmFile', range: 3, neighbour: null },
    'file ≠ anonymous',
    'libc.so.6 ≠ anonymous',
    'They are not backed by the same open file.',
  ],
  [{ rule: 'policy', range: 1, neighbour: 0 }, 'memory policy 1 ≠ none', '1 ≠ none', 'Their memory policies differ.'],
  [
    { rule: 'userfaultfd', range: null, neighbour: 2 },
    'userfaultfd none ≠ #2',
    'none ≠ #2',
    'They belong to different userfaultfds.',
  ],
  [{ rule: 'anonName', range: 'heap', neighbour: null }, 'name heap ≠ none', 'heap ≠ none', 'Their names differ.'],
  [
    { rule: 'anonVma', range: 1, neighbour: 2 },
    'anon_vma av1 ≠ av2',
    'av1 ≠ av2',
    'Both were written, apart from each other, and have two anon_vmas (av1 and av2).',
  ],
  [
    { rule: 'forkChild', side: 'range', anonVma: 2, chain: 3 },
    'fork child: av2, chain of 3',
    'av2, chain of 3 ≠ none',
    'Only one side has an anon_vma, and that side was inherited over a fork (its chain has 3 links).',
  ],
  [
    { rule: 'faultedIntoUnfaulted', range: 4 },
    'written next to unwritten',
    'av4 ≠ none',
    'This kernel does not merge a written range into a neighbour that was never written.',
  ],
  [
    { rule: 'pgoff', want: pgoff(7), got: pgoff(4) },
    'pgoff 4 ≠ 7',
    '7 needed ≠ 4',
    'The offsets do not continue: page offset 7 was needed, the neighbour has 4.',
  ],
  [
    { rule: 'anonPgoff', want: pgoff(0x7f_1234_5678), got: pgoff(0x7f_0000_0000) },
    'anon pgoff 0x7f00000000 ≠ 0x7f12345678',
    '0x7f12345678 needed ≠ 0x7f00000000',
    'The anonymous offsets do not continue: 0x7f12345678 was needed, the neighbour has 0x7f00000000.',
  ],
  [
    { rule: 'neighboursAnonVma', prev: 1, next: 2 },
    'anon_vmas of the neighbours av1 ≠ av2',
    'av1 ≠ av2',
    'Both neighbours fit, but they have two anon_vmas (av1 and av2), so only one can join.',
  ],
  [
    { rule: 'closeHook', removed: virtAddr(0x4000) },
    'close hook of the VMA at 0x4000',
    'close hook of the VMA at 0x4000',
    'The merge would remove a VMA whose driver wants to be told of its end (a close hook); before 6.4 such a VMA never merges.',
  ],
  [
    { rule: 'ownSource' },
    'its own source',
    'its own source',
    'A copy made by MREMAP_DONTUNMAP does not join its own source.',
  ],
  [
    { rule: 'justExpand' },
    'the program break only grows the last VMA of the heap',
    'the program break only grows the last VMA of the heap',
    'The program break only grows the last VMA of the heap.',
  ],
];

describe('a refusal in words', () => {
  const pathOf = (file: number): string => (file === 3 ? '/usr/lib/libc.so.6' : '');

  it.each(REFUSALS.map(([refusal, ...texts]) => [refusal.rule, refusal, ...texts] as const))(
    'by %s',
    (_, refusal, short, text, sentence) => {
      expect(refusalShort(refusal)).toBe(short);
      expect(refusalText(refusal, pathOf)).toBe(text);
      expect(refusalSentence(refusal)).toBe(sentence);
    },
  );

  it('is tried here for every rule', () => {
    const rules = Object.keys(RULE_WORDS) as MergeRule[];
    expect(new Set(REFUSALS.map(([{ rule }]) => rule))).toEqual(new Set(rules));
  });

  it('marks the words of its two values that differ, and has no values where a rule compares none', () => {
    expect(refusalValues({ rule: 'vmFlags', range: R, neighbour: RW, diff: vmFlags(VM_WRITE, VM_ACCOUNT) })).toEqual({
      what: 'flags',
      range: 'rd',
      neighbour: 'rd wr ac',
      differ: ['wr', 'ac'],
    });
    expect(refusalValues({ rule: 'justExpand' })).toBeNull();
  });
});

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
