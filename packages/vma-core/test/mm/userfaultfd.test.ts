import { describe, expect, it } from 'vitest';
import { type DiagramOptions, type DrawnMm, mmFromDiagram } from '../../src/diagram/index.ts';
import { type Errno, MREMAP_FIXED, MREMAP_MAYMOVE, type UffdContext } from '../../src/index.ts';
import { mremap, type UffdMode, uffdRegister, uffdRelease, uffdUnregister } from '../../src/mm/index.ts';
import { flagsOfVmas, inEachProfile, page } from '../support/inEachProfile.ts';
import { pageCalls } from '../support/pageCalls.ts';

const context = (id: number, features: Partial<UffdContext> = {}): UffdContext => ({
  id,
  eventFork: false,
  eventRemap: false,
  unpopulated: false,
  async: false,
  rwp: false,
  ...features,
});
const ONE = context(1);
const TWO = context(2);
const WP: UffdMode = { wp: true };
const MISSING: UffdMode = { missing: true };

const registered = (drawn: DrawnMm): string[] =>
  drawn.mm.vmas().map(({ userfaultfd }, i) => {
    const modes = flagsOfVmas(drawn)
      [i]?.split(' ')
      .filter((flag) => ['um', 'uw', 'ui', 'ur'].includes(flag));
    return [userfaultfd ?? '-', ...(modes ?? [])].join(' ');
  });

describe('uffdRegister', () => {
  it('registers what is mapped, holes are passed over, and cuts and merges as madvise does', () => {
    inEachProfile('AAAA.BB', {}, (drawn) => {
      expect(uffdRegister(drawn.mm, ONE, page(2), page(5), WP)).toBe(0);
      expect(drawn.draw()).toBe('AACC.BB');
      expect(registered(drawn)).toEqual(['-', '1 uw', '1 uw']);
      expect(uffdRegister(drawn.mm, ONE, 0, page(2), WP)).toBe(0);
      expect(drawn.draw()).toBe('CCCC.BB');
    });
  });

  it('keeps ranges of different userfaultfds, and of different modes, apart', () => {
    inEachProfile('AABBCC', { all: { flags: 'rd wr mr mw' } }, (drawn) => {
      uffdRegister(drawn.mm, ONE, 0, page(2), WP);
      uffdRegister(drawn.mm, TWO, page(2), page(2), WP);
      uffdRegister(drawn.mm, TWO, page(4), page(2), MISSING);
      expect(registered(drawn)).toEqual(['1 uw', '2 uw', '2 um']);
    });
  });

  const kinds: DiagramOptions = {
    letters: {
      A: { flags: 'rd wr mr mw io' },
      F: { flags: 'rd wr mr mw', file: 1 },
      M: { flags: 'rd wr sh mr mw ms', file: 2 },
      R: { flags: 'rd mr ms', file: 2 },
      U: { flags: 'rd wr mr mw uw', userfaultfd: 2 },
    },
    files: [{ id: 1 }, { id: 2, shmem: true }],
  };
  it.each<[string, number, number, 0 | Errno]>([
    ['anonymous memory', 0, 1, 0],
    ['tmpfs', 6, 1, 0],
    ['no length', 0, 0, 'EINVAL'],
    ['an unaligned start', 0.5, 1, 'EINVAL'],
    ['half a page', 0, 0.5, 'EINVAL'],
    ['nothing mapped', 1, 1, 'EINVAL'],
    ['a file that is no tmpfs', 4, 1, 'EINVAL'],
    ['what may never be written', 8, 1, 'EPERM'],
    ['what another userfaultfd has', 10, 1, 'EBUSY'],
    ['several, one of a kind that cannot: nothing is done', 0, 5, 'EINVAL'],
  ])('of %s: %4$s', (_, at, pages, result) => {
    inEachProfile('B.A.F.M.R.U', kinds, (drawn) => {
      const before = registered(drawn);
      expect(uffdRegister(drawn.mm, ONE, page(at), page(pages), WP)).toBe(result);
      if (result !== 0) expect(registered(drawn)).toEqual(before);
    });
  });

  it('of no mode, or of one that is not known there, is EINVAL', () => {
    inEachProfile('A', {}, ({ mm }, profile) => {
      expect(uffdRegister(mm, ONE, 0, page(1), {})).toBe('EINVAL');
      expect(uffdRegister(mm, ONE, 0, page(1), { rwp: true })).toBe('EINVAL');
      const known = uffdRegister(mm, context(1, { rwp: true }), 0, page(1), { rwp: true });
      expect(known).toBe(profile.name === '7.3' ? 0 : 'EINVAL');
    });
  });

  it('of droppable memory is EINVAL from 6.18 on', () => {
    inEachProfile('A', { letters: { A: { flags: 'rd wr mr mw nr wf dd dp' } } }, ({ mm }, profile) => {
      const older = ['6.12', '6.16'].includes(profile.name);
      expect(uffdRegister(mm, ONE, 0, page(1), WP)).toBe(older ? 0 : 'EINVAL');
    });
  });

  it('with WP_ASYNC and nothing but write-protection takes every kind of file', () => {
    inEachProfile('F', { letters: { F: { file: 1 } } }, ({ mm }) => {
      const async = context(1, { async: true });
      expect(uffdRegister(mm, async, 0, page(1), { wp: true, missing: true })).toBe('EINVAL');
      expect(uffdRegister(mm, async, 0, page(1), WP)).toBe(0);
    });
  });

  it('a second time, of what it has: nothing changes', () => {
    inEachProfile('AB', { all: { flags: 'rd wr mr mw um uw', userfaultfd: 1 } }, (drawn) => {
      expect(uffdRegister(drawn.mm, ONE, 0, page(2), WP)).toBe(0);
      expect(drawn.draw()).toBe('AB');
      expect(registered(drawn)).toEqual(['1 um uw', '1 um uw']);
    });
  });

  it('a second time, losing write-protection: EBUSY in 7.3, else the mode is exchanged', () => {
    inEachProfile('A', { all: { flags: 'rd wr mr mw uw', userfaultfd: 1 } }, (drawn, profile) => {
      const refused = profile.name === '7.3';
      expect(uffdRegister(drawn.mm, ONE, 0, page(1), MISSING)).toBe(refused ? 'EBUSY' : 0);
      expect(registered(drawn)).toEqual([refused ? '1 uw' : '1 um']);
    });
  });
});

describe('uffdUnregister', () => {
  it('takes flags and context away, clears page tables, and merges', () => {
    const { calls, pageOps } = pageCalls();
    const drawn = mmFromDiagram('AABB', { pageOps, letters: { B: { flags: 'rd wr mr mw me uw ac', userfaultfd: 1 } } });
    const b = drawn.ref('B');
    expect(uffdUnregister(drawn.mm, ONE, 0, page(4))).toBe(0);
    expect(drawn.draw()).toBe('AAAA');
    expect(registered(drawn)).toEqual(['-']);
    expect(calls).toEqual([['uffdClear', b, page(2), page(4)]]);
  });

  it('through another userfaultfd is EINVAL from 6.18 on', () => {
    inEachProfile('A', { all: { flags: 'rd wr mr mw uw', userfaultfd: 1 } }, (drawn, profile) => {
      const older = ['6.12', '6.16'].includes(profile.name);
      expect(uffdUnregister(drawn.mm, TWO, 0, page(1))).toBe(older ? 0 : 'EINVAL');
      expect(registered(drawn)).toEqual([older ? '-' : '1 uw']);
    });
  });

  it.each<[string, string, number, number]>([
    ['nothing mapped', 'A..', 1, 1],
    ['an unaligned start', 'A..', 0.5, 1],
    ['a kind that cannot be registered', 'F..', 0, 1],
  ])('of %s is EINVAL', (_, drawing, at, pages) => {
    const letters = drawing.includes('F') ? { F: { file: 1 } } : {};
    inEachProfile(drawing, { letters }, ({ mm }) => {
      expect(uffdUnregister(mm, ONE, page(at), page(pages))).toBe('EINVAL');
    });
  });
});

describe('uffdRelease', () => {
  it('unregisters all ranges of the userfaultfd that was closed, and no other', () => {
    const letters = {
      A: { flags: 'rd wr mr mw uw', userfaultfd: 1 },
      B: { flags: 'rd wr mr mw uw', userfaultfd: 2 },
      C: { flags: 'rd wr mr mw um', userfaultfd: 1 },
      D: { flags: 'rd wr mr mw' },
    };
    inEachProfile('A.BCD', { letters }, (drawn) => {
      uffdRelease(drawn.mm, 1);
      expect(registered(drawn)).toEqual(['-', '2 uw', '-']);
      expect(drawn.draw()).toBe('A.BDD');
    });
  });
});

describe('mremap of a registered range', () => {
  const FIXED = MREMAP_MAYMOVE | MREMAP_FIXED;
  const letters = {
    A: { flags: 'rd wr mr mw uw', userfaultfd: 1 },
    B: { flags: 'rd wr mr mw uw', userfaultfd: 1 },
  };
  const move = (drawn: DrawnMm, features: Partial<UffdContext>): string[] => {
    drawn.mm.uffdContexts.set(1, context(1, features));
    mremap(drawn.mm, { oldAddr: page(6), oldLength: page(2), newLength: page(2), flags: FIXED, newAddr: page(2) });
    return registered(drawn);
  };

  it('stays registered with EVENT_REMAP', () => {
    inEachProfile('AA....BB', { letters }, (drawn) => expect(move(drawn, { eventRemap: true })).toEqual(['1 uw']));
  });

  it('without it is unregistered; up to 6.19 its neighbour too, with which it merged first', () => {
    inEachProfile('AA....BB', { letters }, (drawn, profile) => {
      expect(move(drawn, {})).toEqual(profile.name === '7.3' ? ['1 uw', '-'] : ['-']);
    });
  });

  it('does not move together with others: EFAULT', () => {
    const only = ['6.18', '6.19', '7.3'];
    inEachProfile('AC......', { letters: { A: letters.A }, only }, (drawn) => {
      const request = { oldAddr: 0, oldLength: page(2), newLength: page(2), flags: FIXED, newAddr: page(4) };
      expect(mremap(drawn.mm, request)).toBe('EFAULT');
      expect(drawn.draw()).toBe('AC......');
    });
  });
});
