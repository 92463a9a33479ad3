import type { VirtAddr } from 'vma-core';
import type { FlagTable } from './flagTables.ts';
import { FlagCache, formatFlags, nameOf } from './flagWords.ts';
import * as format from './formatNumber.ts';
import type { LineCursor } from './lineCursor.ts';
import { escapeText, inQuotes, unescapeText } from './quotedText.ts';
import { readResult } from './readResult.ts';
import type { StraceFd, StraceText } from './straceArgs.ts';
import { formatFd } from './straceFd.ts';

/** Flag names without a number, to be printed with the call's flags again. */
export type Unknown = readonly string[] | null;

/** How the arguments of a call stand on its line. */
export interface CallSyntax<A> {
  /**
   * Reads the arguments behind the opening parenthesis and the result behind the closing one. `null`: the call is fine
   * and does not concern memory. What cannot be read is reported to the cursor.
   */
  readonly read: (c: LineCursor) => A | null;
  /** Prints the arguments as strace does, and `unknown` names among the flags. */
  readonly print: (args: A, unknown: Unknown) => string;
}

/** How one argument of a list is read and printed. */
export interface ArgKind<T> {
  read(c: LineCursor): T;
  print(value: T, unknown: Unknown): string;
  /** Names without a number are printed with the last such argument of a call. */
  readonly isFlags?: boolean;
  /** Reads the comma before it too, and is printed as nothing where it is not there. */
  readonly isOptional?: boolean;
}

export const address: ArgKind<VirtAddr> = { read: (c) => c.address(), print: format.address };
export const optionalAddress: ArgKind<VirtAddr | null> = {
  read: (c) => (c.hasMore() ? c.address() : null),
  print: (value) => (value === null ? '' : format.address(value)),
  isOptional: true,
};
export const decimal: ArgKind<number> = { read: (c) => c.number(), print: format.decimal };
export const hex: ArgKind<number> = { read: (c) => c.number(), print: format.hex };
export const fd: ArgKind<StraceFd> = { read: (c) => c.fd(), print: formatFd };

/** Flags that have their names in `table`; `print` where a name is not made of bits. */
export function flags(table: FlagTable, print: typeof printFlags = printFlags): ArgKind<number> {
  const cache = new FlagCache(table);
  return { read: (c) => c.flags(cache), print: (value, unknown) => print(value, table, unknown), isFlags: true };
}

export function printFlags(value: number, table: FlagTable, unknown: Unknown): string {
  return [formatFlags(value, table), ...(unknown ?? [])].join('|');
}

/** An advice is a number, not bits: one name or none. */
export function printAdvice(value: number, table: FlagTable, unknown: Unknown): string {
  return unknown?.join('|') ?? nameOf(value, table) ?? `0x${value.toString(16)} /* MADV_??? */`;
}

/**
 * A call whose arguments are of one kind each. The order of the kinds is the order of the arguments on the line.
 *
 * @param behind `spareNumbers`: a strace that does not know the call prints six arguments
 */
export function list<A>(
  kinds: { readonly [K in keyof A]: ArgKind<A[K]> },
  behind: 'spareNumbers' | null = null,
): CallSyntax<A> {
  const names = Object.keys(kinds) as (keyof A)[];
  const withUnknown = names.findLast((name) => kinds[name].isFlags);
  return {
    read(c) {
      const args = {} as A;
      for (let i = 0; i < names.length; i++) {
        const name = names[i]!;
        const kind = kinds[name];
        if (i > 0 && !kind.isOptional) c.comma();
        args[name] = kind.read(c);
      }
      if (behind === 'spareNumbers') while (c.hasMore()) c.number();
      return withResult(c, args);
    },
    print(args, unknown) {
      const texts = names.map((name) => kinds[name].print(args[name], name === withUnknown ? unknown : null));
      return texts.filter((text) => text !== '').join(', ');
    },
  };
}

/** The arguments read so far, which are all, and the result behind them. */
export function withResult<A>(c: LineCursor, args: A): A {
  readResult(c);
  return args;
}

/** Reads all arguments of a call as texts, and its result. */
export function readTexts(c: LineCursor): readonly string[] {
  return withResult(c, c.split());
}

/** Reads `"text"` or `"text"...`; where strace printed an address, the text is empty and `truncated`. */
export function readQuoted(c: LineCursor, arg: string): StraceText {
  const quoted = /^"(.*)"(\.\.\.)?$/s.exec(arg);
  if (quoted !== null) return { text: unescapeText(quoted[1] ?? ''), truncated: quoted[2] !== undefined };
  if (arg !== '...' && !/^(?:0x[0-9a-f]+|NULL)$/.test(arg)) c.failAt(arg, `${inQuotes(arg)} is no string`);
  return { text: '', truncated: true };
}

export function printQuoted({ text, truncated }: StraceText): string {
  return `"${escapeText(text)}"${truncated ? '...' : ''}`;
}
