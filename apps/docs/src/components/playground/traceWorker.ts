import type { LitmusVerdict, Trace } from 'fork-sim';
import type { ForkSimClient, JobControl } from 'fork-sim/worker';
import type { TraceRequest } from '../../link/traceRequest.ts';

/** The worker in which the playground's scenarios are run. It is started when the first one is asked for. */
export class TraceWorker {
  #client: Promise<ForkSimClient> | null = null;

  /** Runs the scenario on every kernel of the request. Throws what `ForkSimApi.trace` does, and what starting a worker does. */
  async trace(
    { scenario, profiles, softDirty, faultAroundPages }: TraceRequest,
    control: JobControl,
  ): Promise<Trace[]> {
    const client = await this.#start();
    const traces: Trace[] = [];
    for (const profile of profiles) {
      traces.push(
        await client.trace({ scenario, name: 'editor', options: { profile, softDirty, faultAroundPages } }, control),
      );
    }
    return traces;
  }

  /** Judges what the editor's text claims, on every kernel of the request. */
  async judge(text: string, { profiles }: TraceRequest, control: JobControl): Promise<readonly LitmusVerdict[]> {
    const client = await this.#start();
    return client.judge({ text, name: 'editor', kernels: profiles }, control);
  }

  /** Ends the worker, also in the middle of a request. The next request starts another. */
  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await (await client?.catch(() => null))?.dispose();
  }

  #start(): Promise<ForkSimClient> {
    this.#client ??= import('fork-sim/worker').then(({ startForkSim }) => startForkSim());
    return this.#client;
  }
}
