import { describe, expect, it } from 'vitest';
import { type DiagramOptions, type LetterOptions, mergeDiagram, mmFromDiagram } from '../../src/diagram/index.ts';
import {
  type MergeRefusal,
  type MergeRule,
  NO_VMA,
  PAGE_SIZE,
  parseVmFlags,
  pgoff,
  virtAddr,
} from '../../src/index.ts';
import { refusalOf, vmaMergeCopiedRange, vmaMergeExistingRange, vmaMergeNewRange } from '../../src/merge/index.ts';

const RW = 'rd wr mr mw me ac';
const RO = 'rd mr mw me';

/** A drawing, which side refuses, and the refusal with its two values. */
interface Case {
  readonly rule: MergeRule;
  readonly drawing: string;
  readonly letters: Readonly<Record<string, LetterOptions>>;
  readonly side: 'prev' | 'next';
  readonly refusal: MergeRefusal;
  readonly options?: DiagramOptions;
}

const flags = parseVmFlags;

const CASES: readonly Case[] = [
  {
    rule: 'vmFlags',
    drawing: 'AA**',
    letters: { A: { flags: RO } },
    side: 'prev',
    refusal: { rule: 'vmFlags', range: flags(RW), neighbour: flags(RO), diff: flags('wr ac') },
  },
  {
    rule: 'vmFlags',
    drawing: 'aaB',
    letters: { B: { flags: `${RW} sd lo` } },
    side: 'next',
    // Soft-dirty is in VM_IGNORE_MERGE, and no part of what differs.
    refusal: { rule: 'vmFlags', range: flags(RW), neighbour: flags(`${RW} sd lo`), diff: flags('lo') },
  },
  {
    rule: 'vmFlags',
    drawing: 'AA**',
    letters: { A: { flags: `${RW} sl` } },
    side: 'prev',
    // Bit 42: past what a 32-bit operator sees.
    refusal: { rule: 'vmFlags', range: flags(RW), neighbour: flags(`${RW} sl`), diff: flags('sl') },
  },
  {
    rule: 'vmFile',
    drawing: 'AA**',
    letters: { A: { file: 3 } },
    side: 'prev',
    refusal: { rule: 'vmFile', range: null, neighbour: 3 },
  },
  {
    rule: 'vmFile',
    drawing: 'aaB',
    letters: { A: { file: 3 }, B: { file: 4 } },
    side: 'next',
    refusal: { rule: 'vmFile', range: 3, neighbour: 4 },
  },
  {
    rule: 'policy',
    drawing: 'AA**',
    letters: { A: { policy: 2 } },
    side: 'prev',
    refusal: { rule: 'policy', range: 0, neighbour: 2 },
  },
  {
    rule: 'userfaultfd',
    drawing: 'aaB',
    letters: { A: { flags: `${RW} uw`, userfaultfd: 1 }, B: { flags: `${RW} uw`, userfaultfd: 2 } },
    side: 'next',
    refusal: { rule: 'userfaultfd', range: 1, neighbour: 2 },
  },
  {
    rule: 'anonName',
    drawing: 'aaB',
    letters: { A: { anonName: 'stack' } },
    side: 'next',
    refusal: { rule: 'anonName', range: 'stack', neighbour: null },
  },
  {
    rule: 'anonVma',
    drawing: 'Abb',
    letters: { A: { anonVma: 1 }, B: { anonVma: 2 } },
    side: 'prev',
    refusal: { rule: 'anonVma', range: 2, neighbour: 1 },
  },
  {
    rule: 'forkChild',
    drawing: 'Abb',
    letters: { B: { anonVma: 5, anonVmaChain: 3 } },
    side: 'prev',
    refusal: { rule: 'forkChild', side: 'range', anonVma: 5, chain: 3 },
  },
  {
    rule: 'forkChild',
    drawing: 'A*',
    letters: { A: { anonVma: 5, anonVmaChain: 2 } },
    side: 'prev',
    refusal: { rule: 'forkChild', side: 'neighbour', anonVma: 5, chain: 2 },
  },
  {
    rule: 'faultedIntoUnfaulted',
    drawing: 'Abb',
    letters: { B: { anonVma: 5 } },
    side: 'prev',
    refusal: { rule: 'faultedIntoUnfaulted', range: 5 },
    options: { profile: '6.12' },
  },
  {
    rule: 'pgoff',
    drawing: 'AA**',
    letters: { A: { file: 1, pgoff: 10 }, '*': { file: 1, pgoff: 20 } },
    side: 'prev',
    // A would have to start at 18 to reach 20.
    refusal: { rule: 'pgoff', want: pgoff(18), got: pgoff(10) },
  },
  {
    rule: 'pgoff',
    drawing: '**BB',
    letters: { B: { file: 1, pgoff: 10 }, '*': { file: 1, pgoff: 20 } },
    side: 'next',
    refusal: { rule: 'pgoff', want: pgoff(22), got: pgoff(10) },
  },
  {
    rule: 'anonPgoff',
    drawing: 'AAbb',
    letters: { A: { file: 1 }, B: { file: 1, anonPgoff: 90 } },
    side: 'prev',
    refusal: { rule: 'anonPgoff', want: pgoff(88), got: pgoff(0) },
    options: { profile: '7.3' },
  },
  {
    rule: 'anonPgoff',
    drawing: 'aaBB',
    letters: { A: { file: 1 }, B: { file: 1, anonPgoff: 90 } },
    side: 'next',
    refusal: { rule: 'anonPgoff', want: pgoff(2), got: pgoff(90) },
    options: { profile: '7.3' },
  },
  {
    rule: 'neighboursAnonVma',
    drawing: 'A*B',
    letters: { A: { anonVma: 1 }, B: { anonVma: 2 } },
    side: 'next',
    refusal: { rule: 'neighboursAnonVma', prev: 1, next: 2 },
  },
  {
    rule: 'special',
    drawing: 'A*B',
    letters: { A: { flags: 'rd io de' }, '*': { flags: 'rd io de' } },
    side: 'prev',
    refusal: { rule: 'special', flags: flags('io de') },
  },
  {
    rule: 'closeHook',
    drawing: 'A*B',
    letters: {},
    side: 'next',
    refusal: { rule: 'closeHook', removed: virtAddr(2 * PAGE_SIZE) },
    options: { all: { file: 9 }, files: [{ id: 9, hasCloseHook: true }] },
  },
  {
    rule: 'closeHook',
    drawing: 'Abb',
    letters: {},
    side: 'prev',
    refusal: { rule: 'closeHook', removed: virtAddr(PAGE_SIZE) },
    options: { all: { file: 9 }, files: [{ id: 9, hasCloseHook: true }] },
  },
];

describe('a refusal says which rule, and the two values', () => {
  it.each(CASES)('$rule, $side: $drawing', ({ drawing, letters, side, refusal, options }) => {
    const outcome = mergeDiagram(drawing, { ...options, letters });
    expect(outcome[side]).toEqual(refusal);
    // Plain data: it can be sent to another thread.
    expect(structuredClone(outcome)).toEqual(outcome);
  });

  it('justExpand: brk grows what lies below, and is not asked to join what lies above', () => {
    const drawn = mmFromDiagram('A*B');
    const vmg = drawn.vmg();
    vmg.justExpand = true;
    expect(outcomeOf(drawn, vmg)).toEqual([['next', { rule: 'justExpand' }]]);
    expect(drawn.draw()).toBe('AAB');
  });

  it('ownSource: the copy of MREMAP_DONTUNMAP does not become part of its source', () => {
    const drawn = mmFromDiagram('A*');
    const seen: unknown[] = [];
    drawn.mm.observer = (event) => event.kind === 'refused' && seen.push([event.of, event.side, event.refusal]);
    vmaMergeCopiedRange(drawn.vmg(), drawn.ref('A'), drawn.ref('A'));
    expect(seen).toEqual([['copied', 'prev', { rule: 'ownSource' }]]);
    expect(drawn.draw()).toBe('A.');
  });
});

describe('what does not touch is nothing to refuse', () => {
  it.each(['A.*.B', 'AABbBC', '*', 'A..*'])('%s tells the observer of no refusal', (drawing) => {
    expect(mergeDiagram(drawing)).toMatchObject({ state: 'nomerge', prev: null, next: null });
  });

  it('but it can be explained: how far away the neighbour is', () => {
    expect(whyNot('A..*.B')).toEqual([
      { rule: 'notAdjacent', gap: 2 * PAGE_SIZE },
      { rule: 'notAdjacent', gap: PAGE_SIZE },
    ]);
    expect(whyNot('*')).toEqual([
      { rule: 'notAdjacent', gap: null },
      { rule: 'notAdjacent', gap: null },
    ]);
  });

  it('and so can a range inside its VMA: where the edge is that it would have to reach', () => {
    expect(whyNot('ABbBBC')).toEqual([
      { rule: 'notAtEdge', edge: PAGE_SIZE },
      { rule: 'notAtEdge', edge: 5 * PAGE_SIZE },
    ]);
  });

  it('a side that merged, or was not asked, has no refusal', () => {
    const drawn = mmFromDiagram('A*B', { letters: { B: { pgoff: 77 } } });
    const vmg = drawn.vmg();
    expect([vmg.prevRefusal, vmg.nextRefusal]).toEqual([null, null]);
    vmaMergeNewRange(vmg);
    expect([vmg.state, vmg.prevRefusal, vmg.nextRefusal]).toEqual(['success', null, 'pgoff']);
  });
});

/** What the two neighbours of a drawn range say that is not to be merged. */
function whyNot(drawing: string): unknown[] {
  const vmg = mmFromDiagram(drawing).vmg();
  const merged = vmg.middle === NO_VMA ? vmaMergeNewRange(vmg) : vmaMergeExistingRange(vmg);
  expect(merged).toBe(NO_VMA);
  return [
    vmg.prevRefusal && refusalOf(vmg, 'prev', vmg.prevRefusal),
    vmg.nextRefusal && refusalOf(vmg, 'next', vmg.nextRefusal),
  ];
}

describe('the anonymous offset of a private file mapping', () => {
  const letters = { B: { anonPgoff: 90 } };
  const merges = (options: DiagramOptions): boolean =>
    mergeDiagram('AAbb', { letters, ...options }).state === 'success';

  it.each(['6.12', '6.16', '6.18', 'guard-flag', 'as-posted', '6.19'])('is not looked at in %s', (profile) => {
    expect(merges({ profile, all: { file: 1 } })).toBe(true);
  });

  it('must continue in 7.3', () => {
    expect(merges({ profile: '7.3', all: { file: 1 } })).toBe(false);
  });

  it('is not looked at in 7.3 for shared file mappings, nor for anonymous memory', () => {
    expect(merges({ profile: '7.3', all: { file: 1, flags: 'rd sh mr ms' } })).toBe(true);
    expect(merges({ profile: '7.3' })).toBe(true);
  });
});

describe('rules are asked in the order of the kernel: attributes, anon_vma, offset', () => {
  const all: LetterOptions = { policy: 1, flags: RO, file: 4, userfaultfd: 3, anonName: 'n', anonVma: 2, pgoff: 77 };
  it.each([
    ['policy', all],
    ['vmFlags', { ...all, policy: 0 }],
    ['vmFile', { ...all, policy: 0, flags: RW }],
    ['userfaultfd', { ...all, policy: 0, flags: RW, file: null }],
    ['anonName', { anonName: 'n', anonVma: 2, pgoff: 77 }],
    ['anonVma', { anonVma: 2, pgoff: 77 }],
    ['pgoff', { pgoff: 77 }],
  ] as const)('%s', (rule, letter) => {
    const letters = { A: letter, B: { anonVma: 1 } };
    expect(mergeDiagram('Ab', { letters }).prev?.rule).toBe(rule);
  });
});

function outcomeOf(drawn: ReturnType<typeof mmFromDiagram>, vmg: ReturnType<typeof drawn.vmg>): unknown[] {
  const seen: unknown[] = [];
  drawn.mm.observer = (event) => event.kind === 'refused' && seen.push([event.side, event.refusal]);
  vmaMergeNewRange(vmg);
  return seen;
}
