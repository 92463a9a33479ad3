import type { BenchCase } from '../benchCase.ts';
import { BIG_FORK } from './bigFork.ts';
import { CHECK } from './check.ts';
import { FAULTS } from './faults.ts';
import { FORK } from './fork.ts';
import { GUARDS } from './guards.ts';
import { LOOKUP } from './lookup.ts';
import { MEMORY } from './memory.ts';
import { MERGE_CYCLES } from './mergeCycles.ts';
import { STEP_BACK } from './stepBack.ts';
import { STRACE } from './strace.ts';
import { WORKER } from './worker.ts';

/** Every case, in the order of the table. */
export const CASES: readonly BenchCase[] = [
  ...MERGE_CYCLES,
  ...LOOKUP,
  ...FORK,
  ...GUARDS,
  ...FAULTS,
  ...BIG_FORK,
  ...MEMORY,
  ...STRACE,
  ...WORKER,
  ...STEP_BACK,
  ...CHECK,
];
