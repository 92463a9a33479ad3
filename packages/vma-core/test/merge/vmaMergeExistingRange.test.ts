import { describe, expect, it } from 'vitest';
import { mergeDrawn, mmFromDiagram } from '../../src/diagram/index.ts';
import { PAGE_SIZE, type VmFlags } from '../../src/index.ts';
import { validateMm } from '../../src/validateMm.ts';
import { permutations, ROLE_ROWS, withFlag } from '../support/sticky.ts';

/** The seed's cases. P, V and N are its prev, middle and next; after, by who takes part. */
const CASES = [
  { name: 'right only, part of the VMA', before: '..VvvvNNN', right: '..VNNNNNN', none: '..VVVVNNN' },
  { name: 'right only, all of the VMA', before: '..vvvvNNN', right: '..NNNNNNN', none: '..VVVVNNN' },
  { name: 'left only, part of the VMA', before: 'PPPvvvV', left: 'PPPPPPV', none: 'PPPVVVV' },
  { name: 'left only, all of the VMA', before: 'PPPvvvv', left: 'PPPPPPP', none: 'PPPVVVV' },
  {
    name: 'both, all of the VMA',
    before: 'PPPvvvvNN',
    both: 'PPPPPPPPP',
    left: 'PPPPPPPNN',
    right: 'PPPNNNNNN',
    none: 'PPPVVVVNN',
  },
  // The right edge is not touched: next cannot take part.
  { name: 'left edge, with a next', before: 'PPPvvvVNN', left: 'PPPPPPVNN', none: 'PPPVVVVNN' },
  { name: 'right edge, with a prev', before: 'PPPVvvvNN', right: 'PPPVNNNNN', none: 'PPPVVVVNN' },
] as const;

type Case = { name: string; before: string } & Partial<Record<'both' | 'left' | 'right' | 'none', string>>;

describe.each(ROLE_ROWS)("the seed's existing-range test in profile $profile: $flag is $role", (row) => {
  const { profile, flag, role } = row;
  describe.each(CASES as readonly Case[])('$name: $before', ({ before, ...after }) => {
    it.each(permutations('prev', 'middle', 'next'))('prev=$prev middle=$middle next=$next', (has) => {
      const letters: Record<string, { flags: VmFlags }> = { V: { flags: withFlag(flag, has.middle) } };
      if (before.includes('P')) letters.P = { flags: withFlag(flag, has.prev) };
      if (before.includes('N')) letters.N = { flags: withFlag(flag, has.next) };
      const drawn = mmFromDiagram(before, { profile, letters });
      const flagsBefore = new Map(drawn.mm.vmas().map((vma) => [vma.ref, vma.vmFlags]));
      const outcome = mergeDrawn(drawn);

      const fits = (neighbour: boolean): boolean => role !== 'compared' || neighbour === has.middle;
      const left = (after.left ?? after.both) !== undefined && fits(has.prev);
      const right = (after.right ?? after.both) !== undefined && fits(has.next);
      const who = left && right ? 'both' : left ? 'left' : right ? 'right' : 'none';
      expect(outcome.after).toBe(after[who]);
      expect(outcome.state).toBe(who === 'none' ? 'nomerge' : 'success');
      expect(validateMm(drawn.mm)).toEqual([]);
      const target = left ? drawn.ref('P') : right ? drawn.ref('N') : undefined;
      const any = has.middle || (left && has.prev) || (right && has.next);
      for (const vma of drawn.mm.vmas()) {
        const own = flagsBefore.get(vma.ref) as VmFlags;
        const gains = vma.ref === target && role === 'sticky' && any;
        expect(vma.vmFlags).toBe(gains ? withFlag(flag, true) : own);
      }
    });
  });

  it.each(permutations('prev', 'middle', 'next'))(
    'prev=$prev middle=$middle next=$next: a range that touches neither edge does not merge',
    (has) => {
      // Each range strictly inside [3, 8), the five that the seed lists among them.
      for (let start = 4; start < 7; start++) {
        for (let end = start + 1; end < 8; end++) {
          const row = `PPP${'V'.repeat(5)}NN\n${' '.repeat(start)}${'*'.repeat(end - start)}`;
          const drawn = mmFromDiagram(row, {
            profile,
            letters: {
              P: { flags: withFlag(flag, has.prev) },
              V: { flags: withFlag(flag, has.middle) },
              N: { flags: withFlag(flag, has.next) },
            },
          });
          const before = drawn.mm.vmas();
          expect(mergeDrawn(drawn)).toEqual({ state: 'nomerge', prev: null, next: null, after: 'PPPVVVVVNN' });
          expect(drawn.mm.vmas()).toEqual(before);
        }
      }
    },
  );
});

describe('vmaMergeExistingRange: offsets', () => {
  it.each([
    ['a VMA that shrinks from the left starts at a later page of its object', 'PPvvVV', 'V', 4],
    ['a VMA that grows downwards starts at an earlier one', 'VVvvNN', 'N', 2],
    ['a VMA that grows upwards keeps its first page', 'PPvvVV', 'P', 0],
  ])('%s', (_, before, letter, page) => {
    const drawn = mmFromDiagram(before, { base: 0x40000 });
    mergeDrawn(drawn);
    const vma = drawn.mm.view(drawn.ref(letter));
    expect(vma.vmPgoff).toBe(0x40 + page);
    expect(vma.anonPgoff).toBe(0x40 + page);
    expect(vma.vmStart).toBe(0x40000 + page * PAGE_SIZE);
  });
});

describe('vmaMergeExistingRange compares the attributes that the range is going to have', () => {
  const readOnly = 'rd mr mw me';
  it('a middle that differs merges, once the range no longer will', () => {
    const letters = { B: { flags: readOnly } };
    expect(mergeDrawn(mmFromDiagram('AAbbCC', { letters }))).toMatchObject({ state: 'nomerge' });
    const changing = { ...letters, '*': { flags: 'rd wr mr mw me ac' } };
    expect(mergeDrawn(mmFromDiagram('AAbbCC', { letters: changing }))).toMatchObject({ after: 'AAAAAA' });
  });

  it('a middle that is alike does not, once the range will differ', () => {
    const letters = { '*': { flags: readOnly } };
    expect(mergeDrawn(mmFromDiagram('AAbbCC', { letters }))).toMatchObject({
      state: 'nomerge',
      prev: { rule: 'vmFlags' },
      next: { rule: 'vmFlags' },
    });
  });
});
