// What a call must not change, and what it must have done: each check gives the page that breaks it, or -1.
import { LO_ACCESS, LO_ACCOUNT, LO_LOCKED_MASK, LO_MAYBE_GUARD, LO_SHARED, LO_SOFTDIRTY } from 'vma-core';
import type { Call } from './call.ts';
import type { StateView } from './stateView.ts';
import type { Step } from './step.ts';

/** Flags that say "maybe": a VMA that has one without need is none the worse, so that a merge may spread them. */
const LO_MAYBE: number = LO_MAYBE_GUARD | LO_SOFTDIRTY;

export function pagesKept({ call, before, after, changed }: Step): number {
  const unnamed = changed & ~call.named;
  if (call.perform === null || unnamed === 0) return -1;
  for (let page = 0; page < after.pages; page++) {
    if ((unnamed & (1 << page)) === 0) continue;
    if (before.found(page) !== after.found(page)) return page;
    if (((before.flagsLo[page]! ^ after.flagsLo[page]!) & LO_ACCESS) !== 0) return page;
  }
  return -1;
}

export function pagesMoved({ call, result, before, after }: Step): number {
  const { moves } = call;
  if (moves === null || typeof result === 'string') return -1;
  for (let i = 0; i < moves.pages; i++) {
    if (before.found(moves.from + i) !== after.found(moves.to + i)) return moves.to + i;
    const stays = moves.dontUnmap && before.vmaOf[moves.from + i]! >= 0;
    if (after.vmaOf[moves.from + i]! >= 0 !== stays) return moves.from + i;
  }
  return -1;
}

/** Only what unmaps or maps over, and GUARD_REMOVE, takes a guard away. */
export function guardsStay({ call, before, after }: Step): number {
  if (call.replaces || call.leaves === 'no guard' || call.perform === null) return -1;
  return firstOf(before.guards & ~after.guards);
}

export function flagsKept({ call, before, after, changed }: Step): number {
  const isFork = call.perform === null;
  for (let page = 0; page < after.pages; page++) {
    if ((changed & (1 << page)) === 0) continue;
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

export function movedFlagsKept({ call, result, before, after }: Step): number {
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

export function newFlags({ call, result, after }: Step): number {
  const { fresh } = call;
  if (fresh === null || typeof result === 'string') return -1;
  for (let page = 0; page < after.pages; page++) {
    if ((call.named & (1 << page)) === 0) continue;
    if (((after.flagsLo[page]! ^ fresh.lo) & ~LO_MAYBE) !== 0 || after.flagsHi[page] !== fresh.hi) return page;
  }
  return -1;
}

/** What the model answers for a call that would loop in the kernel. */
const NEVER_RETURNS = 'LIVELOCK';

export function callDone({ call, result, after }: Step): number {
  if (result === NEVER_RETURNS) return firstNamed(call);
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

/**
 * Unmapping takes from each counter what the VMAs say. So all are back when everything is unmapped exactly if each is, after every call,
 * what the VMAs say.
 */
export function countersKept({ call, after, counters }: Step): number {
  const { mapped, locked, charged } = after;
  if (counters.totalVm === mapped && counters.lockedVm === locked && counters.committed === charged) return -1;
  return firstNamed(call);
}

/** The first page that a call names; 0 where it names none. */
function firstNamed({ named }: Call): number {
  return Math.max(0, firstOf(named));
}

/** The first of some pages, of which each is a bit; -1: there is none. */
function firstOf(pages: number): number {
  return 31 - Math.clz32(pages & -pages);
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

export function likeNeighboursJoined({ profile, call, result, before, after }: Step): number {
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

export function guardsFlagged({ after }: Step): number {
  if (after.guards === 0) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (after.isGuard(page) && (after.flagsLo[page]! & LO_MAYBE_GUARD) === 0) return page;
  }
  return -1;
}

/** What pagemap says: the entry is marked, or its VMA is. */
export function isSoftDirty(view: StateView, page: number): boolean {
  return view.isMarked(page) || (view.flagsLo[page]! & LO_SOFTDIRTY) !== 0;
}

export function modifiedMarked({ call, result, before, after }: Step): number {
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
