import ExecutionEnvironment from '@docusaurus/ExecutionEnvironment';
import { whenIdle } from './lab/whenIdle.ts';

/** What the site's links ask for once they are seen: all at once while the page starts. */
if (ExecutionEnvironment.canUseDOM) {
  // The object is put there after all client modules have run, and is frozen.
  queueMicrotask(() => {
    const now = window.docusaurus;
    const waiting: string[] = [];
    const next = (): void => {
      const [path] = waiting;
      if (path === undefined) return;
      void now.prefetch(path);
      waiting.shift();
      if (waiting.length > 0) whenIdle(next);
    };
    window.docusaurus = {
      ...now,
      prefetch: (path) => {
        if (waiting.push(path) === 1) whenIdle(next);
        return false;
      },
    };
  });
}
