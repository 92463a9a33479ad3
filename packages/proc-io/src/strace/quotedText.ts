import { encodeUtf8 } from '../utf8.ts';

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['v', '\v'],
  ['f', '\f'],
  ['a', '\x07'],
  ['b', '\b'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
]);

/**
 * Undoes the escapes that strace writes into strings and paths: `\n`, `\"`, octal `\12`, hex `\x0a`. One character of
 * the result is one byte (an é in a file name is two: `\303\251`). A backslash before anything else stays.
 */
export function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))/g,
    (all, hex?: string, octal?: string, one?: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      return SIMPLE.get(one ?? '') ?? all;
    },
  );
}

/** Writes a text as strace does, three octal digits an odd byte; `also` are further characters to escape. */
export function escapeText(text: string, also = '"'): string {
  let out = '';
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (char === '\n') out += '\\n';
    else if (char === '\t') out += '\\t';
    else if (char === '\r') out += '\\r';
    else if (char === '\\') out += '\\\\';
    else if (char === '"' && also.includes('"')) out += '\\"';
    else if (code < 0x20 || code > 0x7e || also.includes(char)) out += octal(char);
    else out += char;
  }
  return out;
}

/** The bytes of a character: one that is no more than a byte stands for it. */
function octal(char: string): string {
  const bytes = char.charCodeAt(0) <= 0xff ? [char.charCodeAt(0)] : encodeUtf8(char);
  return Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

/** Characters of an argument that a reason repeats. */
const MAX_QUOTED = 60;

/** A part of a line, in quotes, for the reason why it cannot be read. */
export function inQuotes(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}...` : text);
}
