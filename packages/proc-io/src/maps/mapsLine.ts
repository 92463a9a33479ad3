import { pgoff, virtAddr } from 'vma-core';
import { withoutComment } from './mapComment.ts';
import type { MapsEntry } from './mapsEntry.ts';

/** A line that is no mapping: what was expected, and at which column (from 1). */
export interface BadMapsLine {
  readonly why: string;
  readonly column: number;
}

/** The parts of a line in their order, each with what to say where it does not match. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/([0-9a-f]+)-/y, 'the start of a mapping in hex is expected'],
  [/([0-9a-f]+)[ \t]+/y, 'the end of the mapping in hex is expected'],
  [/([-r][-w][-x][-psS])[ \t]+/y, 'permissions such as rw-p are expected'],
  [/([0-9a-f]+)[ \t]+/y, 'the offset in hex is expected'],
  [/([0-9a-f]+:[0-9a-f]+)[ \t]+/y, 'a device such as fe:00 is expected'],
  [/(\d+)(?:[ \t]*$|[ \t]+)/y, 'the inode number is expected'],
];

/** A 64-bit kernel pads a line to 25 + 6 * sizeof(void *) - 1 columns and a space, then prints the name. */
const PADDING_64 = 72;
/** The same on a 32-bit kernel. */
export const PADDING_32 = 48;

/** Reads one line of `maps`, the first line of a mapping in `smaps`. */
export function readMapsLine(line: string): MapsEntry | BadMapsLine {
  const found: string[] = [];
  let at = 0;
  for (const [part, why] of PARTS) {
    part.lastIndex = at;
    const match = part.exec(line);
    if (match === null) return { why, column: at + 1 };
    found.push(match[1]!);
    at = part.lastIndex;
  }
  const [start, end, perms, offset, dev, inode] = found as [string, string, string, string, string, string];
  const startPage = pagesOfHex(start);
  const endPage = pagesOfHex(end);
  const pages = pagesOfHex(offset);
  if (startPage === null) return { why: 'the start is not page-aligned', column: 1 };
  if (endPage === null) return { why: 'the end is not page-aligned', column: start.length + 2 };
  if (pages === null) {
    const column = line.indexOf(offset, line.indexOf(perms) + perms.length) + 1;
    return { why: 'the offset is not a whole number of pages', column };
  }
  const isRollup = endPage === startPage && line.endsWith('[rollup]');
  if (endPage <= startPage && !isRollup) return { why: 'the end is not above the start', column: start.length + 2 };
  const entry: MapsEntry = {
    start: virtAddr(startPage * 4096),
    end: virtAddr(endPage * 4096),
    perms,
    pgoff: pgoff(pages),
    dev,
    inode,
    name: withoutComment(line.slice(at).trimEnd()),
    verbatim: null,
  };
  return formatMapsLine(entry) === line ? entry : { ...entry, verbatim: line };
}

export function isBadLine(read: MapsEntry | BadMapsLine): read is BadMapsLine {
  return 'why' in read;
}

/** Pages of an address or offset in hex: exact for 64 bits, as its last three digits are 0. `null` where they are not. */
function pagesOfHex(hex: string): number | null {
  if (!/^0*$|000$/.test(hex) || hex.replace(/^0+/, '').length > 16) return null;
  return Number.parseInt(hex, 16) / 4096;
}

/** Prints a line as the kernel does. Kernel: `show_vma_header_prefix()`, `seq_pad()`. */
export function formatMapsLine(entry: MapsEntry, padding: number = PADDING_64): string {
  const { start, end, perms, pgoff: pages, dev, inode, name } = entry;
  const offset = pages * 4096;
  const head = `${hex8(start)}-${hex8(end)} ${perms} ${hex8(offset)} ${dev} ${inode} `;
  return name === '' ? head : `${head.padEnd(padding)} ${name}`;
}

function hex8(value: number): string {
  return value.toString(16).padStart(8, '0');
}
