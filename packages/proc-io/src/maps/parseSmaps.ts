import { InputError } from '../inputError.ts';
import { decodeUtf8 } from '../utf8.ts';
import type { Maps, MapsEntry, Smaps, SmapsEntry } from './mapsEntry.ts';
import { formatMapsLine, isBadLine, PADDING_32, readMapsLine } from './mapsLine.ts';
import { readSmapsLine, type SmapsLine } from './smapsField.ts';

/** How to read a file of `/proc/PID`. */
export interface MapsOptions {
  /** Name of the file, for messages. */
  readonly file?: string | undefined;
}

/**
 * Reads `/proc/PID/smaps` or `smaps_rollup`, and `maps` too (whose entries then have no fields). Keys and flags it
 * does not know are kept; `formatSmaps` gives the same bytes again.
 *
 * @throws InputError for an empty file, a line that is neither a mapping nor `Key: value`, mappings that overlap or
 *   stand out of order, and a file that ends in the middle of a line
 */
export function parseSmaps(input: string | Uint8Array, options: MapsOptions = {}): Smaps {
  const steps = parseSmapsSteps(typeof input === 'string' ? input : decodeUtf8(input), options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** How far the reading of a text is. */
export interface ReadStep {
  readonly lines: number;
  /** 0 to 1. */
  readonly part: number;
}

/** {@link parseSmaps} in pieces of a millisecond or so: a map of a million VMAs is read for seconds. Throws what that does. */
export function parseSmapsSteps(text: string, options: MapsOptions = {}): Generator<ReadStep, Smaps> {
  return new SmapsReader(options.file).read(text);
}

/** Reads `/proc/PID/maps`. @throws InputError as {@link parseSmaps} does, and for a `smaps` file */
export function parseMaps(input: string | Uint8Array, options: MapsOptions = {}): Maps {
  const smaps = parseSmaps(input, options);
  if (smaps.entries.some((entry) => entry.fields.size > 0 || entry.vmFlags !== null)) {
    throw new InputError('this is a smaps file, not maps', { file: options.file, line: 2 });
  }
  const entries = smaps.entries.map(
    ({ start, end, perms, pgoff, dev, inode, name, verbatim }): MapsEntry => ({
      start,
      end,
      perms,
      pgoff,
      dev,
      inode,
      name,
      verbatim,
    }),
  );
  return { ...smaps, entries };
}

/** Throws an {@link InputError} for the mappings of a 32-bit process, which a model of 64-bit ones cannot use. */
export function require64Bit(maps: Maps, options: MapsOptions = {}): void {
  if (maps.addressBits === 64) return;
  throw new InputError('these are the mappings of a 32-bit process: only 64-bit ones can be used here', options);
}

/** One mapping while its lines are read. */
interface OpenEntry {
  readonly head: MapsEntry;
  readonly lines: string[];
  readonly fields: Map<string, number>;
  flags: (SmapsLine & { kind: 'flags' }) | null;
  canonical: boolean;
}

/** Lines that are read in one piece. */
const SLICE_LINES = 2 ** 11;

class SmapsReader {
  private readonly file: string | undefined;
  private readonly entries: SmapsEntry[] = [];
  private open: OpenEntry | null = null;
  private lineNumber = 0;
  /** Most lines of a file occur many times (`Swap:   0 kB`). */
  private readonly known: Map<string, SmapsLine> = new Map();

  constructor(file: string | undefined) {
    this.file = file;
  }

  *read(text: string): Generator<ReadStep, Smaps> {
    if (!/\S/.test(text)) throw this.error('the file is empty (a kernel thread has no mappings)', 1);
    const newline = /^[^\n]*\r\n/.test(text) && !/[^\r]\n/.test(text) ? '\r\n' : '\n';
    const finalNewline = text.endsWith(newline);
    for (let at = 0; at < text.length; ) {
      const found = text.indexOf(newline, at);
      const end = found < 0 ? text.length : found;
      this.lineNumber++;
      this.line(text.slice(at, end), found < 0);
      at = end + newline.length;
      if (this.lineNumber % SLICE_LINES === 0) yield { lines: this.lineNumber, part: Math.min(1, at / text.length) };
    }
    this.close();
    return { entries: this.entries, addressBits: addressBits(this.entries), newline, finalNewline };
  }

  /** @param cut the line has no newline, so it may be cut */
  private line(line: string, cut: boolean): void {
    const field = /^[A-Z]/.test(line) ? this.field(line) : null;
    if (field === null) this.head(line, cut);
    else {
      if (this.open === null) throw this.error('a key before the first mapping', 1);
      if (cut && !isWhole(field, line)) throw this.cutLine(line);
      this.add(this.open, line, field);
    }
  }

  private field(line: string): SmapsLine | null {
    const known = this.known.get(line);
    if (known !== undefined) return known;
    const field = readSmapsLine(line);
    if (field !== null && this.known.size < 4096) this.known.set(line, field);
    return field;
  }

  private add(open: OpenEntry, line: string, field: SmapsLine): void {
    open.lines.push(line);
    // The kernel prints VmFlags last and each key once; whatever else there is, is kept line by line.
    if (open.flags !== null || field.kind === 'text' || !field.canonical) open.canonical = false;
    if (field.kind === 'flags') open.flags = field;
    if (field.kind !== 'number') return;
    if (open.fields.has(field.key)) open.canonical = false;
    open.fields.set(field.key, field.value);
  }

  private head(line: string, cut: boolean): void {
    const head = readMapsLine(line);
    if (isBadLine(head))
      throw cut ? this.cutLine(line) : this.error(`no line of maps or smaps: ${head.why}`, head.column);
    this.close();
    const before = this.entries[this.entries.length - 1];
    if (before !== undefined && head.start < before.end) {
      throw this.error('this mapping overlaps the one before it, or comes before it', 1);
    }
    this.open = { head, lines: [], fields: new Map(), flags: null, canonical: true };
  }

  private close(): void {
    const { open } = this;
    if (open === null) return;
    const { head, fields, lines, canonical } = open;
    const flags = open.flags?.flags;
    this.entries.push({
      ...head,
      fields,
      vmFlags: flags?.flags ?? null,
      flagWords: flags?.words ?? [],
      unknownFlags: flags?.unknown ?? [],
      verbatimFields: canonical ? null : lines,
    });
    this.open = null;
  }

  private cutLine(line: string): InputError {
    return this.error('the file ends in the middle of this line', line.length + 1);
  }

  private error(message: string, column: number): InputError {
    return new InputError(message, { file: this.file, line: Math.max(1, this.lineNumber), column });
  }
}

/** True for a line that is surely not cut, though it has no newline. */
function isWhole(field: SmapsLine, line: string): boolean {
  return field.kind !== 'text' && (field.canonical || (field.kind === 'number' && line.endsWith(' kB')));
}

/** 32 where all lies below 4 GiB and either the line width or a stack shows a whole 32-bit process. */
function addressBits(entries: readonly MapsEntry[]): 32 | 64 {
  if (!entries.every((entry) => entry.end <= 0x1_0000_0000)) return 64;
  const whole = entries.some(
    (entry) =>
      /^\[(?:stack|vdso|vectors|sigpage)\]$/.test(entry.name) ||
      (entry.verbatim !== null && entry.verbatim === formatMapsLine(entry, PADDING_32)),
  );
  return whole ? 32 : 64;
}
