import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatVmFlags, pgoff, pkeyFlags, VM_FLAG_TABLE, virtAddr, vmFlags } from 'vma-core';
import {
  describeMappingName,
  encodeUtf8,
  formatMaps,
  formatSmaps,
  InputError,
  parseMaps,
  parseSmaps,
  require64Bit,
  type SmapsEntry,
  SmapsFields,
} from '../../src/index.ts';
import { PROGRAMS, programFile } from '../readLog.ts';

const SEED = 20260120;

/** A head line with its name where a 64-bit kernel puts it. */
function head(range: string, name: string, rest = 'rw-p 00000000 00:00 0 '): string {
  return name === '' ? `${range} ${rest}` : `${`${range} ${rest}`.padEnd(72)} ${name}`;
}

describe('real smaps', () => {
  const files = PROGRAMS.flatMap((program) => ['initial.smaps', 'final.smaps'].map((name) => ({ program, name })));

  it.each(files)('$program/$name comes out byte for byte, nothing kept verbatim', ({ program, name }) => {
    const bytes = programFile(program, name);
    const smaps = parseSmaps(bytes);
    expect(Buffer.compare(Buffer.from(encodeUtf8(formatSmaps(smaps))), bytes)).toBe(0);
    expect(smaps).toMatchObject({ addressBits: 64, newline: '\n', finalNewline: true });
    expect(smaps.entries.every((entry) => entry.verbatim === null && entry.verbatimFields === null)).toBe(true);
    expect(smaps.entries.every((entry) => entry.fields.size === 23 && entry.unknownFlags.length === 0)).toBe(true);
  });

  it('an entry in its parts', () => {
    const { entries } = parseSmaps(programFile('guard-pool', 'final.smaps'));
    expect(entries).toHaveLength(33);
    const stack = entries.find((entry) => entry.name === '[stack]')!;
    expect(stack).toMatchObject({
      start: 0x7ffe_f8be_a000,
      end: 0x7ffe_f8c0_b000,
      perms: 'rw-p',
      pgoff: 0,
      dev: '00:00',
    });
    expect(stack.fields.get('Size')).toBe(132);
    expect(stack.fields.get('Anonymous')).toBe(12);
    expect(formatVmFlags(stack.vmFlags!)).toBe('rd wr mr mw me gd ac');
    const vsyscall = entries[entries.length - 1]!;
    expect(vsyscall.name).toBe('[vsyscall]');
    expect(BigInt(vsyscall.start)).toBe(0xffff_ffff_ff60_0000n);
    expect(BigInt(vsyscall.end)).toBe(0xffff_ffff_ff60_1000n);
    const text = entries.find((entry) => entry.perms === 'r-xp' && entry.name.endsWith('guard-pool'))!;
    expect(text).toMatchObject({ pgoff: 1, dev: 'fe:00', inode: '2189574' });
  });

  it('the maps of the same mappings', () => {
    const { entries } = parseSmaps(programFile('true', 'final.smaps'));
    const text = formatMaps({ entries });
    const maps = parseMaps(text);
    expect(formatMaps(maps)).toBe(text);
    expect(maps.entries).toHaveLength(23);
    expect(maps.entries[0]).not.toHaveProperty('fields');
  });
});

describe('what else there is', () => {
  const RANGE = '7f0000000000-7f0000001000';
  it.each([
    ['a flag that is not known', [head(RANGE, ''), 'VmFlags: rd wr zz mr ?? '], ['zz', '??']],
    ['no flags at all', [head(RANGE, ''), 'VmFlags: '], []],
    ['no VmFlags line', [head(RANGE, ''), 'Rss:                   4 kB'], []],
    ['an unknown key', [head(RANGE, ''), 'Brand_New:             4 kB', 'VmFlags: rd '], []],
    ['an unknown key of text', [head(RANGE, ''), 'Brand: one two', 'Rss:                   4 kB'], []],
    ['an unknown key without a unit', [head(RANGE, ''), 'Count:                 4', 'VmFlags: rd '], []],
    ['keys behind VmFlags', [head(RANGE, ''), 'VmFlags: rd ', 'Rss:                   4 kB'], []],
    ['a key twice', [head(RANGE, ''), 'Rss:                   4 kB', 'Rss:                   8 kB'], []],
    ['protection keys', [head(RANGE, ''), 'ProtectionKey:         1', 'VmFlags: rd '], []],
    ['wide numbers', [head(RANGE, ''), 'Size:          137438953472 kB'], []],
    ['trailing spaces cut off', [head(RANGE, '').trimEnd(), 'VmFlags: rd wr'], []],
    ['other spacing', [`${RANGE} rw-p 00000000 00:00 0    [heap]`, 'Rss: 4 kB'], []],
    ['a long head', [`${RANGE} rw-p 00000000 fe:00 12345678901234567890123456789012  /x`], []],
  ])('%s', (_, lines, unknown) => {
    const text = `${lines.join('\n')}\n`;
    const smaps = parseSmaps(text);
    expect(formatSmaps(smaps)).toBe(text);
    expect(smaps.entries[0]!.unknownFlags).toEqual(unknown);
    for (const newline of ['\r\n', '\n']) {
      for (const final of [newline, '']) {
        const other = text.trimEnd().replaceAll('\n', newline) + final;
        if (final === '' && /(?<!kB)$/.test(text.trimEnd())) continue;
        expect(formatSmaps(parseSmaps(other))).toBe(other);
      }
    }
  });

  it.each([
    '',
    '/usr/lib/with space (deleted)',
    '/new\\012line',
    '/tab\there',
    '[heap]',
    '[anon:glibc: malloc]',
    '[anon_shmem:x]',
    '/memfd:x (deleted)',
    '/SYSV00001234 (deleted)',
    'socket:[123]',
    'anon_inode:[perf_event]',
    '/\u00e9\udcff',
  ])('the name "%s"', (name) => {
    const bytes = encodeUtf8(`${head(RANGE, name)}\nVmFlags: rd \n`);
    const smaps = parseSmaps(bytes);
    expect(smaps.entries[0]).toMatchObject({ name, verbatim: null });
    expect(encodeUtf8(formatSmaps(smaps))).toEqual(bytes);
  });

  it.each([
    ['', { kind: 'anonymous' }],
    ['[heap]', { kind: 'special', name: 'heap' }],
    ['[anon:a]b]', { kind: 'named', name: 'a]b', shared: false }],
    ['[anon_shmem:x]', { kind: 'named', name: 'x', shared: true }],
    ['/a (deleted)', { kind: 'file', path: '/a', deleted: true }],
    ['/a\\012\\x', { kind: 'file', path: '/a\n\\x', deleted: false }],
    ['socket:[7]', { kind: 'object', name: 'socket:[7]' }],
  ])('describeMappingName("%s")', (name, described) => {
    expect(describeMappingName(name)).toEqual(described);
  });
});

describe('files that cannot be used', () => {
  const line = (text: string, file = 'a.smaps'): string => {
    try {
      parseSmaps(text, { file });
    } catch (error) {
      if (error instanceof InputError) return error.toString();
      throw error;
    }
    return 'accepted';
  };
  const ok = `${head('7f0000000000-7f0000001000', '')}\n`;

  it.each([
    ['', 'a.smaps:1:1: the file is empty (a kernel thread has no mappings)'],
    ['7 brk(NULL) = 0x1000\n', 'a.smaps:1:1: no line of maps or smaps: the start of a mapping in hex is expected'],
    ['1000-2000 rwx 0 00:00 0\n', 'a.smaps:1:11: no line of maps or smaps: permissions such as rw-p are expected'],
    ['1000-2000 rw-p zz 00:00 0\n', 'a.smaps:1:16: no line of maps or smaps: the offset in hex is expected'],
    ['1000-2000 rw-p 00000000 0000 0\n', 'a.smaps:1:25: no line of maps or smaps: a device such as fe:00 is expected'],
    ['1000-2000 rw-p 00000000 00:00 x\n', 'a.smaps:1:31: no line of maps or smaps: the inode number is expected'],
    ['1001-2000 rw-p 00000000 00:00 0\n', 'a.smaps:1:1: no line of maps or smaps: the start is not page-aligned'],
    ['1000-2001 rw-p 00000000 00:00 0\n', 'a.smaps:1:6: no line of maps or smaps: the end is not page-aligned'],
    [
      '1000-2000 rw-p 00000001 00:00 0\n',
      'a.smaps:1:16: no line of maps or smaps: the offset is not a whole number of pages',
    ],
    ['2000-1000 rw-p 00000000 00:00 0\n', 'a.smaps:1:6: no line of maps or smaps: the end is not above the start'],
    [
      `${ok}${ok}`,
      'a.smaps:2:1: this mapping overlaps the one before it, or comes before it: is it the map of another process?',
    ],
    [
      `${ok}1000-2000 rw-p 00000000 00:00 0\n`,
      'a.smaps:2:1: this mapping overlaps the one before it, or comes before it: is it the map of another process?',
    ],
    ['Rss:      4 kB\n', 'a.smaps:1:1: no line of maps or smaps: a key before the first mapping'],
    ['1000-20', 'a.smaps:1:6: no line of maps or smaps: the end of the mapping in hex is expected'],
    [
      `${head('00400000-7ffd0f5e1000', '[rollup]', '---p 00000000 00:00 0 ')}\nRss:  64504 kB\n`,
      'a.smaps:1:1: this is smaps_rollup, the sum of all mappings: give /proc/PID/smaps, which has them one by one',
    ],
    [`${ok}\0\0\n`, 'a.smaps:2:1: binary data, no map of a process'],
    ['x'.repeat(2 ** 21), `a.smaps:1:1: a line of more than ${2 ** 20} characters: no map of a process`],
  ])('%j', (text, message) => {
    expect(line(text)).toBe(message);
  });

  it.each([
    ['a line that is none', 'what is this\n', { line: 2, column: 1 }, null],
    ['half a mapping', '7f0000001000-\n', { line: 2, column: 14 }, null],
    ['a last line that is cut', '7f1-zz', null, { line: 2, start: null }],
    ['a key that is cut', 'Rss:                   4 kB\nPss:    ', null, { line: 3, start: null }],
  ])('%s is listed, and the rest read', (_, more, listed, cut) => {
    const smaps = parseSmaps(`${ok}${more}`);
    expect(smaps.entries).toHaveLength(1);
    expect(smaps.exact).toBe(false);
    expect(smaps.cut).toEqual(cut);
    expect(smaps.leftOut.count).toBe(listed === null ? 0 : 1);
    if (listed !== null) expect(smaps.leftOut.first[0]).toMatchObject(listed);
  });

  it('a mapping without its flags at the end is left out, where the others have theirs', () => {
    const second = head('7f0000001000-7f0000002000', '');
    const smaps = parseSmaps(`${ok}VmFlags: rd wr \n${second}\nSize:                  4 kB\n`);
    expect(smaps.entries).toHaveLength(1);
    expect(smaps.cut).toEqual({ line: 4, start: 0x7f00_0000_1000 });
  });

  it('parseMaps refuses smaps', () => {
    expect(() => parseMaps(programFile('true', 'final.smaps'), { file: 'x' })).toThrow(
      'this is a smaps file, not maps',
    );
  });

  it('a 32-bit process is read and printed, and refused where 64 bits are needed', () => {
    const kernel32 =
      '08048000-08049000 r-xp 00000000 08:01 123        /bin/true\nbf8e4000-bf905000 rw-p 00000000 00:00 0          [stack]\n';
    const on64 = `${head('08048000-08049000', '/bin/true', 'r-xp 00000000 08:01 123 ')}\n${head('ffa00000-ffa21000', '[stack]')}\n`;
    for (const text of [kernel32, on64]) {
      const maps = parseMaps(text);
      expect(formatMaps(maps)).toBe(text);
      expect(maps.addressBits).toBe(32);
      expect(() => require64Bit(maps, { file: 'a.maps' })).toThrow(InputError);
    }
    const low = parseMaps(`${head('00400000-00401000', '/bin/true', 'r-xp 00000000 08:01 123 ')}\n`);
    expect(low.addressBits).toBe(64);
    expect(() => require64Bit(low)).not.toThrow();
  });
});

describe(`printing and reading (seed ${SEED})`, () => {
  const flag = fc.constantFrom(...VM_FLAG_TABLE.filter(({ mnemonic }) => mnemonic !== null));
  const name = fc.oneof(
    fc.constantFrom('', '[heap]', '[stack]', '[anon:x y]', '/a\\012b (deleted)', 'socket:[7]'),
    fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => `/${text.replace(/[\n\r]/g, '_')}`),
  );
  const keys = ['Size', 'Rss', 'Anonymous', 'THPeligible', 'Brand_New', 'ProtectionKey'] as const;
  const entry = fc.record({
    pages: fc.integer({ min: 1, max: 2 ** 30 }),
    gap: fc.nat({ max: 2 ** 30 }),
    perms: fc.constantFrom('rw-p', '---p', 'r-xs', 'rwxp'),
    pgoff: fc.oneof(fc.nat({ max: 2 ** 30 }), fc.constant(2 ** 52 - 1)).map(pgoff),
    dev: fc.constantFrom('00:00', 'fe:00', '103:02'),
    inode: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map(String),
    name,
    fields: fc.uniqueArray(fc.tuple(fc.constantFrom(...keys), fc.maxSafeNat()), { selector: ([key]) => key }),
    flags: fc.option(fc.uniqueArray(flag, { selector: ({ bit }) => bit })),
  });

  it('reading what was printed gives the same entries', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 8 }), fc.boolean(), (made, showsFlags) => {
        let end = 0x10_0000_0000;
        const entries = made.map(({ pages, gap, fields, flags: set, ...rest }): SmapsEntry => {
          // A kernel prints VmFlags of every mapping, or of none.
          const flags = showsFlags ? (set ?? []) : null;
          const start = end + gap * 4096;
          end = start + pages * 4096;
          const pkey = pkeyFlags(fields.find(([key]) => key === 'ProtectionKey')?.[1] ?? 0);
          const sorted = flags?.toSorted((a, b) => a.bit - b.bit) ?? [];
          return {
            ...rest,
            start: virtAddr(start),
            end: virtAddr(end),
            verbatim: null,
            fields: new SmapsFields(
              fields.map(([key]) => key),
              fields.map(([, value]) => value),
            ),
            vmFlags: flags === null ? null : vmFlags(pkey, ...sorted.map(({ bit }) => 1n << BigInt(bit))),
            flagWords: sorted.map(({ mnemonic }) => mnemonic!),
            unknownFlags: [],
            verbatimFields: null,
          };
        });
        const read = parseSmaps(formatSmaps({ entries })).entries;
        const plain = (one: SmapsEntry): unknown => ({ ...one, fields: [...one.fields] });
        expect(read.map(plain)).toEqual(entries.map(plain));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
