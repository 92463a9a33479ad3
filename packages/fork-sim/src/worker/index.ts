// A simulation in a worker of the browser.

export * from './shared.ts';
export { type StartForkSimOptions, startForkSim } from './startForkSim.ts';
