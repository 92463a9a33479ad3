import type { StackLine } from './straceEvent.ts';

/**
 * Reads a frame of a stack behind its indentation: `> /usr/lib/libc.so.6(mmap+0x10) [0x11ba43]`. `null`: it is of another form, such as the
 * remark that a stack cannot be unwound.
 */
export function readStackLine(text: string, line: number): StackLine | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(') [0x');
  if (!text.startsWith('> ') || open < 0 || close < open) return null;
  // A symbol of C++ has parentheses of its own.
  const inside = text.slice(open + 1, close);
  const plus = inside.lastIndexOf('+0x');
  const end = plus < 0 ? inside.length : plus;
  return { kind: 'stack', line, object: text.slice(2, open), symbol: inside.slice(0, end), offset: inside.slice(end) };
}
