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

/** Where a fork is, after one VMA or after a slice of one. */
export interface ForkStep {
  /** The VMA that is finished; `null`: more of it is to be copied. */
  readonly decision: ForkDecision | null;
  /** PTEs copied so far, of all VMAs. */
  readonly ptes: number;
}

/** Pages after which a VMA that is copied can be interrupted: one PMD table's 1 GiB, so that tables come as in one go. */
const SLICE_UNIT = 1 << 18;

/**
 * Makes a child with a copy of the parent's address space.
 *
 * VMA by VMA in address order: skipped (DONTCOPY), or copied without its locks; registered with a context of the child's own,
 * or with none; emptied (WIPEONFORK), or given an anon_vma of its own where the parent's has one. Then `vmaNeedsCopy` is
 * asked, about the child's VMA as it now is. Kernel: `dup_mmap()`, mm/mmap.c; `copy_page_range()`, mm/memory.c.
 *
 * @throws OutOfMemoryError: the model is out of memory; there is no child then
 */
export function forkProcess(parent: Process): ForkResult {
  const steps = forkSteps(parent);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * {@link forkProcess} in steps, so that a long fork can be watched and interrupted. The parent must not change in between.
 * A fork that is not carried to its end leaves no child, and the parent's pages write-protected, as in the kernel.
 *
 * @param slice copy at most about so many GiB of a VMA in one step
 */
export function* forkSteps(parent: Process, slice: number = Number.POSITIVE_INFINITY): Generator<ForkStep, ForkResult> {
  const child = parent.world.newProcess();
  let finished = false;
  try {
    child.mm.mmapBase = parent.mm.mmapBase;
    child.mm.maxMapCount = parent.mm.maxMapCount;
    child.mm.startBrk = parent.mm.startBrk;
    child.mm.brk = parent.mm.brk;
    child.mm.stackLimit = parent.mm.stackLimit;
    const contexts = new Map<number, UffdContext>();
    const decisions: ForkDecision[] = [];
    const { index } = parent.mm;
    let ptes = 0;
    for (let vma = index.first(); vma !== NO_VMA; vma = index.next(vma)) {
      const decision = yield* forkVma(parent, child, vma, contexts, slice * SLICE_UNIT, ptes);
      ptes += decision.ptes;
      decisions.push(decision);
      yield { decision, ptes };
    }
    finished = true;
    return { child, decisions, uffdContexts: contexts };
  } finally {
    if (!finished) child.exit();
  }
}

function* forkVma(
  parent: Process,
  child: Process,
  src: VmaRef,
  contexts: Map<number, UffdContext>,
  slicePages: number,
  ptesBefore: number,
): Generator<ForkStep, ForkDecision> {
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
  const end = before.vmEnd / PAGE_SIZE;
  let ptes = 0;
  let tables = 0;
  for (let at = before.vmStart / PAGE_SIZE; at < end; ) {
    const next = slicePages < end - at ? Math.min(end, Math.floor(at / SLICE_UNIT) * SLICE_UNIT + slicePages) : end;
    const copied = copyPageRange(child.pageTable, parent.pageTable, virtPage(at), virtPage(next), options);
    ptes += copied.ptes;
    tables += copied.pteTables + copied.pmdTables + copied.pudTables;
    at = next;
    if (at < end) yield { decision: null, ptes: ptesBefore + ptes };
  }
  return { parent: before, child: after, action: 'copy', reason, ptes, tables };
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
