import { type MapState, type MapVma, pageState } from 'fork-sim';
import type { View } from './view.ts';

/** Duration of a motion, in ms; of an entry of the page table, and how long after the one before it starts. */
export const MOTION_MS = 420;
const ENTRY_MS = 240;
const ENTRY_STEP_MS = 45;
/** Most things that move at once: of more, nobody could follow one. */
const MOST = 64;
/** When VMAs that merge have met: the rest of the time they become one. */
const MEET = 0.55;

/** A place in the view, in per cent of its width. */
export interface Span {
  readonly left: number;
  readonly width: number;
}

/** A moment of a bar's motion; `offset` from 0 to 1. */
export interface BarFrame extends Span {
  readonly offset: number;
  readonly opacity: number;
}

/** How the bar of a VMA moves. */
export interface BarMotion {
  readonly letter: string;
  /** It is not there after the step: what moves is a copy, which goes at the end. */
  readonly isGhost: boolean;
  readonly frames: readonly BarFrame[];
}

/** A sticky flag on its way to the VMA that has it now. */
export interface FlagMotion {
  readonly word: string;
  readonly from: string;
  readonly to: string;
}

/** An entry of the page table that changes. */
interface EntryMotion {
  readonly page: number;
  readonly isFilled: boolean;
  readonly delay: number;
  readonly duration: number;
}

/** All that moves between two states. */
export interface Motion {
  readonly bars: readonly BarMotion[];
  readonly flags: readonly FlagMotion[];
  readonly entries: readonly EntryMotion[];
}

const STILL: Motion = { bars: [], flags: [], entries: [] };

/** What a motion starts from, where that is not the state before. */
export interface MotionOptions {
  /** Where bars are at this moment, by letter: an earlier motion was interrupted. */
  readonly current?: ReadonlyMap<string, Span>;
  /** The reader wants no motion. */
  readonly isReduced?: boolean;
}

/**
 * How a picture gets from one state to another: VMAs that merge grow towards each other and become one, a split is that in reverse, flags
 * go to where they are now, and entries of the page table come one after another. Things outside the view do not move. The way back is
 * the way there, reversed.
 */
export function motionBetween(before: MapState, after: MapState, view: View, options: MotionOptions = {}): Motion {
  const { current = new Map(), isReduced = false } = options;
  if (isReduced || before === after) return STILL;
  const there = joinFrames(before, after, view);
  const back = joinFrames(after, before, view);
  const letters = new Set([...lettersIn(before, view), ...lettersIn(after, view)]);
  const bars = [...letters].flatMap((letter): BarMotion[] => {
    const frames =
      there.get(letter) ?? reversed(back.get(letter)) ?? plainFrames(vmaOf(before, letter), vmaOf(after, letter), view);
    const started = startFrom(frames, current.get(letter));
    return isStill(started) ? [] : [{ letter, isGhost: vmaOf(after, letter) === undefined, frames: started }];
  });
  const motion = { bars, flags: flagMotions(before, after), entries: entryMotions(before, after, view) };
  return bars.length > MOST ? STILL : motion;
}

function vmaOf({ vmas }: MapState, letter: string): MapVma | undefined {
  return vmas.find((vma) => vma.letter === letter);
}

function lettersIn({ vmas }: MapState, { from, to }: View): string[] {
  return vmas.filter(({ start, end }) => end > from && start < to).map(({ letter }) => letter);
}

function spanOf(start: number, end: number, { from, to }: View): Span {
  const percent = 100 / (to - from);
  const left = (Math.max(start, from) - from) * percent;
  return { left, width: Math.max(0, (Math.min(end, to) - from) * percent - left) };
}

/** The frames of VMAs of `parts` that are one in `whole`: those that are gone, and the one that they are part of now. */
function joinFrames(parts: MapState, whole: MapState, view: View): Map<string, readonly BarFrame[]> {
  const frames = new Map<string, readonly BarFrame[]>();
  for (const host of whole.vmas) {
    const own = vmaOf(parts, host.letter);
    const members = parts.vmas.filter(
      ({ letter, start, end }) => start >= host.start && end <= host.end && vmaOf(whole, letter) === undefined,
    );
    if (own === undefined || members.length === 0) continue;
    let { start, end } = own;
    for (const member of members) {
      const isAbove = member.start >= own.end;
      const meet = isAbove ? (own.end + member.start) / 2 : (member.end + own.start) / 2;
      if (isAbove) end = Math.max(end, meet);
      else start = Math.min(start, meet);
      const met = isAbove ? spanOf(meet, member.end, view) : spanOf(member.start, meet, view);
      frames.set(member.letter, [
        { offset: 0, opacity: 1, ...spanOf(member.start, member.end, view) },
        { offset: MEET, opacity: 1, ...met },
        { offset: 1, opacity: 0, ...met },
      ]);
    }
    frames.set(host.letter, [
      { offset: 0, opacity: 1, ...spanOf(own.start, own.end, view) },
      { offset: MEET, opacity: 1, ...spanOf(start, end, view) },
      { offset: 1, opacity: 1, ...spanOf(host.start, host.end, view) },
    ]);
  }
  return frames;
}

function reversed(frames: readonly BarFrame[] | undefined): readonly BarFrame[] | undefined {
  return frames?.map((frame) => ({ ...frame, offset: 1 - frame.offset })).reverse();
}

/** A VMA that stays, comes or goes by itself. */
function plainFrames(before: MapVma | undefined, after: MapVma | undefined, view: View): readonly BarFrame[] {
  const at = (vma: MapVma, offset: number, opacity: number): BarFrame => ({
    offset,
    opacity,
    ...spanOf(vma.start, vma.end, view),
  });
  const first = before ?? after;
  const last = after ?? before;
  if (first === undefined || last === undefined) return [];
  return [at(first, 0, before ? 1 : 0), at(last, 1, after ? 1 : 0)];
}

function startFrom(frames: readonly BarFrame[], current: Span | undefined): readonly BarFrame[] {
  const [first, ...rest] = frames;
  return first === undefined || current === undefined ? frames : [{ ...first, ...current }, ...rest];
}

function isStill(frames: readonly BarFrame[]): boolean {
  const [first] = frames;
  return frames.every(
    ({ left, width, opacity }) => left === first?.left && width === first.width && opacity === first.opacity,
  );
}

/** Flags that a VMA has now, and had not, and that a VMA had whose pages it has. */
function flagMotions(before: MapState, after: MapState): FlagMotion[] {
  return after.vmas.flatMap((vma) => {
    const old = vmaOf(before, vma.letter);
    return vma.sticky
      .filter((word) => !old?.sticky.includes(word))
      .flatMap((word) => {
        const source = before.vmas.find(
          (one) => one.sticky.includes(word) && one.start < vma.end && one.end > vma.start,
        );
        return source ? [{ word, from: source.letter, to: vma.letter }] : [];
      });
  });
}

function entryMotions(before: MapState, after: MapState, { from, to }: View): EntryMotion[] {
  const changed: { page: number; isFilled: boolean }[] = [];
  for (let page = from; page < to && changed.length <= MOST; page++) {
    const old = pageState(before, page);
    const now = pageState(after, page);
    const isFilled = now !== '.' && now !== ' ';
    if (old !== now && (isFilled || (old !== '.' && old !== ' '))) changed.push({ page, isFilled });
  }
  if (changed.length > MOST) return [];
  return changed.map((one, i) => ({ ...one, delay: i * ENTRY_STEP_MS, duration: ENTRY_MS }));
}

/** Where a bar is at a moment of its motion, from 0 to 1: as a hand that scrubs sees it. */
export function frameAt(frames: readonly BarFrame[], moment: number): BarFrame | undefined {
  const next = frames.find(({ offset }) => offset >= moment) ?? frames.at(-1);
  const last = frames.filter(({ offset }) => offset <= moment).at(-1) ?? next;
  if (next === undefined || last === undefined) return undefined;
  const part = next.offset === last.offset ? 0 : (moment - last.offset) / (next.offset - last.offset);
  const between = (key: 'left' | 'width' | 'opacity'): number => last[key] + (next[key] - last[key]) * part;
  return { offset: moment, left: between('left'), width: between('width'), opacity: between('opacity') };
}
