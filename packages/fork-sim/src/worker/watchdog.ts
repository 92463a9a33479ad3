/** Questions without an answer after which a worker is taken for dead. */
const PINGS = 8;

/**
 * Asks a worker for signs of life until it is told to stop, and notices that it has gone without a word: browsers tell nobody when a worker
 * closes itself or runs out of memory. It counts questions, not the clock, so that a machine that slept is not taken for a worker that died.
 * @returns stops it
 */
export function watch(silenceMs: number, ping: () => Promise<unknown>, dead: (why: string) => void): () => void {
  let unanswered = 0;
  const timer = setInterval(() => {
    if (unanswered++ === PINGS) return dead(`the worker has been silent for ${silenceMs} ms`);
    void ping().then(() => {
      unanswered = 0;
    });
  }, silenceMs / PINGS);
  return () => clearInterval(timer);
}
