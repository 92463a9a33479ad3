import type { Endpoint } from 'comlink';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startClient } from '../../src/worker/forkSimClient.ts';
import { WorkerCrashedError } from '../../src/worker/index.ts';
import { errorOf } from '../worker/suiteTools.ts';

const SILENCE_MS = 1000;

/** A worker that answers questions whether it lives as long as it `lives`, and calls when it is told to. */
class QuietWorker {
  lives = true;
  readonly #calls: string[] = [];
  #answer: (id: string) => void = () => {};
  readonly endpoint: Endpoint = {
    postMessage: ({ id, path }: { id: string; path: string[] }) => {
      if (path[0] === 'run') this.#calls.push(id);
      else if (this.lives) queueMicrotask(() => this.#answer(id));
    },
    addEventListener: (_, listener) => {
      const data = (id: string) => ({ data: { id, type: 'RAW', value: 'done' } }) as MessageEvent;
      this.#answer = (id) => (listener as EventListener)(data(id));
    },
    removeEventListener: () => {},
  };

  answerCalls(): void {
    for (const id of this.#calls) this.#answer(id);
  }
}

describe('a worker that is asked', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('and says nothing any more is taken for dead; nothing is asked after that', async () => {
    const quiet = new QuietWorker();
    const terminate = vi.fn(async () => {});
    const lab = await startClient(() => ({ endpoint: quiet.endpoint, watch: () => {}, terminate }), {
      silenceMs: SILENCE_MS,
    });
    quiet.lives = false;
    const failed = errorOf(lab.newProcess());
    await vi.advanceTimersByTimeAsync(SILENCE_MS - 1);
    expect(terminate).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(SILENCE_MS);
    const error = await failed;
    expect(error).toBeInstanceOf(WorkerCrashedError);
    expect(error?.message).toBe('the worker has been silent for 1000 ms');
    expect(terminate).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('may take as long as it likes while it gives signs of life, and is asked for none when nobody waits', async () => {
    const quiet = new QuietWorker();
    const lab = await startClient(() => ({ endpoint: quiet.endpoint, watch: () => {}, terminate: async () => {} }), {
      silenceMs: SILENCE_MS,
    });
    expect(vi.getTimerCount()).toBe(0);
    const done = lab.newProcess();
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(20 * SILENCE_MS);
    quiet.answerCalls();
    expect(await done).toBe('done');
    expect(vi.getTimerCount()).toBe(0);
  });
});
