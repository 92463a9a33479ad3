import type { VmFlags } from 'vma-core';
import { flagsDiffWords } from 'vma-core/words';
import { groupText, type MemberWords } from './groupWords.ts';
import { countOf } from './numbers.ts';

/** Changes that are alike; see `ChangeGroup`. */
interface ChangeWords {
  readonly kind: 'added' | 'lost' | 'moved' | 'grown' | 'shrunk' | 'merged' | 'split' | 'reshaped' | 'changed';
  readonly count: number;
  readonly from: readonly MemberWords[];
  readonly to: readonly MemberWords[];
  readonly more: { readonly from: number; readonly to: number };
  readonly gained: VmFlags;
  readonly dropped: VmFlags;
}

/** Changes that are alike, in words: `3 × rw 4k + rw 8k → rw 12k`, `2 × rw 8M: gained gu`. Members stand as in memory, the lowest first. */
export function changeText({ kind, count, from, to, more, gained, dropped }: ChangeWords): string {
  if (from.length === 0) return groupText({ members: to, count });
  if (to.length === 0 || kind === 'moved') return groupText({ members: from, count });
  const side = (members: readonly MemberWords[], left: number): string =>
    `${groupText({ members, count: 1 })}${left === 0 ? '' : ` + ${countOf(left, 'more VMA')}`}`;
  const [a, b] = [side(from, more.from), side(to, more.to)];
  const times = count === 1 ? '' : `${count} × `;
  const flags = [
    gained === 0n ? '' : `gained ${flagsDiffWords(gained)}`,
    dropped === 0n ? '' : `lost ${flagsDiffWords(dropped)}`,
  ].filter((text) => text !== '');
  const what = a === b ? a : `${a} → ${b}`;
  return `${times}${what}${flags.length === 0 ? '' : `: ${flags.join(', ')}`}`;
}
