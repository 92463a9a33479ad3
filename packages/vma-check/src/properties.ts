import { dupMmap } from 'fork-sim';
import {
  type KernelProfile,
  LO_ACCESS,
  LO_ACCOUNT,
  LO_DONTCOPY,
  LO_LOCKED_MASK,
  LO_MAYBE_GUARD,
  LO_SHARED,
  LO_SOFTDIRTY,
  LO_WIPEONFORK,
  type VmFlags,
} from 'vma-core';
import type { Call, CallResult } from './call.ts';
import type { StateView } from './stateView.ts';

/** A state of a kernel. Views are used again for the next state: read them at once. */
export interface Reached {
  readonly profile: KernelProfile;
  readonly after: StateView;
  /** The same calls on the other kernel, where two are compared. */
  readonly other: Reached | null;
}

/** A call, what it answered, and the state before and after it. */
export interface Step extends Reached {
  readonly call: Call;
  readonly result: CallResult;
  readonly before: StateView;
  readonly other: Step | null;
}

/** What is to hold after every call. */
export interface Property {
  /** The word for `--property`. */
  readonly name: string;
  /** One plain sentence. */
  readonly says: string;
  /** The page that breaks it, or -1. Asked for each call that changed something. */
  readonly broken: (step: Step) => number;
  /** The page that a child would have wrong, or -1: asked of each new state, as `after`. Fork is then the last call. */
  readonly brokenByFork?: (state: Reached) => number;
  /** False where it can never be broken: it is then not asked. */
  readonly applies?: (where: { readonly profiles: readonly KernelProfile[]; readonly softDirty: boolean }) => boolean;
}

/** Flags that say "maybe": a VMA that has one without need is none the worse, so that a merge may spread them. */
const LO_MAYBE: number = LO_MAYBE_GUARD | LO_SOFTDIRTY;
const LO_NOT_COPIED: number = LO_DONTCOPY | LO_WIPEONFORK;

function pagesKept({ call, before, after }: Step): number {
  if (call.perform === null) return -1;
  for (let page = 0; page < after.pages; page++) {
    if ((call.named & (1 << page)) !== 0) continue;
    if (before.found(page) !== after.found(page)) return page;
    if (((before.flagsLo[page]! ^ after.flagsLo[page]!) & LO_ACCESS) !== 0) return page;
  }
  return -1;
}

function pagesMoved({ call, result, before, after }: Step): number {
  const { moves } = call;
  if (moves === null || typeof result === 'string') return -1;
  for (let i = 0; i < moves.pages; i++) {
    if (before.found(moves.from + i) !== after.found(moves.to + i)) return moves.to + i;
  }
  return -1;
}

function flagsKept({ call, before, after }: Step): number {
  const isFork = call.perform === null;
  for (let page = 0; page < after.pages; page++) {
    if (after.vmaOf[page]! < 0 || before.vmaOf[page]! < 0) continue;
    const named = (call.named & (1 << page)) !== 0;
    if (named && call.replaces) continue;
    const lo = before.flagsLo[page]! ^ after.flagsLo[page]!;
    const may = LO_MAYBE | (isFork ? LO_LOCKED_MASK : named ? call.flagsLo | LO_ACCOUNT : 0);
    if ((lo & ~may) !== 0) return page;
    // mseal is for a flag of the high half, and for nothing else.
    if (before.flagsHi[page] !== after.flagsHi[page] && !(named && call.op.op === 'mseal')) return page;
  }
  return -1;
}

function movedFlagsKept({ call, result, before, after }: Step): number {
  const { moves } = call;
  if (moves === null || typeof result === 'string') return -1;
  for (let i = 0; i < moves.pages; i++) {
    const [from, to] = [moves.from + i, moves.to + i];
    if (before.vmaOf[from]! < 0) continue;
    if (((before.flagsLo[from]! ^ after.flagsLo[to]!) & ~LO_MAYBE) !== 0) return to;
    if (before.flagsHi[from] !== after.flagsHi[to]) return to;
  }
  return -1;
}

function newFlags({ call, result, after }: Step): number {
  const { fresh } = call;
  if (fresh === null || typeof result === 'string') return -1;
  for (let page = 0; page < after.pages; page++) {
    if ((call.named & (1 << page)) === 0) continue;
    if (((after.flagsLo[page]! ^ fresh.lo) & ~LO_MAYBE) !== 0 || after.flagsHi[page] !== fresh.hi) return page;
  }
  return -1;
}

function callDone({ call, result, after }: Step): number {
  if (typeof result === 'string' || (call.flagsLo === 0 && call.leaves === null)) return -1;
  for (let page = 0; page < after.pages; page++) {
    if ((call.named & (1 << page)) === 0) continue;
    if ((after.flagsLo[page]! & call.flagsLo) !== call.setsLo) return page;
    if (call.leaves !== null && !isLeft(call.leaves, after, page)) return page;
  }
  return -1;
}

function isLeft(leaves: NonNullable<Call['leaves']>, after: StateView, page: number): boolean {
  const mapped = after.vmaOf[page]! >= 0;
  switch (leaves) {
    case 'unmapped':
      return !mapped;
    case 'mapped':
      return mapped && !after.isGuard(page) && !after.isWritten(page);
    case 'guard':
      return after.isGuard(page);
    case 'no guard':
      return mapped && !after.isGuard(page);
    case 'nothing written':
      return mapped && !after.isWritten(page);
    case 'written':
      return after.isWritten(page) || (after.flagsLo[page]! & LO_SHARED) !== 0;
  }
}

/** Pages above the edges of what a call names, where something ends or begins: a bit each. */
function edgesOf(named: number): number {
  return named ^ (named << 1);
}

/** Are the two sides of an edge alike in all that merging compares? */
function areAlike(view: StateView, page: number, anonOffsets: boolean): boolean {
  const below = page - 1;
  return (
    view.flagsLo[below] === view.flagsLo[page] &&
    view.flagsHi[below] === view.flagsHi[page] &&
    view.filePage[below]! < 0 === view.filePage[page]! < 0 &&
    view.anonVma[below] === view.anonVma[page] &&
    view.offset[below]! + 1 === view.offset[page] &&
    (!anonOffsets || view.anonOffset[below]! + 1 === view.anonOffset[page])
  );
}

function likeNeighboursJoined({ profile, call, result, before, after }: Step): number {
  if (typeof result === 'string' || call.moves !== null || call.named === 0) return -1;
  const changes = call.fresh !== null || call.flagsLo !== 0;
  if (!changes) return -1;
  const edges = edgesOf(call.named);
  for (let page = 1; page < after.pages; page++) {
    if ((edges & (1 << page)) === 0 || after.vmaOf[page]! < 0 || after.vmaOf[page - 1]! < 0) continue;
    if (after.vmaOf[page] === after.vmaOf[page - 1]) continue;
    // What already had the flags that it was to get is left as it is: nothing merges then.
    const named = (call.named & (1 << page)) === 0 ? page - 1 : page;
    if (call.fresh === null && before.flagsLo[named] === after.flagsLo[named]) continue;
    if (areAlike(after, page, profile.fileAnonPgoff)) return page;
  }
  return -1;
}

function guardsFlagged({ after }: Step): number {
  for (let page = 0; page < after.pages; page++) {
    if (after.isGuard(page) && (after.flagsLo[page]! & LO_MAYBE_GUARD) === 0) return page;
  }
  return -1;
}

/** Of every set of flags that was met, whether fork copies page tables: asked of the engine once. */
const copies: WeakMap<KernelProfile, Map<number, boolean>> = new WeakMap();

function isCopied(profile: KernelProfile, view: StateView, page: number): boolean {
  let known = copies.get(profile);
  if (known === undefined) {
    known = new Map();
    copies.set(profile, known);
  }
  const lo = view.flagsLo[page]! >>> 0;
  const hi = view.flagsHi[page]!;
  const key = (hi * 2 + Math.min(view.anonVma[page]!, 1)) * 0x1_0000_0000 + lo;
  const answer = known.get(key);
  if (answer !== undefined) return answer;
  const flags = (BigInt(lo) | (BigInt(hi) << 32n)) as VmFlags;
  const copied = dupMmap(flags, view.anonVma[page] || null, false, profile).action === 'copy';
  known.set(key, copied);
  return copied;
}

function guardsCopied({ profile, after }: Reached): number {
  for (let page = 0; page < after.pages; page++) {
    if (!after.isGuard(page) || (after.flagsLo[page]! & LO_NOT_COPIED) !== 0) continue;
    if (!isCopied(profile, after, page)) return page;
  }
  return -1;
}

function contentsCopied({ profile, after }: Reached): number {
  for (let page = 0; page < after.pages; page++) {
    if (!after.isWritten(page) || (after.flagsLo[page]! & LO_NOT_COPIED) !== 0) continue;
    if (!isCopied(profile, after, page)) return page;
  }
  return -1;
}

/** What a child finds in a page, as {@link StateView.found} says it. */
function foundByChild({ profile, after }: Reached, page: number): number {
  const lo = after.flagsLo[page]!;
  if (after.vmaOf[page]! < 0 || (lo & LO_DONTCOPY) !== 0) return -4;
  if ((lo & LO_WIPEONFORK) === 0 && isCopied(profile, after, page)) return after.found(page);
  return after.filePage[page]!;
}

function childrenDiffer(state: Reached): number {
  const { other, after } = state;
  if (other === null) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (foundByChild(state, page) !== foundByChild(other, page)) return page;
  }
  return -1;
}

function programsDiffer({ result, after, other, call }: Step): number {
  if (other === null) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (after.found(page) !== other.after.found(page)) return page;
    if (((after.flagsLo[page]! ^ other.after.flagsLo[page]!) & LO_ACCESS) !== 0) return page;
  }
  if (result === other.result) return -1;
  return Math.max(0, 31 - Math.clz32(call.named & -call.named));
}

function vmasDiffer({ after, other }: Step): number {
  if (other === null) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (after.vmaOf[page] !== other.after.vmaOf[page]) return page;
  }
  return -1;
}

function mergesLess({ after, other }: Step): number {
  if (other === null || after.vmas >= other.after.vmas) return -1;
  let page = 0;
  while (page < after.pages - 1 && after.vmaOf[page] === other.after.vmaOf[page]) page++;
  return page;
}

function childGuards({ call, before, after }: Step): number {
  if (call.perform !== null) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (before.vmaOf[page]! < 0 || (before.flagsLo[page]! & LO_NOT_COPIED) !== 0) continue;
    if (before.isGuard(page) !== after.isGuard(page)) return page;
  }
  return -1;
}

function childReads({ call, before, after }: Step): number {
  if (call.perform !== null) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (before.vmaOf[page]! < 0 || (before.flagsLo[page]! & LO_NOT_COPIED) !== 0) continue;
    if (before.isGuard(page) || after.isGuard(page)) continue;
    if (before.found(page) !== after.found(page)) return page;
  }
  return -1;
}

function isSoftDirty(view: StateView, page: number): boolean {
  return view.isMarked(page) || (view.flagsLo[page]! & LO_SOFTDIRTY) !== 0;
}

function modifiedMarked({ call, result, before, after }: Step): number {
  if (call.perform === null || call.op.op === 'clear_refs') return -1;
  for (let page = 0; page < after.pages; page++) {
    const goes = (call.named & (1 << page)) !== 0 && call.discards;
    if (goes || before.vmaOf[page]! < 0 || after.vmaOf[page]! < 0) continue;
    if (isSoftDirty(before, page) && !isSoftDirty(after, page)) return page;
  }
  const { moves } = call;
  if (moves === null || typeof result === 'string') return -1;
  for (let i = 0; i < moves.pages; i++) {
    const to = moves.to + i;
    if (after.vmaOf[to]! >= 0 && isSoftDirty(before, moves.from + i) && !isSoftDirty(after, to)) return to;
  }
  return -1;
}

/** The first page that any of some checks finds. */
function anyOf(...checks: readonly Property['broken'][]): Property['broken'] {
  return (step) => {
    for (const check of checks) {
      const page = check(step);
      if (page >= 0) return page;
    }
    return -1;
  };
}

/** What a search looks for where nothing else is said. */
export const PROPERTIES: readonly Property[] = [
  {
    name: 'pages',
    says: 'A call changes only the pages it names: what is mapped, who may access it, what it holds, guards.',
    broken: anyOf(pagesKept, pagesMoved),
  },
  {
    name: 'flags',
    says: 'A call changes only the flags it is for; a merge spreads none but those that say "maybe", and a new mapping has none of its neighbours.',
    broken: anyOf(flagsKept, movedFlagsKept, newFlags),
  },
  {
    name: 'done',
    says: 'A call that succeeds has done what it is for, on every page that it names.',
    broken: callDone,
  },
  {
    name: 'joins',
    says: 'What a call maps, or gives other flags, becomes one with a neighbour that is like it in everything.',
    broken: likeNeighboursJoined,
  },
  {
    name: 'guard-flag',
    says: 'A guard lies in a VMA that says it may hold one.',
    broken: guardsFlagged,
    applies: ({ profiles }) => profiles[0]?.guardSetsFlag === true,
  },
  {
    name: 'child-guards',
    says: 'A child has every guard of its parent, outside MADV_DONTFORK and MADV_WIPEONFORK.',
    broken: childGuards,
    brokenByFork: guardsCopied,
  },
  {
    name: 'child-reads',
    says: 'A child reads what its parent reads, outside MADV_DONTFORK and MADV_WIPEONFORK.',
    broken: childReads,
    brokenByFork: contentsCopied,
  },
  {
    name: 'soft-dirty',
    says: 'A page marked as modified stays so until clear_refs, or until it is unmapped or thrown away.',
    broken: modifiedMarked,
    applies: ({ softDirty }) => softDirty,
  },
];

/** What a search can look for where two kernels make the same calls; the second is the `vs` of its options. */
export const PAIR_PROPERTIES: readonly Property[] = [
  {
    name: 'program',
    says: 'A program sees the same on both kernels: results, access, contents, guards, and so does its child.',
    broken: programsDiffer,
    brokenByFork: childrenDiffer,
  },
  { name: 'vmas', says: 'Both kernels have the same VMAs.', broken: vmasDiffer },
  { name: 'merges', says: 'What merged on the first kernel still merges on the second.', broken: mergesLess },
];
