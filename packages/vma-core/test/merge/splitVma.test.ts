import { describe, expect, it } from 'vitest';
import { mergeDrawn, mmFromDiagram } from '../../src/diagram/index.ts';
import {
  InvariantError,
  PAGE_SIZE,
  PROT_NONE,
  parseVmFlags,
  VM_MAYBE_GUARD,
  VM_SOFTDIRTY,
  vmFlags,
} from '../../src/index.ts';
import { splitVma, splitVmaUnlimited, vmaExpand } from '../../src/merge/index.ts';
import { mprotect } from '../../src/mm/index.ts';
import { validateMm } from '../../src/validateMm.ts';
import { PROFILES } from '../support/profiles.ts';

describe.each(PROFILES)('splitVma, profile %s', (_, profile) => {
  // Every flag there is, the sticky ones among them.
  const everything = parseVmFlags('rd wr ex mr mw me lo sr dc lf ac nr wf dd sd gu hg mg sl');
  const letters = {
    A: { flags: everything, file: 3, pgoff: 40, anonPgoff: 50, anonVma: 2, anonVmaChain: 2, policy: 1 },
  };

  it.each([true, false])('keeps all flags on both halves, sticky ones too (new VMA below: %s)', (newBelow) => {
    const drawn = mmFromDiagram('.AAAAA', { profile, letters });
    const made = splitVma(drawn.mm, drawn.ref('A'), drawn.addr(3), newBelow);
    const [below, above] = drawn.mm.vmas();
    expect(drawn.draw()).toBe('.AABBB');
    expect(made).toBe(newBelow ? below?.ref : above?.ref);
    expect(below).toEqual({ ...below, vmStart: PAGE_SIZE, vmEnd: 3 * PAGE_SIZE, vmPgoff: 40, anonPgoff: 50 });
    expect(above).toEqual({ ...above, vmStart: 3 * PAGE_SIZE, vmEnd: 6 * PAGE_SIZE, vmPgoff: 42, anonPgoff: 52 });
    for (const half of [below, above]) {
      expect(half).toMatchObject({ vmFlags: everything, vmFile: 3, anonVma: 2, anonVmaChain: 2, policy: 1 });
    }
    expect(validateMm(drawn.mm)).toEqual([]);
  });
});

describe.each(['as-posted', '6.19', '7.3'])('a sticky flag that came by a merge, profile %s', (profile) => {
  it('stays on both halves of a later split, also on the one that never had it', () => {
    const drawn = mmFromDiagram('AAbb', { profile, letters: { A: { flags: 'rd wr mr mw me gu ac' } } });
    expect(mergeDrawn(drawn).after).toBe('AAAA');
    splitVma(drawn.mm, drawn.ref('A'), drawn.addr(2), false);
    expect(drawn.draw()).toBe('AACC');
    expect(drawn.mm.vmas().map(({ vmFlags }) => vmFlags & VM_MAYBE_GUARD)).toEqual([VM_MAYBE_GUARD, VM_MAYBE_GUARD]);
  });
});

describe.each(PROFILES)('an mprotect that cuts a VMA in three, profile %s', (_, profile) => {
  it('leaves the flags on all three', () => {
    const gu = vmFlags(VM_MAYBE_GUARD, VM_SOFTDIRTY);
    const drawn = mmFromDiagram('AAAAAA', { profile, letters: { A: { flags: 'rd wr mr mw me gu ac sd' } } });
    expect(mprotect(drawn.mm, drawn.addr(2), 2 * PAGE_SIZE, PROT_NONE)).toBe(0);
    expect(drawn.mm.vmas().map(({ vmFlags }) => vmFlags & gu)).toEqual([gu, gu, gu]);
  });
});

describe('splitVma at the limit', () => {
  it('is ENOMEM at max_map_count, and changes nothing', () => {
    const drawn = mmFromDiagram('AAA.B', { maxMapCount: 2 });
    const before = drawn.mm.vmas();
    expect(splitVma(drawn.mm, drawn.ref('A'), drawn.addr(1), true)).toBe('ENOMEM');
    expect(drawn.mm.vmas()).toEqual(before);
  });

  it('splitVmaUnlimited does it nevertheless: for munmap, which then frees more', () => {
    const drawn = mmFromDiagram('AAA.B', { maxMapCount: 2 });
    splitVmaUnlimited(drawn.mm, drawn.ref('A'), drawn.addr(1), true);
    expect(drawn.draw()).toBe('ACC.B');
  });

  it.each([0, 3 * PAGE_SIZE, 100])(
    'an address that is not inside, or not a page, is a bug of the caller: %s',
    (addr) => {
      const drawn = mmFromDiagram('AAA');
      expect(() => splitVma(drawn.mm, drawn.ref('A'), addr, true)).toThrow(InvariantError);
    },
  );
});

describe('vmaExpand', () => {
  it('grows a VMA over the range, downwards or upwards, its offsets with it', () => {
    const up = mmFromDiagram('.A*..');
    expect(vmaExpand(up.vmg(), up.ref('A'), up.addr(1), up.addr(3), false)).toBe(true);
    expect(up.draw()).toBe('.AA..');
    const down = mmFromDiagram('..*A');
    expect(vmaExpand(down.vmg(), down.ref('A'), down.addr(2), down.addr(4), false)).toBe(true);
    expect(down.mm.vmas()).toMatchObject([{ vmStart: 2 * PAGE_SIZE, vmPgoff: 2 }]);
  });

  it('removes the next VMA when told to', () => {
    const drawn = mmFromDiagram('A*BB');
    expect(vmaExpand(drawn.vmg(), drawn.ref('A'), 0, drawn.addr(4), true)).toBe(true);
    expect(drawn.draw()).toBe('AAAA');
  });
});
