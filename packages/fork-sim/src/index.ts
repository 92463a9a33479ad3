// Processes that share a machine.
export * from './world.ts';
export * from './inode.ts';
export * from './process.ts';
export * from './access.ts';
export { type FaultOutcome, handleMmFault } from './fault.ts';
export * from './fork.ts';
export { clearRefs } from './clearRefs.ts';
export * from './uffdIoctl.ts';

// Scenarios: sequences of operations in the form of the recordings.
export * from './scenario/scenario.ts';
export { Arena, type RunOptions } from './scenario/arena.ts';
export { runScenario, type ScenarioStep, stepScenario } from './scenario/runScenario.ts';
