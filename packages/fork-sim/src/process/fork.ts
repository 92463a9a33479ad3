import { copyPageRange, virtPage } from 'pt-model';
import {
  anonVmaFork,
  HI_UFFD_RWP,
  LO_DONTCOPY,
  LO_LOCKED_MASK,
  LO_MAYWRITE,
  LO_SHARED,
  LO_UFFD_WP,
  LO_WIPEONFORK,
  type NeedsCopyReason,
  NO_VMA,
  PAGE_SIZE,
  type UffdContext,
  uffdResetContext,
  unlinkAnonVmas,
  type Vma,
  type VmaRef,
  vmaNeedsCopyReason,
} from 'vma-core';
import type { Process } from './process.ts';

/** What fork did with one VMA of the parent. */
export interface ForkDecision {
  readonly parent: Vma;
  /** The child's VMA; `null`: it has none (MADV_DONTFORK). */
  readonly child: Vma | null;
  /**
   * `copy`: page tables copied. `refault`: none, a later access faults them in. `wipe`: MADV_WIPEONFORK, empty for good.
   * `skip`: MADV_DONTFORK.
   */
  readonly action: 'copy' | 'refault' | 'wipe' | 'skip';
  /** What `vmaNeedsCopy` said, and why; `null` where it was not asked. */
  readonly reason: NeedsCopyReason | null;
  /** PTEs copied. */
  readonly ptes: number;
  /** Page-table pages that the child got for this VMA: PTE, PMD and PUD tables, 4 kB each. */
  readonly tables: number;
}

/** A fork: the child, and the decisions in address order. */
export interface ForkResult {
  readonly child: Process;
  readonly decisions: readonly ForkDecision[];
  /** The child's userfaultfd contexts, by the parent's id: those that asked for EVENT_FORK. */
  readonly uffdContexts: ReadonlyMap<number, UffdContext>;
}

/**
 * A fork while it is made, VMA by VMA in address order: each is skipped (DONTCOPY), or copied without its locks; registered with a
 * context of the child's own, or with none; emptied (WIPEONFORK), or given an anon_vma of its own where the parent's has one. Then
 * `vmaNeedsCopy` is asked, about the child's VMA as it now is. The parent must not change in between.
 * Kernel: `dup_mmap()`, mm/mmap.c; `copy_page_range()`, mm/memory.c.
 *
 *     const fork = new Fork(parent);
 *     while (fork.dupVma());
 */
export class Fork implements ForkResult {
  readonly child: Process;
  readonly decisions: ForkDecision[] = [];
  readonly uffdContexts: Map<number, UffdContext> = new Map();
  readonly #parent: Process;
  #next: VmaRef;

  /** @throws OutOfMemoryError */
  constructor(parent: Process) {
    this.#parent = parent;
    this.child = parent.world.newProcess();
    const { mm } = this.child;
    mm.mmapBase = parent.mm.mmapBase;
    mm.maxMapCount = parent.mm.maxMapCount;
    mm.startBrk = parent.mm.startBrk;
    mm.brk = parent.mm.brk;
    mm.stackLimit = parent.mm.stackLimit;
    this.#next = parent.mm.index.first();
  }

  /**
   * Copies the next VMA; false: every VMA is copied.
   * @throws OutOfMemoryError: there is no child then
   */
  dupVma(): boolean {
    const vma = this.#next;
    if (vma === NO_VMA) return false;
    try {
      this.decisions.push(forkVma(this.#parent, this.child, vma, this.uffdContexts));
    } catch (error) {
      this.giveUp();
      throw error;
    }
    this.#next = this.#parent.mm.index.next(vma);
    return true;
  }

  /** Leaves no child, and the parent's pages write-protected where they were copied, as in the kernel. */
  giveUp(): void {
    this.child.exit();
  }
}

function forkVma(parent: Process, child: Process, src: VmaRef, contexts: Map<number, UffdContext>): ForkDecision {
  const from = parent.mm.store;
  const to = child.mm.store;
  const before = parent.mm.view(src);
  const srcLo = from.flagsLo[src]!;
  if ((srcLo & LO_DONTCOPY) !== 0) {
    return { parent: before, child: null, action: 'skip', reason: null, ptes: 0, tables: 0 };
  }
  const dst = to.alloc();
  to.copyFrom(from, src, dst);
  to.anonName[dst] = child.mm.anonNameId(before.anonName);
  to.flagsLo[dst] = srcLo & ~LO_LOCKED_MASK;
  dupUserfaultfd(parent, child, dst, contexts);
  const wipe = (srcLo & LO_WIPEONFORK) !== 0;
  if (wipe) unlinkAnonVmas(child.mm, dst);
  else anonVmaFork(child.mm, dst, parent.mm, src);
  child.mm.linkVma(dst);
  const after = child.mm.view(dst);
  if (wipe) return { parent: before, child: after, action: 'wipe', reason: null, ptes: 0, tables: 0 };

  const reason = vmaNeedsCopyReason(after, before, parent.world.profile);
  if (!reason.copy) return { parent: before, child: after, action: 'refault', reason, ptes: 0, tables: 0 };
  const options = {
    cow: (srcLo & (LO_SHARED | LO_MAYWRITE)) === LO_MAYWRITE,
    shared: (srcLo & LO_SHARED) !== 0,
    dstUffdWp: (to.flagsLo[dst]! & LO_UFFD_WP) !== 0 || (to.flagsHi[dst]! & HI_UFFD_RWP) !== 0,
  };
  const start = virtPage(before.vmStart / PAGE_SIZE);
  const end = virtPage(before.vmEnd / PAGE_SIZE);
  const copied = copyPageRange(child.pageTable, parent.pageTable, start, end, options);
  const tables = copied.pteTables + copied.pmdTables + copied.pudTables;
  return { parent: before, child: after, action: 'copy', reason, ptes: copied.ptes, tables };
}

/** Kernel: `dup_userfaultfd()`: with EVENT_FORK the child gets a context for each of the parent's, else none. */
function dupUserfaultfd(parent: Process, child: Process, dst: VmaRef, contexts: Map<number, UffdContext>): void {
  const id = child.mm.store.uffd[dst]!;
  if (id === 0) return;
  const old = parent.world.uffdContexts.get(id);
  if (old === undefined || !old.eventFork) {
    uffdResetContext(child.mm, dst);
    return;
  }
  let context = contexts.get(id);
  if (context === undefined) {
    const { id: _, ...features } = old;
    context = parent.world.newUffdContext(features, child);
    contexts.set(id, context);
  }
  child.mm.store.uffd[dst] = context.id;
}
