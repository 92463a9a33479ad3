import { pkeyFlags, type VirtAddr, type VmFlagsLine, vmFlags } from 'vma-core';
import { detach } from '../detach.ts';
import { InputError } from '../inputError.ts';
import { Utf8Stream } from '../utf8.ts';
import { addressBits } from './addressBits.ts';
import { cleanLine, lineWithin } from './cleanLine.ts';
import { type RowReader, rowFormOf } from './mapRows.ts';
import type { CutMap, LeftOutLine, MapForm, MapsEntry, Smaps, SmapsEntry } from './mapsEntry.ts';
import { type BadMapsLine, isBadLine, readMapsLine } from './mapsLine.ts';
import { isWhole, readSmapsLine, type SmapsLine } from './smapsField.ts';
import { SmapsFields } from './smapsFields.ts';

/** How to read a file of `/proc/PID`. */
export interface MapsOptions {
  /** Name of the file, for messages. */
  readonly file?: string | undefined;
}

/** Longer lines are not read: no kernel prints such a mapping. */
const MAX_LINE = 1 << 20;
/** A file whose first lines hold no mapping is no map. */
const MAX_LEAD = 200_000;
/** Mappings of one file: no address space is known to have had more. */
const MAX_MAPPINGS = 4_000_000;
/** Lines that are no part of the map are listed up to here, and their text so far. */
const MAX_LISTED = 20;
const MAX_TEXT = 120;

/** One mapping while its lines are read. */
interface OpenEntry {
  readonly head: MapsEntry;
  readonly lines: string[];
  readonly keys: string[];
  readonly values: number[];
  flags: VmFlagsLine | null;
  canonical: boolean;
}

/**
 * Reads `/proc/PID/smaps` or `maps`, or a map that another tool printed (see {@link MapForm}), from chunks of any size. What people
 * have done to it is taken off: prompts, fences, quote marks, indentation, colours, prefixes of a log, wrapped names. Every line is a part
 * of the map, or listed in {@link Smaps.leftOut}. Keys and flags that are not known are kept.
 */
export class SmapsParser {
  readonly #file: string | undefined;
  readonly #utf8 = new Utf8Stream();
  readonly #entries: SmapsEntry[] = [];
  #open: OpenEntry | null = null;
  /** The part of a line that the last chunk ended with. */
  #rest = '';
  #lineNumber = 0;
  #newline: '\n' | '\r\n' | null = null;
  /** The lines end in a carriage return alone. */
  #endsInReturn = false;
  #form: MapForm = 'kernel';
  #readRow: RowReader | null = null;
  #exact = true;
  #leftOut = 0;
  readonly #firstLeftOut: LeftOutLine[] = [];
  #sawFlags = false;
  /** Most lines of a file occur many times (`Swap:   0 kB`), and so do its names and lists of keys. */
  readonly #knownFields: Map<string, SmapsLine> = new Map();
  readonly #knownTexts: Map<string, string> = new Map();
  #lastKeys: readonly string[] = [];

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
    const last = this.#rest;
    const finalNewline = last === '';
    const cut = (finalNewline || this.#line(last, true)) && !this.#isUnfinished() ? null : this.#cut();
    this.#close();
    if (this.#entries.length === 0) throw this.#noMap(cut);
    return {
      entries: this.#entries,
      form: this.#form,
      addressBits: addressBits(this.#entries),
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
    let at = 0;
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
    if (this.#rest.length > MAX_LINE)
      throw this.#error(`a line of more than ${MAX_LINE} characters: no map of a process`, 1);
  }

  /** @param cut the line has no newline, so it may be cut @returns false: it is, and was not read */
  #line(raw: string, cut: boolean): boolean {
    if (this.#lineNumber++ === 0 && raw.startsWith('\ufeff')) {
      this.#exact = false;
      return this.#read(raw.slice(1), cut);
    }
    return this.#read(raw, cut);
  }

  #read(raw: string, cut: boolean): boolean {
    const why = this.#plain(raw, cut);
    if (why === null) return true;
    this.#exact = false;
    const line = cleanLine(raw);
    if (line === '') return true;
    if (this.#row(line, raw)) return true;
    const form = rowFormOf(line, raw);
    if (form !== null && this.#entries.length === 0 && this.#open === null) {
      this.#form = form.form;
      this.#readRow = form.read;
      // What lldb prints has no heading: the line by which it is known is a mapping.
      return this.#row(line, raw) || this.#skip(raw, 'a heading', 1);
    }
    if (line !== raw && this.#plain(line, cut) === null) return true;
    const within = lineWithin(line);
    if (within !== null && this.#plain(within, cut) === null) return true;
    if (this.#wrapped(line)) return true;
    if (cut && this.#open !== null && (/^[0-9a-f]/.test(line) || (this.#open.keys.length > 0 && /^[A-Z]/.test(line))))
      return false;
    return this.#skip(raw, why.why, why.column);
  }

  /** Reads a line as the tool prints it that the heading named. */
  #row(line: string, raw: string): boolean {
    const row = this.#readRow?.(line, raw) ?? null;
    if (row === null) return false;
    this.#head(row.head, [...row.fields.keys()], [...row.fields.values()], row.flags);
    return true;
  }

  /** Reads a line as the kernel prints it. @returns why it is none; `null`: it was read */
  #plain(line: string, cut: boolean): BadMapsLine | null {
    if (/^[A-Z]/.test(line)) {
      const field = this.#fieldOf(line);
      if (field !== null) {
        if (this.#open === null) return { why: 'a key before the first mapping', column: 1 };
        if (cut && !isWhole(field, line))
          return { why: 'the file ends in the middle of this line', column: line.length + 1 };
        this.#add(this.#open, line, field);
        return null;
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
    if (field !== null && this.#knownFields.size < 4096) this.#knownFields.set(detach(line), field);
    return field;
  }

  #add(open: OpenEntry, line: string, field: SmapsLine): void {
    // The kernel prints VmFlags last and each key once; anything else is kept line by line.
    if (open.flags !== null || field.kind === 'text' || !field.canonical) open.canonical = false;
    open.lines.push(line);
    if (field.kind === 'flags') {
      open.flags = field.flags;
      this.#sawFlags = true;
    }
    if (field.kind !== 'number') return;
    const known = open.keys.indexOf(field.key);
    if (known >= 0) {
      open.canonical = false;
      open.values[known] = field.value;
      return;
    }
    open.keys.push(field.key);
    open.values.push(field.value);
  }

  #head(head: MapsEntry, keys: string[] = [], values: number[] = [], flags: VmFlagsLine | null = null): void {
    this.#close();
    if (head.name === '[rollup]') {
      throw this.#error(
        'this is smaps_rollup, the sum of all mappings: give /proc/PID/smaps, which has them one by one',
        1,
      );
    }
    const before = this.#entries[this.#entries.length - 1];
    if (before !== undefined && head.start < before.end) {
      throw this.#error(
        'this mapping overlaps the one before it, or comes before it: is it the map of another process?',
        1,
      );
    }
    if (this.#entries.length === MAX_MAPPINGS) throw this.#error(`more than ${MAX_MAPPINGS} mappings`, 1);
    if (flags !== null) this.#sawFlags = true;
    const shared = { dev: this.#text(head.dev), inode: this.#text(head.inode), name: this.#text(head.name) };
    const verbatim = head.verbatim === null ? null : detach(head.verbatim);
    this.#open = { head: { ...head, ...shared, verbatim }, lines: [], keys, values, flags, canonical: true };
  }

  /** A name on a line of its own, as mail programs wrap it. */
  #wrapped(line: string): boolean {
    const { head, lines } = this.#open ?? {};
    if (head === undefined || lines?.length !== 0 || head.name !== '' || !/^[/[]/.test(line)) return false;
    this.#open = { ...this.#open!, head: { ...head, name: line.trimEnd(), verbatim: null } };
    return true;
  }

  #close(): void {
    const open = this.#open;
    if (open === null) return;
    const { head, keys, values, lines, canonical, flags } = open;
    const pkey = values[keys.indexOf('ProtectionKey')] ?? 0;
    this.#entries.push({
      ...head,
      fields: new SmapsFields(this.#keysOf(keys), values),
      vmFlags: flags === null || pkey === 0 ? (flags?.flags ?? null) : vmFlags(flags.flags, pkeyFlags(pkey)),
      flagWords: flags?.words ?? NO_WORDS,
      unknownFlags: flags?.unknown ?? NO_WORDS,
      verbatimFields: canonical ? null : lines,
    });
    this.#open = null;
  }

  /** The keys of the mapping before where they are the same: one list for all. */
  #keysOf(keys: readonly string[]): readonly string[] {
    const last = this.#lastKeys;
    if (keys.length !== last.length || keys.some((key, at) => key !== last[at])) this.#lastKeys = keys;
    return this.#lastKeys;
  }

  #text(text: string): string {
    const known = this.#knownTexts.get(text);
    if (known !== undefined) return known;
    const own = detach(text);
    if (this.#knownTexts.size < 65_536) this.#knownTexts.set(own, own);
    return own;
  }

  /** True where other mappings have flags and the last one has not: its end is missing. */
  #isUnfinished(): boolean {
    return this.#open !== null && this.#sawFlags && this.#open.flags === null;
  }

  #cut(): CutMap {
    const start: VirtAddr | null = this.#isUnfinished() ? this.#open!.head.start : null;
    if (start !== null) this.#open = null;
    return { line: this.#lineNumber, start };
  }

  /** Lists a line that is no part of the map. */
  #skip(raw: string, why: string, column: number): true {
    if (raw.includes('\0')) throw this.#error('binary data, no map of a process', 1);
    this.#leftOut++;
    const text = raw.length > MAX_TEXT ? `${raw.slice(0, MAX_TEXT)}...` : raw;
    if (this.#firstLeftOut.length < MAX_LISTED)
      this.#firstLeftOut.push({ line: this.#lineNumber, column, why, text: detach(text) });
    if (this.#lineNumber > MAX_LEAD && this.#entries.length === 0) throw this.#noMap(null);
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

const NO_WORDS: readonly string[] = [];
