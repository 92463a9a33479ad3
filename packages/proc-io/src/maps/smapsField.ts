import { parseVmFlagsLine, type VmFlagsLine } from 'vma-core';
import { withoutComment } from './mapComment.ts';

/** A line of a mapping behind its first. */
export type SmapsLine =
  | { readonly kind: 'number'; readonly key: string; readonly value: number; readonly canonical: boolean }
  | { readonly kind: 'flags'; readonly flags: VmFlagsLine; readonly canonical: boolean }
  | { readonly kind: 'text'; readonly key: string };

/** Keys whose number is no size. */
const UNITLESS: ReadonlySet<string> = new Set(['THPeligible', 'ProtectionKey']);

/** Reads `Rss:   4 kB`, `THPeligible:   0`, `VmFlags: rd wr`, or any other `Key: text`; `null` where it is none. */
export function readSmapsLine(line: string): SmapsLine | null {
  const parts = /^([A-Za-z_][\w() /-]*):(.*)$/s.exec(line);
  if (parts === null) return null;
  const key = parts[1]!;
  if (key === 'VmFlags') {
    const flags = parseVmFlagsLine(withoutComment(line));
    return { kind: 'flags', flags, canonical: formatFlagWords(flags.words) === line };
  }
  const number = /^\s*(\d+)(?:\s+kB)?$/.exec(withoutComment(parts[2]!));
  if (number === null) return { kind: 'text', key };
  const value = Number(number[1]);
  return { kind: 'number', key, value, canonical: formatSmapsNumber(key, value) === line };
}

/** True for a line that is surely not cut, though it has no newline. */
export function isWhole(field: SmapsLine, line: string): boolean {
  return field.kind !== 'text' && (field.canonical || (field.kind === 'number' && line.endsWith(' kB')));
}

/** Prints a number as the kernel does. Kernel: `__show_smap()`, `SEQ_PUT_DEC()`. */
export function formatSmapsNumber(key: string, value: number): string {
  return `${`${key}:`.padEnd(16)}${String(value).padStart(8)}${UNITLESS.has(key) ? '' : ' kB'}`;
}

/** Prints a `VmFlags:` line: every word has a space behind it. Kernel: `show_smap_vma_flags()`. */
export function formatFlagWords(words: readonly string[]): string {
  return `VmFlags: ${words.map((word) => `${word} `).join('')}`;
}
