import type { Op } from 'fork-sim';
import type { KernelProfile } from 'vma-core';
import type { Property } from './properties.ts';

/** What is searched. */
export interface SearchSpace {
  /** One kernel, or two that make the same calls. */
  readonly profiles: readonly KernelProfile[];
  readonly pages: number;
  readonly ops: readonly Op[];
  readonly softDirty: boolean;
  readonly properties: readonly Property[];
  /** Keep what no call looks at: see StateDetail. */
  readonly everyBit: boolean;
  /** Keep the states themselves, so that no two are taken for one because their hashes agree. */
  readonly exact: boolean;
}

/** Where a property was broken first: by a call from a state, or by a fork in the state that it led to. */
export interface Break {
  /** Hash of the state before the call, and the call. */
  readonly fromLo: number;
  readonly fromHi: number;
  readonly call: number;
  readonly property: number;
  readonly page: number;
  /** It takes a fork after the call. */
  readonly byFork: boolean;
}

/** A state that was met: what led here, to find the way back. */
export interface Met {
  readonly hashLo: number;
  readonly hashHi: number;
  readonly parent: number;
  readonly call: number;
}

/** What a level added. */
export interface LevelEnd {
  /** States met for the first time. */
  readonly states: number;
  readonly found: Break | null;
}

/** Is one break before the other? By the hash of the state it begins in, then by the call; one that needs no fork is shorter. */
export function isLessBreak(a: Break, b: Break): boolean {
  if (a.byFork !== b.byFork) return b.byFork;
  return (a.fromHi - b.fromHi || a.fromLo - b.fromLo || a.call - b.call || a.property - b.property) < 0;
}
