import type { VmFlags } from 'vma-core';
import { flagsDiffWords } from 'vma-core/words';
import { countOf } from './numbers.ts';

/** Differences that are alike; see `DifferenceGroup`. */
interface GroupWords {
  readonly on: 'real' | 'model' | 'both';
  readonly fields: readonly ('perms' | 'pgoff' | 'flags')[];
  readonly onlyReal: VmFlags;
  readonly onlyModel: VmFlags;
  readonly count: number;
}

const FIELD_WORDS = { perms: 'permissions', pgoff: 'offset', flags: 'flags' } as const;

/** A group of differences in words: `60 VMAs differ by flags: only the model has ac`. `sides`: what the two maps are called. */
export function differenceText(group: GroupWords, [real, model]: readonly [string, string]): string {
  const { on, fields, onlyReal, onlyModel, count } = group;
  if (on !== 'both') return `${countOf(count, 'VMA')} only in ${on === 'real' ? real : model}`;
  const has = [
    [real, onlyReal],
    [model, onlyModel],
  ] as const;
  const flags = has.flatMap(([side, words]) => (words === 0n ? [] : [`only ${side} has ${flagsDiffWords(words)}`]));
  const what = fields.map((field) => FIELD_WORDS[field]).join(' and ');
  return `${countOf(count, 'VMA differs', 'VMAs differ')} by ${what}${flags.length > 0 ? `: ${flags.join(', ')}` : ''}`;
}
