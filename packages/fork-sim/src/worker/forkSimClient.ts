import { type Endpoint, proxy, type Remote, wrap } from 'comlink';
import { type Call, callable } from './calls.ts';
import type { ForkSimClient, ForkSimClientOptions } from './clientTypes.ts';
import { keepErrorClasses } from './errorClasses.ts';
import type { DecisionRecord, Progress } from './forkSimApi.ts';
import { handOver, sendable } from './handOver.ts';
import type { WorkerApi } from './serveForkSim.ts';
import { watch } from './watchdog.ts';
import { CancelledError, ProtocolError, WorkerCrashedError } from './workerErrors.ts';

/** A worker, of a browser or of Node. */
export interface WorkerTransport {
  readonly endpoint: Endpoint;
  /** Calls `crashed` once, when the worker ends other than by {@link terminate}. */
  watch(crashed: (why: string) => void): void;
  /** Ends the worker at once, also in the middle of a call. */
  terminate(): Promise<unknown>;
}

/**
 * Starts a worker and a client of it.
 * @throws WorkerCrashedError where it cannot be started
 */
export async function startClient(
  makeTransport: () => WorkerTransport,
  { silenceMs = 15_000 }: ForkSimClientOptions,
): Promise<ForkSimClient> {
  keepErrorClasses();
  let worker: { readonly transport: WorkerTransport; readonly remote: Remote<WorkerApi> } | null = null;
  /** Why there is no worker. */
  let gone: Error = new WorkerCrashedError('the worker was not started');
  let lastJob = 0;
  const waiting = new Set<(why: Error) => void>();
  let unwatch = (): void => {};

  const end = async (why: Error): Promise<void> => {
    const ended = worker;
    worker = null;
    gone = why;
    for (const reject of waiting) reject(why);
    await ended?.transport.terminate();
  };

  const crash = (why: string): void => void end(new WorkerCrashedError(why));

  /** Waits for an answer, or for the end of the worker, whichever comes first. */
  const ask = async <T>(question: (remote: Remote<WorkerApi>) => Promise<T>): Promise<T> => {
    if (worker === null) throw gone;
    const { remote } = worker;
    let reject: (why: Error) => void = () => {};
    const ending = new Promise<never>((_, fail) => {
      reject = fail;
    });
    waiting.add(reject);
    if (waiting.size === 1) unwatch = watch(silenceMs, () => remote.ping(), crash);
    try {
      return await Promise.race([question(remote), ending]);
    } finally {
      waiting.delete(reject);
      if (waiting.size === 0) unwatch();
    }
  };

  const call: Call = async (method, input, { signal, onProgress, onDecisions } = {}) => {
    if (signal?.aborted && worker !== null) throw new CancelledError();
    const job = ++lastJob;
    const cancel = (): void => void worker?.remote.cancel(job);
    signal?.addEventListener('abort', cancel);
    try {
      const progress = onProgress && proxy((now: Progress) => onProgress(now));
      const decisions = onDecisions && proxy((batch: readonly DecisionRecord[]) => onDecisions(batch));
      return await ask((remote) => remote.run(job, method, handOver(sendable(input)), progress, decisions));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      throw new ProtocolError(error.message);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  };

  const client = callable(call, {
    async restart() {
      await end(new WorkerCrashedError('the worker was ended'));
      const transport = makeTransport();
      worker = { transport, remote: wrap<WorkerApi>(transport.endpoint) };
      transport.watch((why) => {
        if (worker?.transport === transport) crash(why);
      });
      await ask((remote) => remote.ping());
    },
    terminate: () => crash('the worker was ended'),
    dispose: () => end(new CancelledError('the simulation was disposed of')),
  });
  await client.restart();
  return client;
}
