import type { StraceCall, StraceEvent } from 'proc-io';
import { World } from '../process/process.ts';
import { NO_UFFD_FEATURES } from '../process/uffdTable.ts';
import { decideOwners } from './callOwners.ts';
import { EventOrder } from './eventOrder.ts';
import { noteFailedClone } from './failedCall.ts';
import { FaultEvents } from './faultEvents.ts';
import { hugeTraits, pathOfDescriptor } from './fileTraits.ts';
import { hasSoftDirty } from './flagsOfSmaps.ts';
import { type HeldCalls, HeldEvents } from './heldEvents.ts';
import { showsHiddenExec } from './hiddenExec.ts';
import { hidesCall } from './hidesCall.ts';
import type { LogFiles } from './openFiles.ts';
import { OrderPlanner } from './orderPlanner.ts';
import { performCall } from './performCall.ts';
import { type ShmSegments, segmentOf } from './performShm.ts';
import type { ProcessLife } from './processLives.ts';
import type { ReplayedProcess } from './replayedProcess.ts';
import type { ReplayOptions } from './replayOptions.ts';
import { type PastNotes, ReplayProcesses } from './replayProcesses.ts';
import type { ReplaySpace } from './replaySpace.ts';
import { TracingSeen } from './tracingSeen.ts';

/** A call that was performed just now. */
export interface PerformedCall {
  readonly call: StraceCall;
  /** Whose call it was. */
  readonly process: ReplayedProcess;
}

/** A thread whose end the log shows. */
interface Gone {
  readonly pid: number | null;
  readonly process: ReplayedProcess;
}

/** MFD_HUGETLB of `memfd_create(2)`. */
const MFD_HUGETLB = 4;

/** What `vfork` is for `clone`: CLONE_VM, CLONE_VFORK. */
const VFORK = 0x100 | 0x4000;

/**
 * Replays the calls of a strace log on simulated processes: feed it events in the order of the log, then `end()`.
 *
 * The log is always right: where the model gives another result, that is noted, and the replay goes on from what the log says.
 */
export class Replay {
  readonly world: World;
  readonly options: ReplayOptions;
  /** How the log was recorded. */
  readonly tracing: TracingSeen = new TracingSeen();
  readonly #processes: ReplayProcesses;
  readonly #segments: ShmSegments = new Map();
  readonly #held: HeldEvents;
  readonly #order: EventOrder;
  readonly #before: (call: StraceCall) => void;
  /** `null`: no page faults were recorded. */
  readonly #faults: FaultEvents | null;
  #isOver = false;
  /** Line of a call about memory that could not be read, of which the processes were not told; 0: there is none. */
  #unread = 0;
  #toName: number | null = null;
  /** Pids whose end was read, each with its process then; they are let go when nothing waits that may be theirs. */
  #gone: Gone[] = [];
  /** Those that nothing waits for any more: they go with the next call, so that what is there after a call depends on that call alone. */
  readonly #leaving: Gone[] = [];
  #killed: readonly Gone[] = [];
  /** Whose the last call was. */
  #performer: ReplayedProcess | null = null;

  /** @param before told of every call before it is performed: of this replay's alone, unlike the options, which others are made with */
  constructor(options: ReplayOptions, before: (call: StraceCall) => void = () => {}) {
    this.options = options;
    this.#before = before;
    const smaps = [...(options.initial?.values() ?? [])].flat();
    this.world = new World({
      // Whether a kernel was built with names shows in the results of prctl alone; see performPrctl.
      profile: { ...options.profile, anonNames: true },
      softDirty: options.softDirty ?? hasSoftDirty(smaps),
      ...(options.maxMapCount === undefined ? {} : { maxMapCount: options.maxMapCount }),
      ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
    });
    this.#processes = new ReplayProcesses(this.world, options);
    const { initial, faultLog } = options;
    this.#faults = faultLog === undefined ? null : new FaultEvents(faultLog, (tid) => this.#processes.find(tid));
    const named = [...(initial?.keys() ?? [])].filter((pid) => pid !== 'first');
    this.#held = new HeldEvents(
      (held, isLast) => this.#decideOwners(held, isLast),
      (pid) => named.length === 0 || initial?.has('first') === true || named.includes(pid),
      (pid, outer) => this.#processes.rename(pid, outer),
    );
    const planner = new OrderPlanner({
      callerOf: (pid) => this.#processes.find(pid),
      segments: this.#segments,
    });
    this.#order = new EventOrder((calls, isNeeded) => planner.plan(calls, isNeeded));
  }

  /** Every process, in the order in which the log shows them; exited ones are dropped unless they are to be kept. */
  get processes(): readonly ReplayedProcess[] {
    return this.#processes.all;
  }

  /** Processes that the log has shown, dropped ones too. */
  get processesSeen(): number {
    return this.#processes.seen;
  }

  /** Pids that lines of the log may still come from; one whose end was read is not. */
  get pidsKnown(): number {
    return this.#processes.pidsKnown;
  }

  /** Processes that ended just before the last call, without one of their own to say so: they were killed. */
  get killed(): readonly ReplayedProcess[] {
    return this.#killed.map(({ process }) => process);
  }

  /** Every open file of the log. */
  get files(): LogFiles {
    return this.#processes.files;
  }

  /** Calls that wait for their turn. */
  get waiting(): number {
    return this.#order.waiting + this.#held.waiting;
  }

  /** A process that uses an address space, by the pid of the model; `null`: none that lives. */
  userOf(pid: number): ReplayedProcess | null {
    return this.processes.find(({ space }) => space.process.pid === pid) ?? null;
  }

  /** The process that has this pid in the log (`null`: lines without one), as far as it was shown. */
  find(pid: number | null): ReplayedProcess | undefined {
    return this.#processes.find(pid);
  }

  /** Notes of processes that are dropped, and of what came before an `execve`. */
  get past(): readonly PastNotes[] {
    return this.#processes.past;
  }

  /** Pids whose initial map no process of the log has, so far; `first` likewise. */
  get unusedInitial(): readonly (number | 'first')[] {
    return this.#processes.unusedInitial;
  }

  /** The first process of the log; `null`: no call so far. */
  get first(): ReplayedProcess | null {
    return this.#processes.first;
  }

  /** The process that is told of: the one that was asked for, once the log has shown it, else the first; `null`: not shown yet. */
  get told(): ReplayedProcess | null {
    return this.#processes.told;
  }

  /** What became of every process, of 10,000 at most of those that are gone. */
  get lives(): ProcessLife[] {
    return this.#processes.lives.list(this.processes);
  }

  /** Takes the next event of the log, and performs every call whose turn it is. */
  feed(event: StraceEvent): void {
    this.accept(event);
    while (this.#performOne() !== null);
  }

  /** The log is over: replays what still waits for its order. */
  end(): void {
    this.flush();
    while (this.#performOne() !== null);
    this.#faults?.end();
    this.#leave();
  }

  /** Takes the next event, and performs nothing. Precondition: {@link performNext} has answered `null`. */
  accept(event: StraceEvent): void {
    if (hidesCall(event)) this.#unread ||= event.line;
    if (!this.#held.take(event)) this.#acceptNow(event);
  }

  #acceptNow(event: StraceEvent): void {
    if (event.kind === 'call') {
      this.#order.add(event);
    } else if (event.kind === 'pidKnown') {
      this.#order.flush();
      this.#toName = event.pid;
    } else if (event.kind === 'exit') this.#goes(event.pid);
    else if (event.kind === 'superseded') this.#goes(event.by);
  }

  /** No line comes from this pid any more. */
  #goes(pid: number | null): void {
    const process = this.#processes.find(pid);
    if (process !== undefined) this.#gone.push({ pid, process });
  }

  /** The log is over: {@link performNext} hands on what still waits. */
  flush(): void {
    this.#isOver = true;
    this.#held.flush();
    this.#order.flush();
  }

  /** Decides whose the calls of pids are that nothing has shown; false: not yet. */
  #decideOwners(held: HeldCalls, isLast: boolean): boolean {
    const processes = this.#processes;
    const world = {
      find: (pid: number | null) => processes.find(pid),
      processes: processes.all,
      pidOf: (process: ReplayedProcess) => processes.pidOf(process),
      initial: this.options.initial,
    };
    const decided = decideOwners(held, world, isLast);
    if (decided === null) return false;
    processes.owned(decided);
    return true;
  }

  /** Performs one call, in the order in which calls may have happened; `null`: none is to be performed before more is seen. */
  performNext(): PerformedCall | null {
    const call = this.#performOne();
    return call === null ? null : { call, process: this.#performer as ReplayedProcess };
  }

  #performOne(): StraceCall | null {
    let call = this.#order.next();
    while (call === null) {
      this.#settle();
      const event = this.#held.next();
      if (event === null) return null;
      this.#acceptNow(event);
      if (this.#isOver) this.#order.flush();
      call = this.#order.next();
    }
    this.#leave();
    const process = this.#processes.of(call);
    this.#before(call);
    if (this.#unread > 0) this.#tellUnread();
    process.space.nextCall();
    this.tracing.see(call);
    if (this.#faults === null) this.#performAs(process, call);
    else this.#performAmongFaults(process, call, this.#faults);
    this.#performer = process;
    return call;
  }

  #tellUnread(): void {
    for (const { space } of this.processes) space.notes.unreadFrom ||= this.#unread;
    this.#unread = 0;
  }

  #performAmongFaults(process: ReplayedProcess, call: StraceCall, faults: FaultEvents): void {
    const { space } = process;
    faults.before(call, space);
    this.#performAs(process, call);
    if (process.space !== space) faults.execed(call.pid, space);
    // What a clone has made may have faulted by now.
    if (call.ret !== null) faults.known(call.ret);
  }

  /** All that can be performed was performed: what was read of pids counts from now on. */
  #settle(): void {
    if (this.#toName !== null) {
      // The process whose lines had no pid so far has one.
      this.#processes.name(this.#toName);
      this.#toName = null;
    }
    if (this.#gone.length > 0 && this.#order.waiting === 0) {
      this.#leaving.push(...this.#gone);
      this.#gone = [];
    }
  }

  /** Lets go of the threads that nothing waits for. */
  #leave(): void {
    if (this.#leaving.length === 0 && this.#killed.length === 0) return;
    this.#killed = this.#leaving.filter(({ pid, process }) => this.#processes.gone(pid, process));
    this.#leaving.length = 0;
  }

  #performAs(process: ReplayedProcess, call: StraceCall): void {
    const { files, uffds, space } = process;
    const { ret } = call;
    // Of calls that are not about memory, those count that succeeded, with a result that is known.
    const done = call.errno === null && ret !== null;
    switch (call.name) {
      case 'clone':
      case 'clone3':
        if (done) this.#processes.clone(process, call, call.args.flags, ret);
        else noteFailedClone(space, call);
        break;
      case 'fork':
        if (done) this.#processes.clone(process, call, 0, ret);
        else noteFailedClone(space, call);
        break;
      case 'vfork':
        if (done) this.#processes.clone(process, call, VFORK, ret);
        else noteFailedClone(space, call);
        break;
      case 'execve':
      case 'execveat':
        if (call.errno === null) this.#processes.exec(process, call.args.path.text, call.pid);
        break;
      case 'exit_group':
        this.#processes.exit(process);
        break;
      case 'open':
      case 'openat':
      case 'openat2':
      case 'creat':
        if (done) files.opened(ret, call.args.path.text, call.args.flags);
        break;
      case 'memfd_create':
        if (done) {
          const huge = (call.args.flags & MFD_HUGETLB) !== 0;
          files.opened(ret, `/memfd:${call.args.path.text}`, 2, huge ? hugeTraits(call.args.flags) : undefined);
        }
        break;
      case 'memfd_secret':
      case 'io_uring_setup':
      case 'perf_event_open':
      case 'socket':
      case 'bpf':
        if (done) files.opened(ret, pathOfDescriptor(call.name, ret), 2);
        break;
      case 'brk':
        if (showsHiddenExec(space, call)) this.#execHidden(process, call);
        this.#performOnMap(process, call);
        break;
      case 'close':
        if (call.errno !== null) break;
        uffds.close(call.args.fd.fd, space.process);
        files.closed(call.args.fd.fd);
        break;
      case 'dup':
      case 'dup2':
      case 'dup3':
        if (done) files.duplicated(call.args.fd.fd, ret);
        break;
      case 'fcntl':
        if (!done) break;
        if (call.args.command === 'F_ADD_SEALS') files.sealed(call.args.fd, call.args.value);
        else files.duplicated(call.args.fd.fd, ret);
        break;
      case 'pidfd_open':
        if (done) files.opened(ret, `pid:${call.args.pid}`, 2);
        break;
      case 'shmget':
        if (done) this.#segments.set(ret, segmentOf(call.args));
        break;
      case 'read':
      case 'readv':
      case 'pread64':
      case 'lseek':
        // Reads of a map change none.
        break;
      case 'userfaultfd':
        if (done) uffds.open(ret, NO_UFFD_FEATURES);
        break;
      default:
        this.#performOnMap(process, call);
    }
  }

  /** A program begins whose `execve` the log does not have. */
  #execHidden(process: ReplayedProcess, { line, pid }: StraceCall): void {
    this.#processes.exec(process, null, pid);
    this.tracing.execHidden ||= line;
    process.space.notes.assumptions.add(
      `The break of line ${line} is far from the one before: another program was taken to begin there, whose execve the log does not show.`,
    );
  }

  readonly #spaceOf = (pid: number): ReplaySpace | null => this.#processes.find(pid)?.space ?? null;

  #performOnMap(process: ReplayedProcess, call: StraceCall): void {
    const { space, files, uffds } = process;
    space.beforeCall(call);
    const spaceOf = this.#spaceOf;
    const context = { files, segments: this.#segments, uffds, spaceOf };
    const { rewrite } = this.options;
    if (rewrite === undefined) performCall(space, call, context);
    else for (const instead of rewrite(space, call)) performCall(space, instead, context);
  }
}
