import { type RefObject, useEffect, useState } from 'react';

/** The width of an element, in pixels. */
export function useWidth(element: RefObject<Element | null>): number {
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const watched = element.current;
    if (!watched) return;
    const watcher = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(1, entry.contentRect.width));
    });
    watcher.observe(watched);
    return () => watcher.disconnect();
  }, [element]);
  return width;
}
