import type { KernelProfile } from 'vma-core';
import {
  callDone,
  countersKept,
  flagsKept,
  guardsFlagged,
  guardsStay,
  likeNeighboursJoined,
  modifiedMarked,
  movedFlagsKept,
  newFlags,
  pagesKept,
  pagesMoved,
} from './callChecks.ts';
import {
  childGuards,
  childMaps,
  childReads,
  childrenDiffer,
  contentsCopied,
  guardsCopied,
  mergesLess,
  programsDiffer,
  vmasDiffer,
} from './forkChecks.ts';
import type { Reached, Step } from './step.ts';

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
  /** True where a call that changed nothing may break it; else only calls that changed something are asked about. */
  readonly ofUnchanged?: boolean;
  /** False where it can never be broken: it is then not asked. */
  readonly applies?: (where: { readonly profiles: readonly KernelProfile[]; readonly softDirty: boolean }) => boolean;
}

// Each check is called by name, and not from a list: so the compiler sees one function at each place.

function othersKept(step: Step): number {
  const kept = pagesKept(step);
  if (kept >= 0) return kept;
  const moved = pagesMoved(step);
  return moved >= 0 ? moved : guardsStay(step);
}

function otherFlagsKept(step: Step): number {
  const kept = flagsKept(step);
  if (kept >= 0) return kept;
  const moved = movedFlagsKept(step);
  return moved >= 0 ? moved : newFlags(step);
}

/** What a search looks for where nothing else is said. */
export const PROPERTIES: readonly Property[] = [
  {
    name: 'pages',
    says: 'A call changes only the pages it names: their mapping, permissions, contents and guards.',
    broken: othersKept,
  },
  {
    name: 'flags',
    says: 'A call changes only the flags it is for; a merge spreads none but those that say "maybe", and a new mapping has none of its neighbours.',
    broken: otherFlagsKept,
  },
  {
    name: 'done',
    says: 'A call that succeeds has had its effect on every page that it names.',
    broken: callDone,
    ofUnchanged: true,
  },
  {
    name: 'counters',
    says: 'When everything is unmapped, every counter is back: pages that are mapped, locked, and charged for.',
    broken: countersKept,
    ofUnchanged: true,
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
    name: 'child-maps',
    says: 'A child has what its parent maps, but for MADV_DONTFORK; it has no locks, and MADV_WIPEONFORK leaves it nothing.',
    broken: childMaps,
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
    says: 'A program sees the same on both kernels: results, access, contents, guards, soft-dirty marks, and so does its child.',
    broken: programsDiffer,
    brokenByFork: childrenDiffer,
  },
  { name: 'vmas', says: 'Both kernels have the same VMAs.', broken: vmasDiffer },
  { name: 'merges', says: 'What merged on the first kernel still merges on the second.', broken: mergesLess },
];
