// A simulation in a worker thread of Node; the calls, types and errors are those of the browser's.

export type { ForkSimApi } from '../worker/calls.ts';
export type * from '../worker/forkSimApi.ts';
export type { ForkSimClient, ForkSimClientOptions } from '../worker/forkSimClient.ts';
export * from '../worker/logTypes.ts';
export type { RefusalCount, ReplayOutcome } from '../worker/replayOutcome.ts';
export * from '../worker/windows.ts';
export * from '../worker/workerErrors.ts';
export { type StartForkSimOptions, startForkSim } from './startForkSim.ts';
