import { InvariantError } from 'vma-core';
import type { ForkResult } from '../process/fork.ts';
import type { Process } from '../process/process.ts';
import { UffdTable } from '../process/uffdTable.ts';
import type { Arena } from './arena.ts';
import { childStays, FIRST_PROCESS, ProcessNames } from './processNames.ts';
import type { Op, OpOf } from './scenario.ts';

/** A process of a scenario, and its userfaultfds. */
export interface Actor {
  readonly process: Process;
  readonly uffds: UffdTable;
}

/** The processes of a running scenario by name: `parent`, `child`, or as a fork named them. */
export class Cast {
  readonly #actors = new Map<string, Actor>();
  readonly #names = new ProcessNames();
  #newborn: string | null = null;

  constructor({ current, world }: Arena) {
    this.#actors.set(FIRST_PROCESS, { process: current, uffds: new UffdTable(world) });
  }

  /** The name of the process in which an operation without a name runs. */
  get story(): string {
    return this.#names.story;
  }

  /** The name of the child of the fork that is being looked at. */
  get newborn(): string | null {
    return this.#newborn;
  }

  /** The process that performs an operation. @throws InvariantError where it is not there, which `checkScenario` finds */
  actorOf({ in: name = this.story }: Pick<Op, 'in'>): Actor {
    const actor = this.#actors.get(name);
    if (actor === undefined) throw new InvariantError(`no process "${name}"`);
    return actor;
  }

  /** The process of a name; `undefined`: none is there. */
  process(name: string): Process | undefined {
    return this.#actors.get(name)?.process;
  }

  /** Takes in the child of a fork. It is there at least until {@link afterFork}. */
  born(op: OpOf<'fork'>, { uffds }: Actor, { child, uffdContexts }: ForkResult<Process>): void {
    this.#newborn = this.#names.childOf(op);
    this.#actors.set(this.#newborn, { process: child, uffds: uffds.forked(uffdContexts) });
  }

  /** After a fork was looked at: who exits does so, and the story goes on where it should. */
  afterFork(op: OpOf<'fork'>, parent: Actor): void {
    const name = this.#names.childOf(op);
    const parentName = op.in ?? this.story;
    const { process } = this.actorOf({ in: name });
    if (op.continueIn === 'child' && op.parentExits) {
      parent.process.exit();
      this.#actors.delete(parentName);
    } else if (!childStays(op)) {
      process.exit();
      this.#actors.delete(name);
    }
    this.#names.after(op);
    this.#newborn = null;
  }
}
