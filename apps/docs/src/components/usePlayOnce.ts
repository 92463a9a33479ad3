import { type RefObject, useCallback, useEffect, useRef } from 'react';

/** How long a step stays when a player plays by itself, in ms: its sentence can be read. */
const STEP_MS = 3600;

interface PlayOnce {
  readonly last: number;
  readonly setIndex: (index: number) => void;
}

/**
 * Plays from a step to the last, once, when the player is in view. Does nothing for readers who want no motion.
 * @returns To be called when the reader acts: from then on the player waits.
 */
export function usePlayOnce(
  box: RefObject<HTMLElement | null>,
  from: number | undefined,
  { last, setIndex }: PlayOnce,
): () => void {
  const stop = useRef(() => {});
  useEffect(() => {
    if (from === undefined || box.current === null || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const showFrom = (index: number): void => {
      setIndex(index);
      if (index < last) timer = setTimeout(() => showFrom(index + 1), STEP_MS);
    };
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting !== true) return;
        watch.disconnect();
        timer = setTimeout(() => showFrom(from - 1), STEP_MS / 2);
      },
      { threshold: 0.5 },
    );
    watch.observe(box.current);
    stop.current = () => {
      watch.disconnect();
      clearTimeout(timer);
    };
    return () => stop.current();
  }, [box, from, last, setIndex]);
  return useCallback(() => stop.current(), []);
}
