// `vma-lab/conform`: ask a kernel, compare it with the model, make random scenarios. The command `vma-lab conform` is made of the same.
export { type Compared, compareScenarios, type Ground, randomScenarios } from './conform.ts';
export { findGround } from './findGround.ts';
export { FLAVOUR_NAMES, type FlavourName } from './flavours.ts';
export { generateScenario } from './generateScenario.ts';
export { ProberError } from './prober.ts';
export { Random } from './random.ts';
