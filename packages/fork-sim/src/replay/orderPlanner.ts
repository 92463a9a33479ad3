import type { StraceCall } from 'proc-io';
import type { OpenFiles } from './openFiles.ts';
import { type Budget, type FoundOrder, findOrder, hasOrder, type OrderProblem } from './orderSearch.ts';
import type { ShmSegments } from './performShm.ts';
import { count } from './replayNotes.ts';
import type { ReplaySpace } from './replaySpace.ts';
import { TrialSpace } from './trialSpace.ts';
import { changedRange, movesMemory, type TrialContext, tryCall } from './tryCall.ts';

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
const STEPS_A_CALL = 32;
const MAX_STEPS = 20_000;
/** Pairs of calls that are looked at for whether the log leaves their order open, in one plan. */
const MAX_PAIRS = 8;

const CLONE_VM = 0x100;
const CLONES: ReadonlySet<string> = new Set(['clone', 'clone3', 'fork', 'vfork']);

/** Calls of one address space, by their numbers in the plan, in the order in which they ended. */
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

  /** @param calls in the order in which they began, and each overlaps another of them */
  plan(calls: readonly StraceCall[]): StraceCall[] {
    this.#budget.steps = Math.min(MAX_STEPS, this.#budget.steps + STEPS_A_CALL * calls.length);
    const groups = this.#groups(calls);
    const before = comesBefore(calls, groups);
    const orders = groups.map((group) => this.#orderOf(calls, before, group));
    return joined(calls, before, orders).map((call) => calls[call]!);
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
    for (const group of groups.values()) group.calls.sort((a, b) => calls[a]!.endLine - calls[b]!.endLine);
    return [...groups.values()];
  }

  /** The order of the calls of one address space. */
  #orderOf(calls: readonly StraceCall[], before: readonly Set<number>[], group: Group): readonly number[] {
    const { caller } = group;
    const own = group.calls;
    if (own.length === 1) return own;
    if (caller === undefined) return own.toSorted((a, b) => (before[b]!.has(a) ? -1 : before[a]!.has(b) ? 1 : a - b));
    const numbers = new Map(own.map((call, at) => [call, at]));
    const mine = own.map((call) => calls[call]!);
    const problem: OrderProblem = {
      calls: own.length,
      before: own.map((call) => new Set([...before[call]!].flatMap((one) => numbers.get(one) ?? []))),
      conflicting: conflicting(mine),
      trial: this.#trialOf(mine, caller),
    };
    const found = findOrder(problem, this.#budget);
    this.#note(mine, problem, found, caller.space);
    return found.order.map((at) => own[at]!);
  }

  #trialOf(mine: readonly StraceCall[], { space, files }: Caller): OrderProblem['trial'] {
    const trial = new TrialSpace(space.process.mm, space.topKnown);
    const moved = mine.map((call) => (movesMemory(call) ? changedRange(call) : null));
    const brks = mine.some(({ name }) => name === 'brk');
    let current = 0;
    const isContested = (start: number, end: number): boolean =>
      brks || moved.some((range, at) => at !== current && range !== null && range.start < end && start < range.end);
    const context: TrialContext = { space, files, segments: this.#world.segments, isContested };
    return {
      get mark() {
        return trial.mark;
      },
      perform: (call) => {
        current = call;
        return tryCall(trial, mine[call]!, context);
      },
      undoTo: (mark) => trial.undoTo(mark),
    };
  }

  /** Takes note of what no order explains, and of what more than one does. */
  #note(mine: readonly StraceCall[], problem: OrderProblem, found: FoundOrder, { notes }: ReplaySpace): void {
    if (found.misfits > 0) {
      count(notes.noOrder, () => mine[0]!);
      return;
    }
    let pairs = 0;
    for (const [first, second] of openPairs(mine, problem, found.order)) {
      if (++pairs > MAX_PAIRS || this.#budget.steps <= 0) return;
      const before = problem.before.map((set, at) => (at === first ? new Set([...set, second]) : set));
      if (hasOrder({ ...problem, before }, this.#budget))
        count(notes.openOrders, () => ({ call: mine[first]!, other: mine[second]! }));
    }
  }
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

/** For each call, all that come before it in any case. */
function comesBefore(calls: readonly StraceCall[], groups: readonly Group[]): Set<number>[] {
  const before = calls.map(() => new Set<number>());
  // Without a clone among them, what ended before another began is all there is: nothing follows from two of these by a third.
  const anyClone = calls.some(isClone);
  for (const [at, call] of calls.entries()) {
    for (let earlier = 0; earlier < at; earlier++) {
      const one = calls[earlier]!;
      const isParent = anyClone && isClone(one) && one.ret === call.pid;
      if (one.endLine >= call.line && one.pid !== call.pid && !isParent) continue;
      before[at]!.add(earlier);
      if (anyClone) for (const still of before[earlier]!) before[at]!.add(still);
    }
  }
  for (const group of groups) {
    for (const last of group.calls) {
      if (!isExec(calls[last]!) && calls[last]!.name !== 'exit_group') continue;
      for (const other of group.calls) if (other !== last && !before[other]!.has(last)) before[last]!.add(other);
    }
  }
  return before;
}

/** Calls whose order among each other makes another address space: they change the same range, or one copies what the other changes. */
function conflicting(mine: readonly StraceCall[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [a, one] of mine.entries()) {
    for (let b = a + 1; b < mine.length; b++) if (conflict(one, mine[b]!)) found.add(a).add(b);
  }
  return found;
}

function conflict(a: StraceCall, b: StraceCall): boolean {
  const [one, other] = [changedRange(a), changedRange(b)];
  const forks = (call: StraceCall): boolean => isClone(call) && !sharesMemory(call);
  if (one === null || other === null) return (forks(a) && other !== null) || (forks(b) && one !== null);
  return one.start < other.end && other.start < one.end;
}

/** Pairs that conflict, the first one first in the order that was found, and that could be the other way round as far as lines tell. */
function* openPairs(
  mine: readonly StraceCall[],
  { before, conflicting: all }: OrderProblem,
  order: readonly number[],
): Generator<readonly [number, number]> {
  if (all.size === 0) return;
  for (const [at, first] of order.entries()) {
    if (!all.has(first)) continue;
    for (const second of order.slice(at + 1)) {
      if (all.has(second) && !before[second]!.has(first) && conflict(mine[first]!, mine[second]!))
        yield [first, second];
    }
  }
}

/** One order of all, from those of each address space: of the calls that may come next, the one that ended first. */
function joined(
  calls: readonly StraceCall[],
  before: readonly ReadonlySet<number>[],
  orders: readonly (readonly number[])[],
): number[] {
  if (orders.length === 1) return [...orders[0]!];
  const next = orders.map(() => 0);
  const done = new Set<number>();
  while (done.size < calls.length) {
    const heads = orders.flatMap((order, at) => (next[at]! < order.length ? [{ at, call: order[next[at]!]! }] : []));
    const ready = heads.filter(({ call }) => [...before[call]!].every((one) => done.has(one)));
    const candidates = ready.length > 0 ? ready : heads;
    const { at, call } = candidates.reduce((a, b) => (calls[b.call]!.endLine < calls[a.call]!.endLine ? b : a));
    next[at]!++;
    done.add(call);
  }
  return [...done];
}
