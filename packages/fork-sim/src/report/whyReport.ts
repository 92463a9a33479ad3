import { type MergeRule, VM_MAYREAD, type VmFlags } from 'vma-core';
import { refusedFlags } from '../replay/replayNotes.ts';
import type { PairRow } from './pairRow.ts';
import type { VmaRow } from './vmaRow.ts';

/**
 * What an answer about a pair takes for granted, because the input does not show it. `anonVma`: which VMAs were written, and together.
 * `offset`: that anonymous memory was never moved. `openFile`: that the mappings of one file are of one `open`. `flags`: that flags are as an
 * ordinary mapping has them.
 */
export type PairAssumption = 'anonVma' | 'offset' | 'openFile' | 'flags';

/** Two VMAs that touch, and what the rules say of them. */
export interface WhyPair {
  readonly lower: VmaRow;
  readonly upper: VmaRow;
  readonly answer: PairRow;
  readonly assumes: readonly PairAssumption[];
}

/** Pairs that the same rule keeps apart for the same reason, or that nothing keeps apart. */
export interface WhyGroup {
  readonly kind: PairRow['kind'];
  /** `null`: nothing keeps them apart. */
  readonly rule: MergeRule | null;
  /** The flags that differ, where it is flags. */
  readonly flags: VmFlags;
  /** Both VMAs of each pair have the same permissions, so that one would expect them to be one. */
  readonly samePermissions: boolean;
  readonly count: number;
  readonly assumes: readonly PairAssumption[];
  /** The one at the lowest address. */
  readonly first: WhyPair;
}

/** The neighbours of an address. */
export interface WhyAt {
  readonly address: number;
  /** The VMA that holds it; `null`: none does. */
  readonly vma: VmaRow | null;
  /** Its pairs; where two VMAs meet at the address, theirs alone. */
  readonly pairs: readonly WhyPair[];
  /** Free bytes below the VMA, or below the address where no VMA holds it, and above; `null`: it has a neighbour there, or nothing follows. */
  readonly holeBelow: number | null;
  readonly holeAbove: number | null;
}

/** Why the VMAs of a map did not merge with their neighbours. */
export interface WhyReport {
  readonly vmas: number;
  /** Pairs that touch, in address order. */
  readonly pairs: readonly WhyPair[];
  /**
   * The same, grouped: first what might be one, then pairs of the same permissions, then the others that nobody expects to merge. Among these
   * the largest group first.
   */
  readonly groups: readonly WhyGroup[];
  /** What was asked of one address; `null`: nothing was. */
  readonly at: WhyAt | null;
}

/** What the rows of a map are of. */
export interface WhyInput {
  /** All that is known is a smaps or a maps, so that no anon_vma is. */
  readonly isSmaps: boolean;
  /** Ask about one address alone. */
  readonly address?: number;
}

/** Says of each pair of neighbours whether they may merge, and which rule keeps them apart. The rows are those of a whole map. */
export function whyReport(rows: readonly VmaRow[], { isSmaps, address }: WhyInput): WhyReport {
  const pairs: WhyPair[] = [];
  for (const [at, lower] of rows.entries()) {
    const upper = rows[at + 1];
    const { above } = lower;
    if (upper === undefined || above.kind === 'top' || above.kind === 'hole') continue;
    pairs.push({ lower, upper, answer: above, assumes: assumptionsOf(lower, upper, above, isSmaps) });
  }
  return {
    vmas: rows.length,
    pairs,
    groups: groupsOf(pairs),
    at: address === undefined ? null : at(rows, pairs, address),
  };
}

/** Rules that compare anon_vmas. */
const ANON_VMA_RULES: ReadonlySet<MergeRule> = new Set<MergeRule>([
  'anonVma',
  'forkChild',
  'faultedIntoUnfaulted',
  'neighboursAnonVma',
]);

function assumptionsOf(lower: VmaRow, upper: VmaRow, answer: PairRow, isSmaps: boolean): PairAssumption[] {
  const assumed = isSmaps || lower.assumed || upper.assumed;
  if (answer.kind === 'wall') return assumed && ANON_VMA_RULES.has(answer.refusal.rule) ? ['anonVma'] : [];
  const assumes: PairAssumption[] = [];
  const isPrivate = lower.backing !== 'shared' && upper.backing !== 'shared';
  if (assumed && isPrivate) assumes.push('anonVma');
  if (isSmaps && lower.backing === 'anonymous') assumes.push('offset');
  if (isSmaps && lower.backing !== 'anonymous') assumes.push('openFile');
  if ((lower.shownFlags & upper.shownFlags & VM_MAYREAD) === 0n) assumes.push('flags');
  return assumes;
}

function groupsOf(pairs: readonly WhyPair[]): WhyGroup[] {
  const groups = new Map<string, { group: Omit<WhyGroup, 'count'>; count: number }>();
  for (const first of pairs) {
    const { answer, assumes } = first;
    const rule = answer.kind === 'seam' ? null : answer.refusal.rule;
    const flags = (answer.kind === 'seam' ? 0n : refusedFlags(answer.refusal)) as VmFlags;
    const samePermissions = first.lower.perms === first.upper.perms;
    const key = `${answer.kind} ${rule} ${flags} ${samePermissions} ${assumes.join()}`;
    const known = groups.get(key);
    if (known !== undefined) known.count++;
    else groups.set(key, { group: { kind: answer.kind, rule, flags, samePermissions, assumes, first }, count: 1 });
  }
  return [...groups.values()]
    .map(({ group, count }) => ({ ...group, count }))
    .sort((a, b) => rankOf(a) - rankOf(b) || b.count - a.count || a.first.upper.start - b.first.upper.start);
}

function rankOf({ kind, samePermissions }: Pick<WhyGroup, 'kind' | 'samePermissions'>): number {
  if (kind !== 'wall') return 0;
  return samePermissions ? 1 : 2;
}

function at(rows: readonly VmaRow[], pairs: readonly WhyPair[], address: number): WhyAt {
  const own = rows.find(({ start, end }) => start <= address && address < end) ?? null;
  const border = pairs.filter(({ upper }) => upper.start === address);
  const around = pairs.filter(({ lower, upper }) => own !== null && (lower === own || upper === own));
  const [from, to] = [own?.start ?? address, own?.end ?? address];
  const below = rows.findLast(({ end }) => end <= from);
  const above = rows.find(({ start }) => start >= to);
  return {
    address,
    vma: own,
    pairs: border.length > 0 ? border : around,
    holeBelow: below === undefined || below.end === from ? null : from - below.end,
    holeAbove: above === undefined || above.start === to ? null : above.start - to,
  };
}
