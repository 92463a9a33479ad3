import { CHANGE_WORDS, type ChangeName, type ChangeWords } from '../changeWords.ts';
import { RULE_CHANGES, type RuleChange } from '../ruleChanges.ts';

/**
 * One change of the rules. It is recorded, on a kernel before it and one after it, unless the row says `history`; which release of those
 * in between brought it is from the source's history.
 */
export interface KernelChange extends RuleChange, ChangeWords {
  /** Its name: that of the field which it sets, or one of its own. */
  readonly name: ChangeName;
}

/** What changed since 5.10, oldest first, with the commit and the releases of each change. */
export const KERNEL_CHANGES: readonly KernelChange[] = [...RULE_CHANGES].map(([name, change]) => ({
  name,
  ...change,
  ...CHANGE_WORDS[name],
}));
