import { describe, expect, it } from 'vitest';
import { type LetterOptions, mergeDrawn, mmFromDiagram } from '../../src/diagram/index.ts';
import { NO_VMA, type VmaRef } from '../../src/index.ts';
import { vmaMergeCopiedRange } from '../../src/merge/index.ts';
import { validateMm } from '../../src/validateMm.ts';
import { PROFILES } from '../support/profiles.ts';

/*
 * Every combination of anon_vmas on a range and its two neighbours.
 *   -  never written       a, b  two anon_vmas       c  the anon_vma of a fork child, with a chain of two links
 * A cell: what each neighbour answers, and the anon_vma of the result (. no merge).
 *   ok    merges           diff  two different anon_vmas       fork  the only one that has one is a fork child
 *   old   up to 6.12: a written range does not merge into unwritten memory       two  prev and next have different ones
 */
const RULES: Readonly<Record<string, string | null>> = {
  ok: null,
  diff: 'anonVma',
  fork: 'forkChild',
  old: 'faultedIntoUnfaulted',
  two: 'neighboursAnonVma',
};

const LETTERS: Readonly<Record<string, LetterOptions>> = {
  '-': {},
  a: { anonVma: 1 },
  b: { anonVma: 2 },
  c: { anonVma: 3, anonVmaChain: 2 },
};

const idOf = (letter: string): number | null => LETTERS[letter]?.anonVma ?? null;

/** An existing range: prev, middle, next; 6.12; 6.16 and later. */
const EXISTING = `
  - - -   ok   ok   -   ok   ok   -
  - - a   ok   ok   a   ok   ok   a
  - - b   ok   ok   b   ok   ok   b
  - - c   ok   fork -   ok   fork -
  - a -   old  old  .   ok   ok   a
  - a a   old  ok   a   ok   ok   a
  - a b   old  diff .   ok   diff a
  - a c   old  diff .   ok   diff a
  - b -   old  old  .   ok   ok   b
  - b a   old  diff .   ok   diff b
  - b b   old  ok   b   ok   ok   b
  - b c   old  diff .   ok   diff b
  - c -   old  old  .   fork fork .
  - c a   old  diff .   fork diff .
  - c b   old  diff .   fork diff .
  - c c   old  ok   c   fork ok   c
  a - -   ok   ok   a   ok   ok   a
  a - a   ok   ok   a   ok   ok   a
  a - b   ok   two  a   ok   two  a
  a - c   ok   fork a   ok   fork a
  a a -   ok   old  a   ok   ok   a
  a a a   ok   ok   a   ok   ok   a
  a a b   ok   diff a   ok   diff a
  a a c   ok   diff a   ok   diff a
  a b -   diff old  .   diff ok   b
  a b a   diff diff .   diff diff .
  a b b   diff ok   b   diff ok   b
  a b c   diff diff .   diff diff .
  a c -   diff old  .   diff fork .
  a c a   diff diff .   diff diff .
  a c b   diff diff .   diff diff .
  a c c   diff ok   c   diff ok   c
  b - -   ok   ok   b   ok   ok   b
  b - a   ok   two  b   ok   two  b
  b - b   ok   ok   b   ok   ok   b
  b - c   ok   fork b   ok   fork b
  b a -   diff old  .   diff ok   a
  b a a   diff ok   a   diff ok   a
  b a b   diff diff .   diff diff .
  b a c   diff diff .   diff diff .
  b b -   ok   old  b   ok   ok   b
  b b a   ok   diff b   ok   diff b
  b b b   ok   ok   b   ok   ok   b
  b b c   ok   diff b   ok   diff b
  b c -   diff old  .   diff fork .
  b c a   diff diff .   diff diff .
  b c b   diff diff .   diff diff .
  b c c   diff ok   c   diff ok   c
  c - -   fork ok   -   fork ok   -
  c - a   fork ok   a   fork ok   a
  c - b   fork ok   b   fork ok   b
  c - c   fork fork .   fork fork .
  c a -   diff old  .   diff ok   a
  c a a   diff ok   a   diff ok   a
  c a b   diff diff .   diff diff .
  c a c   diff diff .   diff diff .
  c b -   diff old  .   diff ok   b
  c b a   diff diff .   diff diff .
  c b b   diff ok   b   diff ok   b
  c b c   diff diff .   diff diff .
  c c -   ok   old  c   ok   fork c
  c c a   ok   diff c   ok   diff c
  c c b   ok   diff c   ok   diff c
  c c c   ok   ok   c   ok   ok   c
`;

/** A range that moves: prev, its source, next; 6.12; 6.16, which loses the anon_vma; 6.18 and later. */
const COPIED = `
  - - -   ok   ok   -   ok   ok   -   ok   ok   -
  - - a   ok   ok   a   ok   ok   a   ok   ok   a
  - - b   ok   ok   b   ok   ok   b   ok   ok   b
  - - c   ok   fork -   ok   fork -   ok   fork -
  - a -   old  old  .   ok   ok   -   ok   ok   a
  - a a   old  ok   a   ok   ok   a   ok   ok   a
  - a b   old  diff .   ok   diff -   ok   diff a
  - a c   old  diff .   ok   diff -   ok   diff a
  - b -   old  old  .   ok   ok   -   ok   ok   b
  - b a   old  diff .   ok   diff -   ok   diff b
  - b b   old  ok   b   ok   ok   b   ok   ok   b
  - b c   old  diff .   ok   diff -   ok   diff b
  - c -   old  old  .   ok   ok   -   fork fork .
  - c a   old  diff .   ok   diff -   fork diff .
  - c b   old  diff .   ok   diff -   fork diff .
  - c c   old  ok   c   ok   ok   c   fork ok   c
  a - -   ok   ok   a   ok   ok   a   ok   ok   a
  a - a   ok   ok   a   ok   ok   a   ok   ok   a
  a - b   ok   two  a   ok   two  a   ok   two  a
  a - c   ok   fork a   ok   fork a   ok   fork a
  a a -   ok   old  a   ok   ok   a   ok   ok   a
  a a a   ok   ok   a   ok   ok   a   ok   ok   a
  a a b   ok   diff a   ok   diff a   ok   diff a
  a a c   ok   diff a   ok   diff a   ok   diff a
  a b -   diff old  .   diff ok   -   diff ok   b
  a b a   diff diff .   diff diff .   diff diff .
  a b b   diff ok   b   diff ok   b   diff ok   b
  a b c   diff diff .   diff diff .   diff diff .
  a c -   diff old  .   diff ok   -   diff fork .
  a c a   diff diff .   diff diff .   diff diff .
  a c b   diff diff .   diff diff .   diff diff .
  a c c   diff ok   c   diff ok   c   diff ok   c
  b - -   ok   ok   b   ok   ok   b   ok   ok   b
  b - a   ok   two  b   ok   two  b   ok   two  b
  b - b   ok   ok   b   ok   ok   b   ok   ok   b
  b - c   ok   fork b   ok   fork b   ok   fork b
  b a -   diff old  .   diff ok   -   diff ok   a
  b a a   diff ok   a   diff ok   a   diff ok   a
  b a b   diff diff .   diff diff .   diff diff .
  b a c   diff diff .   diff diff .   diff diff .
  b b -   ok   old  b   ok   ok   b   ok   ok   b
  b b a   ok   diff b   ok   diff b   ok   diff b
  b b b   ok   ok   b   ok   ok   b   ok   ok   b
  b b c   ok   diff b   ok   diff b   ok   diff b
  b c -   diff old  .   diff ok   -   diff fork .
  b c a   diff diff .   diff diff .   diff diff .
  b c b   diff diff .   diff diff .   diff diff .
  b c c   diff ok   c   diff ok   c   diff ok   c
  c - -   fork ok   -   fork ok   -   fork ok   -
  c - a   fork ok   a   fork ok   a   fork ok   a
  c - b   fork ok   b   fork ok   b   fork ok   b
  c - c   fork fork .   fork fork .   fork fork .
  c a -   diff old  .   diff ok   -   diff ok   a
  c a a   diff ok   a   diff ok   a   diff ok   a
  c a b   diff diff .   diff diff .   diff diff .
  c a c   diff diff .   diff diff .   diff diff .
  c b -   diff old  .   diff ok   -   diff ok   b
  c b a   diff diff .   diff diff .   diff diff .
  c b b   diff ok   b   diff ok   b   diff ok   b
  c b c   diff diff .   diff diff .   diff diff .
  c c -   ok   old  c   ok   ok   c   ok   fork c
  c c a   ok   diff c   ok   diff c   ok   diff c
  c c b   ok   diff c   ok   diff c   ok   diff c
  c c c   ok   ok   c   ok   ok   c   ok   ok   c
`;

interface Row {
  readonly title: string;
  readonly prev: string;
  readonly range: string;
  readonly next: string;
  readonly left: string;
  readonly right: string;
  readonly result: string;
}

function rows(table: string, column: number): Row[] {
  const lines = table.trim().split('\n');
  expect(lines).toHaveLength(64);
  return lines.map((line) => {
    const words = line.trim().split(/\s+/);
    const [prev, range, next] = words as [string, string, string];
    const [left, right, result] = words.slice(3 + 3 * column) as [string, string, string];
    return { title: `${prev} ${range} ${next}`, prev, range, next, left, right, result };
  });
}

const drawnAfter = (row: Row): string => {
  if (row.left === 'ok') return row.right === 'ok' ? 'PPPPPP' : 'PPPPNN';
  return row.right === 'ok' ? 'PPNNNN' : '';
};

describe.each(PROFILES)('vmaMergeExistingRange, anon_vmas of prev, middle and next, profile %s', (name, profile) => {
  it.each(rows(EXISTING, name === '6.12' ? 0 : 1))('$title: prev $left, next $right, result $result', (row) => {
    const letters: Record<string, LetterOptions> = {};
    for (const [letter, kind] of Object.entries({ P: row.prev, V: row.range, N: row.next })) {
      letters[letter] = LETTERS[kind] as LetterOptions;
    }
    const drawn = mmFromDiagram('PPvvNN', { profile, letters });
    const before = drawn.mm.vmas();
    const outcome = mergeDrawn(drawn);
    expect(outcome.prev?.rule ?? null).toBe(RULES[row.left]);
    expect(outcome.next?.rule ?? null).toBe(RULES[row.right]);
    expect(outcome.after).toBe(drawnAfter(row) || 'PPVVNN');
    if (outcome.state === 'success') {
      expect(outcome.merged.anonVma).toBe(idOf(row.result));
      expect(outcome.merged.anonVmaChain).toBe({ '-': 0, a: 1, b: 1, c: 2 }[row.result]);
    } else expect(drawn.mm.vmas()).toEqual(before);
    expect(validateMm(drawn.mm)).toEqual([]);
  });
});

describe.each(PROFILES)('vmaMergeCopiedRange, anon_vmas of prev, the source and next, profile %s', (name, profile) => {
  const column = name === '6.12' ? 0 : name === '6.16' ? 1 : 2;
  it.each(rows(COPIED, column))('$title: prev $left, next $right, result $result', (row) => {
    const source = LETTERS[row.range] as LetterOptions;
    const drawn = mmFromDiagram('PP**NN.SS', {
      profile,
      letters: {
        P: LETTERS[row.prev] as LetterOptions,
        N: LETTERS[row.next] as LetterOptions,
        S: { ...source, pgoff: 2 },
        '*': { anonVma: source.anonVma ?? null },
      },
    });
    const rules: Record<string, string | null> = { prev: null, next: null };
    drawn.mm.observer = (event) => {
      if (event.kind === 'refused') rules[event.side] = event.refusal.rule;
    };
    const moved = drawn.mm.view(drawn.ref('S'));
    const merged: VmaRef = vmaMergeCopiedRange(drawn.vmg(), moved.ref, NO_VMA);
    expect(rules).toEqual({ prev: RULES[row.left], next: RULES[row.right] });
    expect(drawn.draw()).toBe(`${drawnAfter(row) || 'PP..NN'}.SS`);
    if (merged !== NO_VMA) {
      expect(drawn.mm.view(merged).anonVma).toBe(idOf(row.result));
      expect(drawn.mm.view(merged).anonVmaChain).toBe({ '-': 0, a: 1, b: 1, c: 2 }[row.result]);
    }
    // The source is as it was: the caller moves its pages and unmaps it.
    expect(drawn.mm.view(moved.ref)).toEqual(moved);
    expect(validateMm(drawn.mm)).toEqual([]);
  });
});

describe.each(PROFILES)('vmaMergeNewRange, anon_vmas of prev and next, profile %s', (_, profile) => {
  // A new range was never written: the rows of the table with "-" in the middle, the same in every profile.
  it.each(rows(EXISTING, 1).filter(({ range }) => range === '-'))('$prev * $next: prev $left, next $right', (row) => {
    const outcome = mergeDrawn(
      mmFromDiagram('PP**NN', {
        profile,
        letters: { P: LETTERS[row.prev] as LetterOptions, N: LETTERS[row.next] as LetterOptions },
      }),
    );
    expect(outcome.prev?.rule ?? null).toBe(RULES[row.left]);
    expect(outcome.next?.rule ?? null).toBe(RULES[row.right]);
    expect(outcome.after).toBe(drawnAfter(row) || 'PP..NN');
    if (outcome.state === 'success') expect(outcome.merged.anonVma).toBe(idOf(row.result));
  });
});
