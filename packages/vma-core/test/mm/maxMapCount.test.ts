import { describe, expect, it } from 'vitest';
import type { DrawnMm } from '../../src/diagram/index.ts';
import {
  DEFAULT_MAX_MAP_COUNT,
  type Errno,
  kernelProfile,
  MADV,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  Mm,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from '../../src/index.ts';
import {
  brk,
  madvise,
  mlock,
  mmap,
  mprotect,
  mremap,
  mseal,
  munlock,
  munmap,
  setBrk,
  uffdRegister,
} from '../../src/mm/index.ts';
import { inEachProfile, page } from '../support/inEachProfile.ts';

const RW = PROT_READ | PROT_WRITE;
const FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
const context = { id: 1, eventFork: false, eventRemap: false, unpopulated: false, async: false, rwp: false };

/** Runs a call with a number of VMAs of room below the limit; `slack` -1: one above it. */
function withSlack(
  drawing: string,
  slack: number,
  call: (drawn: DrawnMm) => unknown,
  check: (result: unknown, drawn: DrawnMm, profile: string) => void,
): void {
  inEachProfile(drawing, {}, (drawn, profile) => {
    drawn.mm.maxMapCount = drawn.mm.mapCount + slack;
    check(call(drawn), drawn, profile.name);
  });
}

describe('the limit is 65,530 unless an administrator changed it', () => {
  it('and the count reaches one more, by an mmap at the limit', () => {
    expect(DEFAULT_MAX_MAP_COUNT).toBe(65_530);
    const mm = new Mm({ profile: kernelProfile('6.19') });
    const map = (i: number): unknown => mmap(mm, { addr: page(2 * i), length: page(1), prot: PROT_READ, flags: FIXED });
    let mapped = 0;
    while (map(mapped) === page(2 * mapped)) mapped++;
    expect(mapped).toBe(DEFAULT_MAX_MAP_COUNT + 1);
    expect(mm.mapCount).toBe(DEFAULT_MAX_MAP_COUNT + 1);
    expect(map(DEFAULT_MAX_MAP_COUNT + 1)).toBe('ENOMEM');
    expect(mm.stats.peakMapCount).toBe(DEFAULT_MAX_MAP_COUNT + 1);
  });
});

describe('a new VMA', () => {
  const far = ({ mm }: DrawnMm): unknown => mmap(mm, { addr: page(8), length: page(1), prot: RW, flags: FIXED });
  const beside = ({ mm }: DrawnMm): unknown => mmap(mm, { addr: page(1), length: page(1), prot: RW, flags: FIXED });

  it('is allowed at the limit', () => {
    withSlack('A.B', 0, far, (result, { mm }) => {
      expect(result).toBe(page(8));
      expect(mm.mapCount).toBe(mm.maxMapCount + 1);
    });
  });

  it('is refused above it, even one that would merge and make the count smaller', () => {
    for (const call of [far, beside]) {
      withSlack('A.B', -1, call, (result, { mm }) => {
        expect(result).toBe('ENOMEM');
        expect(mm.mapCount).toBe(2);
      });
    }
  });

  it('by brk likewise', () => {
    const grow = ({ mm }: DrawnMm): unknown => {
      setBrk(mm, page(2));
      return brk(mm, page(4));
    };
    withSlack('A', 0, grow, (result) => expect(result).toBe(page(4)));
    withSlack('A', -1, grow, (result) => expect(result).toBe(page(2)));
  });
});

describe('a cut', () => {
  const middle = { start: page(1), length: page(1) };
  const cuts: readonly (readonly [string, Errno, (drawn: DrawnMm) => unknown])[] = [
    ['mprotect', 'ENOMEM', ({ mm }) => mprotect(mm, middle.start, middle.length, PROT_NONE)],
    ['mlock', 'ENOMEM', ({ mm }) => mlock(mm, middle.start, middle.length)],
    ['mseal', 'ENOMEM', ({ mm }) => mseal(mm, middle.start, middle.length)],
    ['userfaultfd', 'ENOMEM', ({ mm }) => uffdRegister(mm, context, middle.start, middle.length, { wp: true })],
    ['madvise', 'EAGAIN', ({ mm }) => madvise(mm, middle.start, middle.length, MADV.DONTFORK)],
  ];

  it.each(cuts)('by %s is %s at the limit, and nothing has changed', (_, errno, call) => {
    withSlack('AAA', 0, call, (result, drawn) => {
      expect(result).toBe(errno);
      expect(drawn.draw()).toBe('AAA');
    });
  });

  it.each(cuts)('by %s with room for one: the first stays, two VMAs that are alike', (_, errno, call) => {
    withSlack('AAA', 1, call, (result, drawn) => {
      expect(result).toBe(errno);
      expect(drawn.draw()).toBe('ABB');
      const [below, above] = drawn.mm.vmas();
      expect(above?.vmFlags).toBe(below?.vmFlags);
    });
  });

  it.each(cuts)('by %s with room for two succeeds', (_, _errno, call) => {
    withSlack('AAA', 2, call, (result, drawn) => {
      expect(result).toBe(0);
      expect(drawn.draw()).toBe('ABC');
    });
  });

  it('of several VMAs: those before it stay changed', () => {
    withSlack(
      'AABB',
      1,
      ({ mm }) => mprotect(mm, 0, page(3), PROT_READ),
      (result, drawn) => {
        expect(result).toBe(0);
        expect(drawn.draw()).toBe('AAAB');
      },
    );
    withSlack(
      'A.BB',
      0,
      ({ mm }) => madvise(mm, 0, page(3), MADV.DONTDUMP),
      (result, drawn) => {
        expect(result).toBe('EAGAIN');
        expect(drawn.draw()).toBe('A.BB');
      },
    );
  });

  it('of a page that stays locked leaves the two halves, until a later call there', () => {
    withSlack(
      'AAA',
      1,
      ({ mm }) => mprotect(mm, page(1), page(1), PROT_NONE),
      (_, drawn) => {
        drawn.mm.maxMapCount = 100;
        mlock(drawn.mm, page(1), page(2));
        munlock(drawn.mm, page(1), page(2));
        expect(drawn.draw()).toBe('AAA');
      },
    );
  });
});

describe('munmap', () => {
  it('in the middle of a VMA needs room for one, looked at before anything is done', () => {
    const call = ({ mm }: DrawnMm): unknown => munmap(mm, page(1), page(1));
    withSlack('AAA', 0, call, (result, drawn) => {
      expect(result).toBe('ENOMEM');
      expect(drawn.draw()).toBe('AAA');
    });
    withSlack('AAA', 1, call, (result, drawn) => {
      expect(result).toBe(0);
      expect(drawn.draw()).toBe('A.B');
    });
  });

  it.each([
    ['at a start', 0, 2],
    ['at an end', 2, 2],
    ['of all', 0, 4],
  ])('%s succeeds, even above the limit', (_, at, pages) => {
    for (const slack of [0, -1]) {
      withSlack(
        'AAAA',
        slack,
        ({ mm }) => munmap(mm, page(at), page(pages)),
        (result) => expect(result).toBe(0),
      );
    }
  });

  it('over the end of one and the start of the next succeeds', () => {
    withSlack(
      'AABB',
      0,
      ({ mm }) => munmap(mm, page(1), page(2)),
      (result, drawn) => {
        expect(result).toBe(0);
        expect(drawn.draw()).toBe('A..B');
      },
    );
  });
});

describe('MAP_FIXED over the middle of a VMA needs room for one', () => {
  it.each([
    ['other', PROT_NONE],
    ['the same', RW],
  ])('with %s attributes: it would merge only afterwards', (_, prot) => {
    const call = ({ mm }: DrawnMm): unknown => mmap(mm, { addr: page(1), length: page(1), prot, flags: FIXED });
    withSlack('AAA', 0, call, (result, drawn) => {
      expect(result).toBe('ENOMEM');
      expect(drawn.draw()).toBe('AAA');
    });
    withSlack('AAA', 1, call, (result) => expect(result).toBe(page(1)));
  });
});

describe('what needs no room', () => {
  it('guards, merges, and an edge that moves from one VMA to the next', () => {
    withSlack(
      'AA',
      -1,
      ({ mm }) => madvise(mm, page(1), page(1), MADV.GUARD_INSTALL),
      (result, _, profile) => {
        expect(result).toBe(profile === '6.12' ? 'EINVAL' : 0);
      },
    );
    inEachProfile('AABB', { letters: { B: { flags: 'rd mr mw me' } }, maxMapCount: 1 }, (drawn) => {
      // The start of B becomes like A: the edge moves, no VMA is made.
      expect(mprotect(drawn.mm, page(2), page(1), RW)).toBe(0);
      expect(drawn.draw()).toBe('AAAB');
      expect(mprotect(drawn.mm, page(3), page(1), RW)).toBe(0);
      expect(drawn.draw()).toBe('AAAA');
    });
  });
});

describe('mremap looks for room before anything is done', () => {
  const to =
    (flags: number) =>
    ({ mm }: DrawnMm): unknown =>
      mremap(mm, { oldAddr: 0, oldLength: page(1), newLength: page(1), flags, newAddr: page(6) });
  const move = to(MREMAP_MAYMOVE | MREMAP_FIXED);
  const dontUnmap = to(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP);
  const grow = ({ mm }: DrawnMm): unknown =>
    mremap(mm, { oldAddr: 0, oldLength: page(1), newLength: page(2), flags: 0 });
  const shrinkMiddle = ({ mm }: DrawnMm): unknown =>
    mremap(mm, { oldAddr: 0, oldLength: page(2), newLength: page(1), flags: 0 });

  /** Room that is enough, by profile; one less is not. */
  const enough = (call: (drawn: DrawnMm) => unknown, drawing: string, needs: (profile: string) => number): void => {
    for (let slack = -1; slack <= 7; slack++) {
      withSlack(drawing, slack, call, (result, drawn, profile) => {
        const expected = slack >= needs(profile) ? 'done' : 'ENOMEM';
        expect([slack, result === 'ENOMEM' ? 'ENOMEM' : 'done']).toEqual([slack, expected]);
        if (expected === 'ENOMEM') expect(drawn.draw()).toBe(drawing);
      });
    }
  };

  it('a move needs 6 up to 6.19, 4 in 7.3, even where fewer VMAs come of it', () => {
    enough(move, 'A.....', (profile) => (profile === '7.3' ? 4 : 6));
  });

  it('with MREMAP_DONTUNMAP 5 in 7.3', () => {
    enough(dontUnmap, 'A.....', (profile) => (profile === '7.3' ? 5 : 6));
  });

  it('growing in place needs none up to 6.19, 4 in 7.3', () => {
    enough(grow, 'A.....', (profile) => (profile === '7.3' ? 4 : -1));
  });

  it('shrinking in the middle needs what its cut needs up to 6.19, 4 in 7.3', () => {
    enough(shrinkMiddle, 'AAA...', (profile) => (profile === '7.3' ? 4 : 1));
  });
});
