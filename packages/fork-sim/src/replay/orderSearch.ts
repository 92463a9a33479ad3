/** What is tried in one order after another. */
export interface Trial {
  /** Where {@link undoTo} goes back to. */
  readonly mark: number;
  /** Does one of the calls; false: its result does not fit. */
  readonly perform: (call: number) => boolean;
  readonly undoTo: (mark: number) => void;
}

/** Calls to be put into an order: numbers from 0, in the order in which they ended. */
export interface OrderProblem {
  readonly calls: number;
  /** For each call, those that come before it in any case. */
  readonly before: readonly ReadonlySet<number>[];
  /** Those whose order among each other makes another address space; for what is left open. */
  readonly conflicting: ReadonlySet<number>;
  readonly trial: Trial;
}

/** An order. */
export interface FoundOrder {
  readonly order: readonly number[];
  /** Calls whose result does not fit in it. */
  readonly misfits: number;
}

/** Steps that a search may take. */
export interface Budget {
  steps: number;
}

/** So many calls that do not fit are tried for before the search gives up. */
const MAX_MISFITS = 3;

/**
 * Finds an order in which the result of every call fits, and of those the one nearest to the order in which they ended; where there is
 * none, or none in so many steps, one in which few do not.
 *
 * Calls are tried one after the other, the earliest end first, and taken back where nothing goes on from there. A call that fits and
 * changes nothing goes where it first fits: nothing later depends on it. What is left to be ordered in vain, after the same calls and with
 * those that conflict in the same order, is not tried twice.
 */
export function findOrder(problem: OrderProblem, budget: Budget): FoundOrder {
  for (let misfits = 0; misfits <= MAX_MISFITS && budget.steps > 0; misfits++) {
    const order = new OrderSearch(problem, misfits, budget).run();
    if (order !== null) return { order, misfits };
  }
  return takeFirstThatFits(problem);
}

/** Is there an order in which every result fits? */
export function hasOrder(problem: OrderProblem, budget: Budget): boolean {
  return new OrderSearch(problem, 0, budget).run() !== null;
}

/** Without a search: of the calls that may come next, the first that fits; if none does, the first. */
function takeFirstThatFits({ calls, before, trial }: OrderProblem): FoundOrder {
  const open = new OpenCalls(calls, before);
  const order: number[] = [];
  const begin = trial.mark;
  let misfits = 0;
  while (order.length < calls) {
    const next = open.next();
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
  }
  trial.undoTo(begin);
  return { order, misfits };
}

/** Which calls are still to come, and which of them may come next. */
class OpenCalls {
  readonly #after: readonly (readonly number[])[];
  /** How many calls have to come before each one that have not come; of one that has come, -1. */
  readonly #blockers: Int32Array;

  constructor(calls: number, before: readonly ReadonlySet<number>[]) {
    const after = Array.from({ length: calls }, (): number[] => []);
    this.#blockers = new Int32Array(calls);
    for (let call = 0; call < calls; call++) {
      const earlier = before[call] as ReadonlySet<number>;
      this.#blockers[call] = earlier.size;
      for (const one of earlier) after[one]?.push(call);
    }
    this.#after = after;
  }

  mayBeNext(call: number): boolean {
    return this.#blockers[call] === 0;
  }

  isTaken(call: number): boolean {
    return this.#blockers[call] === -1;
  }

  /** Every call that may come next. */
  next(): number[] {
    const next: number[] = [];
    for (let call = 0; call < this.#blockers.length; call++) if (this.mayBeNext(call)) next.push(call);
    return next;
  }

  take(call: number): void {
    this.#blockers[call] = -1;
    for (const one of this.#after[call] as readonly number[]) this.#blockers[one]!--;
  }

  putBack(call: number): void {
    this.#blockers[call] = 0;
    for (const one of this.#after[call] as readonly number[]) this.#blockers[one]!++;
  }
}

class OrderSearch {
  readonly #problem: OrderProblem;
  readonly #misfits: number;
  readonly #budget: Budget;
  readonly #order: number[] = [];
  readonly #open: OpenCalls;
  /** From where it went on in vain, with the fewest misfits there. */
  readonly #inVain = new Map<string, number>();

  /** @param misfits so many calls may not fit */
  constructor(problem: OrderProblem, misfits: number, budget: Budget) {
    this.#problem = problem;
    this.#misfits = misfits;
    this.#budget = budget;
    this.#open = new OpenCalls(problem.calls, problem.before);
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
    if (this.#order.length === calls) return true;
    if (this.#inVain.size > 0 && misfits >= (this.#inVain.get(this.#state()) ?? Number.POSITIVE_INFINITY)) return false;
    for (let call = 0; call < calls; call++) {
      if (!this.#open.mayBeNext(call)) continue;
      if (this.#budget.steps <= 0) return false;
      const { mark } = trial;
      const fits = trial.perform(call);
      const changes = trial.mark - mark;
      this.#budget.steps -= 1 + changes;
      if (fits || misfits < this.#misfits) {
        this.#open.take(call);
        this.#order.push(call);
        if (this.#goOn(fits ? misfits : misfits + 1)) return true;
        this.#order.pop();
        this.#open.putBack(call);
      }
      trial.undoTo(mark);
      if (fits && changes === 0) break;
    }
    if (this.#budget.steps > 0) this.#inVain.set(this.#state(), misfits);
    return false;
  }

  /** Which calls are done, and in which order those that conflict. */
  #state(): string {
    const { calls, conflicting } = this.#problem;
    let done = '';
    for (let call = 0; call < calls; call++) done += this.#open.isTaken(call) ? '1' : '0';
    return `${done} ${this.#order.filter((call) => conflicting.has(call)).join(' ')}`;
  }
}
