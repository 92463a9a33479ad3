import type { KernelProfile } from '../kernelProfile.ts';
import { PAGE_SIZE, type Pgoff, pgoff, type VirtAddr, virtAddr } from '../units.ts';
import type { VmFile } from '../vma.ts';
import { type ColumnName, NO_VMA, type VmaRef, type VmaStore } from '../vmaStore.ts';
import { flagsOf, LO_SPECIAL, type VmFlags } from '../vmFlags.ts';

/** What an explanation looks at: the request as `VmaMergeStruct` has it, before anything is changed. */
interface Asked {
  readonly mm: {
    readonly store: VmaStore;
    readonly profile: KernelProfile;
    readonly files: ReadonlyMap<number, VmFile>;
    anonNameOf(id: number): string | null;
  };
  readonly proposed: VmaRef;
  readonly prev: VmaRef;
  readonly middle: VmaRef;
  readonly next: VmaRef;
  readonly copiedFrom: VmaRef;
}

/** The side of the range that the neighbour lies on. */
export type MergeSide = 'prev' | 'next';

/** Two values that differ: of the range that is about to be mapped or changed, and of its neighbour. */
interface Differ<T> {
  readonly range: T;
  readonly neighbour: T;
}

/** Offsets that do not continue: the neighbour would have to have `want`. */
interface Offsets {
  readonly want: Pgoff;
  readonly got: Pgoff;
}

/**
 * The rules that keep two VMAs apart: one row a rule, named as in the kernel where it has a name, with the values on which it
 * rests. The predicates (`isMergeableVma.ts`, `canVmaMerge.ts`) refuse by a rule's name; a row works only when somebody asks.
 */
const RULES = {
  /** There is a hole between the two, of `gap` bytes, or nothing at all. */
  notAdjacent({ mm: { store }, proposed }: Asked, neighbour: VmaRef, side: MergeSide): { readonly gap: number | null } {
    if (neighbour === NO_VMA) return { gap: null };
    const [below, above] = side === 'prev' ? [neighbour, proposed] : [proposed, neighbour];
    return { gap: store.start[above]! - store.end[below]! };
  },
  /** The range touches neither edge of its VMA, or not this one, so the VMA itself lies between. */
  notAtEdge({ mm: { store }, middle }: Asked, _: VmaRef, side: MergeSide): { readonly edge: VirtAddr } {
    return { edge: virtAddr(side === 'prev' ? store.start[middle]! : store.end[middle]!) };
  },
  /** `VM_SPECIAL`: such mappings never merge. */
  special({ mm, proposed }: Asked): { readonly flags: VmFlags } {
    return { flags: flagsOf(mm.store.flagsLo[proposed]! & LO_SPECIAL, 0) };
  },
  /** Flags differ, other than by `VM_IGNORE_MERGE`. */
  vmFlags({ mm, proposed }: Asked, neighbour: VmaRef): Differ<VmFlags> & { readonly diff: VmFlags } {
    const range = mm.store.flags(proposed);
    const other = mm.store.flags(neighbour);
    return { range, neighbour: other, diff: ((range ^ other) & ~mm.profile.ignoreMerge) as VmFlags };
  },
  /** Not the same open file. `null`: anonymous. */
  vmFile(asked: Asked, neighbour: VmaRef): Differ<number | null> {
    return ids(asked, neighbour, 'file');
  },
  /** Memory policies differ. */
  policy({ mm: { store }, proposed }: Asked, neighbour: VmaRef): Differ<number> {
    return { range: store.policy[proposed]!, neighbour: store.policy[neighbour]! };
  },
  /** Not registered with the same userfaultfd. `null`: with none. */
  userfaultfd(asked: Asked, neighbour: VmaRef): Differ<number | null> {
    return ids(asked, neighbour, 'uffd');
  },
  /** Names given by PR_SET_VMA_ANON_NAME differ. */
  anonName({ mm, proposed }: Asked, neighbour: VmaRef): Differ<string | null> {
    const { anonName } = mm.store;
    return { range: mm.anonNameOf(anonName[proposed]!), neighbour: mm.anonNameOf(anonName[neighbour]!) };
  },
  /** Two different anon_vmas. */
  anonVma({ mm: { store }, proposed }: Asked, neighbour: VmaRef): Differ<number> {
    return { range: store.anonVma[proposed]!, neighbour: store.anonVma[neighbour]! };
  },
  /** Only one side has an anon_vma, and it is a fork child: its chain has more than one link. */
  forkChild(
    { mm: { store }, proposed, middle, copiedFrom }: Asked,
    neighbour: VmaRef,
  ): { readonly side: 'range' | 'neighbour'; readonly anonVma: number; readonly chain: number } {
    const side = store.anonVma[proposed] === 0 ? 'neighbour' : 'range';
    const source = middle !== NO_VMA ? middle : copiedFrom;
    const vma = side === 'neighbour' ? neighbour : source;
    return { side, anonVma: store.anonVma[vma]!, chain: store.anonVmaChain[vma]! };
  },
  /** Up to 6.12: the range has an anon_vma and the neighbour has none. */
  faultedIntoUnfaulted({ mm: { store }, proposed }: Asked): { readonly range: number } {
    return { range: store.anonVma[proposed]! };
  },
  /** Offsets do not continue. */
  pgoff(asked: Asked, neighbour: VmaRef, side: MergeSide): Offsets {
    return offsets(asked, neighbour, side, 'pgoff');
  },
  /** 7.3: the anonymous offsets of a private file mapping do not continue. */
  anonPgoff(asked: Asked, neighbour: VmaRef, side: MergeSide): Offsets {
    return offsets(asked, neighbour, side, 'anonPgoff');
  },
  /** Both neighbours fit the range, but not each other's anon_vma: only `prev` merges; with `mmap` from 6.1 to 6.11, only `next`. */
  neighboursAnonVma({ mm: { store }, prev, next }: Asked): { readonly prev: number; readonly next: number } {
    return { prev: store.anonVma[prev]!, next: store.anonVma[next]! };
  },
  /** The merge would remove a VMA that has a close hook; before 6.4 no VMA that has one merges at all. */
  closeHook({ mm: { store, files, profile }, middle, next }: Asked, neighbour: VmaRef): { readonly removed: VirtAddr } {
    const isMiddle = middle !== NO_VMA && files.get(store.file[middle]!)?.hasCloseHook === true;
    const removed = isMiddle ? middle : profile.closeHookMerges ? next : neighbour;
    return { removed: virtAddr(store.start[removed]!) };
  },
  /** 7.3: the copy of MREMAP_DONTUNMAP does not become part of its own source. */
  ownSource(): object {
    return {};
  },
  /** `brk` grows the heap's last VMA and never joins the next; nor does a growing `mremap` in 5.10. */
  justExpand(): object {
    return {};
  },
};

/** The name of a rule that refuses. */
export type MergeRule = keyof typeof RULES;

/**
 * Why a neighbour did not merge: the rule, and the values on which it rests. `range` is the side of the range that is about to be
 * mapped or changed, `neighbour` the other.
 */
export type MergeRefusal = {
  [R in MergeRule]: { readonly rule: R } & ReturnType<(typeof RULES)[R]>;
}[MergeRule];

/** The rule by which a neighbour refused, with its values. */
export function refusalOf(asked: Asked, side: MergeSide, rule: MergeRule): MergeRefusal {
  return { rule, ...RULES[rule](asked, side === 'prev' ? asked.prev : asked.next, side) } as MergeRefusal;
}

function ids({ mm: { store }, proposed }: Asked, neighbour: VmaRef, column: ColumnName): Differ<number | null> {
  return { range: store[column][proposed] || null, neighbour: store[column][neighbour] || null };
}

function offsets(
  { mm: { store }, proposed }: Asked,
  neighbour: VmaRef,
  side: MergeSide,
  column: 'pgoff' | 'anonPgoff',
): Offsets {
  const pages = (vma: VmaRef): number => (store.end[vma]! - store.start[vma]!) / PAGE_SIZE;
  const moved = side === 'next' ? pages(proposed) : -pages(neighbour);
  return { want: pgoff(store[column][proposed]! + moved), got: pgoff(store[column][neighbour]!) };
}
