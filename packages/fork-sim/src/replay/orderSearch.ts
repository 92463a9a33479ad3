/** What is tried in one order after another. */
interface TriedCalls {
  /** Where {@link undoTo} goes back to. */
  readonly mark: number;
  /** Does one of the calls; false: its result does not fit. */
  readonly perform: (call: number) => boolean;
  /** Could this call, done before the last one that did not fit, make that one fit? */
  readonly helps: (call: number) => boolean;
  readonly undoTo: (mark: number) => void;
}

/** Which of some calls come before which in any case; calls are numbers from 0. */
export class Edges {
  readonly #calls: number;
  readonly #before: Uint8Array;

  constructor(calls: number) {
    this.#calls = calls;
    this.#before = new Uint8Array(calls * calls);
  }

  /** `earlier` comes before `later`. */
  add(earlier: number, later: number): void {
    this.#before[later * this.#calls + earlier] = 1;
  }

  /** What comes before `earlier` comes before `later` too. */
  addAllOf(earlier: number, later: number): void {
    for (let call = 0; call < this.#calls; call++) if (this.has(call, earlier)) this.add(call, later);
  }

  /** Does `earlier` come before `later`? */
  has(earlier: number, later: number): boolean {
    return this.#before[later * this.#calls + earlier] === 1;
  }
}

/** Calls to be put into an order. */
export interface OrderProblem {
  /** In the order in which they ended. */
  readonly calls: readonly number[];
  readonly edges: Edges;
  /** Those that the order has to have; others it has where these fit only behind them. */
  readonly needed: ReadonlySet<number>;
  /** Those whose order among each other makes another address space; for what is left open. */
  readonly conflicting: ReadonlySet<number>;
  readonly trial: TriedCalls;
}

/** An order of the calls that are needed, and maybe of others. */
export interface FoundOrder {
  readonly order: readonly number[];
  /** Calls whose result does not fit in it. */
  readonly misfits: number;
}

/** Steps that a search may take. */
export interface Budget {
  steps: number;
}

/** Calls that do not fit, at most, before the search gives up. */
const MAX_MISFITS = 3;

/**
 * Finds an order in which the result of every call fits, and of those the one nearest to the order in which they ended; where there is
 * none, or none within the budget, one in which few do not.
 *
 * Calls are tried one after the other, the earliest end first, and taken back where nothing goes on from there. A call that fits and
 * changes nothing goes where it first fits: nothing later depends on it. What is left to be ordered in vain, after the same calls and with
 * those that conflict in the same order, is not tried twice; and it goes back at once where a call does not fit and no other can help.
 */
export function findOrder(problem: OrderProblem, budget: Budget): FoundOrder {
  for (let misfits = 0; misfits <= MAX_MISFITS && budget.steps > 0; misfits++) {
    const order = new OrderSearch(problem, misfits, budget).run();
    if (order !== null) return { order, misfits };
  }
  return takeFirstThatFits(problem);
}

/** Does every result fit in this order? */
export function fitsIn({ trial }: OrderProblem, order: readonly number[], budget: Budget): boolean {
  const { mark } = trial;
  budget.steps -= order.length;
  const fits = order.every((call) => trial.perform(call));
  trial.undoTo(mark);
  return fits;
}

/** Without a search: of the calls that may come next, the first that fits; if none does, the first. */
function takeFirstThatFits(problem: OrderProblem): FoundOrder {
  const { calls, needed, trial } = problem;
  const open = new OpenCalls(problem);
  const order: number[] = [];
  const begin = trial.mark;
  let left = countOf(calls, needed);
  let misfits = 0;
  while (left > 0) {
    const next = calls.filter((call) => needed.has(call) && open.mayBeNext(call));
    const fitting = next.find((call) => {
      const { mark } = trial;
      if (trial.perform(call)) return true;
      trial.undoTo(mark);
      return false;
    });
    const chosen = fitting ?? (next[0] as number);
    if (fitting === undefined) {
      trial.perform(chosen);
      misfits++;
    }
    open.take(chosen);
    order.push(chosen);
    left--;
  }
  trial.undoTo(begin);
  return { order, misfits };
}

function countOf(calls: readonly number[], among: ReadonlySet<number>): number {
  return calls.reduce((sum, call) => sum + (among.has(call) ? 1 : 0), 0);
}

/** Which calls are still to come, and which of them may come next. */
class OpenCalls {
  /** For each call, those that come after it. */
  readonly #after = new Map<number, number[]>();
  /** How many calls have to come before each one that have not come; of one that has come, -1. */
  readonly #blockers: Int32Array;

  constructor({ calls, edges }: OrderProblem) {
    this.#blockers = new Int32Array(Math.max(-1, ...calls) + 1);
    for (const call of calls) {
      const after = calls.filter((later) => edges.has(call, later));
      this.#after.set(call, after);
      for (const later of after) this.#blockers[later]!++;
    }
  }

  mayBeNext(call: number): boolean {
    return this.#blockers[call] === 0;
  }

  isTaken(call: number): boolean {
    return this.#blockers[call] === -1;
  }

  take(call: number): void {
    this.#blockers[call] = -1;
    for (const later of this.#after.get(call) ?? []) this.#blockers[later]!--;
  }

  putBack(call: number): void {
    this.#blockers[call] = 0;
    for (const later of this.#after.get(call) ?? []) this.#blockers[later]!++;
  }
}

class OrderSearch {
  readonly #problem: OrderProblem;
  readonly #misfits: number;
  readonly #budget: Budget;
  readonly #order: number[] = [];
  readonly #open: OpenCalls;
  /** Needed calls that have not come. */
  #left: number;
  /** From where it went on in vain, with the fewest misfits there. */
  readonly #inVain = new Map<number, number>();
  /** Which calls are done, and in which order those that conflict: as two numbers of 32 bits that stand for it. */
  #done = 0;
  #sequence = 0;

  /** @param misfits calls that may not fit */
  constructor(problem: OrderProblem, misfits: number, budget: Budget) {
    this.#problem = problem;
    this.#misfits = misfits;
    this.#budget = budget;
    this.#open = new OpenCalls(problem);
    this.#left = countOf(problem.calls, problem.needed);
  }

  /** The first order that fits; `null`: there is none, or the budget is spent. What was tried is taken back. */
  run(): readonly number[] | null {
    const { trial } = this.#problem;
    const { mark } = trial;
    try {
      return this.#goOn(0) ? this.#order : null;
    } finally {
      trial.undoTo(mark);
    }
  }

  #goOn(misfits: number): boolean {
    const { calls, trial } = this.#problem;
    if (this.#left === 0) return true;
    if (this.#inVain.size > 0) {
      if (misfits >= (this.#inVain.get(this.#state) ?? Number.POSITIVE_INFINITY)) return false;
      if (this.#isStuck(misfits)) return this.#giveUp(misfits);
    }
    for (const call of calls) {
      if (!this.#open.mayBeNext(call)) continue;
      if (this.#budget.steps <= 0) return false;
      const { mark } = trial;
      const fits = this.#perform(call);
      const changes = trial.mark - mark;
      if (fits || misfits < this.#misfits) {
        const sequence = this.#sequence;
        this.#take(call);
        if (this.#goOn(fits ? misfits : misfits + 1)) return true;
        this.#putBack(call);
        this.#sequence = sequence;
      }
      trial.undoTo(mark);
      if (fits && changes === 0) break;
    }
    return this.#giveUp(misfits);
  }

  /** Is there a call that does not fit now, and that none of those to come can make fit? More such calls than may be are in vain. */
  #isStuck(misfits: number): boolean {
    const { calls, needed, trial } = this.#problem;
    let allowed = this.#misfits - misfits;
    for (const call of calls) {
      if (!needed.has(call) || !this.#open.mayBeNext(call)) continue;
      const { mark } = trial;
      const fits = this.#perform(call);
      trial.undoTo(mark);
      if (!fits && !this.#hasHelp(call) && --allowed < 0) return true;
    }
    return false;
  }

  #hasHelp(call: number): boolean {
    const { calls, edges, trial } = this.#problem;
    for (const other of calls) {
      if (other !== call && !this.#open.isTaken(other) && !edges.has(call, other) && trial.helps(other)) return true;
    }
    return false;
  }

  #take(call: number): void {
    this.#open.take(call);
    this.#order.push(call);
    this.#done ^= mix(call);
    if (this.#problem.conflicting.has(call)) this.#sequence = mix(this.#sequence ^ (call + 1));
    if (this.#problem.needed.has(call)) this.#left--;
  }

  #putBack(call: number): void {
    this.#open.putBack(call);
    this.#order.pop();
    this.#done ^= mix(call);
    if (this.#problem.needed.has(call)) this.#left++;
  }

  #perform(call: number): boolean {
    const { trial } = this.#problem;
    const { mark } = trial;
    const fits = trial.perform(call);
    this.#budget.steps -= 1 + trial.mark - mark;
    return fits;
  }

  #giveUp(misfits: number): false {
    if (this.#budget.steps > 0) this.#inVain.set(this.#state, misfits);
    return false;
  }

  /** Stands for what is done; two states that are not the same have different ones, but for a chance of one in 2^53. */
  get #state(): number {
    return (this.#done >>> 0) * 2 ** 21 + (mix(this.#sequence ^ this.#order.length ^ (this.#done << 7)) >>> 11);
  }
}

/** Scatters a number over 32 bits. */
function mix(value: number): number {
  let bits = Math.imul(value ^ 0x9e37_79b9, 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0xc2b2_ae35);
  return bits ^ (bits >>> 13);
}
