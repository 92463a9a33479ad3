import { describe, expect, it } from 'vitest';
import { type DrawnMm, type LetterOptions, mmFromDiagram } from '../../src/diagram/index.ts';
import { formatVmFlags, MADV, PAGE_SIZE, PROT_READ, PROT_WRITE, type UffdContext, VM_NONE } from '../../src/index.ts';
import { madvise, mlock, mprotect, mseal, munlock, setAnonName, uffdUnregister } from '../../src/mm/index.ts';
import { defineKernelProfile } from '../../src/profiles/index.ts';

const RW = 'rd wr mr mw me ac';
const GUARDED = 'rd wr mr mw me gu ac';

/** Calls that make the two drawn VMAs alike and merge them; the one that changes has no guard, its neighbour has. */
interface Case {
  readonly name: string;
  readonly before: string;
  readonly letters: Readonly<Record<string, LetterOptions>>;
  readonly call: (drawn: DrawnMm) => unknown;
  /** The merged VMA, where the flags are kept. */
  readonly kept: string;
  /** The same where the caller stores what it computed before the merge. */
  readonly lost: string;
}

const length = 2 * PAGE_SIZE;

const CASES: readonly Case[] = [
  {
    name: 'mprotect, merging with prev',
    before: 'AAbb',
    letters: { A: { flags: GUARDED }, B: { flags: 'rd mr mw me ac' } },
    call: ({ mm }) => mprotect(mm, 2 * PAGE_SIZE, length, PROT_READ | PROT_WRITE),
    kept: GUARDED,
    lost: RW,
  },
  {
    name: 'mprotect, merging with next',
    before: 'bbCC',
    letters: { C: { flags: GUARDED }, B: { flags: 'rd mr mw me ac' } },
    call: ({ mm }) => mprotect(mm, 0, length, PROT_READ | PROT_WRITE),
    kept: GUARDED,
    lost: RW,
  },
  {
    name: 'mprotect, merging with both',
    before: 'AAbbCC',
    letters: { C: { flags: GUARDED }, B: { flags: 'rd mr mw me ac' } },
    call: ({ mm }) => mprotect(mm, 2 * PAGE_SIZE, length, PROT_READ | PROT_WRITE),
    kept: GUARDED,
    lost: RW,
  },
  {
    name: 'madvise(DOFORK)',
    before: 'AAbb',
    letters: { A: { flags: GUARDED }, B: { flags: 'rd wr mr mw me dc ac' } },
    call: ({ mm }) => madvise(mm, 2 * PAGE_SIZE, length, MADV.DOFORK),
    kept: GUARDED,
    lost: RW,
  },
  {
    name: 'munlock',
    before: 'AAbb',
    letters: { A: { flags: GUARDED }, B: { flags: 'rd wr mr mw me lo ac' } },
    call: ({ mm }) => munlock(mm, 2 * PAGE_SIZE, length),
    kept: GUARDED,
    lost: RW,
  },
  {
    name: 'mlock',
    before: 'AAbb',
    letters: { A: { flags: 'rd wr mr mw me gu lo ac' }, B: { flags: RW } },
    call: ({ mm }) => mlock(mm, 2 * PAGE_SIZE, length),
    kept: 'rd wr mr mw me gu lo ac',
    lost: 'rd wr mr mw me lo ac',
  },
  {
    name: 'PR_SET_VMA_ANON_NAME',
    before: 'AAbb',
    letters: { A: { flags: GUARDED }, B: { flags: RW, anonName: 'x' } },
    call: ({ mm }) => setAnonName(mm, 2 * PAGE_SIZE, length, null),
    kept: GUARDED,
    lost: RW,
  },
];

/** The profile with anonymous names built in: none of those that were recorded has them. */
const named = (name: string) => defineKernelProfile(`${name}, names`, name, { anonNames: true });

function run({ before, letters, call }: Case, profile: string): { after: string; flags: string } {
  const drawn = mmFromDiagram(before, { profile: named(profile), letters });
  expect(call(drawn)).toBe(0);
  const vmas = drawn.mm.vmas();
  expect(vmas).toHaveLength(1);
  return { after: drawn.draw(), flags: formatVmFlags(vmas[0]?.vmFlags ?? VM_NONE) };
}

describe.each(CASES)('$name: $before', (one) => {
  it.each(['6.19', '7.3'])('in %s the merged flags come back to the caller, who stores those', (profile) => {
    expect(run(one, profile).flags).toBe(one.kept);
  });

  it('as-posted stores the flags that were computed before the merge, over the sticky ones', () => {
    expect(run(one, 'as-posted').flags).toBe(one.lost);
  });

  it.each(['6.12', '6.16', '6.18', 'guard-flag'])(
    'in %s the flag is not sticky: the VMA that has it stays apart',
    (profile) => {
      const drawn = mmFromDiagram(one.before, { profile: named(profile), letters: one.letters });
      one.call(drawn);
      expect(drawn.mm.mapCount).toBe(2);
    },
  );
});

describe('mseal sets its one flag, and nothing over it', () => {
  it.each(['as-posted', '6.19', '7.3'])('the merged VMA keeps its sticky flags in %s', (profile) => {
    const drawn = mmFromDiagram('AAbb', {
      profile,
      letters: { A: { flags: 'rd wr mr mw me gu ac sl' } },
    });
    expect(mseal(drawn.mm, 2 * PAGE_SIZE, length)).toBe(0);
    expect(drawn.mm.vmas().map(({ vmFlags }) => formatVmFlags(vmFlags))).toEqual(['rd wr mr mw me gu ac sl']);
  });
});

describe('unregistering a userfaultfd', () => {
  const context: UffdContext = {
    id: 1,
    eventFork: false,
    eventRemap: false,
    unpopulated: false,
    async: false,
    rwp: false,
  };

  it.each(['as-posted', '6.19', '7.3'])('takes only its own flags off the merged VMA in %s', (profile) => {
    const drawn = mmFromDiagram('AAbb', {
      profile,
      letters: { A: { flags: GUARDED }, B: { flags: 'rd wr mr mw me uw ac', userfaultfd: 1 } },
    });
    expect(uffdUnregister(drawn.mm, context, 2 * PAGE_SIZE, length)).toBe(0);
    expect(drawn.mm.vmas().map(({ vmFlags }) => formatVmFlags(vmFlags))).toEqual([GUARDED]);
  });
});

describe('soft-dirty, which is sticky from 6.19 on', () => {
  const letters = {
    A: { flags: 'rd wr mr mw me ac sd' },
    B: { flags: 'rd mr mw me ac' },
    C: { flags: 'rd wr mr mw me ac sd' },
  };
  const after = (profile: string): string => {
    const drawn = mmFromDiagram('AAbbCC', { profile, letters });
    mprotect(drawn.mm, 2 * PAGE_SIZE, length, PROT_READ | PROT_WRITE);
    expect(drawn.draw()).toBe('AAAAAA');
    return formatVmFlags(drawn.mm.vmas()[0]?.vmFlags ?? VM_NONE);
  };

  it.each(['6.12', '6.16', '6.18', 'guard-flag', 'as-posted'])(
    'is lost by a merge with a clean middle in %s',
    (profile) => {
      expect(after(profile)).toBe(RW);
    },
  );

  it.each(['6.19', '7.3'])('is kept in %s', (profile) => {
    expect(after(profile)).toBe(`${RW} sd`);
  });
});
