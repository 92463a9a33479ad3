// Which commit changed a rule, in which release, and how sure the rules of a version are.

export type { ChangeName, ChangeWords } from '../changeWords.ts';
export type { RuleChange } from '../ruleChanges.ts';
export { chooseKernelProfile, type ProfileChoice } from './chooseKernelProfile.ts';
export * from './kernelChanges.ts';
