import { isBadLine, readMapsLine } from './maps/mapsLine.ts';
import { readSmapsLine } from './maps/smapsField.ts';
import { StraceParser } from './strace/straceParser.ts';
import { decodeUtf8 } from './utf8.ts';

/** What a file can be. `recording`: what a kernel did (FORMAT.md); `scenario`: what to do. */
export type InputKind = 'strace' | 'smaps' | 'maps' | 'scenario' | 'recording' | 'gzip' | 'unknown';

/** Lines that are looked at to know a strace log, and the longest of them: a longer one is passed over. */
const LOOKED_AT = 20;
const LONGEST_LOOKED_AT = 4096;

/**
 * Says what a file is from its beginning; its name does not matter. A few kB are enough. `gzip` says nothing of what
 * is packed: unpack, and ask again.
 */
export function detectInput(head: Uint8Array | string): InputKind {
  if (typeof head !== 'string' && head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  const text = (typeof head === 'string' ? head : decodeUtf8(head)).replace(/^\ufeff/, '');
  if (text.includes('\0')) return 'unknown';
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const [first, second] = lines;
  if (first === undefined) return 'unknown';
  if (!isBadLine(readMapsLine(first))) return second !== undefined && isSmapsField(second) ? 'smaps' : 'maps';
  if (/^\s*[{[]\s*(?:["{}]|$)/.test(first)) return detectJson(text);
  return isStrace(lines, text.endsWith('\n')) ? 'strace' : 'unknown';
}

function isSmapsField(line: string): boolean {
  const field = readSmapsLine(line);
  return field !== null && field.kind !== 'text';
}

/** A recording begins with a header, or has steps; a scenario has ops. */
function detectJson(text: string): InputKind {
  if (/"kind"\s*:\s*"(?:header|scenario)"/.test(text) || /"steps"\s*:/.test(text)) return 'recording';
  return /"ops"\s*:/.test(text) ? 'scenario' : 'unknown';
}

/** True where any whole line is one of strace. */
function isStrace(lines: readonly string[], whole: boolean): boolean {
  const parser = new StraceParser();
  const usable = (whole || lines.length === 1 ? lines : lines.slice(0, -1)).filter(
    ({ length }) => length <= LONGEST_LOOKED_AT,
  );
  try {
    parser.push(usable.slice(0, LOOKED_AT).join('\n').concat('\n'));
  } catch {
    return false;
  }
  const { stats } = parser;
  return stats.lines - stats.blank - stats.stackLines - stats.unreadable > 0;
}
