import { type StraceCall, type StraceEvent, StraceParser, type UnreadableLine } from 'proc-io';
import { InvariantError, type KernelProfile } from 'vma-core';
import type { Process } from '../process.ts';
import type { adoptSmaps } from '../replay/adoptSmaps.ts';
import { Replay } from '../replay/replay.ts';
import type { FaultAssumption } from '../replay/replaySpace.ts';
import { World } from '../world.ts';
import type { TextSource } from './forkSimApi.ts';
import type { Pacer } from './pacer.ts';
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
  readonly initial: InitialVmas | null;
}

/** Events that are replayed between two looks at the clock. */
const LOOK_EVERY = 64;
/** Calls at the end that one may soon go back to. */
const LAST_CALLS = 64;

/**
 * A strace log as it is replayed and stepped through. A step is a call; where several threads call at the same time, calls are put
 * into order first, and a position may be some lines ahead of what has been performed.
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
  lines = 0;
  readonly #options: StraceSubjectOptions;
  readonly #nowhere: Process;
  #source: TextSource;
  /** What a stream gave, kept to be read again. */
  #kept: Uint8Array<ArrayBuffer>[] | null;
  #replay: Replay;
  #parser: StraceParser;
  #chunks: AsyncGenerator<Uint8Array | string> | null = null;
  #state: ReadState;
  #events: readonly StraceEvent[] = [];
  #next = 0;
  #ended = false;
  #last: StraceCall | null = null;
  #done = 0;

  constructor(source: TextSource, name: string, options: StraceSubjectOptions) {
    this.name = name;
    this.#source = source;
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
   * @throws InputError where this is no log, or cannot be read on
   */
  async load(pacer: Pacer, see: () => void = () => {}): Promise<void> {
    try {
      do {
        while (this.#next < this.#events.length) {
          const called = this.#feed(this.#events[this.#next++] as StraceEvent, this.unreadable);
          if (called && this.#state.read === this.#state.total && this.#next > this.#events.length - LAST_CALLS) see();
          if (this.#next % LOOK_EVERY === 0 && pacer.due()) await pacer.pause(this.#progress());
        }
        if (pacer.due()) await pacer.pause(this.#progress());
      } while (await this.#refill());
    } finally {
      // Also where the log could not be read on, or the job was cancelled: what was replayed can be stepped through.
      this.#replay.end();
      this.length = this.#done;
      this.lines = this.#parser.stats.lines;
      if (this.#kept !== null) this.#source = new Blob(this.#kept);
      this.#kept = null;
      void this.#chunks?.return(undefined);
      if (this.#done > 0) see();
    }
    pacer.report({ doing: 'replaying', part: 1, done: this.lines, unit: 'lines' });
  }

  advance(): void | Promise<void> {
    while (this.#next < this.#events.length) {
      if (this.#feed(this.#events[this.#next++] as StraceEvent, null)) return this.#atEnd();
    }
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
    this.#ended = false;
    this.#last = null;
    this.#done = 0;
  }

  get shown(): StepShown {
    return this.#last === null ? NOTHING_SHOWN : { record: null, call: this.#last };
  }

  /** Replays an event; true for a call. */
  #feed(event: StraceEvent, unreadable: UnreadableLine[] | null): boolean {
    this.#replay.feed(event);
    if (event.kind === 'unreadable') unreadable?.push(event);
    if (event.kind !== 'call') return false;
    this.#last = event;
    this.#done++;
    return true;
  }

  /** What still waits for its order is replayed with the last call. */
  #atEnd(): void {
    if (this.#done === this.length) this.#replay.end();
  }

  /** Reads on; false at the end of the log. */
  async #refill(): Promise<boolean> {
    if (this.#ended) return false;
    this.#chunks ??= this.#read();
    const chunk = await this.#chunks.next();
    this.#next = 0;
    if (chunk.done) {
      this.#ended = true;
      this.#events = this.#parser.end();
      return true;
    }
    if (this.#kept !== null && typeof chunk.value !== 'string') this.#kept.push(chunk.value as Uint8Array<ArrayBuffer>);
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
    const { initial, softDirty, maxMapCount, ...rest } = this.#options;
    return new Replay({
      ...rest,
      ...(softDirty === undefined ? {} : { softDirty }),
      ...(maxMapCount === undefined ? {} : { maxMapCount }),
      ...(initial === null ? {} : { initial: new Map([['first', initial]]) }),
    });
  }
}
