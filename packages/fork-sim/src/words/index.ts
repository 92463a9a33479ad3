export { FLAG_MEANINGS } from './flagMeanings.ts';
export * from './forkWords.ts';
export * from './numbers.ts';
export * from './ruleWords.ts';
