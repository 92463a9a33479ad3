// Apart from the client itself, whose transport has types of the DOM: a project for Node alone has none.
import type { ForkSimApi } from './calls.ts';

/** How a client looks after its worker. */
export interface ForkSimClientOptions {
  /** A worker that has been silent for so long, though it was asked, is taken for dead. Milliseconds; default 15,000. */
  readonly silenceMs?: number;
}

/**
 * A simulation in a worker: the calls of {@link ForkSimApi}, and what has to do with the worker itself.
 *
 * A worker that dies rejects every call that waits, and those that follow, with a WorkerCrashedError, until {@link restart}.
 */
export type ForkSimClient = ForkSimApi & {
  /**
   * Starts the worker, again after it crashed or was ended; what was loaded is gone.
   * @throws WorkerCrashedError where it cannot be started
   */
  restart(): Promise<void>;
  /** Ends the worker at once; calls that wait are rejected with a WorkerCrashedError. */
  terminate(): void;
  /** Ends the worker and frees everything; calls that wait are rejected with a CancelledError. */
  dispose(): Promise<void>;
};
