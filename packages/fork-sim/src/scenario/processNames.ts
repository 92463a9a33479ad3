import type { Op, OpOf } from './scenario.ts';

/** The name of a scenario's first process. */
export const FIRST_PROCESS = 'parent';

/** True where a fork's child is still there at the next operation. */
export function childStays(op: OpOf<'fork'>): boolean {
  return op.continueIn === 'child' || op.childLives === true || op.as !== undefined;
}

/** Which processes there are after some operations, by name, and in which one the story is. */
export class ProcessNames {
  readonly #living = new Set([FIRST_PROCESS]);
  #story = FIRST_PROCESS;

  /** The process in which an operation without a name runs. */
  get story(): string {
    return this.#story;
  }

  get living(): ReadonlySet<string> {
    return this.#living;
  }

  /** The name of the child that a fork would make now: its own, or the first of child, child2, child3, ... that nobody has. */
  childOf({ as }: OpOf<'fork'>): string {
    if (as !== undefined) return as;
    for (let n = 1; ; n++) {
      const name = n === 1 ? 'child' : `child${n}`;
      if (!this.#living.has(name)) return name;
    }
  }

  /** Takes note of an operation. */
  after(op: Op): void {
    if (op.op !== 'fork') return;
    const name = this.childOf(op);
    if (childStays(op)) this.#living.add(name);
    if (op.continueIn !== 'child') return;
    if (op.parentExits) this.#living.delete(op.in ?? this.#story);
    this.#story = name;
  }
}

/** The first operation that names a process that is not there, or gives a child a name that is taken; `null`: there is none. */
export function findAbsentProcess(
  ops: readonly Op[],
): { readonly index: number; readonly field: 'in' | 'as' | 'of'; readonly message: string } | null {
  const names = new ProcessNames();
  for (const [index, op] of ops.entries()) {
    const problem = absentProcess(names, op);
    if (problem !== null) return { index, ...problem };
    names.after(op);
  }
  return null;
}

/** What is wrong with the names of one operation, given the processes that there are. */
export function absentProcess(
  names: ProcessNames,
  op: Op,
): { readonly field: 'in' | 'as' | 'of'; readonly message: string } | null {
  const list = [...names.living].join(', ');
  if (op.in !== undefined && !names.living.has(op.in)) {
    return {
      field: 'in',
      message: `there is no process "${op.in}" here; there are: ${list}. A fork makes one: fork as=${op.in}`,
    };
  }
  if (op.op === 'process_madvise' && op.of !== undefined && !names.living.has(op.of)) {
    return { field: 'of', message: `there is no process "${op.of}" here; there are: ${list}` };
  }
  if (op.op === 'fork' && op.as !== undefined && names.living.has(op.as)) {
    return { field: 'as', message: `a process "${op.as}" is there already; give the child another name` };
  }
  return null;
}
