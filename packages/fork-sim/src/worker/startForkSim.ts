import type { ForkSimClient, ForkSimClientOptions } from './clientTypes.ts';
import { startClient, type WorkerTransport } from './forkSimClient.ts';

/** How the worker is started. */
export interface StartForkSimOptions extends ForkSimClientOptions {
  /** Makes the worker, where the one of the package is not to be used: another place, another name. */
  readonly worker?: () => Worker;
}

/**
 * Starts a simulation in a module worker of the browser. In a component, start it in an effect and `dispose()` of it in the effect's cleanup.
 * @throws WorkerCrashedError where the worker cannot be started
 */
export function startForkSim(options: StartForkSimOptions = {}): Promise<ForkSimClient> {
  const { worker = packagedWorker, ...rest } = options;
  return startClient(() => browserTransport(worker()), rest);
}

/** Not every bundler takes the worker along: esbuild and most servers of single files do not. */
const NOT_LOADED =
  'the worker could not be loaded: where a bundler does not bring it along, serve the file `fork-sim/worker.js` and pass `worker: () => new Worker(url, { type: "module" })`';

/** Bundlers look for exactly this expression. */
function packagedWorker(): Worker {
  return new Worker(new URL('./forkSim.worker.js', import.meta.url), { type: 'module' });
}

function browserTransport(worker: Worker): WorkerTransport {
  return {
    endpoint: worker,
    watch: (crashed) => {
      worker.addEventListener('error', (event) => {
        // It rejects what waits; the page need not hear of it twice.
        event.preventDefault();
        crashed(event.message ? `the worker threw: ${event.message}` : NOT_LOADED);
      });
      worker.addEventListener('messageerror', () => crashed('a message of the worker could not be read'));
    },
    terminate: async () => worker.terminate(),
  };
}
