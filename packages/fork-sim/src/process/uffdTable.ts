import type { UffdContext } from 'vma-core';
import { uffdRelease } from 'vma-core/calls';
import type { Process, World } from './process.ts';

/** What a userfaultfd was opened with. */
export type UffdFeatures = Omit<UffdContext, 'id'>;

/** The features of a userfaultfd that asked for none. */
export const NO_UFFD_FEATURES: UffdFeatures = {
  eventFork: false,
  eventRemap: false,
  unpopulated: false,
  async: false,
  rwp: false,
};

/** The userfaultfds that a process has open: ids of their contexts by descriptor, or by another number that a caller gives them. */
export class UffdTable {
  readonly #world: World;
  readonly #ids: Map<number, number>;

  constructor(world: World, ids: Iterable<readonly [number, number]> = []) {
    this.#world = world;
    this.#ids = new Map(ids);
  }

  /** The context of an open userfaultfd. */
  get(fd: number): UffdContext | undefined {
    return this.#world.uffdContexts.get(this.#ids.get(fd) ?? -1);
  }

  /** @param owner the process whose end is the context's; without it, other tables may have the same one open */
  open(fd: number, features: UffdFeatures, owner?: Process): UffdContext {
    const context = this.#world.newUffdContext(features, owner);
    this.#ids.set(fd, context.id);
    return context;
  }

  /** Closes a userfaultfd: what the process has registered with it is registered no longer. */
  close(fd: number, process: Process): void {
    const id = this.#ids.get(fd);
    if (id === undefined) return;
    this.#ids.delete(fd);
    uffdRelease(process.mm, id);
    if (process.uffdContexts.has(id)) this.#world.uffdContexts.delete(id);
  }

  /** A child's table: the same descriptors of the same contexts, or of those that the fork made for it. */
  forked(contexts?: ReadonlyMap<number, UffdContext>): UffdTable {
    if (this.#ids.size === 0) return new UffdTable(this.#world);
    const ids = [...this.#ids].flatMap(([fd, id]) => {
      const childs = contexts === undefined ? id : contexts.get(id)?.id;
      return childs === undefined ? [] : [[fd, childs] as const];
    });
    return new UffdTable(this.#world, ids);
  }
}
