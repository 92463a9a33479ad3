import type { StraceCall } from 'proc-io';
import { TASK_SIZE } from 'vma-core';
import type { OpenFiles } from './openFiles.ts';
import { type Budget, Edges, type FoundOrder, findOrder, fitsIn, type OrderProblem } from './orderSearch.ts';
import type { ShmSegments } from './performShm.ts';
import { count } from './replayNotes.ts';
import type { ReplaySpace } from './replaySpace.ts';
import { type Range, TrialSpace } from './trialSpace.ts';
import {
  changedRange,
  helps,
  isPlaced,
  type Misfit,
  movesMemory,
  overlaps,
  type TrialContext,
  tryCall,
} from './tryCall.ts';
import { tryFork } from './tryFork.ts';

/** Whose a call is, as far as it is known before the call is performed. */
export interface Caller {
  readonly space: ReplaySpace;
  readonly files: OpenFiles;
}

/** What a planner asks of the replay. */
export interface PlannerWorld {
  /** The process that has this pid; `undefined`: none yet. */
  readonly callerOf: (pid: number | null) => Caller | undefined;
  readonly segments: ShmSegments;
}

/** Steps of a search that each call brings with it, and the most that are saved up: so the time for a log grows with its length alone. */
const STEPS_A_CALL = 64;
const MAX_STEPS = 40_000;
/** Pairs of calls that are looked at for whether the log leaves their order open, in one plan. */
const MAX_PAIRS = 4;

const CLONE_VM = 0x100;
const CLONES: ReadonlySet<string> = new Set(['clone', 'clone3', 'fork', 'vfork']);

/** Calls of one address space, by their numbers in the plan, in the order in which they are taken to have happened. */
interface Group {
  readonly calls: number[];
  readonly caller: Caller | undefined;
}

/**
 * Puts calls that overlap into an order that explains every result of the log: each address space by itself, since what another process
 * maps changes nothing there.
 *
 * What comes first in any case: a call that ended before another began; a clone before the calls of its child; and what a process did
 * before its `execve` or `exit_group`.
 */
export class OrderPlanner {
  readonly #world: PlannerWorld;
  readonly #budget: Budget = { steps: 0 };

  constructor(world: PlannerWorld) {
    this.#world = world;
  }

  /**
   * @param calls in the order in which they began, and each overlaps another of them
   * @param isNeeded is it certain that all which may come before the call are among them? Then the plan has it
   */
  plan(calls: readonly StraceCall[], isNeeded: (call: StraceCall) => boolean): StraceCall[] {
    this.#budget.steps = Math.min(MAX_STEPS, this.#budget.steps + STEPS_A_CALL * calls.length);
    const groups = this.#groups(calls);
    const edges = edgesOf(calls, groups);
    const needed = new Set<number>();
    for (const [at, call] of calls.entries()) {
      if (!isNeeded(call)) continue;
      needed.add(at);
      for (let earlier = 0; earlier < calls.length; earlier++) if (edges.has(earlier, at)) needed.add(earlier);
    }
    const orders = groups.map((group) => this.#orderOf(calls, edges, needed, group));
    return joined(calls, edges, orders).map((call) => calls[call]!);
  }

  /** Which calls are of one address space. A child that is forked among them has one that cannot be tried yet. */
  #groups(calls: readonly StraceCall[]): Group[] {
    const groups = new Map<object, Group>();
    const bySpace = new Map<number | null, object>();
    const keyOf = (pid: number | null): object => {
      const known = bySpace.get(pid) ?? this.#world.callerOf(pid)?.space ?? {};
      bySpace.set(pid, known);
      return known;
    };
    for (const [at, call] of calls.entries()) {
      const key = keyOf(call.pid);
      const caller = this.#world.callerOf(call.pid);
      const group = groups.get(key) ?? { calls: [], caller: caller?.space === key ? caller : undefined };
      group.calls.push(at);
      groups.set(key, group);
      if (isClone(call)) bySpace.set(call.ret, sharesMemory(call) ? key : {});
      else if (isExec(call)) bySpace.set(call.pid, {});
    }
    for (const group of groups.values()) group.calls.sort((a, b) => lineOf(calls[a]!) - lineOf(calls[b]!));
    return [...groups.values()];
  }

  /** The order of the calls of one address space. */
  #orderOf(calls: readonly StraceCall[], edges: Edges, needed: ReadonlySet<number>, group: Group): readonly number[] {
    const { caller, calls: own } = group;
    // What one process does, one call after the other, needs no trial; nor has one that is yet to be forked an address space to try.
    if (own.length === 1 || caller === undefined) return own.filter((call) => needed.has(call)).sort((a, b) => a - b);
    const trial = this.#trialOf(calls, group, caller);
    const problem: OrderProblem = { calls: own, edges, needed, conflicting: conflicting(calls, own), trial };
    const found = findOrder(problem, this.#budget);
    this.#note(calls, problem, found, caller.space);
    return found.order;
  }

  #trialOf(calls: readonly StraceCall[], { calls: own }: Group, { space, files }: Caller): OrderProblem['trial'] {
    const trial = new TrialSpace(space.process.mm, space.topKnown);
    const moves = own.flatMap((at) => {
      const range = movesMemory(calls[at]!) ? changedRange(calls[at]!) : null;
      return range === null ? [] : [{ at, range }];
    });
    const brks = own.some((at) => calls[at]!.name === 'brk');
    let current = 0;
    let misfit: Misfit | null = null;
    const isContested = (range: Range): boolean =>
      brks || moves.some((one) => one.at !== current && overlaps(one.range, range));
    const context: TrialContext = { space, files, segments: this.#world.segments, isContested };
    return {
      get mark() {
        return trial.mark;
      },
      perform: (call) => {
        current = call;
        const one = calls[call]!;
        const forks = isClone(one) && !sharesMemory(one);
        misfit = forks ? tryFork(trial, firstCallsOf(one, calls), context) : tryCall(trial, one, context);
        return misfit === null;
      },
      helps: (call) => misfit !== null && helps(calls[call]!, misfit),
      undoTo: (mark) => trial.undoTo(mark),
    };
  }

  /** Takes note of what no order explains, and of what more than one does. */
  #note(calls: readonly StraceCall[], problem: OrderProblem, found: FoundOrder, { notes }: ReplaySpace): void {
    if (found.misfits > 0) {
      count(notes.noOrder, () => calls[problem.calls[0]!]!);
      return;
    }
    let pairs = 0;
    for (const [first, second] of openPairs(calls, problem, found.order)) {
      if (++pairs > MAX_PAIRS || this.#budget.steps <= 0) return;
      if (fitsIn(problem, withBefore(found.order, second, first, problem.edges), this.#budget))
        count(notes.openOrders, () => ({ call: calls[first]!, other: calls[second]! }));
    }
  }
}

/** An order in which a call comes just before one that came earlier, and all that it needs with it. */
function withBefore(order: readonly number[], call: number, before: number, edges: Edges): readonly number[] {
  const from = order.indexOf(before);
  const between = order.slice(from + 1, order.indexOf(call));
  const moved = [...between.filter((one) => edges.has(one, call)), call];
  return [...order.slice(0, from), ...moved, ...order.slice(from).filter((one) => !moved.includes(one))];
}

function isClone({ name, errno }: StraceCall): boolean {
  return errno === null && CLONES.has(name);
}

function isExec({ name, errno }: StraceCall): boolean {
  return errno === null && (name === 'execve' || name === 'execveat');
}

function sharesMemory(call: StraceCall): boolean {
  if (call.name === 'vfork') return true;
  return (call.name === 'clone' || call.name === 'clone3') && (call.args.flags & CLONE_VM) !== 0;
}

/** Which calls come before which, with any results. */
function edgesOf(calls: readonly StraceCall[], groups: readonly Group[]): Edges {
  const edges = new Edges(calls.length);
  // Without a clone among them, what ended before another began is all there is: nothing follows from two of these by a third.
  const anyClone = calls.some(isClone);
  for (const [at, call] of calls.entries()) {
    for (let earlier = 0; earlier < at; earlier++) {
      const one = calls[earlier]!;
      const isParent = anyClone && isClone(one) && one.ret === call.pid;
      if (one.endLine >= call.line && one.pid !== call.pid && !isParent) continue;
      edges.add(earlier, at);
      if (anyClone) edges.addAllOf(earlier, at);
    }
  }
  for (const { calls: own } of groups) {
    for (const last of own) {
      if (!isExec(calls[last]!) && calls[last]!.name !== 'exit_group') continue;
      for (const other of own) if (other !== last && !edges.has(last, other)) edges.add(other, last);
    }
  }
  return edges;
}

/**
 * The line where a call is taken to have happened, unless results show otherwise: where it ends. A fork copies memory soon after it begins, and
 * ends much later.
 */
function lineOf(call: StraceCall): number {
  return isClone(call) && !sharesMemory(call) ? call.line : call.endLine;
}

/** What the child of a fork does, as far as it is among the calls: until it forks or execs itself. */
function firstCallsOf(fork: StraceCall, calls: readonly StraceCall[]): readonly StraceCall[] {
  const own = calls.filter(({ pid, line }) => pid === fork.ret && line > fork.line);
  const end = own.findIndex((call) => isClone(call) || isExec(call));
  return end < 0 ? own : own.slice(0, end);
}

/** Calls whose order among each other makes another address space: they change the same range, or one copies what the other changes. */
function conflicting(calls: readonly StraceCall[], own: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>();
  const ranges = own.map((call) => rangeThatMatters(calls[call]!));
  for (const [a, one] of ranges.entries()) {
    for (let b = a + 1; b < ranges.length && one !== null; b++) {
      if (overlaps(ranges[b]!, one)) found.add(own[a]!).add(own[b]!);
    }
  }
  return found;
}

/** What a call changes, or copies: all of it where it forks. */
function rangeThatMatters(call: StraceCall): Range | null {
  return isClone(call) && !sharesMemory(call) ? { start: 0, end: TASK_SIZE } : changedRange(call);
}

/**
 * Pairs that conflict, the first one first in the order that was found, and that could be the other way round as far as lines tell. Where
 * the kernel has chosen an address, the address itself tells.
 */
function* openPairs(
  calls: readonly StraceCall[],
  { edges, conflicting: all }: OrderProblem,
  order: readonly number[],
): Generator<readonly [number, number]> {
  if (all.size === 0) return;
  const asked = order.filter((call) => all.has(call));
  for (const [at, first] of asked.entries()) {
    const range = rangeThatMatters(calls[first]!);
    if (range === null) continue;
    for (const second of asked.slice(at + 1)) {
      const [one, other] = [calls[first]!, calls[second]!];
      if ((isPlaced(one) || isPlaced(other)) && !isClone(one) && !isClone(other)) continue;
      if (!edges.has(first, second) && overlaps(rangeThatMatters(other), range)) yield [first, second];
    }
  }
}

/** One order of all, from those of each address space: of the calls that may come next, the one that ended first. */
function joined(calls: readonly StraceCall[], edges: Edges, orders: readonly (readonly number[])[]): number[] {
  if (orders.length === 1) return [...orders[0]!];
  const next = orders.map(() => 0);
  const done = new Set<number>();
  const all = orders.reduce((sum, { length }) => sum + length, 0);
  while (done.size < all) {
    const heads = orders.flatMap((order, at) => (next[at]! < order.length ? [{ at, call: order[next[at]!]! }] : []));
    const ready = heads.filter(({ call }) => calls.every((_, one) => done.has(one) || !edges.has(one, call)));
    const candidates = ready.length > 0 ? ready : heads;
    const { at, call } = candidates.reduce((a, b) => (calls[b.call]!.endLine < calls[a.call]!.endLine ? b : a));
    next[at]!++;
    done.add(call);
  }
  return [...done];
}
