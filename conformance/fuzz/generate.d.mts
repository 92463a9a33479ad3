import type { Scenario } from 'fork-sim';

/** The names of the flavours. */
export declare const FLAVOUR_NAMES: readonly string[];

/** One random scenario; its id names flavour and seed. */
export declare function generateScenario(seed: number, flavour: string): Scenario;
