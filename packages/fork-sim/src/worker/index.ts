// A simulation in a worker of the browser.

// The same calls without a worker.
export { createForkSim } from './forkSim.ts';
export * from './forkSimApi.ts';
export { ForkSimClient, type ForkSimClientOptions, type WorkerTransport } from './forkSimClient.ts';
export * from './logTypes.ts';
// What is sent, for whoever brings another transport.
export * from './protocol.ts';
export type { RefusalCount, ReplayOutcome } from './replayOutcome.ts';
export { serveForkSim } from './serveForkSim.ts';
export { type StartForkSimOptions, startForkSim } from './startForkSim.ts';
export * from './windows.ts';
export { fromWireError, toWireError, type WireError } from './wireError.ts';
// Errors that only a worker has; the others are those of the engine.
export * from './workerErrors.ts';
