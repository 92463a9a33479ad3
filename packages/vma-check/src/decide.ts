import {
  type KernelProfile,
  LO_DONTCOPY,
  LO_MAYBE_GUARD,
  LO_MAYREAD,
  LO_MAYWRITE,
  LO_READ,
  LO_SOFTDIRTY,
  LO_WRITE,
  type MergeRule,
  Mm,
  NO_VMA,
  PAGE_SIZE,
  type VmaRef,
} from 'vma-core';
import {
  VmaMergeStruct,
  vmaMergeCopiedRange,
  vmaMergeExistingRange,
  vmaMergeNewRange,
  vmgVmaState,
} from 'vma-core/merge';

/** Attributes of a neighbour, or of the range, as far as merging looks at them. */
export interface Attributes {
  /** Flags in which it differs from the others, low half. */
  readonly flags: number;
  /** 0: none; 1 and 2: two anon_vmas. */
  readonly anonVma: 0 | 1 | 2;
  /** It came by fork. */
  readonly forkChild: boolean;
  /** Its page offsets continue those of the range; `anon`: only those of the file do. */
  readonly offsets: 'continue' | 'anon' | 'neither';
  readonly closeHook: boolean;
}

/** Which merge is asked for: of a new range, of a moved one, or of an existing VMA, by the edges that the range touches. */
export type Asked = 'new' | 'copied' | 'existing: both edges' | 'existing: left edge' | 'existing: right edge';

/** One question: may this range become part of its neighbours? */
export interface Situation {
  readonly asked: Asked;
  readonly range: Pick<Attributes, 'flags' | 'anonVma' | 'forkChild' | 'closeHook'>;
  readonly prev: Attributes | null;
  readonly next: Attributes | null;
}

/** What a kernel decides. */
export interface Decision {
  readonly into: 'none' | 'prev' | 'next' | 'both';
  readonly prevRefusal: MergeRule | null;
  readonly nextRefusal: MergeRule | null;
  /** Flags of what the merge left, low half; 0: there was none. */
  readonly flags: number;
  /** What the merge left has an anon_vma. */
  readonly anonVma: boolean;
}

const BASE: number = LO_READ | LO_WRITE | LO_MAYREAD | LO_MAYWRITE;
const FLAGS: readonly number[] = [0, LO_SOFTDIRTY, LO_MAYBE_GUARD, LO_DONTCOPY];
const ANON: readonly (readonly [Attributes['anonVma'], boolean])[] = [
  [0, false],
  [1, false],
  [1, true],
  [2, false],
];
const ASKED: readonly Asked[] = [
  'new',
  'copied',
  'existing: both edges',
  'existing: left edge',
  'existing: right edge',
];
/** Files: a plain one, and one whose mappings have a close hook. */
const FILE = 1;
const HOOKED = 2;
/** The range, in pages; the neighbours have four pages each, and an existing VMA that is not whole reaches four further. */
const [START, END] = [20, 24];

/** Every question that there is, over four sets of flags, three anon_vmas, offsets, close hooks and edges. */
export function* situations(): Generator<Situation> {
  for (const asked of ASKED) {
    for (const flags of FLAGS) {
      for (const [anonVma, forkChild] of ANON.slice(0, 3)) {
        if (asked === 'new' && anonVma !== 0) continue;
        for (const closeHook of [false, true]) {
          const range = { flags, anonVma, forkChild, closeHook };
          for (const prev of asked === 'existing: right edge' ? [null] : neighbours(closeHook)) {
            for (const next of asked === 'existing: left edge' ? [null] : neighbours(closeHook)) {
              yield { asked, range, prev, next };
            }
          }
        }
      }
    }
  }
}

/** What a neighbour of the same file may be. */
function neighbours(closeHook: boolean): readonly (Attributes | null)[] {
  return closeHook ? OF_HOOKED : OF_PLAIN;
}

function makeNeighbours(closeHook: boolean): (Attributes | null)[] {
  const all: (Attributes | null)[] = [null];
  for (const flags of FLAGS) {
    for (const [anonVma, forkChild] of ANON) {
      for (const offsets of ['continue', 'anon', 'neither'] as const) {
        all.push({ flags, anonVma, forkChild, offsets, closeHook });
      }
    }
  }
  return all;
}
const OF_PLAIN: readonly (Attributes | null)[] = makeNeighbours(false);
const OF_HOOKED: readonly (Attributes | null)[] = makeNeighbours(true);

/** Answers questions as one kernel does. */
export class Decider {
  readonly #mm: Mm;

  constructor(profile: KernelProfile) {
    this.#mm = new Mm({ profile });
    this.#mm.addFile({ id: FILE });
    this.#mm.addFile({ id: HOOKED, hasCloseHook: true });
  }

  /** What the kernel does. */
  decide({ asked, range, prev, next }: Situation): Decision {
    const mm = this.#mm;
    const { store } = mm;
    mm.empty();
    const [from, to] = [
      asked === 'existing: right edge' ? START - 4 : START,
      asked === 'existing: left edge' ? END + 4 : END,
    ];
    const below = prev === null ? NO_VMA : this.#add(from - 4, from, prev);
    const above = next === null ? NO_VMA : this.#add(to, to + 4, next);
    const vmg = this.#request(asked, range, below, from, to);
    const merged =
      asked === 'new'
        ? vmaMergeNewRange(vmg)
        : asked === 'copied'
          ? vmaMergeCopiedRange(vmg, vmg.copiedFrom, NO_VMA)
          : vmaMergeExistingRange(vmg);
    if (merged === NO_VMA) {
      return { into: 'none', prevRefusal: vmg.prevRefusal, nextRefusal: vmg.nextRefusal, flags: 0, anonVma: false };
    }
    const both = below !== NO_VMA && above !== NO_VMA && store.end[merged] === (to + 4) * PAGE_SIZE && merged === below;
    return {
      into: both ? 'both' : merged === below ? 'prev' : 'next',
      prevRefusal: vmg.prevRefusal,
      nextRefusal: vmg.nextRefusal,
      flags: store.flagsLo[merged]!,
      anonVma: store.anonVma[merged] !== 0,
    };
  }

  #request(asked: Asked, range: Situation['range'], prev: VmaRef, from: number, to: number): VmaMergeStruct {
    const mm = this.#mm;
    const { store } = mm;
    const of: Attributes = { ...range, offsets: 'continue' };
    if (asked === 'new') {
      const vmg = new VmaMergeStruct(mm, NO_VMA, START * PAGE_SIZE, END * PAGE_SIZE, START, START).findNeighbours();
      store.flagsLo[vmg.proposed] = BASE | range.flags;
      store.file[vmg.proposed] = range.closeHook ? HOOKED : FILE;
      return vmg;
    }
    if (asked === 'copied') {
      const source = this.#add(START + 100, END + 100, of);
      store.pgoff[source] = START;
      const vmg = new VmaMergeStruct(mm, source, START * PAGE_SIZE, END * PAGE_SIZE, START, START).findNeighbours();
      vmg.copiedFrom = source;
      return vmg;
    }
    // The VMA is about to get the flags of the range: so far it may be read only.
    const middle = this.#add(from, to, of);
    store.flagsLo[middle] = store.flagsLo[middle]! & ~LO_WRITE;
    const vmg = vmgVmaState(mm, prev, middle, START * PAGE_SIZE, END * PAGE_SIZE);
    store.flagsLo[vmg.proposed] = BASE | range.flags;
    return vmg;
  }

  /** Maps pages whose offsets continue those of the range, where they are to. */
  #add(from: number, to: number, of: Attributes): VmaRef {
    const mm = this.#mm;
    const { store } = mm;
    const vma = store.alloc();
    store.start[vma] = from * PAGE_SIZE;
    store.end[vma] = to * PAGE_SIZE;
    store.flagsLo[vma] = BASE | of.flags;
    store.file[vma] = of.closeHook ? HOOKED : FILE;
    store.anonVma[vma] = of.anonVma;
    store.anonVmaChain[vma] = of.anonVma === 0 ? 0 : of.forkChild ? 2 : 1;
    store.pgoff[vma] = of.offsets === 'neither' ? from + 1000 : from;
    store.anonPgoff[vma] = of.offsets === 'continue' ? from : from + 2000;
    mm.linkVma(vma);
    return vma;
  }
}

/** Decisions in which two kernels differ for one cause. */
export interface DecisionGroup {
  /** In words: which side the one refuses, by which rule; or what the merge leaves. */
  readonly cause: string;
  readonly count: number;
  /** The first of them. */
  readonly example: Situation;
  readonly first: Decision;
  readonly second: Decision;
}

/** Two kernels, every question. */
export interface DecisionsCompared {
  readonly questions: number;
  readonly differ: number;
  /** Largest first. */
  readonly groups: readonly DecisionGroup[];
}

/**
 * Asks two kernels every question, and groups the answers that differ by their cause.
 * @param questions other questions than all of them
 */
export function compareDecisions(
  first: KernelProfile,
  second: KernelProfile,
  questions: Iterable<Situation> = situations(),
): DecisionsCompared {
  const [a, b] = [new Decider(first), new Decider(second)];
  const groups = new Map<string, { count: number; example: Situation; first: Decision; second: Decision }>();
  let asked = 0;
  let differ = 0;
  for (const example of questions) {
    asked++;
    const [one, two] = [a.decide(example), b.decide(example)];
    if (one.into === two.into && one.flags === two.flags && one.anonVma === two.anonVma) continue;
    differ++;
    const cause = causeOf(first.name, one, second.name, two);
    const group = groups.get(cause);
    if (group === undefined) groups.set(cause, { count: 1, example, first: one, second: two });
    else group.count++;
  }
  const sorted = [...groups].map(([cause, group]) => ({ cause, ...group })).sort((x, y) => y.count - x.count);
  return { questions: asked, differ, groups: sorted };
}

function causeOf(first: string, one: Decision, second: string, two: Decision): string {
  if (one.into === two.into) {
    const flags = (one.flags ^ two.flags) >>> 0;
    if (flags === 0) return `only ${one.anonVma ? first : second} carries the anon_vma over`;
    return `only ${(one.flags & flags) !== 0 ? first : second} keeps ${flags === LO_MAYBE_GUARD ? 'gu' : flags === LO_SOFTDIRTY ? 'sd' : 'flags'} of a merge`;
  }
  const rules = (['prev', 'next'] as const).flatMap((side) => {
    const [ones, twos] = [mergesWith(one, side), mergesWith(two, side)];
    if (ones === twos) return [];
    const [name, rule] = ones ? [second, two[`${side}Refusal`]] : [first, one[`${side}Refusal`]];
    return rule === null ? [] : [`${name} refuses by ${rule}`];
  });
  return [...new Set(rules)].join('; ') || `into ${one.into}, or ${two.into}`;
}

function mergesWith({ into }: Decision, side: 'prev' | 'next'): boolean {
  return into === side || into === 'both';
}
