import { describe, expect, it } from 'vitest';
import { NO_VMA } from '../../src/index.ts';
import { expandStack, STACK_GUARD_GAP } from '../../src/mm/index.ts';
import { flagsOfVmas, inEachProfile, page } from '../support/inEachProfile.ts';

const STACK = { flags: 'rd wr mr mw me gd ac' };
const gap = STACK_GUARD_GAP / 4096;

describe('expandStack', () => {
  it('grows exactly to the page of the address, its offset with it, and makes no new VMA', () => {
    inEachProfile('......AA', { letters: { A: STACK }, maxMapCount: 1 }, (drawn) => {
      expect(expandStack(drawn.mm, page(2) + 77)).toBe(drawn.ref('A'));
      expect(drawn.draw()).toBe('..AAAAAA');
      expect(drawn.mm.vmas()).toMatchObject([{ vmPgoff: 2, anonPgoff: 2, anonVma: 1 }]);
      expect(flagsOfVmas(drawn)).toEqual([STACK.flags]);
    });
  });

  it('finds the VMA that holds the address as it is', () => {
    inEachProfile('..AA', { letters: { A: STACK } }, (drawn) => {
      expect(expandStack(drawn.mm, page(3))).toBe(drawn.ref('A'));
      expect(drawn.draw()).toBe('..AA');
    });
  });

  it.each([
    ['the next VMA above does not grow', '...A', { A: {} }],
    ['nothing is above', 'A...', { A: STACK }],
  ])('does not where %s', (_, drawing, letters) => {
    inEachProfile(drawing, { letters }, (drawn) => {
      expect(expandStack(drawn.mm, page(2))).toBe(NO_VMA);
      expect(drawn.draw()).toBe(drawing);
    });
  });

  it('keeps 256 pages to what lies below', () => {
    const drawing = `B${'.'.repeat(gap + 10)}A`;
    inEachProfile(drawing, { letters: { A: STACK } }, ({ mm }) => {
      expect(expandStack(mm, page(gap))).toBe(NO_VMA);
      expect(expandStack(mm, page(gap + 1))).not.toBe(NO_VMA);
    });
  });

  it.each([
    ['inaccessible memory', { flags: 'mr mw me' }],
    ['another stack', STACK],
  ])('but not to %s, which it may touch, and does not merge with', (_, below) => {
    inEachProfile('BB....AA', { letters: { A: STACK, B: below } }, (drawn) => {
      expect(expandStack(drawn.mm, page(2))).toBe(drawn.ref('A'));
      expect(drawn.draw()).toBe('BBAAAAAA');
    });
  });

  it('stays within RLIMIT_STACK', () => {
    inEachProfile('........A', { letters: { A: STACK } }, (drawn) => {
      drawn.mm.stackLimit = page(4);
      expect(expandStack(drawn.mm, page(4))).toBe(NO_VMA);
      expect(expandStack(drawn.mm, page(5))).toBe(drawn.ref('A'));
      expect(drawn.draw()).toBe('.....AAAA');
    });
  });

  it('does not grow below the first page of its offset', () => {
    inEachProfile('......A', { letters: { A: { ...STACK, pgoff: 2 } } }, ({ mm }) => {
      expect(expandStack(mm, page(3))).toBe(NO_VMA);
      expect(expandStack(mm, page(4))).not.toBe(NO_VMA);
    });
  });

  it('shares the anon_vma of a VMA above that it fits, as any first write does', () => {
    inEachProfile('...AB', { letters: { A: STACK, B: { flags: 'rd mr mw me gd ac', anonVma: 9 } } }, (drawn) => {
      expandStack(drawn.mm, page(2));
      expect(drawn.mm.vmas()).toMatchObject([{ anonVma: 9 }, { anonVma: 9 }]);
    });
  });
});
