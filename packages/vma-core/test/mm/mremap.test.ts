import { describe, expect, it } from 'vitest';
import { type DiagramOptions, type DrawnMm, mmFromDiagram } from '../../src/diagram/index.ts';
import { type Errno, MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE, type VirtAddr } from '../../src/index.ts';
import { mremap } from '../../src/mm/index.ts';
import { flagsOfVmas, inEachProfile, page } from '../support/inEachProfile.ts';
import { pageCalls } from '../support/pageCalls.ts';

const FIXED = MREMAP_MAYMOVE | MREMAP_FIXED;
const BEFORE_618 = ['6.12', '6.16'];
const FROM_618 = ['6.18', 'guard-flag', 'as-posted', '6.19', '7.3'];
const UP_TO_619 = ['6.12', '6.16', '6.18', 'guard-flag', 'as-posted', '6.19'];

/** `mremap` in pages: `to` is the new place, absent: none is given. */
function remap(drawn: DrawnMm, at: number, pages: number, newPages: number, flags = 0, to = 0): VirtAddr | Errno {
  return mremap(drawn.mm, {
    oldAddr: page(at),
    oldLength: page(pages),
    newLength: page(newPages),
    flags,
    newAddr: page(to),
  });
}

const pgoffs = ({ mm }: DrawnMm): number[] => mm.vmas().map(({ vmPgoff }) => vmPgoff);

describe('mremap without an address', () => {
  it.each<[string, string, number, number, number, number, string]>([
    ['keeps a size: nothing happens', 'AA..', 0, 2, 2, 0, 'AA..'],
    ['shrinks: the tail goes', 'AAAA', 0, 4, 2, 0, 'AA..'],
    ['shrinks in the middle: the tail of the range goes', 'AAAAAA', 0, 4, 2, 0, 'AA..BB'],
    ['grows where nothing is in the way', 'AA...', 0, 2, 4, 0, 'AAAA.'],
    ['grows, and joins the next VMA', 'AA..BB', 0, 2, 4, 0, 'AAAAAA'],
    ['grows the end of a VMA', 'AAAA..', 2, 2, 4, 0, 'AAAAAA'],
  ])('%s: %s', (_, drawing, at, pages, newPages, flags, after) => {
    inEachProfile(drawing, {}, (drawn) => {
      expect(remap(drawn, at, pages, newPages, flags)).toBe(page(at));
      expect(drawn.draw()).toBe(after);
    });
  });

  it('grows beside a VMA that it does not fit', () => {
    inEachProfile('AA..BB', { letters: { B: { pgoff: 90 } } }, (drawn) => {
      expect(remap(drawn, 0, 2, 4)).toBe(0);
      expect(drawn.draw()).toBe('AAAABB');
    });
  });

  it.each<[string, string, number, number, number, Errno]>([
    ['something is in the way', 'AAB.', 0, 2, 3, 'ENOMEM'],
    ['it does not end where its VMA ends', 'AAAA..', 0, 2, 3, 'ENOMEM'],
    ['nothing is mapped', '..AA', 0, 1, 1, 'EFAULT'],
    ['it reaches past its VMA', 'AABB..', 1, 3, 4, 'EFAULT'],
    ['it is special', 'A...', 0, 1, 2, 'EFAULT'],
    ['it had no size', 'BB..', 0, 0, 2, 'EINVAL'],
  ])('does not where %s', (_, drawing, at, pages, newPages, errno) => {
    const special = { A: { flags: 'rd wr mr mw de' } };
    inEachProfile(drawing, drawing.startsWith('A...') ? { letters: special } : {}, (drawn) => {
      expect(remap(drawn, at, pages, newPages)).toBe(errno);
      expect(drawn.draw()).toBe(drawing);
    });
  });

  it('moves where it may, if nothing else fits; the source is unmapped', () => {
    inEachProfile('AAB', { base: 0x10_0000, mmapBase: 0x20_0000 }, ({ mm }) => {
      const at = mremap(mm, {
        oldAddr: 0x10_0000,
        oldLength: page(2),
        newLength: page(4),
        flags: MREMAP_MAYMOVE,
      });
      expect(at).toBe(0x20_0000 - page(4));
      expect(mm.vmas()).toMatchObject([{ vmStart: 0x10_2000 }, { vmStart: at, vmEnd: 0x20_0000 }]);
    });
  });

  it('faults in what a locked VMA grew by', () => {
    const { calls, pageOps } = pageCalls({ populate: 'ENOMEM' });
    const drawn = mmFromDiagram('A...', { pageOps, letters: { A: { flags: 'rd wr mr mw me lo ac' } } });
    expect(remap(drawn, 0, 1, 3)).toBe(0);
    expect(calls).toEqual([['populate', page(1), page(3), true]]);
  });
});

describe('the page offset of what moves', () => {
  it('of anonymous memory that was never written becomes that of the new address', () => {
    inEachProfile('AA......', {}, (drawn) => {
      remap(drawn, 0, 2, 2, FIXED, 5);
      expect(drawn.draw()).toBe('.....BB.');
      expect(pgoffs(drawn)).toEqual([5]);
    });
  });

  it('of memory that was written travels along, so that it fits where it came from', () => {
    inEachProfile('AAAA....', { letters: { A: { anonVma: 1 } } }, (drawn) => {
      remap(drawn, 2, 2, 2, FIXED, 6);
      expect(pgoffs(drawn)).toEqual([0, 2]);
      remap(drawn, 6, 2, 2, FIXED, 2);
      expect(drawn.draw()).toBe('AAAA....');
    });
  });

  it('of a file is that in the file', () => {
    inEachProfile('AA....', { letters: { A: { file: 1, pgoff: 30 } } }, (drawn) => {
      remap(drawn, 1, 1, 1, FIXED, 4);
      expect(pgoffs(drawn)).toEqual([30, 31]);
    });
  });
});

describe('mremap to an address', () => {
  it('unmaps what is there', () => {
    inEachProfile('AA.BBBB', { letters: { A: { anonVma: 1 }, B: { anonVma: 2 } } }, (drawn) => {
      expect(remap(drawn, 0, 2, 2, FIXED, 4)).toBe(page(4));
      expect(drawn.draw()).toBe('...BCCD');
    });
  });

  it('merges there, with whom it fits', () => {
    inEachProfile('AA.B..CC', {}, (drawn) => {
      expect(remap(drawn, 0, 2, 2, FIXED, 4)).toBe(page(4));
      expect(drawn.draw()).toBe('...BBBBB');
    });
  });

  it('shrinks on the way: the tail of the source goes', () => {
    inEachProfile('AAAA....', {}, (drawn) => {
      expect(remap(drawn, 0, 4, 2, FIXED, 5)).toBe(page(5));
      expect(drawn.draw()).toBe('.....BB.');
    });
  });

  it('grows on the way', () => {
    inEachProfile('AA......', {}, (drawn) => {
      expect(remap(drawn, 0, 2, 3, FIXED, 4)).toBe(page(4));
      expect(drawn.draw()).toBe('....BBB.');
    });
  });

  it('tells page tables to carry over, then to drop the source', () => {
    const { calls, pageOps } = pageCalls();
    const drawn = mmFromDiagram('.AAAA....', { pageOps, letters: { A: { anonVma: 1 } } });
    const source = drawn.ref('A');
    remap(drawn, 2, 2, 2, FIXED, 6);
    const copy = drawn.mm.findVma(page(6));
    expect(calls).toEqual([
      ['movePageTables', source, page(2), copy, page(6), page(2)],
      ['unmapRegion', page(2), page(4), page(2), page(4)],
    ]);
  });

  it('old size 0 maps a shared object once more, and leaves the source alone', () => {
    const shared = { A: { flags: 'rd wr sh mr mw me ms', file: 1, pgoff: 3 } };
    inEachProfile('AAAA....', { letters: shared }, (drawn) => {
      expect(remap(drawn, 1, 0, 2, FIXED, 5)).toBe(page(5));
      expect(drawn.draw()).toBe('AAAA.BB.');
      expect(pgoffs(drawn)).toEqual([3, 4]);
    });
  });

  it.each<[string, string, number, number, number, number, number, Errno]>([
    ['an unaligned new address', 'AA...', 0, 2, 2, FIXED, 3.5, 'EINVAL'],
    ['a new size of 0', 'AA...', 0, 2, 0, FIXED, 3, 'EINVAL'],
    ['overlap with its target', 'AAAA..', 0, 3, 3, FIXED, 2, 'EINVAL'],
    ['MREMAP_FIXED alone', 'AA...', 0, 2, 2, MREMAP_FIXED, 3, 'EINVAL'],
    ['MREMAP_DONTUNMAP alone', 'AA...', 0, 2, 2, MREMAP_DONTUNMAP, 3, 'EINVAL'],
    ['MREMAP_DONTUNMAP that changes the size', 'AA...', 0, 2, 1, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 3, 'EINVAL'],
    ['unknown flags', 'AA...', 0, 2, 2, 8, 0, 'EINVAL'],
    ['an unaligned old address', 'AA...', 0.5, 2, 2, 0, 0, 'EINVAL'],
    ['a target past user space', 'AA...', 0, 2, 2, FIXED, 2 ** 35, 'EINVAL'],
    ['a hole at its start', '.A...', 0, 1, 1, FIXED, 3, 'EFAULT'],
  ])('refuses %s', (_, drawing, at, pages, newPages, flags, to, errno) => {
    inEachProfile(drawing, {}, (drawn) => {
      expect(remap(drawn, at, pages, newPages, flags, to)).toBe(errno);
      expect(drawn.draw()).toBe(drawing);
    });
  });

  it('refuses sealed memory, there and here', () => {
    inEachProfile('S..A', { letters: { S: { flags: 'rd mr sl' } } }, (drawn) => {
      expect(remap(drawn, 0, 1, 1, FIXED, 2)).toBe('EPERM');
      expect(remap(drawn, 3, 1, 1, FIXED, 0)).toBe('EPERM');
      expect(remap(drawn, 0, 1, 2)).toBe('EPERM');
      expect(drawn.draw()).toBe('S..A');
    });
  });

  it('does not shrink sealed memory', () => {
    inEachProfile('SS', { letters: { S: { flags: 'rd mr sl' } } }, (drawn) => {
      expect(remap(drawn, 0, 2, 1)).toBe('EPERM');
      expect(drawn.draw()).toBe('SS');
    });
  });
});

describe('mremap over several VMAs', () => {
  const letters: DiagramOptions['letters'] = { B: { flags: 'rd mr mw me' } };

  it('that keeps the size moves each, and keeps holes, from 6.18 on', () => {
    inEachProfile('AAB.C.......', { letters, only: FROM_618 }, (drawn) => {
      expect(remap(drawn, 0, 5, 5, FIXED, 6)).toBe(page(6));
      expect(drawn.draw()).toBe('......DDE.F.');
    });
  });

  it('is EFAULT before, and the target is unmapped by then', () => {
    inEachProfile('AAB..XX...', { letters, only: BEFORE_618 }, (drawn) => {
      expect(remap(drawn, 0, 3, 3, FIXED, 5)).toBe('EFAULT');
      expect(drawn.draw()).toBe('AAB.......');
    });
  });

  it('stops at a sealed one: those before it have moved', () => {
    inEachProfile('ASB.....', { letters: { ...letters, S: { flags: 'rd mr sl' } }, only: FROM_618 }, (drawn) => {
      expect(remap(drawn, 0, 3, 3, FIXED, 4)).toBe('EPERM');
      expect(drawn.draw()).toBe('.SB.C...');
    });
  });

  it('is EFAULT where one of them chooses its own addresses, as SysV memory does', () => {
    const options: DiagramOptions = {
      letters: { B: { file: 1, flags: 'rd wr sh mr mw me ms' } },
      files: [{ id: 1, ownGetUnmappedArea: true }],
    };
    inEachProfile('AB......', { ...options, only: FROM_618 }, (drawn) => {
      expect(remap(drawn, 0, 2, 2, FIXED, 4)).toBe('EFAULT');
      expect(drawn.draw()).toBe('.B..C...');
    });
    inEachProfile('B.......', { ...options, only: FROM_618 }, (drawn) => {
      expect(remap(drawn, 0, 1, 1, FIXED, 4)).toBe(page(4));
    });
  });

  it('is EFAULT where it grows, in every profile', () => {
    inEachProfile('AAB.....', { letters }, (drawn) => {
      expect(remap(drawn, 0, 3, 4, FIXED, 4)).toBe('EFAULT');
      expect(drawn.draw()).toBe('AAB.....');
    });
  });

  it('that shrinks to one VMA succeeds in every profile: the tail goes first', () => {
    inEachProfile('AAB.....', { letters }, (drawn) => {
      expect(remap(drawn, 0, 3, 2, FIXED, 4)).toBe(page(4));
      expect(drawn.draw()).toBe('....CC..');
    });
  });
});

describe('a refused mremap to an address', () => {
  const letters: DiagramOptions['letters'] = { B: { flags: 'rd mr mw me' } };

  it('of old size 0 on private memory: the target is gone already up to 6.16, untouched from 6.18', () => {
    inEachProfile('AA..BBB.', { letters }, (drawn, profile) => {
      expect(remap(drawn, 0, 0, 2, FIXED, 4)).toBe('EINVAL');
      expect(drawn.draw()).toBe(BEFORE_618.includes(profile.name) ? 'AA....B.' : 'AA..BBB.');
    });
  });

  it('that overlaps and is sealed: EPERM first up to 6.16, EINVAL from 6.18', () => {
    inEachProfile('SSSS', { letters: { S: { flags: 'rd mr sl' } } }, (drawn, profile) => {
      expect(remap(drawn, 0, 2, 2, FIXED, 1)).toBe(BEFORE_618.includes(profile.name) ? 'EPERM' : 'EINVAL');
    });
  });

  it('that overlaps and is unmapped: EFAULT first up to 6.16, EINVAL from 6.18', () => {
    inEachProfile('....', {}, (drawn, profile) => {
      expect(remap(drawn, 0, 2, 2, FIXED, 1)).toBe(BEFORE_618.includes(profile.name) ? 'EFAULT' : 'EINVAL');
    });
  });
});

describe('MREMAP_DONTUNMAP', () => {
  const flags = FIXED | MREMAP_DONTUNMAP;

  it('leaves the source, without locks, and without its anon_vma if all of it moved', () => {
    const letters = { A: { flags: 'rd wr mr mw me lo lf ac', anonVma: 1 } };
    inEachProfile('AA......', { letters }, (drawn, profile) => {
      expect(remap(drawn, 0, 2, 2, flags, 5)).toBe(page(5));
      expect(drawn.draw()).toBe('AA...BB.');
      const left = profile.name === '6.16' ? 'rd wr mr mw me' : 'rd wr mr mw me ac';
      expect(flagsOfVmas(drawn)).toEqual([left, 'rd wr mr mw me lo lf ac']);
      expect(drawn.mm.vmas()).toMatchObject([
        { anonVma: null, anonVmaChain: 0 },
        { anonVma: 1, anonVmaChain: 1, vmPgoff: 0 },
      ]);
    });
  });

  it.each(UP_TO_619)('of a part keeps the anon_vma of the source, and takes the locks off all of it in %s', (name) => {
    const letters = { A: { flags: 'rd wr mr mw me lo ac', anonVma: 1 } };
    inEachProfile('AAAA....', { letters, only: [name] }, (drawn, profile) => {
      expect(remap(drawn, 1, 2, 2, flags, 5)).toBe(page(5));
      expect(drawn.draw()).toBe('AAAA.BB.');
      expect(drawn.mm.vmas()).toMatchObject([{ anonVma: 1 }, { anonVma: 1, vmPgoff: 1 }]);
      expect(flagsOfVmas(drawn)[0]).toBe(profile.name === '6.16' ? 'rd wr mr mw me' : 'rd wr mr mw me ac');
    });
  });

  it('of a part of a locked VMA makes the part a VMA of its own first in 7.3: the rest stays locked', () => {
    const letters = { A: { flags: 'rd wr mr mw me lo ac', anonVma: 1 } };
    inEachProfile('AAAA....', { letters, only: ['7.3'] }, (drawn) => {
      expect(remap(drawn, 1, 2, 2, flags, 5)).toBe(page(5));
      expect(drawn.draw()).toBe('ABBC.DD.');
      const [locked, unlocked] = ['rd wr mr mw me lo ac', 'rd wr mr mw me ac'];
      expect(flagsOfVmas(drawn)).toEqual([locked, unlocked, locked, locked]);
      expect(drawn.mm.vmas().map(({ anonVma }) => anonVma)).toEqual([1, null, 1, 1]);
    });
  });

  it('in 7.3 what it left unlocked does not merge with an unlocked neighbour', () => {
    const letters = { A: { flags: 'rd wr mr mw me lo ac' }, B: { flags: 'rd wr mr mw me ac' } };
    inEachProfile('AAAABB....', { letters, only: ['7.3'] }, (drawn) => {
      expect(remap(drawn, 2, 2, 2, flags, 7)).toBe(page(7));
      expect(drawn.draw()).toBe('AACCBB.DD.');
    });
  });

  it('in 7.3 the copy may merge with a part of its locked source that did not move', () => {
    const letters = { A: { flags: 'mr mw me lo' } };
    inEachProfile('AAAAAA..', { letters, only: ['7.3'] }, (drawn) => {
      expect(remap(drawn, 2, 2, 2, flags, 6)).toBe(page(6));
      expect(flagsOfVmas(drawn)).toEqual(['mr mw me lo', 'mr mw me', 'mr mw me lo']);
      expect(drawn.mm.vmas().map(({ vmStart, vmEnd }) => [vmStart, vmEnd])).toEqual([
        [page(0), page(2)],
        [page(2), page(4)],
        [page(4), page(8)],
      ]);
    });
  });

  it('of a part of what is not locked splits nothing', () => {
    inEachProfile('AAAA....', {}, (drawn) => {
      expect(remap(drawn, 1, 2, 2, flags, 5)).toBe(page(5));
      expect(drawn.draw()).toBe('AAAA.BB.');
    });
  });

  it('on 6.16 the source loses ACCOUNT, so that what is mapped beside it stays apart', () => {
    inEachProfile('AA..BB', {}, (drawn, profile) => {
      remap(drawn, 0, 2, 2, flags, 8);
      remap(drawn, 4, 2, 2, FIXED, 2);
      expect(drawn.mm.vmaLookup(0) === drawn.mm.vmaLookup(page(2))).toBe(profile.name !== '6.16');
    });
  });

  it.each(UP_TO_619)('of memory that was never written, right beside itself, merges with its source in %s', (name) => {
    inEachProfile('A...', { only: [name] }, (drawn) => {
      expect(remap(drawn, 0, 1, 1, flags, 1)).toBe(page(1));
      expect(drawn.draw()).toBe('AA..');
    });
  });

  it('stays apart from its source in 7.3', () => {
    inEachProfile('A...', { only: ['7.3'] }, (drawn) => {
      expect(remap(drawn, 0, 1, 1, flags, 1)).toBe(page(1));
      expect(drawn.draw()).toBe('AB..');
    });
  });

  it('without an address lets one be chosen, or takes the hint', () => {
    inEachProfile('AA......', { mmapBase: page(8) }, (drawn) => {
      expect(remap(drawn, 0, 2, 2, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 4)).toBe(page(4));
    });
  });

  it.each(['de', 'pf'])('is EINVAL of special memory: %s', (flag) => {
    inEachProfile('A...', { letters: { A: { flags: `rd mr ${flag}` } } }, (drawn) => {
      expect(remap(drawn, 0, 1, 1, flags, 2)).toBe('EINVAL');
    });
  });

  it('does not unmap, and carries page tables over', () => {
    const { calls, pageOps } = pageCalls();
    const drawn = mmFromDiagram('AA......', { pageOps, letters: { A: { anonVma: 1 } } });
    remap(drawn, 0, 2, 2, flags, 5);
    expect(calls).toEqual([['movePageTables', drawn.ref('A'), 0, drawn.mm.findVma(page(5)), page(5), page(2)]]);
  });
});

describe('the anon_vma of what moves and merges', () => {
  const letters: DiagramOptions['letters'] = { A: { file: 1 }, B: { file: 1, pgoff: 2, anonVma: 5, anonPgoff: 2 } };
  const move = (drawn: DrawnMm): string => {
    remap(drawn, 6, 2, 2, FIXED, 2);
    return drawn.draw();
  };

  it('keeps it apart from memory that was never written in 6.12', () => {
    inEachProfile('AA....BB', { letters, only: ['6.12'] }, (drawn) => expect(move(drawn)).toBe('AACC....'));
  });

  it('is lost in 6.16: fork then copies nothing', () => {
    inEachProfile('AA....BB', { letters, only: ['6.16'] }, (drawn) => {
      expect(move(drawn)).toBe('AAAA....');
      expect(drawn.mm.vmas()).toMatchObject([{ anonVma: null }]);
    });
  });

  it('is carried over from 6.18 on', () => {
    inEachProfile('AA....BB', { letters, only: FROM_618 }, (drawn) => {
      expect(move(drawn)).toBe('AAAA....');
      expect(drawn.mm.vmas()).toMatchObject([{ anonVma: 5, anonVmaChain: 1 }]);
    });
  });

  it('its anonymous offset keeps a written private file mapping apart in 7.3, once it has moved', () => {
    const moved = { ...letters, B: { ...letters.B, anonPgoff: 6 } };
    inEachProfile('AA....BB', { letters: moved, only: ['6.18', '6.19'] }, (drawn) =>
      expect(move(drawn)).toBe('AAAA....'),
    );
    inEachProfile('AA....BB', { letters: moved, only: ['7.3'] }, (drawn) => expect(move(drawn)).toBe('AACC....'));
  });
});
