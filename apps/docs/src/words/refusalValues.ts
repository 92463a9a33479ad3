import type { AskingRange, Piece } from 'fork-sim';
import { formatVmFlags, type MergeRefusal } from 'vma-core';
import { pgoffText } from './phrases.ts';

/** The two values that a rule compared, in words; those of flags with the words that differ. */
export interface RefusalValues {
  /** What was compared. */
  readonly what: string;
  readonly range: string;
  readonly neighbour: string;
  /** Words of the two that are not in both. */
  readonly differ: readonly string[];
}

const one = (value: string | number | null, name: string): string =>
  value === null || value === 0 ? 'none' : `${name}${value}`;

/** The two values that differ; `null` for a rule that compares nothing. */
export function refusalValues(refusal: MergeRefusal, range: AskingRange, neighbour: Piece): RefusalValues | null {
  const pair = (what: string, a: string, b: string): RefusalValues => ({
    what,
    range: a,
    neighbour: b,
    differ: [a, b],
  });
  switch (refusal.rule) {
    case 'vmFlags':
      return {
        what: 'flags',
        range: range.flags.join(' '),
        neighbour: neighbour.flags.join(' '),
        differ: formatVmFlags(refusal.diff).split(' '),
      };
    case 'vmFile':
      return pair('open file', one(refusal.range, 'file '), one(refusal.neighbour, 'file '));
    case 'policy':
      return pair('memory policy', one(refusal.range, ''), one(refusal.neighbour, ''));
    case 'userfaultfd':
      return pair('userfaultfd', one(refusal.range, '#'), one(refusal.neighbour, '#'));
    case 'anonName':
      return pair('name', one(refusal.range, ''), one(refusal.neighbour, ''));
    case 'anonVma':
      return pair('anon_vma', one(refusal.range, 'av'), one(refusal.neighbour, 'av'));
    case 'forkChild': {
      const forked = `av${refusal.anonVma}, chain of ${refusal.chain}`;
      return refusal.side === 'range' ? pair('anon_vma', forked, 'none') : pair('anon_vma', 'none', forked);
    }
    case 'faultedIntoUnfaulted':
      return pair('anon_vma', one(refusal.range, 'av'), 'none');
    case 'pgoff':
    case 'anonPgoff':
      return pair(
        refusal.rule === 'pgoff' ? 'offset, in pages' : 'anonymous offset, in pages',
        `needs ${pgoffText(refusal.want)} there`,
        `has ${pgoffText(refusal.got)}`,
      );
    case 'neighboursAnonVma':
      return pair('anon_vma of the two neighbours', one(refusal.prev, 'av'), one(refusal.next, 'av'));
    case 'special':
    case 'notAdjacent':
    case 'notAtEdge':
    case 'closeHook':
    case 'ownSource':
    case 'justExpand':
      return null;
    default:
      return refusal satisfies never;
  }
}

/** The predicate of the kernel that refuses by a rule. */
export const RULE_FUNCTIONS: Readonly<Record<MergeRefusal['rule'], string>> = {
  notAdjacent: 'can_vma_merge_left/right()',
  notAtEdge: 'vma_merge_existing_range()',
  special: 'VM_SPECIAL',
  vmFlags: 'is_mergeable_vma()',
  vmFile: 'is_mergeable_vma()',
  policy: 'is_mergeable_vma()',
  userfaultfd: 'is_mergeable_vma()',
  anonName: 'is_mergeable_vma()',
  anonVma: 'is_mergeable_anon_vma()',
  forkChild: 'is_mergeable_anon_vma()',
  faultedIntoUnfaulted: 'is_mergeable_anon_vma()',
  pgoff: 'can_vma_merge_before/after()',
  anonPgoff: 'can_vma_merge_before/after()',
  neighboursAnonVma: 'can_vma_merge_right()',
  closeHook: 'can_merge_remove_vma()',
  ownSource: 'copy_vma()',
  justExpand: 'do_brk_flags()',
};
