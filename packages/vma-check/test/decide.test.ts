import { describe, expect, it } from 'vitest';
import { kernelProfile, LO_MAYBE_GUARD, LO_SOFTDIRTY } from 'vma-core';
import { defineKernelProfile } from 'vma-core/profiles';
import { type Attributes, compareDecisions, Decider, type Situation, situations } from '../src/index.ts';

const plain: Attributes = { flags: 0, anonVma: 0, forkChild: false, offsets: 'continue', closeHook: false };
const asked: Situation = { asked: 'new', range: plain, prev: plain, next: plain };

describe('a decision', () => {
  const decider = new Decider(kernelProfile('7.3'));
  it.each([
    [asked, 'both', null, null],
    [{ ...asked, next: null }, 'prev', null, 'notAdjacent'],
    [{ ...asked, prev: { ...plain, offsets: 'neither' } }, 'next', 'pgoff', null],
    [{ ...asked, prev: { ...plain, offsets: 'anon' } }, 'next', 'anonPgoff', null],
    [{ ...asked, prev: { ...plain, anonVma: 1 }, next: { ...plain, anonVma: 2 } }, 'prev', null, 'neighboursAnonVma'],
    [{ ...asked, asked: 'existing: left edge', next: null }, 'prev', null, 'notAtEdge'],
    [{ ...asked, asked: 'copied', range: { ...plain, anonVma: 1, forkChild: true } }, 'none', 'forkChild', 'forkChild'],
  ] as const)('%j: %s', (situation, into, prevRefusal, nextRefusal) => {
    expect(decider.decide(situation)).toMatchObject({ into, prevRefusal, nextRefusal });
  });

  it('has the sticky flags of all that merged', () => {
    const { flags } = decider.decide({ ...asked, next: { ...plain, flags: LO_MAYBE_GUARD } });
    expect(flags & (LO_MAYBE_GUARD | LO_SOFTDIRTY)).toBe(LO_MAYBE_GUARD);
  });
});

describe('two kernels', () => {
  const some = (): Situation[] => [...situations()].filter((_, at) => at % 31 === 0);

  it('are asked every question once', () => {
    const all = some();
    const { questions, differ } = compareDecisions(kernelProfile('6.19'), kernelProfile('6.19'), all);
    expect([questions, differ]).toEqual([all.length, 0]);
    expect(questions).toBeGreaterThan(4000);
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(all.length);
  });

  it('differ for the one field in which their profiles do', () => {
    const other = defineKernelProfile('other', '6.19', { fileAnonPgoff: true });
    const { groups } = compareDecisions(kernelProfile('6.19'), other, some());
    expect(groups.length).toBeGreaterThan(0);
    for (const { cause } of groups) expect(cause).toMatch(/^other refuses by anonPgoff/);
  });
});
