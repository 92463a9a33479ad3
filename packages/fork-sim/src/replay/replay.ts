import type { SmapsEntry, StraceCall, StraceEvent } from 'proc-io';
import { type KernelProfile, MAP_FIXED, MAP_FIXED_NOREPLACE, mlockPosixErrorReturn } from 'vma-core';
import { type ForkResult, forkSteps } from '../fork.ts';
import type { PageSteps } from '../pageWork.ts';
import { World } from '../world.ts';
import { adoptSmaps, adoptSmapsSteps } from './adoptSmaps.ts';
import { EventOrder } from './eventOrder.ts';
import { hasSoftDirty } from './flagsOfSmaps.ts';
import { compareResult } from './onRange.ts';
import { LogFiles, OpenFiles } from './openFiles.ts';
import { performCall } from './performCall.ts';
import { wouldFit } from './performMmap.ts';
import type { ShmSegments } from './performShm.ts';
import { Userfaultfds } from './performUffdio.ts';
import { count } from './replayNotes.ts';
import { type FaultAssumption, ReplaySpace } from './replaySpace.ts';

/** How a log is replayed. */
export interface ReplayOptions {
  readonly profile: KernelProfile;
  /** Which VMAs are taken to have an anon_vma. Default `on-map`. */
  readonly faults?: FaultAssumption;
  /** Default: as the initial smaps shows it; without one, false. */
  readonly softDirty?: boolean;
  /** Default 65,530. */
  readonly maxMapCount?: number;
  /** Bytes that the model may take; past it, OutOfMemoryError. Default: no limit. */
  readonly maxBytes?: number;
  /**
   * What a process has mapped right after its `execve` (or, for a log that begins in the middle, at its first line), by pid;
   * `first`: of the first process of the log, where its pid is not known beforehand.
   */
  readonly initial?: ReadonlyMap<number | 'first', readonly SmapsEntry[]>;
  /** Collect why neighbours did not merge. Costs time; default true. */
  readonly explain?: boolean;
  /** Other calls to perform instead of one, for a what-if; asked just before the call is performed. */
  readonly rewrite?: (space: ReplaySpace, call: StraceCall) => readonly StraceCall[];
  /** Processes that are kept after they have exited, besides the first one; default none. */
  readonly keep?: ReadonlySet<number>;
}

/** A process of the log; threads share one. */
export interface ReplayedProcess {
  /** Pid of its first thread; `null`: the log names none. */
  readonly pid: number | null;
  readonly parent: number | null;
  /** What it last exec'ed, as the log has it; `null`: not shown. */
  program: string | null;
  space: ReplaySpace;
  files: OpenFiles;
  uffds: Userfaultfds;
  exited: boolean;
}

/** A call that was performed just now. */
export interface PerformedCall {
  readonly call: StraceCall;
  /** Whose call it was. */
  readonly process: ReplayedProcess;
}

const CLONE_VM = 0x100;
const CLONE_FILES = 0x400;
const CLONE_VFORK = 0x4000;
const CLONE_THREAD = 0x1_0000;

/** What it costs to adopt a VMA, counted in pages. */
const PAGES_A_VMA = 64;

/** A log without pids is of one process. */
const NO_PID = -1;

/**
 * Replays the calls of a strace log on simulated processes: feed it events in the order of the log, then `end()`.
 *
 * The log is always right: where the model gives another result, that is noted, and the replay goes on from what the log says.
 */
export class Replay {
  readonly world: World;
  readonly options: ReplayOptions;
  /** Every process, in the order in which the log shows them; exited ones are dropped unless they are to be kept. */
  readonly processes: ReplayedProcess[] = [];
  /** Processes that the log has shown, dropped ones too. */
  processesSeen = 0;
  readonly #byPid = new Map<number, ReplayedProcess>();
  /** Every open file of the log. */
  readonly files: LogFiles;
  readonly #segments: ShmSegments = new Map();
  readonly #order: EventOrder;
  #toName: number | null = null;
  /** The call that has put off work on page tables, and whose it is. */
  #unfinished: { readonly space: ReplaySpace; readonly call: StraceCall } | null = null;

  constructor(options: ReplayOptions) {
    this.options = options;
    const smaps = [...(options.initial?.values() ?? [])].flat();
    this.world = new World({
      // Whether a kernel was built with names shows in the results of prctl alone; see performPrctl.
      profile: { ...options.profile, anonNames: true },
      softDirty: options.softDirty ?? hasSoftDirty(smaps),
      ...(options.maxMapCount === undefined ? {} : { maxMapCount: options.maxMapCount }),
      ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
    });
    this.files = new LogFiles(this.world);
    this.#order = new EventOrder((call) => this.#fits(call));
  }

  /** Calls that wait for their turn. */
  get waiting(): number {
    return this.#order.waiting;
  }

  /** A process that uses an address space, by the pid of the model; `null`: none that lives. */
  userOf(pid: number): ReplayedProcess | null {
    return this.processes.find(({ space }) => space.process.pid === pid) ?? null;
  }

  /** The first process of the log; `null`: no call so far. */
  get first(): ReplayedProcess | null {
    return this.processes[0] ?? null;
  }

  /** Takes the next event of the log, and performs every call whose turn it is. */
  feed(event: StraceEvent): void {
    this.accept(event);
    this.#performAll();
  }

  /** The log is over: replays what still waits for its order. */
  end(): void {
    this.flush();
    this.#performAll();
  }

  /** Takes the next event, and performs nothing. Precondition: {@link performNext} has answered `null`. */
  accept(event: StraceEvent): void {
    if (event.kind === 'call') {
      if (event.name === 'clone' || event.name === 'clone3' || event.name === 'fork' || event.name === 'vfork') {
        this.#order.expectThreads();
      } else if (event.line !== event.endLine || !this.#byPid.has(event.pid ?? NO_PID)) {
        if (this.#byPid.size > 0) this.#order.expectThreads();
      }
      this.#order.add(event);
    } else if (event.kind === 'pidKnown') {
      this.#order.flush();
      this.#toName = event.pid;
    }
  }

  /** The log is over: {@link performNext} hands on what still waits. */
  flush(): void {
    this.#order.flush();
  }

  /** Performs one call, in the order in which calls may have happened; `null`: none is to be performed before more is seen. */
  performNext(): PerformedCall | null {
    const call = this.#order.next();
    if (call === null) {
      this.#name();
      return null;
    }
    return { call, process: this.#perform(call) };
  }

  #performAll(): void {
    for (let call = this.#order.next(); call !== null; call = this.#order.next()) this.#perform(call);
    this.#name();
  }

  /** The process whose lines had no pid so far has one, now that those lines were performed. */
  #name(): void {
    const pid = this.#toName;
    if (pid === null) return;
    this.#toName = null;
    const process = this.#byPid.get(NO_PID);
    if (process === undefined) return;
    this.#byPid.delete(NO_PID);
    this.#byPid.set(pid, process);
  }

  /**
   * Does a piece of what the last call has put off; false: nothing is left. See `PageWork`, which decides whether anything is put off.
   * Without it the next call does all that is left.
   */
  work(): boolean {
    if (this.world.pageWork.step()) return true;
    this.#finish();
    return false;
  }

  /** What the last call has put off is done, and its result known. */
  #finish(): void {
    const unfinished = this.#unfinished;
    if (unfinished === null) return;
    const { pageWork } = this.world;
    pageWork.finish();
    this.#unfinished = null;
    const { space, call } = unfinished;
    const result = pageWork.takeResult();
    if (result !== 0)
      compareResult(space, call, call.name.startsWith('mlock') ? mlockPosixErrorReturn(result) : result);
  }

  /** Performs a call; answers whose it was. */
  #perform(call: StraceCall): ReplayedProcess {
    this.#finish();
    const { pageWork } = this.world;
    const process = this.#processOf(call);
    process.space.nextCall();
    if (pageWork.pending) pageWork.add(this.#laterSteps(process, call));
    else if (call.errno === null || !pageWork.putsOff) this.#performAs(process, call);
    else this.#performAtOnce(process, call);
    if (pageWork.pending) this.#unfinished = { space: process.space, call };
    return process;
  }

  /** A call that comes after what the process had mapped at the beginning, which is still being mapped. */
  *#laterSteps(process: ReplayedProcess, call: StraceCall): PageSteps {
    yield;
    if (call.errno === null) this.#performAs(process, call);
    else this.#performAtOnce(process, call);
    return 0;
  }

  /** What failed in the log and not in the model is taken back, so none of it may be put off. */
  #performAtOnce(process: ReplayedProcess, call: StraceCall): void {
    const { pageWork } = this.world;
    pageWork.putsOff = false;
    try {
      this.#performAs(process, call);
    } finally {
      pageWork.putsOff = true;
    }
  }

  #performAs(process: ReplayedProcess, call: StraceCall): void {
    switch (call.name) {
      case 'clone':
      case 'clone3':
        if (call.errno === null && call.ret !== null) this.#clone(process, call, call.args.flags, call.ret);
        break;
      case 'fork':
        if (call.errno === null && call.ret !== null) this.#clone(process, call, 0, call.ret);
        break;
      case 'vfork':
        if (call.errno === null && call.ret !== null) this.#clone(process, call, CLONE_VM | CLONE_VFORK, call.ret);
        break;
      case 'execve':
      case 'execveat':
        if (call.errno === null) this.#exec(process, call.args.path.text, call.pid);
        break;
      case 'exit_group':
        this.#exit(process);
        break;
      case 'open':
      case 'openat':
      case 'creat':
        if (call.errno === null && call.ret !== null)
          process.files.opened(call.ret, call.args.path.text, call.args.flags);
        break;
      case 'memfd_create':
        if (call.errno === null && call.ret !== null)
          process.files.opened(call.ret, `/memfd:${call.args.path.text}`, 2);
        break;
      case 'close':
        if (call.errno !== null) break;
        process.uffds.closed(call.args.fd.fd, process.space);
        process.files.closed(call.args.fd.fd);
        break;
      case 'dup':
      case 'dup2':
      case 'dup3':
        if (call.errno === null && call.ret !== null) process.files.duplicated(call.args.fd.fd, call.ret);
        break;
      case 'shmget':
        if (call.errno === null && call.ret !== null) this.#segments.set(call.ret, call.args.length);
        break;
      case 'userfaultfd':
        if (call.errno === null && call.ret !== null) process.uffds.opened(call.ret);
        break;
      default:
        this.#performOnMap(process, call);
    }
  }

  #performOnMap(process: ReplayedProcess, call: StraceCall): void {
    const { space, files, uffds } = process;
    const context = { files, segments: this.#segments, uffds };
    const { rewrite } = this.options;
    if (rewrite === undefined) performCall(space, call, context);
    else for (const instead of rewrite(space, call)) performCall(space, instead, context);
  }

  #fits(call: StraceCall): boolean | null {
    if (call.name !== 'mmap' || call.errno !== null || (call.args.flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !== 0)
      return null;
    const process = this.#byPid.get(call.pid ?? NO_PID);
    return process === undefined ? null : wouldFit(process.space, call, process.files);
  }

  /** The process of a call. A pid that no clone has shown was there before the log began: a thread of the first process. */
  #processOf(call: StraceCall): ReplayedProcess {
    const pid = call.pid ?? NO_PID;
    const known = this.#byPid.get(pid);
    if (known !== undefined) return known;
    const { first } = this;
    if (first !== null) {
      first.space.notes.assumptions.add('A pid that no clone shows was taken as a thread of the first process.');
      this.#byPid.set(pid, first);
      return first;
    }
    const space = this.#newSpace(this.#initialOf(call.pid, true));
    return this.#add(pid, {
      pid: call.pid,
      parent: null,
      program: null,
      space,
      files: new OpenFiles(this.files),
      uffds: new Userfaultfds(this.world),
      exited: false,
    });
  }

  #add(pid: number, process: ReplayedProcess): ReplayedProcess {
    this.processesSeen++;
    this.processes.push(process);
    this.#byPid.set(pid, process);
    return process;
  }

  #initialOf(pid: number | null, isFirst: boolean): readonly SmapsEntry[] | undefined {
    const { initial } = this.options;
    return (pid === null ? undefined : initial?.get(pid)) ?? (isFirst ? initial?.get('first') : undefined);
  }

  #newSpace(initial: readonly SmapsEntry[] | undefined): ReplaySpace {
    const space = new ReplaySpace(this.world.newProcess(), this.options.faults ?? 'on-map', initial !== undefined);
    if (initial !== undefined) {
      const { pageWork } = this.world;
      if (pageWork.isPutOff(PAGES_A_VMA * initial.length)) {
        pageWork.add(this.#adoptSteps(space, initial));
        return space;
      }
      adoptSmaps(space, initial, this.files);
    }
    this.#start(space);
    return space;
  }

  *#adoptSteps(space: ReplaySpace, initial: readonly SmapsEntry[]): PageSteps {
    yield* adoptSmapsSteps(space, initial, this.files);
    this.#start(space);
    return 0;
  }

  #start(space: ReplaySpace): void {
    space.begin();
    if (this.options.explain !== false) space.watch();
  }

  #clone(parent: ReplayedProcess, call: StraceCall, flags: number, pid: number): void {
    if ((flags & CLONE_THREAD) !== 0) {
      this.#byPid.set(pid, parent);
      return;
    }
    if ((flags & CLONE_VM) !== 0) {
      parent.space.users++;
      this.#born(parent, flags, pid, parent.space);
      return;
    }
    const { process } = parent.space;
    const { pageWork } = this.world;
    if (!pageWork.isPutOff(process.extent)) {
      this.#born(parent, flags, pid, this.#forked(parent.space, call, pid, process.fork()));
    } else pageWork.add(this.#forkSteps(parent, call, flags, pid));
  }

  *#forkSteps(parent: ReplayedProcess, call: StraceCall, flags: number, pid: number): PageSteps {
    const forked = yield* forkSteps(parent.space.process, 1);
    this.#born(parent, flags, pid, this.#forked(parent.space, call, pid, forked));
    return 0;
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
      uffds: sameFiles ? parent.uffds : new Userfaultfds(this.world, parent.uffds),
      exited: false,
    });
  }

  /** The address space of a child. */
  #forked(parent: ReplaySpace, call: StraceCall, pid: number, forked: ForkResult): ReplaySpace {
    const child = new ReplaySpace(forked.child, parent.faults, parent.mapKnown);
    child.topKnown = parent.topKnown;
    child.breakKnown = parent.breakKnown;
    child.names.push(...parent.names);
    for (const [addr, attachment] of parent.attachments) child.attachments.set(addr, attachment);
    for (const { parent: before, child: after } of forked.decisions) {
      if (before.anonVma === null || after === null || after.anonVma === null) continue;
      if (parent.assumed.has(before.anonVma)) child.assumed.add(after.anonVma);
    }
    const note = { call, child: pid, ...countActions(forked) };
    parent.fork = note;
    count(parent.notes.forks, () => note);
    this.#start(child);
    return child;
  }

  #exec(process: ReplayedProcess, program: string, pid: number | null): void {
    const isFirst = process === this.first;
    const before = process.space;
    process.program = program;
    // The smaps of a process is that after its execve, so at the first line of a log it is in place already.
    if (isFirst && before.notes.calls === 0 && before.users === 1 && before.mapKnown) return;
    process.space = this.#newSpace(this.#initialOf(pid ?? process.pid, isFirst));
    this.#leave(before);
  }

  #exit(process: ReplayedProcess): void {
    process.exited = true;
    if (process === this.first || (process.pid !== null && this.options.keep?.has(process.pid))) return;
    if (!this.processes.some((other) => other !== process && other.files === process.files)) process.files.closeAll();
    this.#leave(process.space);
    const at = this.processes.indexOf(process);
    if (at > 0) this.processes.splice(at, 1);
  }

  #leave(space: ReplaySpace): void {
    space.users--;
    if (space.users === 0) space.process.exit();
  }
}

function countActions({ decisions }: ForkResult): { copy: number; refault: number; wipe: number; skip: number } {
  const actions = { copy: 0, refault: 0, wipe: 0, skip: 0 };
  for (const { action } of decisions) actions[action]++;
  return actions;
}
