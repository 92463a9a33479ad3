import { InputError, type StraceEvent, StraceParser, type UnreadableLine } from 'proc-io';
import { InvariantError, type KernelProfile } from 'vma-core';
import type { Process } from '../process/process.ts';
import { World } from '../process/world.ts';
import type { adoptSmaps } from '../replay/adoptSmaps.ts';
import { type PerformedCall, Replay } from '../replay/replay.ts';
import type { ReplayOptions } from '../replay/replayOptions.ts';
import type { FaultAssumption } from '../replay/replaySpace.ts';
import type { ReplayContext } from '../report/vmaRow.ts';
import { CallLog } from './callLog.ts';
import type { TextSource } from './forkSimApi.ts';
import type { Job } from './job.ts';
import { LineIndex } from './lineIndex.ts';
import { logStep, type Mismatch, marksOf, mismatchOf } from './logStep.ts';
import type { CallRow, CallsInput } from './logTypes.ts';
import { ProcessHistories } from './processHistories.ts';
import { NOTHING_SHOWN, type StepShown, type Subject } from './subject.ts';
import { type ReadState, readChunks, sizeOfSource } from './textSource.ts';

/** What a smaps lists. */
export type InitialVmas = Parameters<typeof adoptSmaps>[1];

/** How a log is replayed. */
export interface StraceSubjectOptions {
  readonly profile: KernelProfile;
  readonly faults: FaultAssumption;
  readonly explain: boolean;
  readonly softDirty?: boolean;
  readonly maxMapCount?: number;
  /** Bytes that the model may take. */
  readonly maxBytes?: number;
  readonly initial: InitialVmas | null;
}

/** Calls at the end that one may soon go back to. */
const LAST_CALLS = 64;
/** Rows of a list at most. */
const MAX_ROWS = 1000;
/** Calls that go another way than the log says: so many are kept. */
const MAX_MISMATCHES = 1000;

/**
 * A strace log as it is replayed and stepped through. A step is a call that was performed, in the order in which calls of several
 * threads may have happened: the world at a position is that after the call which the position shows.
 *
 * The log itself is kept where it is (a `File` on disk), not its events: going back reads it again.
 */
export class StraceSubject implements Subject {
  readonly kind = 'strace';
  readonly name: string;
  /** Calls of the log; known once it has been read to its end. */
  length = 0;
  /** Every line that could not be read. */
  readonly unreadable: UnreadableLine[] = [];
  /** The steps that were seen so far. */
  readonly steps: CallLog = new CallLog();
  /** What became of the processes that came later than the first. */
  readonly histories: ProcessHistories = new ProcessHistories();
  /** The first calls that go another way than the log says. */
  readonly mismatches: Mismatch[] = [];
  lines = 0;
  readonly #options: StraceSubjectOptions;
  readonly #nowhere: Process;
  readonly #index = new LineIndex();
  #source: TextSource;
  /** What was read of a source that cannot be read again, or only with effort: a stream, what is packed. `null`: it can. */
  #kept: (Uint8Array<ArrayBuffer> | string)[] | null;
  #replay: Replay;
  #parser: StraceParser;
  #chunks: AsyncGenerator<Uint8Array | string> | null = null;
  #state: ReadState;
  #events: readonly StraceEvent[] = [];
  #next = 0;
  /** Events that were handed to the replay. */
  #accepted = 0;
  /** Events that there are, or that were read when the loading was cancelled. */
  #limit: number = Number.POSITIVE_INFINITY;
  #ended = false;
  #last: PerformedCall | null = null;
  #done = 0;

  constructor(source: TextSource, name: string, options: StraceSubjectOptions) {
    this.name = name;
    this.#source = source instanceof Uint8Array || source instanceof ArrayBuffer ? blobOf([source]) : source;
    this.#kept = typeof source === 'object' && 'getReader' in source ? [] : null;
    this.#options = options;
    this.#nowhere = new World({ profile: options.profile }).newProcess();
    this.#state = { read: 0, total: sizeOfSource(source) };
    this.#replay = this.#newReplay();
    this.#parser = this.#newParser();
  }

  get replay(): Replay {
    return this.#replay;
  }

  /** The log, in a form that can be read again. Precondition: it was read to its end. */
  get source(): TextSource {
    return this.#source;
  }

  /** Name of the kernel profile, as it was asked for. */
  get kernel(): string {
    return this.#options.profile.name;
  }

  /** What the process had mapped at the beginning. */
  get initial(): InitialVmas | null {
    return this.#options.initial;
  }

  /** Events of the log; of one whose loading was cancelled, those that were read. */
  get events(): number {
    return this.#limit;
  }

  /** How the log is replayed. */
  get replayOptions(): ReplayOptions {
    const { initial, softDirty, maxMapCount, ...rest } = this.#options;
    return {
      ...rest,
      ...(softDirty === undefined ? {} : { softDirty }),
      ...(maxMapCount === undefined ? {} : { maxMapCount }),
      ...(initial === null ? {} : { initial: new Map([['first', initial]]) }),
    };
  }

  get done(): number {
    return this.#done;
  }

  get world(): World {
    return this.current.world;
  }

  get current(): Process {
    return this.#replay.first?.space.process ?? this.#nowhere;
  }

  /**
   * Reads and replays the log to its end, and lists every line that cannot be read.
   * @param see told after each of the last calls
   * @throws InputError where this is no log, or cannot be read on: what was read by then is replayed. CancelledError, OutOfMemoryError: what
   *   was replayed by then can be stepped through
   */
  async load(job: Job, see: () => void = () => {}): Promise<void> {
    try {
      do await this.#performAll(job, see);
      while (await this.#refill());
    } catch (error) {
      this.#stopReading();
      if (error instanceof InputError) await this.#performAll(job, see);
      throw error;
    } finally {
      this.#stopReading();
      this.length = this.#done;
    }
    job.report({ doing: 'replaying', part: 1, done: this.lines, unit: 'lines' });
  }

  advance(): void | Promise<void> {
    if (this.#perform(false)) return this.#record();
    return this.#refill().then((more) => {
      if (!more) throw new InvariantError('the log is at its end');
      return this.advance();
    });
  }

  restart(): void {
    void this.#chunks?.return(undefined);
    this.#chunks = null;
    this.#replay = this.#newReplay();
    this.#parser = this.#newParser();
    this.#events = [];
    this.#next = 0;
    this.#accepted = 0;
    this.#ended = false;
    this.#last = null;
    this.#done = 0;
  }

  get shown(): StepShown {
    if (this.#last === null) return NOTHING_SHOWN;
    const { call, process } = this.#last;
    return { record: null, call, events: [...process.space.events], log: logStep(this.#last, this.#replay) };
  }

  contextOf(process: Process): ReplayContext | null {
    const user = this.#replay.userOf(process.pid);
    return user === null ? null : { space: user.space, files: this.#replay.files, isSmaps: false };
  }

  /** Steps as a list shows them. @throws InvariantError for a range that is none */
  async rows({ from, count }: CallsInput): Promise<CallRow[]> {
    if (!Number.isSafeInteger(from) || from < 1 || !(count >= 0) || count > MAX_ROWS) {
      throw new InvariantError(`no steps to list: ${count} from ${from} on, at most ${MAX_ROWS}`);
    }
    const steps: number[] = [];
    for (let step = from; step < from + count && step <= this.steps.length; step++) steps.push(step);
    const wanted = new Set<number>();
    for (const step of steps) {
      const { line, endLine } = this.steps.at(step);
      wanted.add(line).add(endLine);
    }
    const source = this.#source;
    const texts = await this.#index.read(source instanceof Blob || typeof source === 'string' ? source : '', [
      ...wanted,
    ]);
    return steps.map((step) => {
      const { line, endLine, marks } = this.steps.at(step);
      const begin = texts.get(line) ?? '';
      const end = line === endLine ? '' : (/resumed>\s*(.*)$/.exec(texts.get(endLine) ?? '')?.[1] ?? '');
      return { step, line, text: begin.replace(/\s*<unfinished \.\.\.>$/, '') + end, marks };
    });
  }

  /** Performs what was read. */
  async #performAll(job: Job, see: () => void): Promise<void> {
    while (this.#perform(true)) {
      this.#record();
      if (this.#nearEnd()) see();
      if (job.due()) await job.pause(this.#progress());
    }
    if (job.due()) await job.pause(this.#progress());
  }

  /** The log ends here. */
  #stopReading(): void {
    this.#limit = this.#accepted;
    this.lines = this.#parser.stats.lines;
    if (this.#kept !== null) this.#source = blobOf(this.#kept);
    this.#kept = null;
    void this.#chunks?.return(undefined);
  }

  /** Performs the next call; false: more of the log has to be read, or there is no more. */
  #perform(listing: boolean): boolean {
    for (;;) {
      const performed = this.#replay.performNext();
      if (performed !== null) {
        this.#last = performed;
        this.#done++;
        return true;
      }
      if (this.#accepted >= this.#limit || (this.#ended && this.#next >= this.#events.length)) {
        if (this.#replay.waiting === 0) return false;
        this.#replay.flush();
        continue;
      }
      const event = this.#events[this.#next];
      if (event === undefined) return false;
      this.#next++;
      this.#accepted++;
      if (listing && event.kind === 'unreadable') this.unreadable.push(event);
      this.#replay.accept(event);
    }
  }

  /** Keeps what the last step did. */
  #record(): void {
    const performed = this.#last;
    if (performed === null || this.#done <= this.steps.length) return;
    const { call, process } = performed;
    const { mm, pageTable } = this.current;
    const marks = marksOf(performed);
    this.steps.add({
      line: call.line,
      endLine: call.endLine,
      vmas: mm.mapCount,
      tablesKb: pageTable.vmPteKb,
      marks,
    });
    this.histories.see(this.#done, performed, this.#replay);
    const { mismatch } = process.space.notes;
    if (mismatch !== null && this.mismatches.length < MAX_MISMATCHES) {
      this.mismatches.push(mismatchOf(this.#done, mismatch));
    }
  }

  /** Only a few calls are left. */
  #nearEnd(): boolean {
    if (!this.#ended && this.#state.read !== this.#state.total) return false;
    return this.#events.length - this.#next + this.#replay.waiting < LAST_CALLS;
  }

  /** Reads on; false at the end of the log. */
  async #refill(): Promise<boolean> {
    if (this.#ended || this.#accepted >= this.#limit) return false;
    this.#chunks ??= this.#read();
    const chunk = await this.#chunks.next();
    this.#next = 0;
    if (chunk.done) {
      this.#ended = true;
      this.#events = this.#parser.end();
      return true;
    }
    if (this.#limit === Number.POSITIVE_INFINITY) {
      if (this.#state.packed === true) this.#kept ??= [];
      this.#kept?.push(chunk.value as Uint8Array<ArrayBuffer> | string);
      this.#index.feed(chunk.value);
    }
    this.#events = this.#parser.push(chunk.value);
    return true;
  }

  #read(): AsyncGenerator<Uint8Array | string> {
    this.#state = { read: 0, total: sizeOfSource(this.#source) };
    const place = () => ({ file: this.name, line: this.#parser.stats.lines + 1 });
    return readChunks(this.#source, this.#state, place);
  }

  #progress(): { doing: string; part: number | null; done: number; unit: 'lines' } {
    const { read, total } = this.#state;
    const part = total === null || total === 0 ? null : read / total;
    return { doing: 'replaying', part, done: this.#parser.stats.lines, unit: 'lines' };
  }

  #newParser(): StraceParser {
    return new StraceParser({ file: this.name, halfLine: 'list' });
  }

  #newReplay(): Replay {
    return new Replay(this.replayOptions);
  }
}

/** Text and bytes as a Blob, which a browser may keep outside of the memory of the page. */
function blobOf(parts: readonly (Uint8Array | ArrayBuffer | string)[]): Blob {
  return new Blob(parts as BlobPart[]);
}
