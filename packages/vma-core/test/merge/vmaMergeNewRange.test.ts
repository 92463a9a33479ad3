import { describe, expect, it } from 'vitest';
import { mergeDiagram, mmFromDiagram, parseDiagram } from '../../src/diagram/index.ts';
import { flagsLo, type Mm, NO_VMA, PAGE_SIZE, virtAddr } from '../../src/index.ts';
import { vmaMergeNewRange, vmgState } from '../../src/merge/index.ts';
import { validateMm } from '../../src/validateMm.ts';
import { type FlagRole, permutations, ROLE_ROWS, withFlag } from '../support/sticky.ts';

describe('vmaMergeNewRange: which VMA holds the range', () => {
  it.each([
    { name: 'no neighbour touches', before: 'AA.B...**..C', after: 'AA.B.......C' },
    { name: 'both sides: A grows over all, B is removed', before: 'AA*B', after: 'AAAA' },
    { name: 'only the previous one: A grows upwards', before: 'AA**.B', after: 'AAAA.B' },
    { name: 'only the next one: D grows downwards', before: 'AAAAA.*DD', after: 'AAAAA.DDD' },
    { name: 'nothing is there', before: '.**.', after: '....' },
    { name: 'only the previous one is there', before: 'A*', after: 'AA' },
    { name: 'only the next one is there', before: '*B', after: 'BB' },
  ])('$name: $before -> $after', ({ before, after }) => {
    expect(mergeDiagram(before).after).toBe(after);
  });

  it('the offset of a VMA that grows downwards moves with its start', () => {
    const outcome = mergeDiagram('..**BB', { letters: { B: { pgoff: 40 }, '*': { pgoff: 38 } } });
    expect(outcome).toMatchObject({ state: 'success', merged: { vmStart: 2 * PAGE_SIZE, vmPgoff: 38 } });
  });
});

/** The seed's stages: where the new range lies, and the drawing after it where nothing stops a merge. */
const STAGES = [
  { range: '.......**', after: 'AA.B...DD..C' },
  { range: '..*', after: 'AAAA...DD..C' },
  { range: '....*', after: 'AAAAA..DD..C' },
  { range: '......*', after: 'AAAAA.DDD..C' },
  { range: '.....*', after: 'AAAAAAAAA..C' },
  { range: '..........*', after: 'AAAAAAAAA.CC' },
  { range: '.........*', after: 'AAAAAAAAAAAA' },
] as const;

/** A VMA as the test keeps it, apart from the engine. */
interface Kept {
  start: number;
  end: number;
  on: boolean;
}

/** What the rule says must come of a new range, worked out on plain objects. */
function expectNewRange(vmas: readonly Kept[], range: Kept, role: FlagRole): Kept[] {
  const fits = (vma: Kept | undefined): boolean => vma !== undefined && (role !== 'compared' || vma.on === range.on);
  const prev = vmas.find(({ end }) => end === range.start);
  const next = vmas.find(({ start }) => start === range.end);
  const parts = [fits(prev) ? prev : undefined, range, fits(next) ? next : undefined].filter(
    (one) => one !== undefined,
  );
  const target = parts[0] === range ? (parts[1] ?? range) : (parts[0] as Kept);
  const on = role === 'sticky' ? parts.some((one) => one.on) : target.on;
  const merged: Kept = { start: (parts[0] as Kept).start, end: (parts.at(-1) as Kept).end, on };
  return [...vmas.filter((vma) => !parts.includes(vma)), merged].sort((a, b) => a.start - b.start);
}

/** Maps a range as the seed's test does: a merge, or a VMA of its own. */
function mapRange(mm: Mm, range: Kept, flag: 'gu' | 'sd'): void {
  const start = range.start * PAGE_SIZE;
  const end = range.end * PAGE_SIZE;
  const vmFlags = withFlag(flag, range.on);
  const vmg = vmgState(mm, start, end, range.start, flagsLo(vmFlags), 0, 0).findNeighbours();
  if (vmaMergeNewRange(vmg) === NO_VMA) mm.add({ vmStart: virtAddr(start), vmEnd: virtAddr(end), vmFlags });
}

const kept = (mm: Mm, flag: 'gu' | 'sd'): Kept[] =>
  mm.vmas().map(({ vmStart, vmEnd, vmFlags }) => {
    const on = vmFlags === withFlag(flag, true);
    // Exactly the flag, or exactly none of it.
    expect(vmFlags).toBe(withFlag(flag, on));
    return { start: vmStart / PAGE_SIZE, end: vmEnd / PAGE_SIZE, on };
  });

describe.each(ROLE_ROWS)("the seed's new-range test in profile $profile: $flag is $role", ({ profile, flag, role }) => {
  it.each(permutations('range', 'A', 'B', 'C'))('range=$range A=$A B=$B C=$C', (has) => {
    const drawn = mmFromDiagram('AA.B.......C', {
      profile,
      letters: {
        A: { flags: withFlag(flag, has.A) },
        B: { flags: withFlag(flag, has.B), anonVma: 1 },
        C: { flags: withFlag(flag, has.C), anonVma: 1 },
      },
    });
    const { mm } = drawn;
    let expected = kept(mm, flag);
    for (const { range, after } of STAGES) {
      const { range: columns } = parseDiagram(range);
      const one: Kept = { start: columns?.start ?? 0, end: columns?.end ?? 0, on: has.range };
      expected = expectNewRange(expected, one, role);
      mapRange(mm, one, flag);
      expect(kept(mm, flag)).toEqual(expected);
      expect(mm.mapCount).toBe(expected.length);
      expect(validateMm(mm)).toEqual([]);
      if (role !== 'compared') expect(drawn.draw()).toBe(after);
    }
    if (role === 'compared') return;
    // All is one VMA, and has taken over the anon_vma of B.
    expect(mm.vmas()).toMatchObject([{ vmPgoff: 0, anonVma: 1, anonVmaChain: 1 }]);
    const any = has.range || has.A || has.B || has.C;
    expect(mm.vmas()[0]?.vmFlags).toBe(withFlag(flag, role === 'sticky' ? any : has.A));
  });
});

describe.each(ROLE_ROWS)('AA**BB in profile $profile: $flag is $role', ({ profile, flag, role }) => {
  it.each(permutations('A', 'range', 'B'))('A=$A *=$range B=$B: presence and absence', (has) => {
    const outcome = mergeDiagram('AA**BB', {
      profile,
      letters: {
        A: { flags: withFlag(flag, has.A) },
        '*': { flags: withFlag(flag, has.range) },
        B: { flags: withFlag(flag, has.B) },
      },
    });
    const left = role !== 'compared' || has.A === has.range;
    const right = role !== 'compared' || has.B === has.range;
    expect(outcome.after).toBe(left ? (right ? 'AAAAAA' : 'AAAABB') : right ? 'AABBBB' : 'AA..BB');
    expect(outcome.prev?.rule ?? null).toBe(left ? null : 'vmFlags');
    expect(outcome.next?.rule ?? null).toBe(right ? null : 'vmFlags');
    if (outcome.state !== 'success') return;
    const any = has.range || (left && has.A) || (right && has.B);
    const target = left ? has.A : has.B;
    expect(outcome.merged.vmFlags).toBe(withFlag(flag, role === 'sticky' ? any : target));
  });
});

describe('vmaMergeNewRange leaves what took no part as it was', () => {
  it.each(ROLE_ROWS)('$profile, $flag: a neighbour with another offset gives nothing to the result', (row) => {
    const { profile, flag } = row;
    const outcome = mergeDiagram('AA**BB', {
      profile,
      letters: { B: { flags: withFlag(flag, true), pgoff: 9 } },
    });
    expect(outcome).toMatchObject({ state: 'success', into: 'prev', after: 'AAAABB' });
    expect(outcome.state === 'success' && outcome.merged.vmFlags).toBe(withFlag(flag, false));
  });
});
