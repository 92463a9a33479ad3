import type { MapState } from 'fork-sim';
import { type RefObject, useLayoutEffect, useRef } from 'react';
import {
  type BarMotion,
  type FlagMotion,
  MOTION_MS,
  type Motion,
  motionBetween,
  type Span,
} from '../picture/motion.ts';
import type { View } from '../picture/view.ts';

const CURVE = 'cubic-bezier(0.2, 0, 0, 1)';
const EMPTY_PAGES = /[^ ]/g;

/** The picture as it stood: its state, copies of its bars, and where its flags were. */
interface Shown {
  readonly state: MapState;
  readonly view: View;
  readonly bars: ReadonlyMap<string, Node>;
  readonly flags: ReadonlyMap<string, number>;
}

/**
 * Moves the parts of a strip from the state that it showed to the one that it shows now. A motion that is under way goes on from where it
 * is. `arrives`: at first the page table is empty, as that of a fork's child is, and its entries come one after another.
 */
export function useMotion(box: RefObject<HTMLDivElement | null>, state: MapState, view: View, arrives: boolean): void {
  const shown = useRef<Shown | null>(null);
  useLayoutEffect(() => {
    const strip = box.current;
    const bars = strip?.querySelector<HTMLElement>('.strip-bars');
    if (!strip || !bars) return;
    const last = shown.current;
    const before = last?.state ?? (arrives ? emptied(state) : state);
    const isReduced = matchMedia('(prefers-reduced-motion: reduce)').matches || !isInWindow(strip);
    if (last === null || (last.view.from === view.from && last.view.to === view.to)) {
      const motion = motionBetween(before, state, view, { current: currentSpans(bars), isReduced });
      for (const ghost of bars.querySelectorAll('.bar-ghost')) ghost.remove();
      play(strip, bars, motion, last);
    }
    shown.current = snapshot(bars, state, view);
  }, [box, state, view, arrives]);
}

function emptied(state: MapState): MapState {
  return { ...state, pages: state.pages.map((run) => ({ ...run, letters: run.letters.replace(EMPTY_PAGES, '.') })) };
}

function isInWindow(element: HTMLElement): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

const barsOf = (bars: HTMLElement): HTMLElement[] => [...bars.querySelectorAll<HTMLElement>('.bar[data-letter]')];

/** Where the bars are that move at this moment. */
function currentSpans(bars: HTMLElement): Map<string, Span> {
  const frame = bars.getBoundingClientRect();
  const moving = barsOf(bars).filter((bar) => bar.getAnimations().length > 0);
  return new Map(
    moving.map((bar) => {
      const { left, width } = bar.getBoundingClientRect();
      for (const animation of bar.getAnimations()) animation.cancel();
      return [
        bar.dataset.letter ?? '',
        { left: ((left - frame.left) / frame.width) * 100, width: (width / frame.width) * 100 },
      ];
    }),
  );
}

function play(strip: HTMLElement, bars: HTMLElement, motion: Motion, last: Shown | null): void {
  const now = new Map(barsOf(bars).map((bar) => [bar.dataset.letter ?? '', bar]));
  for (const bar of motion.bars) playBar(bars, bar, bar.isGhost ? ghostOf(last, bar) : now.get(bar.letter));
  for (const flag of motion.flags) playFlag(now.get(flag.to), flag, last);
  for (const { page, isFilled, delay, duration } of motion.entries) {
    const entry = strip.querySelector(`.cell[data-page="${page}"] > *`);
    const from = isFilled ? { opacity: 0, transform: 'translateY(-1.5rem)' } : { opacity: 0 };
    entry?.animate([from, { opacity: 1, transform: 'none' }], { delay, duration, easing: CURVE, fill: 'backwards' });
  }
}

function ghostOf(last: Shown | null, { letter }: BarMotion): HTMLElement | undefined {
  const copy = last?.bars.get(letter)?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) return undefined;
  copy.classList.add('bar-ghost');
  delete copy.dataset.letter;
  return copy;
}

function playBar(bars: HTMLElement, { isGhost, frames }: BarMotion, bar: HTMLElement | undefined): void {
  if (bar === undefined) return;
  if (isGhost) bars.append(bar);
  const animation = bar.animate(
    frames.map(({ offset, left, width, opacity }) => ({ offset, left: `${left}%`, width: `${width}%`, opacity })),
    { duration: MOTION_MS, easing: CURVE },
  );
  if (isGhost) animation.onfinish = () => bar.remove();
}

/** A flag starts where it was on the VMA that it comes from. */
function playFlag(bar: HTMLElement | undefined, { word, from }: FlagMotion, last: Shown | null): void {
  const chip = bar?.querySelector(`.chip[data-flag="${word}"]`);
  const was = last?.flags.get(`${from} ${word}`);
  if (!chip || was === undefined) return;
  chip.animate([{ transform: `translateX(${was - chip.getBoundingClientRect().left}px)` }, { transform: 'none' }], {
    duration: MOTION_MS,
    easing: CURVE,
  });
}

function snapshot(bars: HTMLElement, state: MapState, view: View): Shown {
  const all = barsOf(bars);
  const flags = all.flatMap((bar) =>
    [...bar.querySelectorAll<HTMLElement>('.chip[data-flag]')].map(
      (chip) => [`${bar.dataset.letter} ${chip.dataset.flag}`, chip.getBoundingClientRect().left] as const,
    ),
  );
  return {
    state,
    view,
    bars: new Map(all.map((bar) => [bar.dataset.letter ?? '', bar.cloneNode(true)])),
    flags: new Map(flags),
  };
}
