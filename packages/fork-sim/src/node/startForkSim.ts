import { Worker } from 'node:worker_threads';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { ForkSimClient, type ForkSimClientOptions, type WorkerTransport } from '../worker/forkSimClient.ts';

/** How the worker is started. */
export interface StartForkSimOptions extends ForkSimClientOptions {
  /** Where the worker's script is, where the one of the package is not to be used. */
  readonly worker?: URL;
}

/**
 * Starts a simulation in a worker thread of Node. The thread keeps the process alive until `dispose()`.
 * @throws WorkerCrashedError where the worker cannot be started
 */
export async function startForkSim(options: StartForkSimOptions = {}): Promise<ForkSimClient> {
  const { worker = new URL('./forkSim.worker.js', import.meta.url), ...rest } = options;
  // Without `execArgv`, the thread inherits flags and conditions that are meant for the main one.
  const client = new ForkSimClient(() => nodeTransport(new Worker(worker, { execArgv: [] })), rest);
  await client.restart();
  return client;
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
