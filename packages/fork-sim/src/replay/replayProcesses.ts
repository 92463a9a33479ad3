import type { SmapsEntry, StraceCall } from 'proc-io';
import { type ForkAction, NO_VMA } from 'vma-core';
import type { ForkResult } from '../process/fork.ts';
import type { Process, World } from '../process/process.ts';
import { UffdTable } from '../process/uffdTable.ts';
import { adoptSmaps } from './adoptSmaps.ts';
import type { Ownership } from './heldEvents.ts';
import { LogFiles, OpenFiles } from './openFiles.ts';
import { ProcessLives } from './processLives.ts';
import type { ReplayedProcess } from './replayedProcess.ts';
import { count, type ReplayNotes } from './replayNotes.ts';
import type { ReplayOptions } from './replayOptions.ts';
import { DEFAULT_FAULTS, ReplaySpace } from './replaySpace.ts';

/** What was noticed of what is gone. */
export interface PastNotes {
  readonly pid: number | null;
  readonly program: string | null;
  readonly notes: ReplayNotes;
}

/** What is known of a process when it is shown. */
type BegunProcess = Pick<ReplayedProcess, 'pid' | 'parent' | 'program' | 'space' | 'files' | 'uffds'>;

/** Processes whose notes are kept. */
const MOST_PAST = 100;

const CLONE_VM = 0x100;
const CLONE_FILES = 0x400;
const CLONE_THREAD = 0x1_0000;

/** A log without pids is of one process. */
const NO_PID = -1;

/** The processes of a log: which pid is whose, and what becomes of them at a clone, an exec and an exit. */
export class ReplayProcesses {
  /** In the order in which the log shows them; exited ones are dropped unless they are to be kept. */
  readonly all: ReplayedProcess[] = [];
  /** Notes of processes that are dropped, and of address spaces that an `execve` has ended: of the first ones that have some. */
  readonly past: PastNotes[] = [];
  /** Processes that the log has shown, dropped ones too. */
  seen = 0;
  /** What became of them. */
  readonly lives: ProcessLives = new ProcessLives();
  /** Every open file of the log. */
  readonly files: LogFiles;
  readonly #world: World;
  readonly #options: ReplayOptions;
  #told: ReplayedProcess | null = null;
  readonly #byPid = new Map<number, ReplayedProcess>();
  /** Of pids that no clone has shown, and that have done nothing yet. */
  readonly #owned = new Map<number, Ownership>();
  /** Pids of children that are yet to be made, by what their clone answers; see {@link rename}. */
  readonly #outer = new Map<number, number>();
  /** How often an initial map was begun from. */
  readonly #used = new Map<number | 'first', number>();

  constructor(world: World, options: ReplayOptions) {
    this.#world = world;
    this.#options = options;
    this.files = new LogFiles(world);
  }

  /** The first process of the log; `null`: no call so far. */
  get first(): ReplayedProcess | null {
    return this.all[0] ?? null;
  }

  /** The process that is told of: the one that was asked for, once the log has shown it, else the first; `null`: not shown yet. */
  get told(): ReplayedProcess | null {
    return this.#options.process === undefined ? this.first : this.#told;
  }

  /** The process that has this pid in the log (`null`: lines without one), if it was shown. */
  find(pid: number | null): ReplayedProcess | undefined {
    return this.#byPid.get(pid ?? NO_PID);
  }

  /** The process whose lines had no pid so far has one. */
  name(pid: number): void {
    const process = this.#byPid.get(NO_PID);
    if (process === undefined) return;
    this.#byPid.delete(NO_PID);
    this.#byPid.set(pid, process);
  }

  /** The lines of a child have another pid than its clone has answered with: it runs in a container. */
  rename(pid: number, outer: number): void {
    const process = this.#byPid.get(pid);
    if (process === undefined) {
      this.#outer.set(pid, outer);
      return;
    }
    if (process.pid === pid) process.pid = outer;
    this.#byPid.delete(pid);
    process.tids--;
    this.#addThread(process, outer);
  }

  /** A pid that lines of a process may still come from; `null`: none. */
  pidOf(process: ReplayedProcess): number | null {
    for (const [pid, one] of this.#byPid) if (one === process) return pid;
    return null;
  }

  /** Pids that lines may come from. */
  get pidsKnown(): number {
    return this.#byPid.size;
  }

  /**
   * A thread of the process has ended, and with the last one the process. No line comes from the pid until it is given out again.
   *
   * @returns true: the process ends with it, and had not exited before
   */
  gone(pid: number | null, process: ReplayedProcess): boolean {
    const key = pid ?? NO_PID;
    if (this.#byPid.get(key) !== process) return false;
    this.#byPid.delete(key);
    process.tids--;
    if (process.tids > 0 || process.exited) return false;
    this.exit(process);
    return true;
  }

  /** Whose the calls of pids are that no clone has shown. */
  owned(decided: ReadonlyMap<number, Ownership>): void {
    for (const [pid, ownership] of decided) this.#owned.set(pid, ownership);
  }

  /** The process of a call. A pid that no clone has shown was there before the log began. */
  of(call: StraceCall): ReplayedProcess {
    const pid = call.pid ?? NO_PID;
    const known = this.#byPid.get(pid);
    if (known !== undefined) return known;
    const { threadOf = null, mapOf = null, note = null } = this.#owned.get(pid) ?? {};
    this.#owned.delete(pid);
    const process = threadOf === null ? undefined : this.#byPid.get(threadOf);
    if (process !== undefined) {
      if (note !== null) process.space.notes.assumptions.add(note);
      this.#addThread(process, pid);
      return process;
    }
    const isFirst = this.first === null;
    const space = this.#newSpace(this.#initialOf(mapOf ?? call.pid, isFirst));
    if (isFirst) this.#noteOptions(space);
    if (note !== null) space.notes.assumptions.add(note);
    return this.#add(pid, {
      pid: mapOf ?? call.pid,
      parent: null,
      program: null,
      space,
      files: new OpenFiles(this.files),
      uffds: new UffdTable(this.#world),
    });
  }

  /** Pids whose initial map no process has had so far. */
  get unusedInitial(): readonly (number | 'first')[] {
    return [...(this.#options.initial?.keys() ?? [])].filter((pid) => !this.#used.has(pid));
  }

  /** `clone` with these flags, or what amounts to it. */
  clone(parent: ReplayedProcess, call: StraceCall, flags: number, answered: number): void {
    const pid = this.#outer.get(answered) ?? answered;
    this.#outer.delete(answered);
    if ((flags & CLONE_THREAD) !== 0) {
      this.#addThread(parent, pid);
      return;
    }
    if ((flags & CLONE_VM) !== 0) {
      parent.space.users++;
      this.#born(parent, flags, pid, parent.space);
      return;
    }
    parent.space.beforeFork(call);
    this.#born(parent, flags, pid, this.#forked(parent.space, call, pid, parent.space.process.fork()));
  }

  /** A successful `execve`. */
  exec(process: ReplayedProcess, program: string | null, pid: number | null): void {
    const isFirst = process === this.first;
    const before = process.space;
    const old = process.program;
    process.program = program;
    // The smaps of a process is that after its execve, so at the first line of a log it is in place already.
    if (isFirst && before.notes.calls === 0 && before.users === 1 && before.mapKnown) return;
    this.#keepNotes(process.pid, old, before);
    this.lives.leaves(process);
    process.space = this.#newSpace(this.#initialOf(pid ?? process.pid, isFirst));
    if (isFirst) this.#noteOptions(process.space);
    process.space.memlock = before.memlock;
    const { hasMdwe, mdweNoInherit } = before.process.mm;
    process.space.process.mm.hasMdwe = hasMdwe && !mdweNoInherit;
    if (!process.space.mapKnown) process.space.startsFrom = 'execve';
    this.#leave(before);
  }

  /** `exit_group`. */
  exit(process: ReplayedProcess): void {
    process.exited = true;
    if (process !== this.first) this.#keepNotes(process.pid, process.program, process.space);
    if (process.asked.length > 0 && process.space.users > 1) process.lastVmas ??= process.space.process.mm.vmas();
    if (process === this.first || process === this.told || process.asked.length > 0) return;
    if (!this.all.some((other) => other !== process && other.files === process.files)) process.files.closeAll();
    if (this.all.includes(process)) this.lives.ends(process);
    this.#leave(process.space);
    const at = this.all.indexOf(process);
    if (at > 0) this.all.splice(at, 1);
  }

  #noteOptions({ notes }: ReplaySpace): void {
    for (const one of this.#options.notes ?? []) notes.assumptions.add(one);
  }

  /** What was noticed of a process that is dropped, or of an address space that it leaves. Others that share it have the same notes. */
  #keepNotes(pid: number | null, program: string | null, space: ReplaySpace): void {
    if (space.users > 1 || !space.notes.isTroubled || this.past.length >= MOST_PAST) return;
    this.past.push({ pid, program, notes: space.notes });
  }

  #add(pid: number, begun: BegunProcess): ReplayedProcess {
    // Field by field: a log may have a process in every tenth line, and `...begun` costs as much as a fork.
    const process: ReplayedProcess = {
      pid: begun.pid,
      parent: begun.parent,
      program: begun.program,
      space: begun.space,
      files: begun.files,
      uffds: begun.uffds,
      exited: false,
      lastVmas: null,
      tids: 0,
      asked: [],
      born: this.seen,
      leftFailures: [],
    };
    this.seen++;
    this.all.push(process);
    this.#addThread(process, pid);
    return process;
  }

  #addThread(process: ReplayedProcess, pid: number): void {
    const before = this.#byPid.get(pid);
    if (before !== undefined) before.tids--;
    this.#byPid.set(pid, process);
    process.tids++;
    if (this.#options.threadOrderUnknown === true) process.space.notes.orderUnknown = true;
    if (this.#options.keep?.has(pid) === true) process.asked.push(pid);
    if (this.#options.process === pid) this.#told ??= process;
  }

  #initialOf(pid: number | null, isFirst: boolean): readonly SmapsEntry[] | undefined {
    const { initial } = this.#options;
    const key = pid !== null && initial?.has(pid) === true ? pid : isFirst ? 'first' : null;
    const entries = key === null ? undefined : initial?.get(key);
    if (key === null || entries === undefined) return undefined;
    const used = this.#used.get(key) ?? 0;
    this.#used.set(key, used + 1);
    const later = pid === null ? undefined : this.#options.execMaps?.get(pid);
    return used === 0 ? entries : (later?.[Math.min(used, later.length) - 1] ?? entries);
  }

  #newSpace(initial: readonly SmapsEntry[] | undefined): ReplaySpace {
    const space = new ReplaySpace(this.#world.newProcess(), {
      faults: this.#options.faults ?? DEFAULT_FAULTS,
      writes: this.#options.writes,
      faultsKnown: this.#options.faultLog !== undefined,
      mapKnown: initial !== undefined,
    });
    space.settled = this.#options.settled;
    if (initial !== undefined) adoptSmaps(space, initial, this.files);
    this.#start(space);
    return space;
  }

  #start(space: ReplaySpace): void {
    space.begin();
    if (this.#options.explain !== false) space.watch();
  }

  /** A child that is a process of its own begins. */
  #born(parent: ReplayedProcess, flags: number, pid: number, space: ReplaySpace): void {
    const sameFiles = (flags & CLONE_FILES) !== 0;
    this.#add(pid, {
      pid,
      parent: parent.pid,
      program: parent.program,
      space,
      files: sameFiles ? parent.files : new OpenFiles(this.files, parent.files),
      uffds: sameFiles ? parent.uffds : parent.uffds.forked(),
    });
  }

  /** The address space of a child. */
  #forked(parent: ReplaySpace, call: StraceCall, pid: number, forked: ForkResult<Process>): ReplaySpace {
    const child = new ReplaySpace(forked.child, parent);
    child.settled = parent.settled;
    child.notes.orderUnknown = parent.notes.orderUnknown;
    child.notes.unreadFrom = parent.notes.unreadFrom;
    child.startsFrom = parent.startsFrom;
    child.topKnown = parent.topKnown;
    child.breakKnown = parent.breakKnown;
    child.memlock = parent.memlock;
    child.shownFlags = parent.shownFlags;
    child.geometry = parent.geometry;
    child.names.push(...parent.names);
    for (const [addr, attachment] of parent.attachments) child.attachments.set(addr, attachment);
    const { anonVma } = parent.process.mm.store;
    const childs = child.process.mm.store.anonVma;
    for (const { src, dst } of forked.decisions) {
      if (dst !== NO_VMA && childs[dst] !== 0 && parent.assumed.has(anonVma[src]!)) child.assumed.add(childs[dst]!);
    }
    const note = { call, child: pid, ...countActions(forked) };
    parent.fork = note;
    count(parent.notes.forks, () => note);
    this.#start(child);
    return child;
  }

  #leave(space: ReplaySpace): void {
    space.users--;
    if (space.users === 0) space.process.exit();
  }
}

function countActions({ decisions }: ForkResult): Record<ForkAction, number> {
  const actions = { copy: 0, refault: 0, wipe: 0, skip: 0 };
  for (const { action } of decisions) actions[action]++;
  return actions;
}
