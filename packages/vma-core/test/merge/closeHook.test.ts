import { describe, expect, it } from 'vitest';
import {
  DIAGRAM_FLAGS,
  type DiagramOptions,
  mergeDiagram,
  mergeDrawn,
  mmFromDiagram,
} from '../../src/diagram/index.ts';
import { PAGE_SIZE, VM_MAYBE_GUARD, VM_SOFTDIRTY, vmFlags } from '../../src/index.ts';
import { PROFILES } from '../support/profiles.ts';

const hooked: DiagramOptions = { all: { file: 1 }, files: [{ id: 1, hasCloseHook: true }] };

describe.each(PROFILES)('a VMA with a close hook is never removed by a merge, profile %s', (_, profile) => {
  const options = { ...hooked, profile };

  it('vmaMergeNewRange: a merge of both shrinks to one with prev', () => {
    expect(mergeDiagram('AA**BB', options)).toMatchObject({
      state: 'success',
      into: 'prev',
      removed: [],
      prev: null,
      next: { rule: 'closeHook', removed: 4 * PAGE_SIZE },
      after: 'AAAABB',
    });
  });

  it('and what the next VMA has, anon_vma and sticky flags, stays with it', () => {
    const sticky = vmFlags(DIAGRAM_FLAGS, VM_MAYBE_GUARD & profile.ignoreMerge, VM_SOFTDIRTY);
    const letters = { B: { file: 1, flags: sticky, anonVma: 4 } };
    const outcome = mergeDiagram('AA**BB', { ...options, letters });
    expect(outcome).toMatchObject({ after: 'AAAABB', merged: { vmFlags: DIAGRAM_FLAGS, anonVma: null } });
  });

  it.each([
    ['AA**.B', 'AAAA.B'],
    ['A.**BB', 'A.BBBB'],
  ])('vmaMergeNewRange: it may grow: %s -> %s', (drawing, after) => {
    expect(mergeDiagram(drawing, options).after).toBe(after);
  });

  it.each(['AAbbCC', 'AAbb', 'bbCC'])(
    'vmaMergeExistingRange: a middle that would be removed stops the merge: %s',
    (drawing) => {
      const drawn = mmFromDiagram(drawing, options);
      const before = drawn.mm.vmas();
      const outcome = mergeDrawn(drawn);
      const middle = { rule: 'closeHook', removed: drawing.indexOf('b') * PAGE_SIZE };
      expect(outcome).toMatchObject({
        state: 'nomerge',
        prev: drawing.includes('A') ? middle : null,
        next: drawing.includes('C') ? middle : null,
      });
      expect(drawn.mm.vmas()).toEqual(before);
    },
  );

  it.each([
    ['AAbbB', 'AAAAB'],
    ['BbbCC', 'BCCCC'],
    ['AAbbBCC', 'AAAABCC'],
  ])('vmaMergeExistingRange: it may give a part of itself: %s -> %s', (drawing, after) => {
    expect(mergeDiagram(drawing, options).after).toBe(after);
  });
});
