import { type UffdContext, uffdRelease } from 'vma-core';
import type { Process } from '../process/process.ts';
import type { UffdFeatures } from './scenario.ts';

/** The userfaultfds that a process has open, by the number that a scenario gives them. */
export class UffdTable {
  readonly #open = new Map<number, UffdContext>();

  /** The context of userfaultfd `n`, opened with these features at its first use; `null`: the kernel knows no such feature. */
  use(process: Process, n: number, features: UffdFeatures): UffdContext | null {
    const known = this.#open.get(n);
    if (known !== undefined) return known;
    if (features.rwp && !process.world.profile.uffdRwp) return null;
    const asked = {
      eventFork: features.eventFork ?? false,
      eventRemap: features.eventRemap ?? false,
      unpopulated: features.unpopulated ?? false,
      async: features.async ?? false,
      rwp: features.rwp ?? false,
    };
    const context = process.world.newUffdContext(asked, process);
    this.#open.set(n, context);
    return context;
  }

  /** Closes userfaultfd `n`: its ranges are unregistered. */
  close(process: Process, n: number): void {
    const context = this.#open.get(n);
    if (context === undefined) return;
    this.#open.delete(n);
    uffdRelease(process.mm, context.id);
    process.world.uffdContexts.delete(context.id);
  }

  /** A child's table: the contexts that the fork made for it, under the same numbers. */
  forkedWith(contexts: ReadonlyMap<number, UffdContext>): UffdTable {
    const table = new UffdTable();
    for (const [n, context] of this.#open) {
      const childs = contexts.get(context.id);
      if (childs !== undefined) table.#open.set(n, childs);
    }
    return table;
  }
}
