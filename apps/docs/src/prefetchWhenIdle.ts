import { whenIdle } from './whenIdle.ts';

/** Puts off what the site's links ask for once they are seen: all at once, while the page starts. */
export function prefetchWhenIdle(): void {
  // The framework's own object is frozen.
  const own = window.docusaurus;
  const waiting: string[] = [];
  const next = (): void => {
    const [path] = waiting;
    if (path === undefined) return;
    void own.prefetch(path);
    waiting.shift();
    if (waiting.length > 0) whenIdle(next);
  };
  window.docusaurus = {
    ...own,
    prefetch: (path) => {
      if (waiting.push(path) === 1) whenIdle(next);
      return false;
    },
  };
}
