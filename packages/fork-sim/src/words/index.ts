// The words of the merge rules are vma-core's.
export { explain, RULE_WORDS, type RuleWords } from 'vma-core';
export {
  flagsDiffWords,
  type PathOf,
  type RefusalValues,
  refusalShort,
  refusalText,
  refusalValues,
} from 'vma-core/words';
export { changeText } from './changeWords.ts';
export { checkpointVerdict, type NotCompared } from './checkpointWords.ts';
export { type ConsumerWords, consumerText, growthText, makerText, stackText } from './consumerWords.ts';
export { differenceText } from './differenceWords.ts';
export { errnoText, type FailureWords, failureTitle, failureWhy, isNotForVmas } from './failureWords.ts';
export { faultsText } from './faultWords.ts';
export { FLAG_MEANINGS } from './flagMeanings.ts';
export { flagWords } from './flagWords.ts';
export * from './forkWords.ts';
export { groupText } from './groupWords.ts';
export { guardsText } from './guardWords.ts';
export { roomText, unseenText } from './limitWords.ts';
export * from './numbers.ts';
export {
  headline,
  helpText,
  type OverviewWords,
  overviewFacts,
  overviewForkText,
} from './overviewWords.ts';
export { assumptionText, holeText, type PairsText, type PairText, pairsText, pairText } from './pairWords.ts';
export { moreProcessesText, PROCESS_HEADS, type ProcessWords, processCells } from './processWords.ts';
export { type UnusedMap, unusedMapSentence } from './unusedMapWords.ts';
export {
  mapVerdict,
  placesVerdict,
  resultsVerdict,
  type Unjudged,
  unjudgedOf,
  unjudgedText,
  type Verdict,
} from './verdictWords.ts';
