import { InputError, type StraceEvent, StraceParser, type UnreadableLine } from 'proc-io';
import type { Progress, TextSource } from './forkSimApi.ts';
import { LineIndex } from './lineIndex.ts';
import { type ReadState, readChunks, sizeOfSource } from './textSource.ts';

/** Lines that are listed of those that could not be read, and characters of each. */
const MAX_UNREADABLE = 1000;
const MAX_UNREADABLE_TEXT = 1000;
/** Bytes that are kept at most of a log that cannot be read again: a packed one, which may unpack to a thousand times its size, or a stream. */
const MAX_KEPT: number = 2 ** 30;

/**
 * Reads the events of a log, again and again. The log itself is kept where it is (a `File` on disk), not its events.
 *
 *     do for (let event = log.next(); event !== null; event = log.next()) ...
 *     while (await log.readOn());
 */
export class LogReader {
  readonly name: string;
  /** The first lines that could not be read. */
  readonly unreadable: UnreadableLine[] = [];
  /** Lines that could not be read, of those that were reached. */
  unread = 0;
  /** Lines that were mended, in the whole log. */
  mended = 0;
  #source: TextSource;
  /** What was read of a source that cannot be read again, or only with effort: a stream, what is packed. `null`: it can. */
  #kept: (Uint8Array | string)[] | null;
  #keptLength = 0;
  readonly #maxKept: number;
  /** Events that there are, or that were taken when reading was stopped. */
  #limit: number;
  readonly #index = new LineIndex();
  #state: ReadState;
  #parser: StraceParser;
  #chunks: AsyncGenerator<Uint8Array | string> | null = null;
  #read: readonly StraceEvent[] = [];
  #next = 0;
  /** Events that were taken. */
  #taken = 0;
  /** The source is at its end. */
  #atEnd = false;

  /** @param maxKept bytes that are kept of a source that cannot be read again */
  constructor(source: TextSource, name: string, limit: number = Number.POSITIVE_INFINITY, maxKept: number = MAX_KEPT) {
    this.#maxKept = maxKept;
    this.name = name;
    this.#source = source instanceof Uint8Array || source instanceof ArrayBuffer ? blobOf([source]) : source;
    this.#kept = source instanceof ReadableStream ? [] : null;
    this.#limit = limit;
    this.#state = { read: 0, total: sizeOfSource(source) };
    this.#parser = this.#newParser();
  }

  /** The log, in a form that can be read again. Precondition: reading was stopped. */
  get source(): TextSource {
    return this.#source;
  }

  /** Lines that were read. */
  get lines(): number {
    return this.#parser.stats.lines;
  }

  /** Every event was taken. */
  get ended(): boolean {
    return this.#taken >= this.#limit || (this.#atEnd && this.#next >= this.#read.length);
  }

  /** Events that were read and not taken; `null`: more will be read. */
  get left(): number | null {
    const { packed, ended, read, total } = this.#state;
    const all = this.#atEnd || (packed === true ? ended === true : read === total);
    return all ? this.#read.length - this.#next : null;
  }

  /** Takes the next event; `null`: more must be read first, or every event was taken. */
  next(): StraceEvent | null {
    const event = this.#read[this.#next];
    if (event === undefined || this.#taken >= this.#limit) return null;
    this.#next++;
    this.#taken++;
    if (event.kind === 'unreadable' && this.#isFirstTime) this.#list(event);
    return event;
  }

  /** Reads on; false: there is no more. @throws InputError */
  async readOn(): Promise<boolean> {
    if (this.#atEnd || this.#taken >= this.#limit) return false;
    this.#chunks ??= readChunks(this.#source, this.#state, () => ({ file: this.name, line: this.lines + 1 }));
    const { done, value } = await this.#chunks.next();
    this.#next = 0;
    if (done) {
      this.#atEnd = true;
      this.#read = this.#parser.end();
      return true;
    }
    if (this.#isFirstTime) {
      if (this.#state.packed === true) this.#kept ??= [];
      this.#keep(value);
      this.#index.feed(value);
    }
    this.#read = this.#parser.push(value);
    return true;
  }

  /** The log ends here, now and whenever it is read again. */
  stop(): void {
    if (this.#isFirstTime) this.mended = this.#parser.stats.mended;
    this.#limit = this.#taken;
    if (this.#kept !== null) this.#source = blobOf(this.#kept);
    this.#kept = null;
    void this.#chunks?.return(undefined);
  }

  /** Begins again. Precondition: reading was stopped. */
  restart(): void {
    void this.#chunks?.return(undefined);
    this.#chunks = null;
    this.#state = { read: 0, total: sizeOfSource(this.#source) };
    this.#parser = this.#newParser();
    this.#read = [];
    this.#next = 0;
    this.#taken = 0;
    this.#atEnd = false;
  }

  /** Another reader of the same log. Precondition: reading was stopped. */
  again(): LogReader {
    return new LogReader(this.#source, this.name, this.#limit);
  }

  /** The texts of lines, from 1. Precondition: reading was stopped. */
  texts(lines: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const source = this.#source;
    return this.#index.read(source instanceof Blob || typeof source === 'string' ? source : '', lines);
  }

  progress(doing: string): Progress {
    const { read, total } = this.#state;
    return { doing, part: total === null || total === 0 ? null : read / total, done: this.lines, unit: 'lines' };
  }

  #list(line: UnreadableLine): void {
    this.unread++;
    if (this.unreadable.length >= MAX_UNREADABLE) return;
    this.unreadable.push({ ...line, text: line.text.slice(0, MAX_UNREADABLE_TEXT) });
  }

  /** Keeps what cannot be read again. @throws InputError where that is too much */
  #keep(chunk: Uint8Array | string): void {
    if (this.#kept === null) return;
    this.#keptLength += chunk.length;
    if (this.#keptLength > this.#maxKept) {
      const what = this.#state.packed === true ? 'unpacks to' : 'has';
      const place = { file: this.name, line: this.lines + 1 };
      throw new InputError(
        `${what} more than ${this.#maxKept / 2 ** 20} MB: unpack it to a file, and open that`,
        place,
      );
    }
    this.#kept.push(chunk);
  }

  get #isFirstTime(): boolean {
    return this.#limit === Number.POSITIVE_INFINITY;
  }

  #newParser(): StraceParser {
    return new StraceParser({ file: this.name });
  }
}

/** Text and bytes as a Blob, which a browser may keep outside of the memory of the page. */
function blobOf(parts: readonly (Uint8Array | ArrayBuffer | string)[]): Blob {
  return new Blob(parts as BlobPart[]);
}
