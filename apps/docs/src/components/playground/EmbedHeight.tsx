import { type ReactNode, useEffect } from 'react';

/** Tells the page around an embedded playground how high it is, now and whenever that changes; pixels. */
export function EmbedHeight(): ReactNode {
  useEffect(() => {
    if (window.parent === window || document.documentElement.dataset.embed === undefined) return;
    const main = document.querySelector('main');
    if (!main) return;
    const watcher = new ResizeObserver(() => {
      const { bottom } = main.getBoundingClientRect();
      window.parent.postMessage({ type: 'vma-lab-height', height: Math.ceil(bottom + window.scrollY) }, '*');
    });
    watcher.observe(main);
    return () => watcher.disconnect();
  }, []);
  return null;
}
