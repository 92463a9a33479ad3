import { detach } from '../detach.ts';
import { FoldedLine } from '../foldedLine.ts';
import { InputError } from '../inputError.ts';
import { MIN_FOLDED, unfoldLine } from '../unfoldLine.ts';
import { Utf8Stream } from '../utf8.ts';
import { addressBits } from './addressBits.ts';
import { cleanLine, lineWithin, MAP_LINES, mendMapLine } from './cleanLine.ts';
import { EntryList, type RowValues } from './entryList.ts';
import { type RowReader, rowFormOf } from './mapRows.ts';
import type { CutMap, LeftOutLine, MapForm, MapsEntry, Smaps } from './mapsEntry.ts';
import { type BadMapsLine, isBadLine, readMapsLine } from './mapsLine.ts';
import { isWhole, readSmapsLine, type SmapsLine } from './smapsField.ts';

/** How to read a file of `/proc/PID`. */
export interface MapsOptions {
  /** Name of the file, for messages. */
  readonly file?: string | undefined;
}

/** What ends a line of a web page. */
const BREAK = /<br\s*\/?>$/i;
/** Longer lines are not read: no kernel prints such a mapping. */
const MAX_LINE = 1 << 20;
/** A file whose first lines hold no mapping is no map. */
const MAX_LEAD = 200_000;
/** Lines that are no part of the map are listed up to here, and their text so far. */
const MAX_LISTED = 20;
const MAX_TEXT = 120;

/**
 * Reads `/proc/PID/smaps` or `maps`, or a map that another tool printed (see {@link MapForm}), from chunks of any size. What people
 * have done to it is taken off: prompts, fences, quote marks, indentation, colours, prefixes of a log, wrapped names. Every line is a part
 * of the map, or listed in {@link Smaps.leftOut}. Keys and flags that are not known are kept.
 */
export class SmapsParser {
  readonly #file: string | undefined;
  readonly #utf8 = new Utf8Stream();
  readonly #list = new EntryList();
  /** The part of a line that the last chunk ended with. */
  #rest = '';
  #lineNumber = 0;
  #newline: '\n' | '\r\n' | null = null;
  /** The lines end in a carriage return alone. */
  #endsInReturn = false;
  /** A line that is too long, and holds many. */
  #folded: FoldedLine | null = null;
  #form: MapForm = 'kernel';
  #readRow: RowReader | null = null;
  #exact = true;
  #leftOut = 0;
  readonly #firstLeftOut: LeftOutLine[] = [];
  /** Most lines of a file occur many times (`Swap:   0 kB`). */
  readonly #knownFields: Map<string, SmapsLine> = new Map();

  constructor(options: MapsOptions = {}) {
    this.#file = options.file;
  }

  /** Lines read so far. */
  get lines(): number {
    return this.#lineNumber;
  }

  /**
   * Reads the next chunk; bytes are UTF-8.
   *
   * @throws InputError for mappings that overlap or stand out of order, `smaps_rollup`, binary data, a line without an end, and more
   *   mappings than any process has
   */
  push(chunk: string | Uint8Array): void {
    this.#take(typeof chunk === 'string' ? chunk : this.#utf8.decode(chunk));
  }

  /** Ends the file. @throws InputError where no mapping was in it */
  end(): Smaps {
    this.#take(this.#utf8.decode(new Uint8Array(0), true));
    if (this.#newline === null && this.#rest.includes('\r')) this.#takeReturns();
    this.#endFolded();
    const last = this.#rest;
    const finalNewline = last === '';
    const cut = (finalNewline || this.#line(last, true)) && !this.#list.isUnfinished ? null : this.#cut();
    this.#list.close();
    const { entries } = this.#list;
    if (entries.length === 0) throw this.#noMap(cut);
    return {
      entries,
      form: this.#form,
      addressBits: addressBits(entries),
      newline: this.#newline ?? '\n',
      finalNewline,
      leftOut: { count: this.#leftOut, first: this.#firstLeftOut },
      cut,
      exact: this.#exact && cut === null,
    };
  }

  /** A file without any newline has carriage returns for them. */
  #takeReturns(): void {
    const { length } = this.#rest.trimEnd();
    const text = this.#rest.slice(0, length) + this.#rest.slice(length).replaceAll('\r', '\n');
    this.#rest = '';
    this.#exact = false;
    this.#endsInReturn = true;
    this.#take(text);
  }

  #take(chunk: string): void {
    const text = this.#endsInReturn ? chunk.replaceAll('\r', '\n') : chunk;
    let at = this.#takeFolded(text);
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      let line = this.#rest + text.slice(at, end);
      this.#rest = '';
      at = end + 1;
      this.#newline ??= line.endsWith('\r') ? '\r\n' : '\n';
      if (this.#newline === '\r\n') {
        if (line.endsWith('\r')) line = line.slice(0, -1);
        else this.#exact = false;
      }
      this.#line(line, false);
    }
    this.#rest += text.slice(at);
    if (this.#rest.length > MAX_LINE && this.#newline === null && this.#rest.includes('\r')) this.#takeReturns();
    if (this.#rest.length <= MAX_LINE) return;
    this.#folded = FoldedLine.of(this.#rest, MAP_LINES);
    if (this.#folded === null) throw this.#error(`a line of more than ${MAX_LINE} characters: no map of a process`, 1);
    this.#exact = false;
    const line = this.#rest;
    this.#rest = '';
    this.#foldedLines(this.#folded.take(line));
  }

  /** Takes what belongs to a line that holds many. @returns where the text goes on */
  #takeFolded(text: string): number {
    if (this.#folded === null) return 0;
    const end = text.indexOf('\n');
    this.#foldedLines(this.#folded.take(end < 0 ? text : text.slice(0, end)));
    if (end < 0) return text.length;
    this.#endFolded();
    return end + 1;
  }

  #endFolded(): void {
    this.#foldedLines(this.#folded?.end() ?? []);
    this.#folded = null;
  }

  #foldedLines(lines: readonly string[]): void {
    for (const line of lines) this.#line(line, false);
  }

  /** @param cut the line has no newline, so it may be cut @returns false: it is, and was not read */
  #line(raw: string, cut: boolean): boolean {
    if (this.#lineNumber++ === 0 && raw.startsWith('\ufeff')) {
      this.#exact = false;
      return this.#readFolded(raw.slice(1), cut);
    }
    return this.#readFolded(raw, cut);
  }

  /** A line that may hold several. */
  #readFolded(raw: string, cut: boolean): boolean {
    const lines = raw.length < MIN_FOLDED ? null : unfoldLine(raw, MAP_LINES);
    if (lines === null) return this.#read(raw.endsWith('>') ? raw.replace(BREAK, '').trimEnd() : raw, cut);
    for (const line of lines) this.#read(line, false);
    return true;
  }

  #read(raw: string, cut: boolean): boolean {
    const why = this.#plain(raw, cut);
    if (why === null) return true;
    this.#exact = false;
    const line = cleanLine(raw);
    if (line === '') return true;
    if (this.#row(line, raw)) return true;
    const form = rowFormOf(line, raw);
    if (form !== null && this.#list.isEmpty) {
      this.#form = form.form;
      this.#readRow = form.read;
      // What lldb prints has no heading: the line by which it is known is a mapping.
      return this.#row(line, raw) || this.#skip(raw, 'a heading', 1);
    }
    if (line !== raw && this.#plain(line, cut) === null) return true;
    const within = lineWithin(line) ?? mendMapLine(raw);
    if (within !== null && this.#plain(within, cut) === null) return true;
    if (this.#list.name(line)) return true;
    const keys = this.#list.openKeys;
    if (cut && keys !== null && (/^[0-9a-f]/.test(line) || (keys > 0 && /^[A-Z]/.test(line)))) return false;
    return this.#skip(raw, why.why, why.column);
  }

  /** Reads a line as the tool prints it that the heading named. */
  #row(line: string, raw: string): boolean {
    const row = this.#readRow?.(line, raw) ?? null;
    if (row === null) return false;
    this.#head(row.head, row);
    return true;
  }

  /** Reads a line as the kernel prints it. @returns why it is none; `null`: it was read */
  #plain(line: string, cut: boolean): BadMapsLine | null {
    if (/^[A-Z]/.test(line)) {
      const field = this.#fieldOf(line);
      if (field !== null) {
        if (cut && !isWhole(field, line))
          return { why: 'the file ends in the middle of this line', column: line.length + 1 };
        return this.#list.add(line, field) ? null : { why: 'a key before the first mapping', column: 1 };
      }
    }
    const head = readMapsLine(line);
    if (isBadLine(head)) return head;
    this.#head(head);
    return null;
  }

  #fieldOf(line: string): SmapsLine | null {
    const known = this.#knownFields.get(line);
    if (known !== undefined) return known;
    const field = readSmapsLine(line);
    // What a log puts before a line may have a colon, too; kernels print no key of several words.
    const isDoubtful = field?.kind === 'text' || (field?.kind === 'number' && field.key.includes(' '));
    if (isDoubtful && mendMapLine(line) !== null) return null;
    if (field !== null && this.#knownFields.size < 4096) this.#knownFields.set(detach(line), field);
    return field;
  }

  #head(head: MapsEntry, row?: RowValues): void {
    const why = this.#list.begin(head, row);
    if (why !== null) throw this.#error(why, 1);
  }

  #cut(): CutMap {
    return { line: this.#lineNumber, start: this.#list.cut() };
  }

  /** Lists a line that is no part of the map. */
  #skip(raw: string, why: string, column: number): true {
    if (raw.includes('\0')) throw this.#error('binary data, no map of a process', 1);
    this.#leftOut++;
    const text = raw.length > MAX_TEXT ? `${raw.slice(0, MAX_TEXT)}...` : raw;
    if (this.#firstLeftOut.length < MAX_LISTED)
      this.#firstLeftOut.push({ line: this.#lineNumber, column, why, text: detach(text) });
    if (this.#lineNumber > MAX_LEAD && this.#list.entries.length === 0) throw this.#noMap(null);
    return true;
  }

  #noMap(cut: CutMap | null): InputError {
    if (cut !== null) return this.#error('the file ends in the middle of its first mapping', 1);
    const [first] = this.#firstLeftOut;
    if (first === undefined) return this.#error('the file is empty (a kernel thread has no mappings)', 1);
    const { line, column, why } = first;
    return new InputError(`no line of maps or smaps: ${why}`, { file: this.#file, line, column });
  }

  #error(message: string, column: number): InputError {
    return new InputError(message, { file: this.#file, line: Math.max(1, this.#lineNumber), column });
  }
}
