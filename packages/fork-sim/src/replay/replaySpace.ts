import type { StraceCall } from 'proc-io';
import { type MmEvent, NO_VMA, VM_MAYSHARE, VM_WRITE, type Vma, type VmaRef, type VmFlags } from 'vma-core';
import { anonVmaPrepare } from 'vma-core/merge';
import type { Process } from '../process/process.ts';
import { BoundedPageOps, isWritten } from './boundedPageOps.ts';
import { ALL_FLAGS } from './flagsOfSmaps.ts';
import { type MapGeometry, X86_64 } from './mapGeometry.ts';
import { type MemlockSeen, NOTHING_SEEN } from './memlockSeen.ts';
import { type ForkNote, ReplayNotes } from './replayNotes.ts';
import { SeenRanges } from './seenRanges.ts';
import { type Trial, trialOf } from './trial.ts';
import { LaterWrites, type WriteTimes } from './writeTimes.ts';

/**
 * Which VMAs are taken to have an anon_vma; a log shows no page faults, and smaps no anon_vma. What the initial smaps proves counts always:
 * a private mapping with `Anonymous:` or `Swap:` pages was written.
 *
 * - `never`: nothing else was written before the log ends.
 * - `on-map`: private memory was written as soon as it was writable.
 * - `auto`: private memory was written when the program went on: not while a loader maps file after file, and not what the same thread's next
 *   call makes inaccessible.
 */
export type FaultAssumption = 'never' | 'on-map' | 'auto';

/** What is assumed where nothing else is known or asked for. */
export const DEFAULT_FAULTS: FaultAssumption = 'on-map';

/** Told of a range that a call made or changed; bytes, `end` exclusive. */
export type SettledListener = (space: ReplaySpace, call: StraceCall, start: number, end: number) => void;

/** How an address space of a log begins. */
export interface SpaceOptions {
  readonly faults: FaultAssumption;
  /** When memory is written that is not left to {@link faults}. */
  readonly writes?: WriteTimes | undefined;
  /** Page faults were recorded: nothing is assumed. Default false. */
  readonly faultsKnown?: boolean;
  /** What was mapped when the log began is known, from smaps or from a parent that is known. */
  readonly mapKnown: boolean;
}

/**
 * What is known of the map at the beginning. `map`: all. `execve`: that a program began, so that all that is not counted is what the kernel
 * maps for it, a few VMAs. `unknown`: nothing, the log begins in the middle of a program.
 */
export type MapStart = 'map' | 'execve' | 'unknown';

/** A SysV segment that is attached. */
export interface Attachment {
  readonly file: number;
  /** Bytes. */
  readonly length: number;
}

/** One address space of the log in the model; threads share it, and so does a child of `vfork` until it execs. */
export class ReplaySpace {
  readonly process: Process;
  readonly notes: ReplayNotes = new ReplayNotes();
  readonly faults: FaultAssumption;
  /** Page faults were recorded: nothing is assumed. */
  readonly faultsKnown: boolean;
  /** What was mapped when the log began is known, from smaps or from a parent that is known. */
  readonly mapKnown: boolean;
  /** What the count of VMAs starts from. */
  startsFrom: MapStart;
  /** Ids of anon_vmas that were assumed, not proven by a call. */
  readonly assumed: Set<number> = new Set();
  /** Where the map at the start is not known: ranges that the log has mapped or unmapped, so that what was there before is known. */
  readonly seen: SeenRanges = new SeenRanges();
  /** SysV segments by the address at which they are attached. */
  readonly attachments: Map<number, Attachment> = new Map();
  /** Names that smaps gave to what is no file: `[stack]`, `[vdso]`, ... */
  readonly names: { readonly start: number; readonly end: number; readonly name: string }[] = [];
  /** How its machine divides memory, as the map tells with which it begins. */
  geometry: MapGeometry = X86_64;
  /** The flags of its VMAs that are known: of a map without flags those that permissions tell, others are assumed. */
  shownFlags: VmFlags = ALL_FLAGS;
  /** VMAs at the start. */
  startVmas = 0;
  /** Processes that use it. */
  users = 1;
  memlock: MemlockSeen = NOTHING_SEEN;
  /** The program break is known. */
  breakKnown = false;
  /** A mapping was placed by the kernel, so that the top of the area for mappings is known. */
  topKnown: boolean;
  readonly writes: WriteTimes | undefined;
  /** Told of every range that a call made or changed. */
  settled: SettledListener | undefined = undefined;
  /** `null`: memory is written at once or never, so that nothing waits. */
  readonly #later: LaterWrites | null;
  /** What the last call that was replayed did, where the space is watched. */
  events: MmEvent[] = [];
  /** What the last call forked; `null`: it was no fork. */
  fork: ForkNote | null = null;
  /** The call being replayed, for the observer of the address space. */
  current: StraceCall | null = null;

  constructor(process: Process, { faults, writes, mapKnown, faultsKnown = false }: SpaceOptions) {
    this.process = process;
    this.faultsKnown = faultsKnown;
    this.faults = faultsKnown ? 'never' : faults;
    this.writes = faultsKnown ? undefined : writes;
    this.#later = this.faults === 'auto' || this.writes !== undefined ? new LaterWrites() : null;
    this.mapKnown = mapKnown;
    this.topKnown = mapKnown;
    this.startsFrom = mapKnown ? 'map' : 'unknown';
    process.mm.pageOps = new BoundedPageOps(process, () =>
      this.notes.assumptions.add(
        'More memory was locked, populated or guarded than is modelled page by page: its pages are left out.',
      ),
    );
  }

  /** As {@link geometry} says; of a machine that the log shows to be another, no page tables are known. */
  get knownGeometry(): MapGeometry {
    return this.notes.machine === null ? this.geometry : { ...this.geometry, levels: null };
  }

  /** Where calls are tried that failed in the log. */
  get trial(): Trial {
    return trialOf(this.process);
  }

  /** Starts to count from the map as it is. */
  begin(): void {
    this.startVmas = this.process.mm.mapCount;
    this.notes.peak = { vmas: this.startVmas, call: null };
  }

  /** Another call is about to be replayed: forgets what the last one did. */
  nextCall(): void {
    this.notes.mismatch = null;
    this.notes.outside = null;
    this.notes.memlock = null;
    this.notes.limit = null;
    this.fork = null;
    if (this.events.length > 0) this.events = [];
  }

  /** Collects every merge, split and refusal from now on. */
  watch(): void {
    this.process.mm.observer = (event) => {
      if (this.current === null) return;
      this.events.push(event);
      if (event.kind === 'refused') this.notes.refused(this.current, event);
    };
  }

  /** After a call: the peak, and writes that are assumed in `[start, end)`. */
  settle(call: StraceCall, start: number, end: number): void {
    this.settled?.(this, call, start, end);
    if (end > start) this.#made(call, start, end);
    const vmas = this.process.mm.mapCount;
    if (vmas > this.notes.peak.vmas) this.notes.peak = { vmas, call };
  }

  /** A call about memory comes: what is written by then. */
  beforeCall(call: StraceCall): void {
    if (this.#later === null) return;
    for (const { start, end } of this.#later.before(call)) this.assumeWritten(start, end);
  }

  /** A fork comes: what is written by then. */
  beforeFork(call: StraceCall): void {
    if (this.#later === null) return;
    for (const { start, end } of this.#later.beforeFork(call.line)) this.assumeWritten(start, end);
  }

  /** A VMA of the map at the beginning, of which no page proves that it was written. */
  adopted(vma: VmaRef): void {
    const { store } = this.process.mm;
    const range = { start: store.start[vma]!, end: store.end[vma]! };
    const due = this.writes?.initial.get(range.start);
    if (due !== undefined) {
      if (due !== null) this.#later?.at(due, range);
    } else if (this.faults === 'auto') this.#later?.whenUsed(range, null);
    else if (this.faults === 'on-map' && isWritten(store.flagsLo[vma]!)) this.assumeAnonVma(vma);
  }

  /** A call made memory, or made it writable. */
  #made(call: StraceCall, start: number, end: number): void {
    const due = this.writes?.calls.get(call.line);
    if (due === undefined) {
      if (this.faults === 'auto') this.#later?.whenUsed({ start, end }, call.pid);
      else if (this.faults !== 'never') this.assumeWritten(start, end);
    } else if (due !== null) {
      if (due <= call.line) this.assumeWritten(start, end);
      else this.#later?.at(due, { start, end });
    }
  }

  /** Takes every private writable VMA in `[start, end)` as written, in address order. */
  assumeWritten(start: number, end: number): void {
    const { mm } = this.process;
    const store = mm.store;
    for (let vma = mm.index.findIntersection(start, end); vma !== NO_VMA; vma = mm.index.next(vma)) {
      if (store.start[vma]! >= end) return;
      if (isWritten(store.flagsLo[vma]!) && store.anonVma[vma] === 0) this.assumeAnonVma(vma);
    }
  }

  /** Gives a VMA an anon_vma that nothing proves. */
  assumeAnonVma(vma: VmaRef): void {
    const { mm } = this.process;
    anonVmaPrepare(mm, vma);
    this.assumed.add(mm.store.anonVma[vma]!);
    if (this.assumed.size > 4 * mm.mapCount + 4096) this.#forgetUnused();
  }

  /**
   * Does a VMA's anon_vma rest on an assumption? Either it was given one that no call proves, or it could have been written and was taken
   * as not.
   */
  isAssumed({ anonVma, vmFlags }: Pick<Vma, 'anonVma' | 'vmFlags'>): boolean {
    if (anonVma !== null) return this.assumed.has(anonVma);
    if (this.faultsKnown) return false;
    return (vmFlags & VM_WRITE) !== 0n && (vmFlags & VM_MAYSHARE) === 0n && this.faults !== 'on-map';
  }

  /** Drops the ids that no VMA has any more, so that a long log does not fill the memory with them. */
  #forgetUnused(): void {
    const { index, store } = this.process.mm;
    const kept: number[] = [];
    for (let vma = index.first(); vma !== NO_VMA; vma = index.next(vma)) {
      const id = store.anonVma[vma]!;
      if (this.assumed.has(id)) kept.push(id);
    }
    this.assumed.clear();
    for (const id of kept) this.assumed.add(id);
  }

  /** A call showed that these VMAs have an anon_vma: guards in anonymous memory, pages that were populated. */
  proven(start: number, end: number): void {
    const { mm } = this.process;
    for (let vma = mm.index.findIntersection(start, end); vma !== NO_VMA; vma = mm.index.next(vma)) {
      if (mm.store.start[vma]! >= end) return;
      this.assumed.delete(mm.store.anonVma[vma]!);
    }
  }
}
