import { type Endpoint, expose, type Remote, releaseProxy } from 'comlink';
import { keepErrorClasses } from './errorClasses.ts';
import { startSession } from './forkSim.ts';
import type { DecisionRecord, Progress } from './forkSimApi.ts';
import { handOver } from './handOver.ts';

/** A listener on the other side; it answers when it has taken in what it was told. */
type Listener<T> = (value: T) => void | Promise<void>;

/** What a worker offers to its client. */
export interface WorkerApi {
  /** Answers at once, also between two pieces of a call: the worker is alive. */
  ping(): void;
  /** Carries out a call of {@link METHODS}; `job` names it for {@link cancel}, and is never the same twice. */
  run(
    job: number,
    method: string,
    input: unknown,
    onProgress: Listener<Progress> | undefined,
    onDecisions: Listener<readonly DecisionRecord[]> | undefined,
  ): Promise<unknown>;
  /** Cancels a call that waits or runs; one that is over is over. */
  cancel(job: number): void;
}

/** Offers a simulation to the other side of an endpoint. */
export function serveForkSim(endpoint: Endpoint): void {
  keepErrorClasses();
  const { call } = startSession();
  const running = new Map<number, AbortController>();
  const api: WorkerApi = {
    ping() {},
    async run(job, method, input, onProgress, onDecisions) {
      const abort = new AbortController();
      running.set(job, abort);
      const told = new Told(abort);
      const control = {
        signal: abort.signal,
        ...(onProgress && { onProgress: told.latest(onProgress) }),
        ...(onDecisions && { onDecisions: told.each(onDecisions) }),
      };
      try {
        let answer: unknown;
        try {
          answer = await call(method, input, control);
        } finally {
          await told.all();
        }
        return handOver(answer);
      } finally {
        running.delete(job);
        for (const one of [onProgress, onDecisions]) (one as Partial<Remote<typeof one>>)?.[releaseProxy]?.();
      }
    },
    cancel(job) {
      running.get(job)?.abort();
    },
  };
  expose(Object.freeze(api), endpoint);
}

/** What the listeners of a call are told: a listener that throws ends the call with its error. */
class Told {
  readonly #abort: AbortController;
  readonly #waiting = new Set<Promise<void>>();
  readonly #errors: unknown[] = [];

  constructor(abort: AbortController) {
    this.#abort = abort;
  }

  /** Tells everything, at once. */
  each<T>(listener: Listener<T>): (value: T) => void {
    return (value) => this.#wait(Promise.resolve(listener(value)));
  }

  /** Tells the latest, when what was told before has been taken in. */
  latest<T>(listener: Listener<T>): (value: T) => void {
    const news: T[] = [];
    let telling = false;
    const tell = async (): Promise<void> => {
      telling = true;
      for (let value = news.pop(); value !== undefined; value = news.pop()) {
        news.length = 0;
        await listener(value);
      }
      telling = false;
    };
    return (value) => {
      news.push(value);
      if (!telling) this.#wait(tell());
    };
  }

  /** All has been taken in, so that nothing comes after the answer. @throws what a listener threw */
  async all(): Promise<void> {
    while (this.#waiting.size > 0) await Promise.all(this.#waiting);
    if (this.#errors.length > 0) throw this.#errors[0];
  }

  #wait(telling: Promise<void>): void {
    const done = telling
      .catch((error: unknown) => {
        this.#errors.push(error);
        this.#abort.abort();
      })
      .then(() => void this.#waiting.delete(done));
    this.#waiting.add(done);
  }
}
