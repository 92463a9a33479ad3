import { describe, expect, it } from 'vitest';
import { type DiagramOptions, mmFromDiagram } from '../../src/diagram/index.ts';
import { type AdviceName, adviceByName, adviceName, type Errno, MADV } from '../../src/index.ts';
import { madvise } from '../../src/mm/index.ts';
import { flagsOfVmas, inEachProfile, page } from '../support/inEachProfile.ts';
import { pageCalls } from '../support/pageCalls.ts';

const PLAIN = 'rd wr mr mw me ac';
const SHARED = 'rd wr sh mr mw me ms';
const DROPPABLE = 'rd wr mr mw me nr wf dd dp';

/** What kinds of memory advice is given to. */
const KINDS: Readonly<Record<string, { readonly flags: string; readonly file?: number }>> = {
  'private anonymous': { flags: PLAIN },
  'private file': { flags: PLAIN, file: 1 },
  'shared file': { flags: SHARED, file: 1 },
  'shared file, open for reading only': { flags: 'rd mr me ms', file: 1 },
  locked: { flags: `${PLAIN.replace(' ac', '')} lo ac` },
  'locked file': { flags: 'rd wr sh mr mw me ms lo', file: 1 },
  droppable: { flags: DROPPABLE },
  special: { flags: 'rd wr mr mw me io de' },
  'page frames': { flags: 'rd wr mr mw me pf' },
  'huge pages': { flags: 'rd wr sh mr mw me ms ht', file: 1 },
};

/** Advice that changes flags: the flags afterwards by kind, `=` unchanged, or an errno. */
const HINTS: readonly (readonly [AdviceName, string, string, string])[] = [
  // advice, kind, flags before (PLAIN of the kind where empty), what comes of it
  ['NORMAL', 'private anonymous', 'rd wr mr mw me sr ac', PLAIN],
  ['NORMAL', 'private anonymous', 'rd wr mr mw me rr ac', PLAIN],
  ['SEQUENTIAL', 'private anonymous', 'rd wr mr mw me rr ac', 'rd wr mr mw me sr ac'],
  ['RANDOM', 'private anonymous', 'rd wr mr mw me sr ac', 'rd wr mr mw me rr ac'],
  ['SEQUENTIAL', 'shared file', '', 'rd wr sh mr mw me ms sr'],
  ['DONTFORK', 'private anonymous', '', 'rd wr mr mw me dc ac'],
  ['DONTFORK', 'shared file', '', 'rd wr sh mr mw me ms dc'],
  ['DOFORK', 'private anonymous', 'rd wr mr mw me dc ac', PLAIN],
  ['DOFORK', 'special', '', 'EINVAL'],
  ['WIPEONFORK', 'private anonymous', '', 'rd wr mr mw me ac wf'],
  ['WIPEONFORK', 'private file', '', 'EINVAL'],
  ['WIPEONFORK', 'shared file', '', 'EINVAL'],
  ['WIPEONFORK', 'shared file, open for reading only', '', 'EINVAL'],
  ['KEEPONFORK', 'private anonymous', 'rd wr mr mw me ac wf', PLAIN],
  ['KEEPONFORK', 'private file', '', '='],
  ['KEEPONFORK', 'droppable', '', 'EINVAL'],
  ['DONTDUMP', 'private anonymous', '', 'rd wr mr mw me ac dd'],
  ['DODUMP', 'private anonymous', 'rd wr mr mw me ac dd', PLAIN],
  ['DODUMP', 'droppable', '', 'EINVAL'],
  ['DODUMP', 'special', '', 'EINVAL'],
  ['MERGEABLE', 'private anonymous', '', 'rd wr mr mw me ac mg'],
  ['MERGEABLE', 'private file', '', 'rd wr mr mw me ac mg'],
  ['MERGEABLE', 'shared file', '', '='],
  ['MERGEABLE', 'shared file, open for reading only', '', '='],
  ['MERGEABLE', 'droppable', '', '='],
  ['MERGEABLE', 'special', '', '='],
  ['UNMERGEABLE', 'private anonymous', 'rd wr mr mw me ac mg', PLAIN],
  ['HUGEPAGE', 'private anonymous', 'rd wr mr mw me ac nh', 'rd wr mr mw me ac hg'],
  ['NOHUGEPAGE', 'private anonymous', 'rd wr mr mw me ac hg', 'rd wr mr mw me ac nh'],
  ['WILLNEED', 'private anonymous', '', '='],
  ['WILLNEED', 'shared file', '', '='],
];

describe('madvise that changes flags', () => {
  it.each(HINTS)('%s, %s, "%s": %s', (advice, kind, before, expected) => {
    const letter = { ...KINDS[kind], ...(before === '' ? {} : { flags: before }) };
    const was = before || (KINDS[kind]?.flags as string);
    inEachProfile('A', { letters: { A: letter } }, (drawn) => {
      const refused = expected.startsWith('E');
      expect(madvise(drawn.mm, 0, page(1), MADV[advice])).toBe(refused ? expected : 0);
      expect(flagsOfVmas(drawn)).toEqual([refused || expected === '=' ? was : expected]);
    });
  });

  it('cuts at the edges of the range, and merges again when it is taken back', () => {
    inEachProfile('AAAAAA', {}, (drawn) => {
      expect(madvise(drawn.mm, page(2), page(2), MADV.DONTDUMP)).toBe(0);
      expect(drawn.draw()).toBe('AABBCC');
      expect(madvise(drawn.mm, page(2), page(2), MADV.DODUMP)).toBe(0);
      expect(drawn.draw()).toBe('AAAAAA');
    });
  });

  it('that changes nothing does nothing: neighbours that could merge stay two', () => {
    inEachProfile('AABB', {}, (drawn) => {
      expect(madvise(drawn.mm, page(1), page(2), MADV.NORMAL)).toBe(0);
      expect(drawn.draw()).toBe('AABB');
    });
  });
});

/** Advice that works on pages: 0, or the errno, by kind. */
const PAGES: Readonly<Record<string, Readonly<Record<string, 0 | Errno>>>> = {
  DONTNEED: { 'private anonymous': 0, 'shared file': 0, locked: 'EINVAL', 'page frames': 'EINVAL', droppable: 0 },
  DONTNEED_LOCKED: { 'private anonymous': 0, 'shared file': 0, locked: 0, 'page frames': 'EINVAL' },
  FREE: {
    'private anonymous': 0,
    'private file': 'EINVAL',
    'shared file': 'EINVAL',
    locked: 'EINVAL',
    'page frames': 'EINVAL',
    droppable: 0,
  },
  COLD: { 'private anonymous': 0, 'shared file': 0, locked: 'EINVAL', 'page frames': 'EINVAL', 'huge pages': 'EINVAL' },
  PAGEOUT: { 'private anonymous': 0, locked: 'EINVAL' },
  REMOVE: {
    'shared file': 0,
    'private file': 'EACCES',
    'shared file, open for reading only': 'EACCES',
    'private anonymous': 'EINVAL',
    'locked file': 'EINVAL',
  },
  GUARD_REMOVE: { 'private anonymous': 0, 'shared file': 0, locked: 0, special: 'EINVAL', 'huge pages': 'EINVAL' },
  GUARD_INSTALL: {
    'private anonymous': 0,
    'private file': 0,
    'shared file': 0,
    'shared file, open for reading only': 0,
    droppable: 0,
    locked: 'EINVAL',
    'locked file': 'EINVAL',
    special: 'EINVAL',
    'page frames': 'EINVAL',
    'huge pages': 'EINVAL',
  },
  COLLAPSE: { 'private anonymous': 'EINVAL' },
  HWPOISON: { 'private anonymous': 'EINVAL' },
  SOFT_OFFLINE: { 'private anonymous': 'EINVAL' },
};

const pageRows = Object.entries(PAGES).flatMap(([advice, kinds]) =>
  Object.entries(kinds).map(([kind, result]) => ({ advice: advice as AdviceName, kind, result })),
);

describe('madvise that works on pages', () => {
  it.each(pageRows)('$advice of $kind: $result', ({ advice, kind, result }) => {
    const letters = { A: KINDS[kind] as { flags: string } };
    inEachProfile('AA', { letters }, (drawn, profile) => {
      const { calls, pageOps } = pageCalls();
      drawn.mm.pageOps = pageOps;
      const guard = advice.startsWith('GUARD');
      const expected = guard && profile.guards === 'none' ? 'EINVAL' : result;
      expect(madvise(drawn.mm, page(1), page(1), MADV[advice])).toBe(expected);
      expect(drawn.draw()).toBe('AA');
      const name = { DONTNEED_LOCKED: 'dontneed', GUARD_INSTALL: 'guardInstall', GUARD_REMOVE: 'guardRemove' }[
        advice as string
      ];
      const done = expected === 0 && advice !== 'COLD';
      expect(calls).toEqual(done ? [[name ?? advice.toLowerCase(), drawn.ref('A'), page(1), page(2)]] : []);
    });
  });

  it('REMOVE says what page tables answer', () => {
    const { pageOps } = pageCalls({ remove: 'EOPNOTSUPP' });
    const { mm } = mmFromDiagram('A', { pageOps, letters: { A: { flags: SHARED, file: 1 } } });
    expect(madvise(mm, 0, page(1), MADV.REMOVE)).toBe('EOPNOTSUPP');
  });

  it.each(['POPULATE_READ', 'POPULATE_WRITE'] as const)('%s goes to page tables at once, holes and all', (advice) => {
    const { calls, pageOps } = pageCalls({ madvisePopulate: 'EFAULT' });
    const { mm } = mmFromDiagram('A.A'.replace(/A$/, 'B'), { pageOps });
    expect(madvise(mm, 0, page(3), MADV[advice])).toBe('EFAULT');
    expect(calls).toEqual([['madvisePopulate', 0, page(3), advice === 'POPULATE_WRITE']]);
  });
});

describe('guards', () => {
  it.each([
    ['private anonymous', 'rd wr mr mw me gu ac', true],
    ['private file', 'rd wr mr mw me gu ac', false],
    ['shared file', 'rd wr sh mr mw me ms gu', false],
  ] as const)(
    'of %s: the flag from the series on, an anon_vma before it for all and after it for anonymous memory',
    (kind, flagged, anonymous) => {
      inEachProfile('AAAA', { letters: { A: KINDS[kind] as { flags: string } } }, (drawn, profile) => {
        const done = madvise(drawn.mm, page(1), page(1), MADV.GUARD_INSTALL);
        const series = ['guard-flag', 'as-posted', '6.19', '7.3'].includes(profile.name);
        const none = profile.name === '6.12';
        expect(done).toBe(none ? 'EINVAL' : 0);
        // The whole VMA is flagged: a flag has no smaller unit.
        expect(drawn.draw()).toBe('AAAA');
        expect(flagsOfVmas(drawn)).toEqual([series ? flagged : KINDS[kind]?.flags]);
        const prepared = !none && (!series || anonymous);
        expect(drawn.mm.vmas()).toMatchObject([{ anonVma: prepared ? 1 : null }]);
      });
    },
  );

  it('removing one never takes the flag away', () => {
    inEachProfile('A', { letters: { A: { flags: 'rd wr mr mw me gu ac' } } }, (drawn, profile) => {
      const done = madvise(drawn.mm, 0, page(1), MADV.GUARD_REMOVE);
      expect(done).toBe(profile.guards === 'none' ? 'EINVAL' : 0);
      expect(flagsOfVmas(drawn)).toEqual(['rd wr mr mw me gu ac']);
    });
  });

  it('are for private writable anonymous memory only in 6.13 and 6.14', () => {
    const install = (letter: { flags: string; file?: number }): unknown => {
      const { mm } = mmFromDiagram('A', { profile: '6.13', letters: { A: letter } });
      return madvise(mm, 0, page(1), MADV.GUARD_INSTALL);
    };
    expect(install({ flags: PLAIN })).toBe(0);
    expect(install({ flags: 'rd mr mw me' })).toBe(0);
    expect(install({ flags: 'rd mr me' })).toBe('EINVAL');
    expect(install({ flags: PLAIN, file: 1 })).toBe('EINVAL');
  });

  it('on a write-protected page of a file never return: LIVELOCK', () => {
    const { pageOps } = pageCalls({ guardInstall: 'LIVELOCK' as never });
    const drawn = mmFromDiagram('AB', { pageOps, letters: { A: { flags: SHARED, file: 1 } } });
    expect(madvise(drawn.mm, 0, page(2), MADV.GUARD_INSTALL)).toBe('LIVELOCK');
    expect(flagsOfVmas(drawn)).toEqual(['rd wr sh mr mw me ms gu', PLAIN]);
  });
});

describe('sealed memory', () => {
  const sealed = (flags: string): DiagramOptions => ({ letters: { A: { flags } } });
  const discards = ['FREE', 'DONTNEED', 'DONTNEED_LOCKED', 'DONTFORK', 'WIPEONFORK', 'GUARD_INSTALL'] as const;
  const others = ['NORMAL', 'RANDOM', 'DONTDUMP', 'DOFORK', 'COLD', 'MERGEABLE', 'WILLNEED'] as const;

  it.each([...discards, 'REMOVE'] as const)('%s discards: EPERM where it is anonymous and not writable', (advice) => {
    inEachProfile('A', sealed('rd mr mw me sl'), ({ mm }, profile) => {
      const refused = profile.guards === 'none' && advice === 'GUARD_INSTALL' ? 'EINVAL' : 'EPERM';
      expect(madvise(mm, 0, page(1), MADV[advice])).toBe(refused);
    });
  });

  it.each(discards)('%s is allowed where it is writable: the program could have wiped it anyway', (advice) => {
    inEachProfile('A', { ...sealed('rd wr mr mw me sl'), only: ['6.16', '6.18', '6.19', '7.3'] }, ({ mm }) => {
      expect(madvise(mm, 0, page(1), MADV[advice])).toBe(0);
    });
  });

  it.each(['DONTNEED', 'DONTNEED_LOCKED', 'DONTFORK'] as const)('%s is allowed on a file', (advice) => {
    inEachProfile('A', { letters: { A: { flags: 'rd mr mw me sl', file: 1 } } }, ({ mm }) => {
      expect(madvise(mm, 0, page(1), MADV[advice])).toBe(0);
    });
  });

  it.each(others)('%s discards nothing', (advice) => {
    inEachProfile('A', sealed('rd mr mw me sl'), ({ mm }) => {
      expect(madvise(mm, 0, page(1), MADV[advice])).toBe(0);
    });
  });
});

describe('the walk over a range', () => {
  it.each<[string, string, number, number, 0 | Errno, string]>([
    ['all mapped', 'AABB', 0, 4, 0, 'AAAA'],
    ['a hole in the middle: both sides are done', 'AA..BB', 0, 6, 'ENOMEM', 'AA..BB'],
    ['a hole at the start: the rest is done', '..AA', 0, 4, 'ENOMEM', '..AA'],
    ['a hole at the end: the rest is done', 'AA..', 0, 4, 'ENOMEM', 'AA..'],
    ['nothing but a hole before a VMA', '..AA', 0, 1, 'ENOMEM', '..AA'],
    ['nothing at all', '....', 0, 4, 'ENOMEM', '....'],
    ['no length', 'AA', 0, 0, 0, 'AA'],
  ])('%s: %s', (name, drawing, at, pages, result, after) => {
    inEachProfile(drawing, {}, (drawn) => {
      expect(madvise(drawn.mm, page(at), page(pages), MADV.DONTDUMP)).toBe(result);
      expect(drawn.draw()).toBe(after);
      const touched = pages > 0 && !name.startsWith('nothing');
      for (const flags of flagsOfVmas(drawn)) expect(flags.includes('dd')).toBe(touched);
    });
  });

  it('an error other than a hole stops it: what lies before has changed', () => {
    inEachProfile('A.BC', { letters: { B: { file: 1 } } }, (drawn) => {
      expect(madvise(drawn.mm, 0, page(4), MADV.WIPEONFORK)).toBe('EINVAL');
      expect(flagsOfVmas(drawn).map((flags) => flags.includes('wf'))).toEqual([true, false, false]);
    });
  });

  it.each<[string, number, number]>([
    ['an unaligned address', 100, MADV.NORMAL],
    ['advice that no kernel knows', 0, 66],
    ['negative advice', 0, -1],
  ])('%s is EINVAL', (_, addr, advice) => {
    inEachProfile('AA', {}, (drawn) => {
      expect(madvise(drawn.mm, addr, page(1), advice)).toBe('EINVAL');
      expect(drawn.draw()).toBe('AA');
    });
  });
});

describe('advice', () => {
  it('has a number by its name, with MADV_ or without, and back', () => {
    for (const [name, value] of Object.entries(MADV)) {
      expect([adviceByName(name), adviceByName(`MADV_${name}`), adviceName(value)]).toEqual([value, value, name]);
    }
  });

  it.each(['GUARD', 'toString', '', 'madv_free'])('%s is none', (name) => {
    expect(adviceByName(name)).toBeUndefined();
  });
});
