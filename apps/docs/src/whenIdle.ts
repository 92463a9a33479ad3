/** Milliseconds after which even a busy page goes on with what can wait. */
const AT_LATEST = 1500;

/** Does something once the browser has nothing else to do, so that it holds nobody up. Gives back what calls it off. */
export function whenIdle(act: () => void): () => void {
  // Safari has no idle callbacks.
  if (typeof window.requestIdleCallback !== 'function') {
    const timer = setTimeout(act, 100);
    return () => clearTimeout(timer);
  }
  const handle = window.requestIdleCallback(act, { timeout: AT_LATEST });
  return () => window.cancelIdleCallback(handle);
}
