import { type CopyOptions, copyPageRange, virtPage } from 'pt-model';
import {
  flagsLo,
  HI_UFFD_RWP,
  LO_MAYWRITE,
  LO_SHARED,
  LO_UFFD_WP,
  NO_VMA,
  PAGE_SIZE,
  type UffdContext,
  type VmaRef,
  type VmFlags,
} from 'vma-core';
import { anonVmaFork, unlinkAnonVmas } from 'vma-core/merge';
import { type DupMmap, dupMmap } from './dupMmap.ts';
import type { ProcessState } from './processState.ts';

/** What fork did with one VMA of the parent. */
export interface ForkDecision extends Pick<DupMmap, 'action' | 'reason'> {
  /** The parent's VMA. */
  readonly src: VmaRef;
  /** The child's; `NO_VMA`: it has none (MADV_DONTFORK). */
  readonly dst: VmaRef;
  /** First byte of both. */
  readonly vmStart: number;
  /** Last byte, exclusive. */
  readonly vmEnd: number;
  /** The parent's flags. */
  readonly vmFlags: VmFlags;
  /** PTEs copied. */
  readonly ptes: number;
  /** Page-table pages that the child got for this VMA: PTE, PMD and PUD tables, 4 kB each. */
  readonly tables: number;
}

/** A fork: the child, and the decisions in address order. */
export interface ForkResult<P extends ProcessState = ProcessState> {
  readonly child: P;
  readonly decisions: readonly ForkDecision[];
  /** The child's userfaultfd contexts, by the parent's id: those that asked for EVENT_FORK. */
  readonly uffdContexts: ReadonlyMap<number, UffdContext>;
}

/** What is decided about all VMAs that have these flags, and an anon_vma or none. */
interface Kind extends DupMmap {
  readonly lo: number;
  readonly hi: number;
  readonly hasAnonVma: boolean;
  readonly eventFork: boolean;
  readonly vmFlags: VmFlags;
  readonly childLo: number;
  readonly childHi: number;
  readonly copyOptions: CopyOptions;
}

/** Kinds that the forks of a process met, so that the next one need not work them out again. */
const KNOWN_KINDS: WeakMap<ProcessState, Kind[]> = new WeakMap();
/** How many are looked through at each VMA. */
const MOST_KINDS = 64;

/** Numbers of a row of each of the two tables of decisions. */
const WHO = 3;
const WHAT = 4;

function kindsOf(parent: ProcessState): Kind[] {
  const known = KNOWN_KINDS.get(parent);
  if (known !== undefined && known.length <= MOST_KINDS) return known;
  const kinds: Kind[] = [];
  KNOWN_KINDS.set(parent, kinds);
  return kinds;
}

/**
 * A fork while it is made, VMA by VMA in address order: each is skipped (DONTCOPY), or copied without its locks; registered with a
 * context of the child's own, or with none; emptied (WIPEONFORK), or given an anon_vma of its own where the parent's has one. Then
 * `vmaNeedsCopy` is asked, about the child's VMA as it now is. The parent must not change in between.
 * Kernel: `dup_mmap()`, mm/mmap.c; `copy_page_range()`, mm/memory.c.
 *
 *     const fork = new Fork(parent, parent.world.newProcess());
 *     while (fork.dupVma());
 */
export class Fork<P extends ProcessState> implements ForkResult<P> {
  readonly child: P;
  readonly uffdContexts: Map<number, UffdContext> = new Map();
  readonly #parent: P;
  readonly #kinds: Kind[];
  /** A row for each decision, of which there may be a million: its kind, and the slots of the two VMAs. */
  readonly #who: Uint32Array;
  /** Start and end, PTEs and tables of each. */
  readonly #what: Float64Array;
  #length = 0;
  #next: VmaRef;

  /** @param child a new process, whose address space is empty */
  constructor(parent: P, child: P) {
    this.#parent = parent;
    this.#kinds = kindsOf(parent);
    this.child = child;
    const { mm } = this.child;
    mm.mmapBase = parent.mm.mmapBase;
    mm.maxMapCount = parent.mm.maxMapCount;
    mm.startBrk = parent.mm.startBrk;
    mm.brk = parent.mm.brk;
    mm.stackLimit = parent.mm.stackLimit;
    mm.memlockLimit = parent.mm.memlockLimit;
    mm.hasMdwe = parent.mm.hasMdwe && !parent.mm.mdweNoInherit;
    mm.hasPkeys = parent.mm.hasPkeys;
    mm.pkeyAllocationMap = parent.mm.pkeyAllocationMap;
    mm.executeOnlyPkey = parent.mm.executeOnlyPkey;
    this.#next = parent.mm.index.first();
    const most = parent.mm.mapCount;
    this.#who = new Uint32Array(WHO * most);
    this.#what = new Float64Array(WHAT * most);
  }

  /** VMAs that were gone through so far. */
  get length(): number {
    return this.#length;
  }

  get decisions(): ForkDecision[] {
    return Array.from({ length: this.#length }, (_, at) => this.decision(at));
  }

  /** What was decided about the VMA at a place in the parent's order, from 0. */
  decision(at: number): ForkDecision {
    const [who, what] = [WHO * at, WHAT * at];
    const { action, reason, vmFlags } = this.#kinds[this.#who[who]!]!;
    return {
      src: this.#who[who + 1] as VmaRef,
      dst: this.#who[who + 2] as VmaRef,
      vmStart: this.#what[what]!,
      vmEnd: this.#what[what + 1]!,
      vmFlags,
      action,
      reason,
      ptes: this.#what[what + 2]!,
      tables: this.#what[what + 3]!,
    };
  }

  /**
   * Copies the next VMA; false: every VMA is copied.
   * @throws OutOfMemoryError: there is no child then
   */
  dupVma(): boolean {
    const vma = this.#next;
    if (vma === NO_VMA) return false;
    try {
      if (this.#length === 0) this.child.mm.store.reserve(this.#parent.mm.mapCount);
      this.#forkVma(vma);
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

  #forkVma(src: VmaRef): void {
    const { mm, pageTable } = this.#parent;
    const from = mm.store;
    const at = this.#kindOf(src);
    const kind = this.#kinds[at]!;
    const vmStart = from.start[src]!;
    const vmEnd = from.end[src]!;
    const dst = kind.action === 'skip' ? NO_VMA : this.#vmAreaDup(src, kind);
    let ptes = 0;
    let tables = 0;
    if (kind.action === 'copy') {
      const start = virtPage(vmStart / PAGE_SIZE);
      const end = virtPage(vmEnd / PAGE_SIZE);
      const copied = copyPageRange(this.child.pageTable, pageTable, start, end, kind.copyOptions);
      ptes = copied.ptes;
      tables = copied.pteTables + copied.pmdTables + copied.pudTables;
    }
    const who = WHO * this.#length;
    const what = WHAT * this.#length;
    this.#length++;
    this.#who[who] = at;
    this.#who[who + 1] = src;
    this.#who[who + 2] = dst;
    this.#what[what] = vmStart;
    this.#what[what + 1] = vmEnd;
    this.#what[what + 2] = ptes;
    this.#what[what + 3] = tables;
  }

  #vmAreaDup(src: VmaRef, kind: Kind): VmaRef {
    const { mm } = this.#parent;
    const { mm: childMm } = this.child;
    const from = mm.store;
    const to = childMm.store;
    const dst = to.alloc();
    to.copyFrom(from, src, dst);
    if (from.anonName[src] !== 0) to.anonName[dst] = childMm.anonNameId(mm.anonNameOf(from.anonName[src]!));
    if (from.uffd[src] !== 0) to.uffd[dst] = kind.eventFork ? this.#contextOf(from.uffd[src]!).id : 0;
    to.flagsLo[dst] = kind.childLo;
    to.flagsHi[dst] = kind.childHi;
    if (kind.action === 'wipe') unlinkAnonVmas(childMm, dst);
    else anonVmaFork(childMm, dst, mm, src);
    childMm.addVma(dst);
    return dst;
  }

  /** The place of a VMA's kind: a million VMAs are of a few kinds, and what is decided about each is worked out once. */
  #kindOf(vma: VmaRef): number {
    const { profile, store, uffdContexts } = this.#parent.mm;
    const lo = store.flagsLo[vma]!;
    const hi = store.flagsHi[vma]!;
    const hasAnonVma = store.anonVma[vma] !== 0;
    const eventFork = store.uffd[vma] !== 0 && uffdContexts.get(store.uffd[vma]!)?.eventFork === true;
    for (let at = 0; at < this.#kinds.length; at++) {
      const kind = this.#kinds[at]!;
      if (kind.lo === lo && kind.hi === hi && kind.hasAnonVma === hasAnonVma && kind.eventFork === eventFork) return at;
    }
    const vmFlags = store.flags(vma);
    const decided = dupMmap(vmFlags, store.anonVma[vma] || null, eventFork, profile);
    const childLo = flagsLo(decided.childFlags);
    const childHi = this.#parent.mm.spareBits.hi(decided.childFlags);
    const copyOptions = {
      cow: (lo & (LO_SHARED | LO_MAYWRITE)) === LO_MAYWRITE,
      shared: (lo & LO_SHARED) !== 0,
      dstUffdWp: (childLo & LO_UFFD_WP) !== 0 || (childHi & HI_UFFD_RWP) !== 0,
    };
    return this.#kinds.push({ ...decided, lo, hi, hasAnonVma, eventFork, vmFlags, childLo, childHi, copyOptions }) - 1;
  }

  /** The child's context for one of the parent's that asked for EVENT_FORK. Kernel: `dup_userfaultfd()`. */
  #contextOf(id: number): UffdContext {
    const known = this.uffdContexts.get(id);
    if (known !== undefined) return known;
    const { world } = this.#parent;
    const { id: _, ...features } = world.uffdContexts.get(id) as UffdContext;
    const context = world.newUffdContext(features, this.child);
    this.uffdContexts.set(id, context);
    return context;
  }
}
