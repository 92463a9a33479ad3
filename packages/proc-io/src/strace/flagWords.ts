import { readLongNumber } from './exactNumber.ts';
import { type FlagTable, SHIFTS } from './flagTables.ts';
import { detach } from './straceFd.ts';

/** The value of a flags argument. */
export interface FlagValue {
  /** The argument as printed. */
  readonly text: string;
  readonly value: number;
  /** Names that the table has no number for; `null`: none. */
  readonly unknownNames: readonly string[] | null;
}

/**
 * Reads a flags argument in every form strace has: names joined by `|`, a hex or octal remainder, `21<<MAP_HUGE_SHIFT`,
 * a number, a number with its meaning (`0x3 /* PROT_READ|PROT_WRITE *\/`), or one that strace has no name for
 * (`0x66 /* MADV_??? *\/`). Comments nest. `null` where it is none of these.
 */
export function readFlags(text: string, table: FlagTable): FlagValue | null {
  let high = 0;
  let low = 0;
  let unknownNames: string[] | null = null;
  for (const term of withoutComments(text).split('|')) {
    const word = term.trim();
    const value = /^\d/.test(word) ? readTerm(word) : Object.hasOwn(table, word) ? table[word]! : undefined;
    if (value === null) return null;
    if (value === undefined) {
      if (!/^[A-Z_][A-Za-z0-9_]*$/.test(word)) return null;
      unknownNames = [...(unknownNames ?? []), word];
    } else {
      high |= Math.floor(value / 0x1_0000_0000);
      low |= value % 0x1_0000_0000;
    }
  }
  return { text, value: (high >>> 0) * 0x1_0000_0000 + (low >>> 0), unknownNames };
}

/** A number, or `number<<NAME`. `null`: neither; `undefined`: a shift of unknown name. */
function readTerm(word: string): number | null | undefined {
  const shift = word.indexOf('<<');
  if (shift < 0) return readLongNumber(word)?.value ?? null;
  const by = SHIFTS[word.slice(shift + 2)];
  const value = readLongNumber(word.slice(0, shift));
  return value === null || by === undefined ? null : value.value * 2 ** by;
}

/** The text without its comments, which may hold further ones. */
export function withoutComments(text: string): string {
  if (!text.includes('/*')) return text;
  let out = '';
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text.startsWith('/*', i)) {
      depth++;
      i++;
    } else if (depth > 0 && text.startsWith('*/', i)) {
      depth--;
      i++;
    } else if (depth === 0) out += text[i];
  }
  return out;
}

/**
 * The flags arguments of one kind, each distinct text read once. A log repeats a handful of them for ever, so the
 * usual cost is one pass over the characters for a hash.
 */
export class FlagCache {
  private readonly table: FlagTable;
  private readonly byHash: Map<number, FlagValue> = new Map();

  constructor(table: FlagTable) {
    this.table = table;
  }

  /** The value of the argument at `[from, to)` of `line`, whose characters hash to `hash`; `null` where it is none. */
  find(line: string, from: number, to: number, hash: number): FlagValue | null {
    const known = this.byHash.get(hash);
    if (known !== undefined && known.text.length === to - from && line.startsWith(known.text, from)) return known;
    const read = readFlags(detach(line.slice(from, to)), this.table);
    if (read !== null && this.byHash.size < 4096) this.byHash.set(hash, read);
    return read;
  }

  /** The value of a text of its own; `null` where it is none. */
  findText(text: string): FlagValue | null {
    return readFlags(text, this.table);
  }
}

/** Names for the bits of `value`, greatest first match; the remainder in hex. `0` where nothing is set and 0 has no name. */
export function formatFlags(value: number, table: FlagTable): string {
  let rest = value;
  const words: string[] = [];
  for (const [name, bits] of Object.entries(table)) {
    if (bits === value && words.length === 0) return name;
    if (bits === 0 || !hasBits(rest, bits)) continue;
    words.push(name);
    rest -= bits;
  }
  if (rest !== 0 || words.length === 0) words.push(rest === 0 ? '0' : `0x${rest.toString(16)}`);
  return words.join('|');
}

function hasBits(value: number, bits: number): boolean {
  return (BigInt(value) & BigInt(bits)) === BigInt(bits);
}
