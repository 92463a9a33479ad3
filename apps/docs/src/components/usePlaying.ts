import { useEffect, useState } from 'react';

/** Where a player is, and how it gets on. */
export interface Playing {
  /** From 0. */
  readonly index: number;
  readonly setIndex: (index: number) => void;
  readonly playing: boolean;
  /** Plays on, from the start where it is at the end; or stops. */
  readonly toggle: () => void;
}

/** Milliseconds that a step is shown while it plays. */
const STEP_TIME = 1200;

/** A position among steps, from 0 to `last`, that a reader moves or lets play. */
export function usePlaying(first: number, last: number): Playing {
  const [index, setIndex] = useState(first);
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => setIndex((now) => Math.min(last, now + 1)), STEP_TIME);
    return () => clearInterval(timer);
  }, [playing, last]);
  useEffect(() => {
    if (index === last) setPlaying(false);
  }, [index, last]);
  const toggle = (): void => {
    if (!playing && index === last) setIndex(0);
    setPlaying(!playing);
  };
  return { index, setIndex, playing, toggle };
}
