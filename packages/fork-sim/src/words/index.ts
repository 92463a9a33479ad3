export { differenceText } from './differenceWords.ts';
export { FLAG_MEANINGS } from './flagMeanings.ts';
export { flagsDiffWords, flagWords } from './flagWords.ts';
export * from './forkWords.ts';
export { guardsText } from './guardWords.ts';
export { roomText, unseenText } from './limitWords.ts';
export { placesVerdict, resultsVerdict, type Verdict } from './verdictWords.ts';
export * from './numbers.ts';
export * from './ruleWords.ts';
