import type { Op } from 'fork-sim';
import type { Break, Met } from './searchSpace.ts';

/** Finds states of a level by half a hash, or by a whole one. */
export type FindStates = (level: number, hashLo: number, hashHi?: number) => Promise<readonly Met[]> | readonly Met[];

/**
 * Every way back from a break to the empty address space that the states tell of, as calls in order: as a rule there is one. A state
 * knows half of its parent's hash, so that there may be more; who runs them again sees which is right.
 *
 * @param level the number of calls that led to the state in which the breaking call is made
 */
export async function* pathsTo(
  found: Break,
  level: number,
  ops: readonly Op[],
  find: FindStates,
): AsyncGenerator<Op[]> {
  const last = [ops[found.call]!, ...(found.byFork ? [LAST_FORK] : [])];
  for (const state of await find(level, found.fromLo, found.fromHi)) {
    for await (const path of pathsToState(state, level, ops, find)) yield [...path, ...last];
  }
}

/** The fork whose child shows what is broken. */
const LAST_FORK: Op = { op: 'fork' };

async function* pathsToState(state: Met, level: number, ops: readonly Op[], find: FindStates): AsyncGenerator<Op[]> {
  if (level === 0) {
    yield [];
    return;
  }
  for (const parent of await find(level - 1, state.parent)) {
    for await (const path of pathsToState(parent, level - 1, ops, find)) yield [...path, ops[state.call]!];
  }
}
