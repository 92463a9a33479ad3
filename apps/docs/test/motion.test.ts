import { type MapState, scenarioOf, traceScenario } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { type BarMotion, motionBetween } from '../src/picture/motion.ts';

const VIEW = { from: 0, to: 20 };

/** The states after the last two calls. */
function lastTwo(lines: string): [MapState, MapState] {
  const { before, state } = traceScenario(scenarioOf('t', lines), { profile: '6.19' }).steps.at(-1)!;
  return [before, state];
}

const MERGE = 'mmap 2+4 r file0@2 shared; guard 4; mmap 8+4 r file0@8 shared; mmap 6+2 r file0@6 shared';
const of = (bars: readonly BarMotion[], letter: string) => bars.find((bar) => bar.letter === letter)!;

describe('a merge', () => {
  const [before, after] = lastTwo(MERGE);
  const { bars } = motionBetween(before, after, VIEW);

  it('starts where the VMAs were, meets in the middle, and ends as one', () => {
    expect(of(bars, 'A').frames).toEqual([
      { offset: 0, opacity: 1, left: 10, width: 20 },
      { offset: 0.55, opacity: 1, left: 10, width: 25 },
      { offset: 1, opacity: 1, left: 10, width: 50 },
    ]);
    expect(of(bars, 'B')).toEqual({
      letter: 'B',
      isGhost: true,
      frames: [
        { offset: 0, opacity: 1, left: 40, width: 20 },
        { offset: 0.55, opacity: 1, left: 35, width: 25 },
        { offset: 1, opacity: 0, left: 35, width: 25 },
      ],
    });
  });

  it('goes back as it came', () => {
    const back = motionBetween(after, before, VIEW).bars;
    for (const { letter, frames } of bars) {
      const mirrored = frames.map((frame) => ({ ...frame, offset: 1 - frame.offset })).reverse();
      expect(of(back, letter).frames).toEqual(mirrored);
    }
    expect(of(back, 'B').isGhost).toBe(false);
  });

  it('that is interrupted goes on from where it is', () => {
    const current = new Map([['A', { left: 10, width: 33 }]]);
    const [first, ...rest] = of(motionBetween(after, before, VIEW, { current }).bars, 'A').frames;
    expect(first).toEqual({ offset: 0, opacity: 1, left: 10, width: 33 });
    expect(rest).toEqual(of(motionBetween(after, before, VIEW).bars, 'A').frames.slice(1));
  });
});

describe('flags', () => {
  it('go to the VMA that they stuck to, and to both halves of a split', () => {
    const [before, after] = lastTwo('mmap 2+4 r file0@2 shared; mmap 6+4 rw file0@6 shared; guard 7; mprotect 6+4 r');
    expect(motionBetween(before, after, VIEW).flags).toEqual([{ word: 'gu', from: 'B', to: 'A' }]);
    const [whole, halves] = lastTwo(`${MERGE}; mprotect 9+3 none`);
    const upper = halves.vmas.at(-1)?.letter;
    expect(motionBetween(whole, halves, VIEW).flags).toEqual([{ word: 'gu', from: 'A', to: upper }]);
  });
});

describe('entries of the page table', () => {
  it('come one after another, and those that stay do not move', () => {
    const [before, after] = lastTwo('mmap 2+6 rw; write 2; write 4+3');
    const { entries, bars } = motionBetween(before, after, VIEW);
    expect(entries.map(({ page, isFilled }) => [page, isFilled])).toEqual([4, 5, 6].map((page) => [page, true]));
    expect(entries.map(({ delay }) => delay)).toEqual([0, 45, 90]);
    expect(bars).toEqual([]);
  });
});

describe('nothing moves', () => {
  const [before, after] = lastTwo(MERGE);

  it('for readers who want no motion, and where nothing changed', () => {
    const still = { bars: [], flags: [], entries: [] };
    expect(motionBetween(before, after, VIEW, { isReduced: true })).toEqual(still);
    expect(motionBetween(after, after, VIEW)).toEqual(still);
  });

  it('outside the view', () => {
    expect(motionBetween(before, after, { from: 13, to: 20 })).toMatchObject({ bars: [], entries: [] });
  });

  it('where more would move than a reader could follow', () => {
    const [vma] = after.vmas;
    const vmas = Array.from({ length: 70 }, (_, i) => ({ ...vma!, letter: `V${i}`, start: i * 3, end: i * 3 + 1 }));
    expect(motionBetween({ ...before, vmas: [] }, { ...before, vmas }, { from: 0, to: 256 })).toEqual({
      bars: [],
      flags: [],
      entries: [],
    });
  });
});
