// oxlint-disable-next-line typescript/triple-slash-reference -- comlink has no types for its adapter; a declaration cannot be imported
/// <reference path="./comlinkNodeAdapter.d.ts" />
import { Worker } from 'node:worker_threads';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { ForkSimClient, ForkSimClientOptions } from '../worker/clientTypes.ts';
import { startClient, type WorkerTransport } from '../worker/forkSimClient.ts';

/** How the worker is started. */
export interface StartForkSimOptions extends ForkSimClientOptions {
  /** Makes the worker, where the one of the package is not to be used: another script, other limits. */
  readonly worker?: () => Worker;
}

/**
 * Starts a simulation in a worker thread of Node. The thread keeps the process alive until `dispose()`.
 * @throws WorkerCrashedError where the worker cannot be started
 */
export function startForkSim(options: StartForkSimOptions = {}): Promise<ForkSimClient> {
  const { worker = packagedWorker, ...rest } = options;
  return startClient(() => nodeTransport(worker()), rest);
}

/** Without `execArgv`, a thread inherits flags and conditions that are meant for the main one. */
function packagedWorker(): Worker {
  return new Worker(new URL('./forkSim.worker.js', import.meta.url), { execArgv: [] });
}

function nodeTransport(worker: Worker): WorkerTransport {
  return {
    endpoint: nodeEndpoint(worker),
    watch: (crashed) => {
      worker.on('error', (error) => crashed(`the worker threw: ${String(error)}`));
      worker.on('messageerror', (error) => crashed(`a message of the worker could not be read: ${error.message}`));
      worker.on('exit', (code) => crashed(`the worker ended, with exit status ${code}`));
    },
    terminate: () => worker.terminate(),
  };
}
