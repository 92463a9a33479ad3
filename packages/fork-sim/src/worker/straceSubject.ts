import { InputError } from 'proc-io';
import { InvariantError } from 'vma-core';
import { type Process, World } from '../process/process.ts';
import type { adoptSmaps } from '../replay/adoptSmaps.ts';
import { type PerformedCall, Replay } from '../replay/replay.ts';
import type { ReplayOptions } from '../replay/replayOptions.ts';
import type { CheckpointResult } from '../report/checkpointResult.ts';
import { type Checkpoint, Checkpoints } from '../report/checkpoints.ts';
import type { FaultsFound } from '../report/faultSearch.ts';
import type { FinalMaps } from '../report/finalMaps.ts';
import type { ReplayContext } from '../report/vmaRow.ts';
import { CallLog } from './callLog.ts';
import type { StepShown, TextSource } from './forkSimApi.ts';
import type { Job } from './job.ts';
import { LogReader } from './logReader.ts';
import { logStep, type Mismatch, marksOf, mismatchOf } from './logStep.ts';
import type { CallRow, CallsInput } from './logTypes.ts';
import { ProcessHistories } from './processHistories.ts';
import { NOTHING_SHOWN, type Subject } from './subject.ts';

/** What a smaps lists. */
export type InitialVmas = Parameters<typeof adoptSmaps>[1];

/** What is known of a log besides its text. */
export interface KnownOfLog {
  /** What its processes really had mapped at the end. */
  readonly final: FinalMaps;
  readonly faultsFound: FaultsFound | null;
}

const NOTHING_KNOWN: KnownOfLog = { final: new Map(), faultsFound: null };

/** Calls at the end that one may soon go back to. */
const LAST_CALLS = 64;
/** Rows of a list at most. */
const MAX_ROWS = 1000;
/** Calls that go another way than the log says, at most. */
const MAX_MISMATCHES = 1000;

/**
 * A strace log as it is replayed and stepped through. A step is a call that was performed, in the order in which calls of several
 * threads may have happened: the world at a position is that after the call which the position shows.
 */
export class StraceSubject implements Subject {
  readonly kind = 'strace';
  /** Calls of the log; known once it has been read to its end. */
  length = 0;
  /** Lines of the log; known then too. */
  lines = 0;
  readonly log: LogReader;
  /** The steps that were seen so far. */
  readonly steps: CallLog = new CallLog();
  /** What became of the processes that came later than the first. */
  readonly histories: ProcessHistories = new ProcessHistories();
  /** The first calls that go another way than the log says. */
  readonly mismatches: Mismatch[] = [];
  readonly replayOptions: ReplayOptions;
  /** What is known besides the log, once it is. */
  known: KnownOfLog = NOTHING_KNOWN;
  readonly #given: readonly Checkpoint[];
  readonly #checkpoints: Checkpoints;
  readonly #nowhere: Process;
  #replay: Replay;
  #last: PerformedCall | null = null;
  #done = 0;

  /** @param checkpoints real maps at lines of the log, to compare with */
  constructor(source: TextSource, name: string, options: ReplayOptions, checkpoints: readonly Checkpoint[] = []) {
    this.log = new LogReader(source, name);
    this.#given = checkpoints;
    this.#checkpoints = new Checkpoints(checkpoints);
    this.replayOptions = options;
    this.#nowhere = new World({ profile: options.profile }).newProcess();
    this.#replay = this.#newReplay();
  }

  /** The same log with other options. Precondition: it was loaded. */
  with(options: Partial<ReplayOptions>): StraceSubject {
    const all = { ...this.replayOptions, ...options };
    return new StraceSubject(this.log.source, this.name, all, this.#given);
  }

  /** The checkpoints, compared. Precondition: the log was replayed to its end. */
  get checkpoints(): readonly CheckpointResult[] {
    this.#checkpoints.end(this.#replay);
    return this.#checkpoints.results;
  }

  get name(): string {
    return this.log.name;
  }

  get replay(): Replay {
    return this.#replay;
  }

  /** Name of the kernel profile, as it was asked for. */
  get kernel(): string {
    return this.replayOptions.profile.name;
  }

  /** What the process had mapped at the beginning. */
  get initial(): InitialVmas | null {
    return this.replayOptions.initial?.get('first') ?? null;
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
      while (await this.log.readOn());
    } catch (error) {
      this.log.stop();
      if (error instanceof InputError) await this.#performAll(job, see);
      throw error;
    } finally {
      this.log.stop();
      this.lines = this.log.lines;
      this.length = this.#done;
    }
    job.report({ doing: 'replaying', part: 1, done: this.lines, unit: 'lines' });
  }

  advance(): void | Promise<void> {
    if (this.#perform()) return this.#record();
    return this.log.readOn().then((more) => {
      if (!more) throw new InvariantError('the log is at its end');
      return this.advance();
    });
  }

  restart(): void {
    this.log.restart();
    this.#replay = this.#newReplay();
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
    const wanted = new Set(steps.map((step) => this.steps.at(step)).flatMap(({ line, endLine }) => [line, endLine]));
    const texts = await this.log.texts([...wanted]);
    return steps.map((step) => {
      const { line, endLine, marks } = this.steps.at(step);
      const begin = texts.get(line) ?? '';
      const end = line === endLine ? '' : behind(texts.get(endLine) ?? '', 'resumed>');
      const whole = begin.endsWith(UNFINISHED) ? begin.slice(0, -UNFINISHED.length).trimEnd() : begin;
      return { step, line, text: whole + end, marks };
    });
  }

  #newReplay(): Replay {
    // What was compared once is not compared again.
    return new Replay(this.replayOptions, (call) => this.#checkpoints.before(call, this.#replay));
  }

  /** Performs what was read. */
  async #performAll(job: Job, see: () => void): Promise<void> {
    while (this.#perform()) {
      this.#record();
      if (this.#nearEnd()) see();
      if (job.due()) await job.pause(this.log.progress('replaying'));
    }
    if (job.due()) await job.pause(this.log.progress('replaying'));
  }

  /** Performs the next call; false: more of the log has to be read, or there is no more. */
  #perform(): boolean {
    for (;;) {
      const performed = this.#replay.performNext();
      if (performed !== null) {
        this.#last = performed;
        this.#done++;
        return true;
      }
      const event = this.log.next();
      if (event !== null) this.#replay.accept(event);
      else if (!this.log.ended || this.#replay.waiting === 0) return false;
      else this.#replay.flush();
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
    const { left } = this.log;
    return left !== null && left + this.#replay.waiting < LAST_CALLS;
  }
}

/** How the line of a call ends whose result comes later. */
const UNFINISHED = '<unfinished ...>';

/** What stands behind a word in a text, without spaces at its beginning; nothing where the word is not in it. */
function behind(text: string, word: string): string {
  const at = text.indexOf(word);
  return at < 0 ? '' : text.slice(at + word.length).trimStart();
}
