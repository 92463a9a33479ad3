import { cleanText } from '../cleanText.ts';
import type { LineKind } from '../unfoldLine.ts';
import { unpackLine } from '../unpackLine.ts';

/** Longer lines are searched for nothing: no kernel prints such a mapping. */
const MAX_SEARCHED = 1 << 14;

// The signs by which a terminal is told of colours.
const COLOURS = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-9;]{0,20}[A-Za-z]`, 'g');

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&nbsp;': ' ' };

/** A line without colours, quote marks (`> `), indentation and what a web page made of it. */
export function cleanLine(line: string): string {
  if (line.length > MAX_SEARCHED) return line;
  return line
    .replace(COLOURS, '')
    .replace(/&(?:lt|gt|amp|nbsp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/^[>\s]*(?=\S)/, '')
    .replace(/\r$/, '');
}

/** A mapping behind other text, such as the prefix that a log gives its lines. */
const MAPPING =
  /(?:^|[^0-9A-Za-z"'\\])([0-9a-f]{4,16}-[0-9a-f]{4,16}[ \t]{1,40}[-r][-w][-x][-psS][ \t]{1,40}[0-9a-f]{1,16}[ \t]{1,40}[0-9a-f]{1,8}:[0-9a-f]{1,8}[ \t]{1,40}\d{1,20}(?:[ \t"'`|,].*)?)$/;

/** A line of smaps behind other text: one whose key kernels have, as anything may have a colon in it. */
const FIELD =
  /(?:^|[^A-Za-z_"'])((?:Size|KernelPageSize|MMUPageSize|Rss|Pss(?:_\w{1,20})?|(?:Shared|Private)_\w{1,20}|Referenced|Anonymous|KSM|LazyFree|AnonHugePages|ShmemPmdMapped|FilePmdMapped|Swap(?:Pss)?|Locked|THPeligible|ProtectionKey|VmFlags):[ \t].*)$/;

/** What stands behind a line in a table, a list, or a string. */
const TAIL = ' \t"\'`|,';

/** The line of maps or smaps that a line holds behind other text; `null`: none. */
export function lineWithin(line: string): string | null {
  if (line.length > MAX_SEARCHED) return null;
  const found = (MAPPING.exec(line) ?? FIELD.exec(line))?.[1];
  return found === undefined ? null : withoutTail(found);
}

/** The flags of a mapping, and a mapping without a name, end in a space. */
function withoutTail(line: string): string {
  let end = line.length;
  while (end > 0 && TAIL.includes(line[end - 1]!)) end--;
  const text = line.slice(0, end);
  return text === line || !/^VmFlags:|:[0-9a-f]+ \d+$/.test(text) ? text : `${text} `;
}

/**
 * The line of maps or smaps that a line holds in a string of JSON, CSV, Ruby or Python, or between what web pages and word processors
 * made of its characters; `null`: none.
 */
export function mendMapLine(raw: string): string | null {
  if (raw.length > MAX_SEARCHED) return null;
  return lineWithin(asKernelsPrint(cleanText(unpackLine(raw, (text) => beginsAsMap(text)) ?? raw)));
}

/** Addresses as debuggers and libraries print them: `0x55D0A6C00000-0x55D0A6C03000`. */
const ADDRESSES = /\b(?:0x)?([0-9a-f]{4,16})-(?:0x)?([0-9a-f]{4,16})(?=[ \t][-r][-w][-x][-psS][ \t])/i;

function asKernelsPrint(text: string): string {
  return text.replace(ADDRESSES, (_, start: string, end: string) => `${start}-${end}`.toLowerCase());
}

function beginsAsMap(text: string): boolean {
  const within = lineWithin(text);
  return within !== null && text.startsWith(within.slice(0, 8));
}

/** Lines of maps or smaps. */
export const MAP_LINES: LineKind = {
  isLine: (text) => mendMapLine(text) !== null,
  areLines: (texts) => texts.filter((text) => mendMapLine(text) !== null).length > 1,
};
