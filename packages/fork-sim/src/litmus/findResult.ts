import type { StepRecord } from '../scenario/scenario.ts';
import { formatResult } from './callResult.ts';
import { type CallResult, VALUE_WORDS } from './claim.ts';

/** What came of a call instead of what is claimed; `null`: the claim holds. */
export function findResult(claim: CallResult, record: StepRecord): string | null {
  const { res, at, done, faults = '', vals = [] } = record;
  const holds =
    claim.outcome === res &&
    (claim.at === undefined || claim.at === at) &&
    (claim.done === undefined || claim.done === done) &&
    (claim.faults === undefined || claim.faults === (faults || '.'.repeat(claim.faults.length))) &&
    (claim.reads === undefined || readsAre(claim.reads, vals));
  return holds ? null : `=> ${formatResult(resultOf(record, claim))}`;
}

function readsAre(words: readonly string[], values: readonly (number | null)[]): boolean {
  if (words.length !== 1 && words.length !== values.length) return false;
  return values.length > 0 && values.every((value, at) => isValue(words.length === 1 ? words[0]! : words[at]!, value));
}

function isValue(word: string, value: number | null): boolean {
  if (value === null || word === 'nothing') return value === null && word === 'nothing';
  const range = VALUE_WORDS[word];
  return range === undefined ? Number(word) === value : value >= range[0] && value <= range[1];
}

/** What came of a call, as a claim would say it: of the parts that only some calls have, those that the claim has too. */
function resultOf({ res, at, done, faults, vals }: StepRecord, like: CallResult): CallResult {
  const values = vals?.map(wordOf) ?? [];
  const same = values.every((value) => value === values[0]);
  return {
    outcome: res,
    ...(at !== undefined && like.at !== undefined ? { at } : {}),
    ...(done !== undefined && like.done !== undefined ? { done } : {}),
    ...(faults !== undefined && like.faults !== undefined ? { faults } : {}),
    ...(values.length > 0 && like.reads !== undefined ? { reads: same ? values.slice(0, 1) : values } : {}),
  };
}

/** The word for a byte that was read. */
function wordOf(value: number | null): string {
  if (value === null) return 'nothing';
  const word = Object.entries(VALUE_WORDS).find(([, [least, most]]) => value >= least && value <= most);
  return word?.[0] ?? String(value);
}
