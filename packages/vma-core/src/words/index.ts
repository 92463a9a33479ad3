// Refusals, flags and numbers in words, in each length.
export { flagsDiffWords } from './flagWords.ts';
export * from './numbers.ts';
export * from './ruleValues.ts';
export * from './ruleWords.ts';
