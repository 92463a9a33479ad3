import { describe, expect, it } from 'vitest';
import {
  explain,
  type MergeRefusal,
  type MergeRule,
  pgoff,
  RULE_WORDS,
  VM_ACCOUNT,
  VM_IO,
  VM_READ,
  VM_WRITE,
  virtAddr,
  vmFlags,
} from '../../src/index.ts';
import { refusalShort, refusalText, refusalValues } from '../../src/words/index.ts';

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
    'pgoff 7 needed, has 4',
    'pgoff 7 needed, has 4',
    'The offsets do not continue: page offset 7 was needed, the neighbour has 4.',
  ],
  [
    { rule: 'anonPgoff', want: pgoff(0x7f_1234_5678), got: pgoff(0x7f_0000_0000) },
    'anon pgoff 0x7f12345678 needed, has 0x7f00000000',
    'anon pgoff 0x7f12345678 needed, has 0x7f00000000',
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
    'The merge would remove a VMA whose driver has a close() hook; before 6.4 such a VMA never merges.',
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
      expect(explain(refusal)).toBe(sentence);
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
