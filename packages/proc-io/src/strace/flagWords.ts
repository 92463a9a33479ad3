import { detach } from '../detach.ts';
import { CLOSE_PAREN, COMMA } from './chars.ts';
import { bitsAsNumber, read64Bits } from './exactNumber.ts';
import { type FlagTable, SHIFTS } from './flagTables.ts';
import { unsigned64 } from './formatNumber.ts';
import { MAX_KEPT, RecentTexts } from './recentTexts.ts';

/** The value of a flags argument. */
export interface FlagValue {
  /** The argument as printed. */
  readonly text: string;
  /** Its bits; see {@link readBits} for more than 53 of them. */
  readonly value: number;
  /** `value` is what was printed, and not just the double next to it. */
  readonly exact: boolean;
  /** Names that the table has no number for; `null`: none. */
  readonly unknownNames: readonly string[] | null;
}

/**
 * Reads a flags argument in every form strace has: names joined by `|`, a hex or octal remainder, `21<<MAP_HUGE_SHIFT`,
 * a number, a number with its meaning (`0x3 /* PROT_READ|PROT_WRITE *\/`), or one that strace has no name for
 * (`0x66 /* MADV_??? *\/`). Comments nest. `null` where it is none of these.
 */
function readFlags(text: string, table: FlagTable): FlagValue | null {
  let bits = 0n;
  const unknownNames: string[] = [];
  for (const term of withoutComments(text).split('|')) {
    const word = term.trim();
    const value = /^\d/.test(word) ? readTerm(word) : Object.hasOwn(table, word) ? BigInt(table[word]!) : undefined;
    if (value === null) return null;
    if (value === undefined) {
      if (!/^[A-Z_][A-Za-z0-9_]*$/.test(word)) return null;
      unknownNames.push(word);
    } else bits |= value;
  }
  return { text, ...bitsAsNumber(bits), unknownNames: unknownNames.length === 0 ? null : unknownNames };
}

/** A number, or `number<<NAME`. `null`: neither. */
function readTerm(word: string): bigint | null {
  const shift = word.indexOf('<<');
  if (shift < 0) return read64Bits(word);
  const by = SHIFTS[word.slice(shift + 2)];
  const value = read64Bits(word.slice(0, shift));
  return value === null || by === undefined ? null : value << BigInt(by);
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

/** The flags arguments of one kind. A log repeats a handful of texts for ever: each is taken apart once. */
export class FlagCache {
  /** The texts met last; see {@link LineCursor.flags}. */
  readonly recent: RecentTexts<FlagValue> = new RecentTexts([COMMA, CLOSE_PAREN]);
  private readonly table: FlagTable;
  private readonly byText: Map<string, FlagValue | null> = new Map();

  constructor(table: FlagTable) {
    this.table = table;
  }

  /** The value of a text; `null` where it is none. */
  findText(text: string): FlagValue | null {
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    const kept = detach(text);
    const read = readFlags(kept, this.table);
    if (this.byText.size < 4096 && kept.length <= MAX_KEPT) this.byText.set(kept, read);
    return read;
  }
}

/** Names for the bits of `value`, greatest first match; the remainder in hex. `0` where nothing is set and 0 has no name. */
export function formatFlags(value: number, table: FlagTable): string {
  let rest = unsigned64(value);
  const words: string[] = [];
  for (const [name, flag] of Object.entries(table)) {
    const bits = BigInt(flag);
    if (flag === value && words.length === 0) return name;
    if (bits === 0n || (rest & bits) !== bits) continue;
    words.push(name);
    rest -= bits;
  }
  if (rest !== 0n || words.length === 0) words.push(rest === 0n ? '0' : `0x${rest.toString(16)}`);
  return words.join('|');
}

/** The name of a value that is not made of bits; `undefined` where it has none. */
export function nameOf(value: number, table: FlagTable): string | undefined {
  return Object.entries(table).find(([, number]) => number === value)?.[0];
}
