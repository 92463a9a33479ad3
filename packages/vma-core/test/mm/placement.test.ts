import { describe, expect, it } from 'vitest';
import { type DiagramOptions, mmFromDiagram } from '../../src/diagram/index.ts';
import {
  type Errno,
  kernelProfile,
  MAP_32BIT,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MAP_SHARED,
  Mm,
  PMD_SIZE,
  PROT_READ,
  TASK_SIZE,
} from '../../src/index.ts';
import { getUnmappedArea, isLowPlace, mmap, roundHintToMin, STACK_GUARD_GAP, vmStartGap } from '../../src/mm/index.ts';
import { inEachProfile, page } from '../support/inEachProfile.ts';

const ANON = MAP_PRIVATE | MAP_ANONYMOUS;
/** Away from the lowest address that placement gives, 0x10000. */
const BASE = 0x40_0000;

/** Maps `pages` without MAP_FIXED, and gives the column where it landed. The end of the drawing is where the search starts. */
function place(drawing: string, pages: number, hint = 0, options: DiagramOptions = {}): number | Errno {
  const { mm } = mmFromDiagram(drawing, { base: BASE, mmapBase: BASE + page(drawing.length), ...options });
  const addr = hint === 0 ? 0 : BASE + page(hint);
  const at = mmap(mm, { addr, length: page(pages), prot: PROT_READ, flags: ANON });
  return typeof at === 'string' ? at : (at - BASE) / page(1);
}

describe('without a hint', () => {
  it.each([
    ['the end, where it is free', 'A.......', 2, 6],
    ['below what is at the end', 'A......B', 2, 5],
    ['the highest hole that fits', 'A..B..C.', 2, 4],
    ['at the upper end of the hole', 'A....B', 2, 3],
    ['past holes that are too small', '.....A.B.C', 2, 3],
    ['a hole that fits exactly', 'A..BC', 2, 1],
    ['below everything', '....AAAA', 4, 0],
    ['further down than the drawing', 'AAAA', 1, -1],
  ])('%s: %s', (_, drawing, pages, at) => {
    expect(place(drawing, pages)).toBe(at);
  });

  it('what lies above the start of the search is no matter', () => {
    const options = { mmapBase: BASE + page(4) };
    expect(place('AA..BB..', 1, 0, options)).toBe(3);
    expect(place('AA.BBB..', 1, 0, options)).toBe(2);
    expect(place('AAAABB..', 1, 0, options)).toBe(-1);
  });

  it('merges with what it lands beside', () => {
    inEachProfile('....AA', { base: BASE, mmapBase: BASE + page(6), all: { flags: 'rd mr mw me' } }, (drawn) => {
      mmap(drawn.mm, { length: page(2), prot: PROT_READ, flags: ANON });
      expect(drawn.draw()).toBe('..AAAA');
    });
  });
});

describe('with a hint', () => {
  it.each([
    ['is taken where it is free', 'A.......', 3, 3],
    ['is taken right beside others', 'AA..BB', 2, 2],
    ['is not where it overlaps', 'AA..BB', 3, 2],
    ['is not where it overlaps from below', 'AA..BBB.', 1, 2],
  ])('it %s: %s', (_, drawing, hint, at) => {
    expect(place(drawing, 2, hint)).toBe(at);
  });

  it('is rounded down to a page', () => {
    const mm = new Mm({ profile: kernelProfile('6.19') });
    expect(mmap(mm, { addr: BASE + 777, length: 1, prot: PROT_READ, flags: ANON })).toBe(BASE);
  });

  it('past user space is not taken', () => {
    const mm = new Mm({ profile: kernelProfile('6.19') });
    const at = mmap(mm, { addr: TASK_SIZE - page(1), length: page(2), prot: PROT_READ, flags: ANON });
    expect(at).toBe(mm.mmapBase - page(2));
  });

  it('above where the search starts is taken', () => {
    expect(place('AA......', 1, 7, { mmapBase: BASE + page(4) })).toBe(7);
  });
});

describe('a growing stack keeps 256 pages free below it', () => {
  const gap = STACK_GUARD_GAP / page(1);
  const drawing = `${'.'.repeat(gap + 20)}A`;
  const options = { letters: { A: { flags: 'rd wr mr mw me gd ac' } } };

  it('against placement', () => {
    expect(place(drawing, 2, 0, options)).toBe(18);
  });

  it('against hints', () => {
    expect(place(drawing, 1, 20, options)).toBe(19);
    expect(place(drawing, 1, 5, options)).toBe(5);
  });

  it('not against MAP_FIXED', () => {
    const { mm } = mmFromDiagram(drawing, { base: BASE, ...options });
    const addr = BASE + page(gap + 10);
    expect(mmap(mm, { addr, length: page(1), prot: PROT_READ, flags: ANON | MAP_FIXED })).toBe(addr);
  });

  it('of which vmStartGap tells, never below 0', () => {
    const drawn = mmFromDiagram('.AB', { letters: { A: { flags: 'rd gd' } } });
    expect(vmStartGap(drawn.mm, drawn.ref('A'))).toBe(0);
    expect(vmStartGap(drawn.mm, drawn.ref('B'))).toBe(page(2));
    const far = mmFromDiagram('A', { base: BASE, letters: { A: { flags: 'rd gd' } } });
    expect(vmStartGap(far.mm, far.ref('A'))).toBe(Math.max(0, BASE - STACK_GUARD_GAP));
  });
});

describe('2 MiB', () => {
  const huge = PMD_SIZE;
  const area = (mm: Mm, file: number, length: number, pgoff: number, flags: number): number | Errno =>
    getUnmappedArea(mm, file, 0, length, pgoff, flags);
  const empty = (): Mm => {
    // The search starts one page below a boundary.
    const mm = new Mm({ profile: kernelProfile('6.19'), mmapBase: 64 * huge - page(1) });
    mm.addFile({ id: 1, thpAligned: true });
    mm.addFile({ id: 2 });
    return mm;
  };

  it.each<[string, number, number, number, number, number]>([
    ['private anonymous memory of whole 2 MiB is aligned', 0, huge, 0, 0, 62 * huge],
    ['and of twice that', 0, 2 * huge, 0, 0, 61 * huge],
    ['one page more is not', 0, huge + page(1), 0, 0, 63 * huge - page(2)],
    ['shared anonymous memory is not', 0, huge, 0, MAP_SHARED, 63 * huge - page(1)],
    ['a file whose file system asks for it is, of 2 MiB', 1, huge, 0, 0, 62 * huge],
    ['or more', 1, huge + page(3), 0, 0, 62 * huge],
    ['its shared mappings too', 1, huge, 0, MAP_SHARED, 62 * huge],
    ['but not of less', 1, huge - page(1), 0, 0, 63 * huge],
    [
      'where the offset in the file is no boundary, memory and file are aligned alike',
      1,
      2 * huge,
      3,
      0,
      61 * huge + page(3),
    ],
    ['too little is left behind such an offset', 1, huge, 3, 0, 63 * huge - page(1)],
    ['other files are not', 2, huge, 0, 0, 63 * huge - page(1)],
  ])('%s', (_, file, length, pgoff, flags, at) => {
    expect(area(empty(), file, length, pgoff, flags)).toBe(at);
  });

  /** Fills what lies on both sides of one hole of 2 MiB and a page, which begins a page above a boundary. */
  const oneHole = (top: number): Mm => {
    const mm = empty();
    for (const [from, to] of [
      [0x1_0000, 8 * huge + page(1)],
      [9 * huge + page(2), top],
    ] as const) {
      mmap(mm, { addr: from, length: to - from, prot: PROT_READ, flags: ANON | MAP_FIXED });
    }
    return mm;
  };

  it('with room for just the size and nowhere for more, it is not aligned', () => {
    expect(area(oneHole(TASK_SIZE), 0, huge, 0, 0)).toBe(8 * huge + page(2));
  });

  it('with room for more only above where the search starts, it goes there first', () => {
    const at = area(oneHole(64 * huge), 0, huge, 0, 0);
    expect(at).toBe(Math.ceil(TASK_SIZE / 3 / huge) * huge);
  });

  it('a hole with 2 MiB to spare is aligned within it', () => {
    const mm = empty();
    const fill = (from: number, to: number): unknown =>
      mmap(mm, { addr: from, length: to - from, prot: PROT_READ, flags: ANON | MAP_FIXED });
    fill(10 * huge + page(1), 64 * huge);
    expect(area(mm, 0, huge, 0, 0)).toBe(9 * huge);
  });
});

describe('when nothing is free below where the search starts', () => {
  const UNMAPPED_BASE = Math.ceil(TASK_SIZE / 3 / page(1)) * page(1);

  it('the lowest hole from a third of user space up is taken', () => {
    expect(place('A', 1, 0, { mmapBase: 0x1_0000 })).toBe((UNMAPPED_BASE - BASE) / page(1));
  });

  it('that fits', () => {
    const options = { base: UNMAPPED_BASE, mmapBase: 0x1_0000 };
    const { mm } = mmFromDiagram('AA.B..C', options);
    expect(getUnmappedArea(mm, 0, 0, page(2), 0, 0)).toBe(UNMAPPED_BASE + page(4));
    expect(getUnmappedArea(mm, 0, 0, page(3), 0, 0)).toBe(UNMAPPED_BASE + page(7));
  });

  it('past the gap of a growing stack', () => {
    const options = { base: UNMAPPED_BASE, mmapBase: 0x1_0000, letters: { B: { flags: 'rd gd' } } };
    const { mm } = mmFromDiagram('A...B', options);
    expect(getUnmappedArea(mm, 0, 0, page(1), 0, 0)).toBe(UNMAPPED_BASE + page(5));
  });

  it('and where nothing is free at all, or the size is absurd, it is ENOMEM', () => {
    const mm = new Mm({ profile: kernelProfile('6.19'), mmapBase: 0x1_0000 });
    expect(getUnmappedArea(mm, 0, 0, TASK_SIZE - UNMAPPED_BASE, 0, 0)).toBe(UNMAPPED_BASE);
    expect(getUnmappedArea(mm, 0, 0, TASK_SIZE - UNMAPPED_BASE + page(1), 0, 0)).toBe('ENOMEM');
    expect(getUnmappedArea(mm, 0, 0, TASK_SIZE + page(1), 0, 0)).toBe('ENOMEM');
  });
});

describe('MAP_FIXED', () => {
  it('is the address itself, unless it leaves user space or is no page', () => {
    const mm = new Mm({ profile: kernelProfile('6.19') });
    expect(getUnmappedArea(mm, 0, BASE, page(1), 0, MAP_FIXED)).toBe(BASE);
    expect(getUnmappedArea(mm, 0, TASK_SIZE, page(1), 0, MAP_FIXED)).toBe('ENOMEM');
    expect(getUnmappedArea(mm, 0, BASE + 1, page(1), 0, MAP_FIXED)).toBe('EINVAL');
  });
});

describe('a hint below the lowest address', () => {
  it.each([
    [0, 0],
    [1, 0],
    [0x1000, 0x1_0000],
    [0xffff, 0x1_0000],
    [0x1_0fff, 0x1_0000],
    [0x1_1001, 0x1_1000],
  ])('0x%x is taken as 0x%x', (hint, taken) => {
    expect(roundHintToMin(hint)).toBe(taken);
  });
});

describe('MAP_32BIT', () => {
  const ask = (mm: Mm, hint: number, length: number): number | Errno =>
    getUnmappedArea(mm, 0, hint, length, 0, MAP_32BIT);
  const at = (mm: Mm, addr: number, length: number): void => {
    mmap(mm, { addr, length, prot: 0, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED });
  };

  it('is searched from 1 GiB up, and ends at 2 GiB', () => {
    const mm = new Mm({ profile: kernelProfile('6.18') });
    expect(ask(mm, 0, 0x1000)).toBe(0x4000_0000);
    at(mm, 0x4000_0000, 0x1000);
    expect(ask(mm, 0, 0x1000)).toBe(0x4000_1000);
    expect(ask(mm, 0, 0x4000_0000)).toBe('ENOMEM');
    expect(ask(mm, 0, 0x3fff_f000)).toBe(0x4000_1000);
  });

  it('takes a hint below 2 GiB, and no other', () => {
    const mm = new Mm({ profile: kernelProfile('6.18') });
    expect(ask(mm, 0x1000_0000, 0x1000)).toBe(0x1000_0000);
    expect(ask(mm, 0x7fff_f000, 0x2000)).toBe(0x4000_0000);
    expect(ask(mm, 0x7f00_0000_0000, 0x1000)).toBe(0x4000_0000);
  });

  it('may start up to 32 MiB higher', () => {
    const mm = new Mm({ profile: kernelProfile('6.18') });
    expect(isLowPlace(mm, 0x411d_3000, 0x1000)).toBe(true);
    expect(isLowPlace(mm, 0x4200_0000, 0x1000)).toBe(false);
    at(mm, 0x41ff_f000, 0x1000);
    expect(isLowPlace(mm, 0x4200_0000, 0x1000)).toBe(true);
    expect(isLowPlace(mm, 0x3fff_f000, 0x1000)).toBe(false);
  });
});
