// A simulation in a worker of the browser.

export type { ForkSimApi } from './calls.ts';
export type * from './forkSimApi.ts';
export type { ForkSimClient, ForkSimClientOptions } from './forkSimClient.ts';
export * from './logTypes.ts';
export type { RefusalCount, ReplayOutcome } from './replayOutcome.ts';
export { type StartForkSimOptions, startForkSim } from './startForkSim.ts';
export * from './windows.ts';
// Errors that only a worker has; the others are those of the engine.
export * from './workerErrors.ts';
