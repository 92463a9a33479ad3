import ExecutionEnvironment from '@docusaurus/ExecutionEnvironment';
import useIsBrowser from '@docusaurus/useIsBrowser';
import { type ReactNode, startTransition, useEffect, useRef, useState } from 'react';
import { whenIdle } from '../lab/whenIdle.ts';

/** Wakes what waits, one after the other, so that no task is long. */
const waiting = new Set<() => void>();

function wakeNext(): void {
  const [wake] = waiting;
  if (!wake) return;
  waiting.delete(wake);
  wake();
  setTimeout(wakeNext, 0);
}

const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart', 'focusin'] as const;

/** From the first sign of a reader on, all that waits is woken. */
function watchReader(): () => void {
  const start = (): void => {
    stop();
    setTimeout(wakeNext, 0);
  };
  const stop = (): void => {
    for (const sign of SIGNS) window.removeEventListener(sign, start);
  };
  for (const sign of SIGNS) window.addEventListener(sign, start, { passive: true });
  return stop;
}

/**
 * A live part of a page. The page's HTML has its first frame; the engine runs in the browser once the part comes into view, or
 * the reader does anything at all. A page of twenty pictures so costs no more than a page of one.
 */
export function WhenSeen({ children }: { readonly children: ReactNode }): ReactNode {
  const isBrowser = useIsBrowser();
  // A part that is not there from the start, but after a click on a link, has no HTML to wait with.
  const [awake, setAwake] = useState(isBrowser);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (awake || !element) return;
    // A transition draws in small pieces, and lets whatever the reader does go first.
    const wake = (): void => startTransition(() => setAwake(true));
    let stop = (): void => undefined;
    waiting.add(wake);
    const unwatch = watchReader();
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      stop = whenIdle(wake);
    });
    observer.observe(element);
    return () => {
      waiting.delete(wake);
      unwatch();
      stop();
      observer.disconnect();
    };
  }, [awake]);
  if (awake || !ExecutionEnvironment.canUseDOM) return <div data-waits={awake ? undefined : ''}>{children}</div>;
  // An empty inner HTML leaves the HTML of the page in place while React takes over all around it.
  // biome-ignore lint/security/noDangerouslySetInnerHtml: nothing is set
  return <div ref={ref} data-waits="" suppressHydrationWarning dangerouslySetInnerHTML={{ __html: '' }} />;
}
