// A simulation in a worker thread of Node; the calls, types and errors are those of the browser's.

export { createForkSim } from '../worker/forkSim.ts';
export * from '../worker/forkSimApi.ts';
export { ForkSimClient, type ForkSimClientOptions, type WorkerTransport } from '../worker/forkSimClient.ts';
export type { RefusalCount, ReplayOutcome } from '../worker/replayOutcome.ts';
export * from '../worker/windows.ts';
export * from '../worker/workerErrors.ts';
export { type StartForkSimOptions, startForkSim } from './startForkSim.ts';
