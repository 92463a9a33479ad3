import { pkeyFlags, type VirtAddr, type VmFlagsLine, vmFlags } from 'vma-core';
import { detach } from '../detach.ts';
import type { MapsEntry, SmapsEntry } from './mapsEntry.ts';
import type { SmapsLine } from './smapsField.ts';
import { SmapsFields } from './smapsFields.ts';

/** Mappings of one file: no address space is known to have had more. */
const MAX_MAPPINGS = 4_000_000;
/** Texts that are kept once. */
const MAX_TEXTS = 65_536;

const NO_WORDS: readonly string[] = [];

/** One mapping while its lines are read. */
interface OpenEntry {
  head: MapsEntry;
  readonly lines: string[];
  readonly keys: string[];
  readonly values: number[];
  flags: VmFlagsLine | null;
  canonical: boolean;
}

/** What a tool prints in one row besides the mapping. */
export interface RowValues {
  readonly fields: ReadonlyMap<string, number>;
  readonly flags: VmFlagsLine | null;
}

/** The mappings of a file as they are put together from its lines. */
export class EntryList {
  readonly #entries: SmapsEntry[] = [];
  #open: OpenEntry | null = null;
  #sawFlags = false;
  /** Most names and lists of keys of a file occur many times. */
  readonly #knownTexts: Map<string, string> = new Map();
  #lastKeys: readonly string[] = [];

  /** Those that are complete; all of them after {@link close}. */
  get entries(): readonly SmapsEntry[] {
    return this.#entries;
  }

  /** A mapping has begun, this one or another. */
  get isEmpty(): boolean {
    return this.#entries.length === 0 && this.#open === null;
  }

  /** Keys of the last mapping so far; `null`: none has begun. */
  get openKeys(): number | null {
    return this.#open?.keys.length ?? null;
  }

  /** Begins a mapping. @returns why it cannot be: it is no mapping of one process; `null`: it can */
  begin(head: MapsEntry, row?: RowValues): string | null {
    this.close();
    if (head.name === '[rollup]') {
      return 'this is smaps_rollup, the sum of all mappings: give /proc/PID/smaps, which has them one by one';
    }
    const before = this.#entries[this.#entries.length - 1];
    if (before !== undefined && head.start < before.end) {
      return 'this mapping overlaps the one before it, or comes before it: is it the map of another process?';
    }
    if (this.#entries.length === MAX_MAPPINGS) return `more than ${MAX_MAPPINGS} mappings`;
    const flags = row?.flags ?? null;
    if (flags !== null) this.#sawFlags = true;
    const shared = { dev: this.#text(head.dev), inode: this.#text(head.inode), name: this.#text(head.name) };
    const verbatim = head.verbatim === null ? null : detach(head.verbatim);
    const keys = [...(row?.fields.keys() ?? [])];
    const values = [...(row?.fields.values() ?? [])];
    this.#open = { head: { ...head, ...shared, verbatim }, lines: [], keys, values, flags, canonical: true };
    return null;
  }

  /** Adds a line of `smaps` to the last mapping; false: none has begun. */
  add(line: string, field: SmapsLine): boolean {
    const open = this.#open;
    if (open === null) return false;
    // The kernel prints VmFlags last and each key once; anything else is kept line by line.
    if (open.flags !== null || field.kind === 'text' || !field.canonical) open.canonical = false;
    open.lines.push(line);
    if (field.kind === 'flags') {
      open.flags = field.flags;
      this.#sawFlags = true;
    }
    if (field.kind !== 'number') return true;
    const known = open.keys.indexOf(field.key);
    if (known >= 0) {
      open.canonical = false;
      open.values[known] = field.value;
    } else {
      open.keys.push(field.key);
      open.values.push(field.value);
    }
    return true;
  }

  /** A name on a line of its own, as mail programs wrap it. False: the last mapping has one, or lines already. */
  name(line: string): boolean {
    const open = this.#open;
    if (open === null || open.lines.length > 0 || open.head.name !== '' || !/^[/[]/.test(line)) return false;
    open.head = { ...open.head, name: line.trimEnd(), verbatim: null };
    return true;
  }

  /** The last mapping is complete. */
  close(): void {
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

  /** Others have flags and the last one has not, so that its end is missing. */
  get isUnfinished(): boolean {
    return this.#open !== null && this.#sawFlags && this.#open.flags === null;
  }

  /** Leaves out the last mapping where its end is missing. @returns where it starts; `null`: it is whole */
  cut(): VirtAddr | null {
    if (!this.isUnfinished) return null;
    const { start } = this.#open!.head;
    this.#open = null;
    return start;
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
    if (this.#knownTexts.size < MAX_TEXTS) this.#knownTexts.set(own, own);
    return own;
  }
}
