import { parseVmFlagsLine, pgoff, type VmFlagsLine, virtAddr } from 'vma-core';
import type { MapForm, MapsEntry } from './mapsEntry.ts';

/** A mapping as another tool than the kernel prints it. */
interface PrintedMapping {
  readonly head: MapsEntry;
  readonly fields: ReadonlyMap<string, number>;
  readonly flags: VmFlagsLine | null;
}

/** Reads one line; `raw` is the line before it was cleaned, whose columns stand as they were printed. `null`: it is no mapping. */
export type RowReader = (line: string, raw: string) => PrintedMapping | null;

/** A tool's way of printing a map: by which line it is known, and how lines that follow are read. */
interface RowForm {
  readonly form: MapForm;
  readonly header: RegExp;
  readonly reader: (rawHeader: string) => RowReader;
}

/** A header line that announces a map; the lines that follow are read as it says. */
export function rowFormOf(
  line: string,
  raw: string,
): { readonly form: MapForm; readonly read: RowReader | null } | null {
  if (/^# A fatal error has been detected by the Java Runtime Environment|^Dynamic libraries:/.test(line)) {
    return { form: 'hsErr', read: null };
  }
  const found = FORMS.find(({ header }) => header.test(line));
  return found === undefined ? null : { form: found.form, read: found.reader(raw) };
}

const FORMS: readonly RowForm[] = [
  { form: 'gdb', header: /^Start Addr\s+End Addr\s+Size\s+Offset\s+Perms\b/i, reader: () => readGdbRow },
  { form: 'pmap', header: /^Address\s+Perm\s+Offset\s+Device\s+Inode\s+Size\b/, reader: pmapReader },
  { form: 'tombstone', header: /^memory map\b/, reader: () => readTombstoneRow },
  {
    form: 'lldb',
    header: /^\(lldb\) memory region\b|^\[0x[0-9a-f]{8,16}-0x[0-9a-f]{8,16}\) [-r][-w][-x]\b/,
    reader: () => readLldbRow,
  },
];

/** `0x55e7e42ee000 0x55e7e42f0000 0x2000 0x0 r--p /usr/bin/sleep` */
function readGdbRow(line: string): PrintedMapping | null {
  const found =
    /^0x([0-9a-f]{1,16})\s+0x([0-9a-f]{1,16})\s+0x[0-9a-f]{1,16}\s+0x([0-9a-f]{1,16})\s+([-r][-w][-x][-psS])(?:\s+(\S.*)?)?$/.exec(
      line,
    );
  if (found === null) return null;
  const [, start = '', end = '', offset = '', perms = '', name = ''] = found;
  return rowOf(hex(start), hex(end), perms, hex(offset), name.trim());
}

/** `[0x0000000000400000-0x0000000000401000) r-x /tmp/a.out PT_LOAD[0]`; what has neither access nor name is a hole. */
function readLldbRow(line: string): PrintedMapping | null {
  const found = /^\[0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\) ([-r][-w][-x])(?:[ps])?(?:\s+(\S.*)?)?$/.exec(line);
  if (found === null) return null;
  const [, start = '', end = '', access = '', rest = ''] = found;
  const name = withoutSection(rest).trim();
  if (access === '---' && name === '') return null;
  return rowOf(hex(start), hex(end), `${access}p`, 0, name);
}

/** Without the section that lldb names behind a file: `/tmp/a.out PT_LOAD[0]`. */
function withoutSection(text: string): string {
  const space = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\t'));
  return space >= 0 && /\[\d+\]$/.test(text.slice(space + 1)) ? text.slice(0, space) : text;
}

/** `    00000070'ab800000-00000070'ab9fffff rw-         0    200000  [anon:libc_malloc]`; the end is the last byte. */
function readTombstoneRow(line: string): PrintedMapping | null {
  const found =
    /^(?:-{2,3}>)?\s*([0-9a-f']{8,17})-([0-9a-f']{8,17}) ([-r][-w][-x])\s+([0-9a-f]{1,16})\s+[0-9a-f]{1,16}(?:\s+(\S.*)?)?$/.exec(
      line,
    );
  if (found === null) return null;
  const [, start = '', last = '', access = '', offset = '', rest = ''] = found;
  const name = rest.replace(/\s\((?:BuildId|load bias)[^()]*\)/g, '').trim();
  return rowOf(hex(start.replace("'", '')), hex(last.replace("'", '')) + 1, `${access}p`, hex(offset), name);
}

/**
 * `55e7e42ee000 r--p 00000000  fe:00 260875    8    4 ... rd mr mw me sleep`: the columns that the header names; sizes are kB. Names
 * are cut short to the last part of the path, and the line to the width of the terminal.
 */
function pmapReader(rawHeader: string): RowReader {
  const columns = rawHeader
    .trim()
    .split(/\s+/)
    .slice(rawHeader.trim().split(/\s+/).indexOf('Inode') + 1);
  const flagsAt = columns.indexOf('VmFlags');
  const numbers = columns.slice(0, flagsAt >= 0 ? flagsAt : undefined).filter((column) => !column.startsWith('Mapp'));
  const flagsEnd = rawHeader.indexOf('VmFlags') + 'VmFlags'.length;
  return (line, raw) => {
    const found =
      /^([0-9a-f]{4,16})\s+([-r][-w][-x][-psS])\s+([0-9a-f]{1,16})\s+([0-9a-f]{1,8}:[0-9a-f]{1,8})\s+(\d{1,20})\s+(\S.*)?$/.exec(
        line,
      );
    if (found === null) return null;
    const [, start = '', perms = '', offset = '', dev = '', inode = '', more = ''] = found;
    const words = more.split(/\s+/);
    const isCut = words.findIndex((word) => !/^\d+$/.test(word));
    const values = words.slice(0, isCut < 0 ? numbers.length : Math.min(isCut, numbers.length)).map(Number);
    const fields = new Map(values.map((value, at) => [numbers[at]!, value]));
    const hasFlags = flagsAt >= 0 && raw.length >= flagsEnd;
    const name = hasFlags ? raw.slice(flagsEnd) : words.slice(values.length).join(' ');
    const row = rowOf(hex(start), hex(start) + (values[0] ?? 0) * 1024, perms, hex(offset), wholeName(name.trim()));
    const flags = hasFlags ? parseVmFlagsLine(flagWordsBefore(raw.slice(0, flagsEnd))) : null;
    return row && { head: { ...row.head, dev, inode }, fields, flags };
  };
}

/** The words of flags that a text ends with, behind its last number. */
function flagWordsBefore(text: string): string {
  let start = text.length;
  while (start > 0 && !/\d/.test(text[start - 1]!)) start--;
  return text.slice(start);
}

/** A name that the width of a terminal cut short: `[heap` is `[heap]`. */
function wholeName(name: string): string {
  const whole = ['[heap]', '[stack]', '[vdso]', '[vvar]', '[vsyscall]'].find(
    (one) => name.length > 2 && one.startsWith(name),
  );
  return whole ?? name;
}

/** `null`: not a range of whole pages. Device and inode are not shown: a file is known by its name. */
function rowOf(start: number, end: number, perms: string, offset: number, name: string): PrintedMapping | null {
  if (start % 4096 !== 0 || end % 4096 !== 0 || offset % 4096 !== 0 || end <= start) return null;
  const inode = /^(?:\[|$)/.test(name) ? '0' : '?';
  const place = { start: virtAddr(start), end: virtAddr(end), pgoff: pgoff(offset / 4096) };
  return { head: { ...place, perms, dev: '00:00', inode, name, verbatim: null }, fields: NO_FIELDS, flags: null };
}

const NO_FIELDS: ReadonlyMap<string, number> = new Map();

function hex(digits: string): number {
  return Number.parseInt(digits, 16);
}
