import { type RefObject, useEffect, useState } from 'react';

/** Whether a part of the page is worth its scripts: it is, or was, in sight or nearly so, or the reader has used a key, which may lead to it. */
export function useWanted(part: RefObject<Element | null>): boolean {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    if (wanted || part.current === null) return;
    const onWanted = (): void => setWanted(true);
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && onWanted(), { rootMargin: '25%' });
    watch.observe(part.current);
    window.addEventListener('keydown', onWanted);
    return () => {
      watch.disconnect();
      window.removeEventListener('keydown', onWanted);
    };
  }, [part, wanted]);
  return wanted;
}
