// A simulation in a worker thread of Node; the calls, types and errors are those of the browser's.

export * from '../worker/shared.ts';
export { type StartForkSimOptions, startForkSim } from './startForkSim.ts';
