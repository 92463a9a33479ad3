/** Checked by `tsc -p test`: a rule or a reason without its words does not compile. Nothing here runs. */
import type { MergeRefusal, MergeRule, NeedsCopyReason } from 'vma-core';
import type { FORK_WORDS, RULE_WORDS, RuleWords } from './index.ts';

type Expect<T extends true> = T;
type Takes<To, From> = [From] extends [To] ? true : false;
type Refuses<To, From> = [From] extends [To] ? false : true;
type Words = typeof RULE_WORDS;
type PgoffRefusal = Extract<MergeRefusal, { rule: 'pgoff' }>;

export type Complete = [
  Expect<Takes<Words, { [R in MergeRule]: RuleWords }>>,
  Expect<Refuses<Words, { [R in Exclude<MergeRule, 'vmFlags'>]: RuleWords }>>,
  Expect<Refuses<RuleWords, { kernelFunction: string }>>,
  Expect<Takes<typeof FORK_WORDS, { [R in NeedsCopyReason['rule'] | 'wipe' | 'skip']: { short: ''; why: '' } }>>,
  Expect<Refuses<typeof FORK_WORDS, { [R in NeedsCopyReason['rule'] | 'wipe']: { short: ''; why: '' } }>>,
  // A row's functions get the refusal of its own rule.
  Expect<Takes<Parameters<NonNullable<Words['pgoff']['sentence']>>[0], PgoffRefusal>>,
  Expect<Refuses<Parameters<NonNullable<Words['pgoff']['sentence']>>[0], MergeRefusal>>,
];
