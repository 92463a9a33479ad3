import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as exported from '../src/index.ts';
import {
  findVmFlag,
  flagsHi,
  flagsLo,
  flagsOf,
  formatVmFlags,
  formatVmFlagsLine,
  isPageAligned,
  KERNEL_PROFILES,
  Mm,
  pageAlign,
  parseVmFlags,
  parseVmFlagsLine,
  SpareBits,
  TASK_SIZE,
  VM_ACCESS_FLAGS,
  VM_FLAG_TABLE,
  VM_LOCKED_MASK,
  VM_SPECIAL,
  VM_UFFD_FLAGS,
  type VmFlags,
  virtAddr,
  vmFlagBit,
  vmFlagNames,
  vmFlags,
  withoutVmFlags,
} from '../src/index.ts';
import { seed } from './support/seed.ts';

/** The table of semantics, typed again: bit, name, letters. */
const TABLE = `
  0 READ rd           18 DONTEXPAND de
  1 WRITE wr          19 LOCKONFAULT lf
  2 EXEC ex           20 ACCOUNT ac
  3 SHARED sh         21 NORESERVE nr
  4 MAYREAD mr        22 HUGETLB ht
  5 MAYWRITE mw       23 SYNC sf
  6 MAYEXEC me        24 ARCH_1 ar
  7 MAYSHARE ms       25 WIPEONFORK wf
  8 GROWSDOWN gd      26 DONTDUMP dd
  9 UFFD_MISSING um   27 SOFTDIRTY sd
  10 PFNMAP pf        28 MIXEDMAP mm
  11 MAYBE_GUARD gu   29 HUGEPAGE hg
  12 UFFD_WP uw       30 NOHUGEPAGE nh
  13 LOCKED lo        31 MERGEABLE mg
  14 IO io            37 SHADOW_STACK ss
  15 SEQ_READ sr      40 DROPPABLE dp
  16 RAND_READ rr     41 UFFD_MINOR ui
  17 DONTCOPY dc      42 SEALED sl
                      43 UFFD_RWP ur
`;
const rows = [...TABLE.matchAll(/(\d+) (\w+) (\w\w)/g)].map(([, bit, name, letters]) => ({
  bit: Number(bit),
  name: name as string,
  letters: letters as string,
}));

const names = exported as unknown as Readonly<Record<string, unknown>>;

describe('vm_flags', () => {
  it.each(rows)('VM_$name is bit $bit, and smaps prints $letters', ({ bit, name, letters }) => {
    const flag = 1n << BigInt(bit);
    expect(names[`VM_${name}`]).toBe(flag);
    expect(vmFlagBit(bit)).toBe(flag);
    expect(formatVmFlags(flag as VmFlags)).toBe(letters);
    expect(parseVmFlags(letters)).toBe(flag);
    expect(vmFlagNames(flag as VmFlags)).toEqual([`VM_${name}`]);
    expect(findVmFlag(name)?.bit).toBe(bit);
    expect(findVmFlag(`vm_${name.toLowerCase()}`)?.bit).toBe(bit);
  });

  it('has no other names, but those of the pkeys', () => {
    const others = VM_FLAG_TABLE.filter(({ bit }) => !rows.some((row) => row.bit === bit));
    expect(others.map(({ bit }) => bit)).toEqual([32, 33, 34, 35, 36]);
    expect(findVmFlag('nothing')).toBeUndefined();
  });

  it.each([
    ['VM_SPECIAL', VM_SPECIAL, 'pf io de mm'],
    ['VM_ACCESS_FLAGS', VM_ACCESS_FLAGS, 'rd wr ex'],
    ['VM_LOCKED_MASK', VM_LOCKED_MASK, 'lo lf'],
    ['VM_UFFD_FLAGS', VM_UFFD_FLAGS, 'um uw ui ur'],
  ])('%s', (_, flags, letters) => {
    expect(formatVmFlags(flags)).toBe(letters);
  });

  it('is joined and taken apart', () => {
    const flags = vmFlags(parseVmFlags('rd wr'), parseVmFlags('sl'));
    expect(formatVmFlags(flags)).toBe('rd wr sl');
    expect(formatVmFlags(withoutVmFlags(flags, parseVmFlags('wr')))).toBe('rd sl');
    expect(vmFlags()).toBe(0n);
  });

  it('of 64 bits: bit 42 is not bit 10', () => {
    expect(parseVmFlags('sl')).not.toBe(parseVmFlags('pf'));
    expect([flagsLo(parseVmFlags('sl')), flagsHi(parseVmFlags('sl'))]).toEqual([0, 1 << 10]);
  });
});

describe('a VmFlags line', () => {
  const line = 'VmFlags: rd wr mr mw me ac sd';

  it('is read with its key and without', () => {
    expect(parseVmFlags(line)).toBe(parseVmFlags('rd wr mr mw me ac sd'));
    expect(formatVmFlags(parseVmFlags(`${line} `))).toBe('rd wr mr mw me ac sd');
  });

  it('keeps the words it does not know, in their places', () => {
    const read = parseVmFlagsLine('VmFlags: rd zz mr ?? sl ??');
    expect(read.unknown).toEqual(['zz', '??', '??']);
    expect(formatVmFlags(read.flags)).toBe('rd mr sl ?? zz');
    expect(formatVmFlagsLine(read)).toBe('rd zz mr ?? sl ??');
  });

  it('has no word for a pkey, which has a line of its own, and ?? for a bit that no kernel names', () => {
    expect(formatVmFlags(flagsOf(1, 0b11111))).toBe('rd');
    expect(formatVmFlags(vmFlagBit(47))).toBe('??');
    expect(vmFlagNames(flagsOf(1, (1 << 0) | (1 << 15)))).toEqual(['VM_READ', 'VM_PKEY_BIT0', 'bit 47']);
  });

  it('has a flag for each word that it does not know, in an address space too', () => {
    const mm = new Mm({ profile: KERNEL_PROFILES[0]! });
    const flags = parseVmFlags('rd wr mt bt ?? sl');
    const vma = mm.add({ vmStart: virtAddr(0x1000), vmEnd: virtAddr(0x2000), vmFlags: flags });
    expect(mm.view(vma).vmFlags).toBe(flags);
    expect(formatVmFlags(mm.view(vma).vmFlags)).toBe('rd wr sl ?? bt mt');
    expect(parseVmFlags('toolong')).toBe(parseVmFlags('??'));
  });

  it('of more unknown words than there are bits: the others are one', () => {
    const spare = new SpareBits();
    const words = Array.from('abcdefghijklmnopqrstuvwxy', (letter) => `z${letter}`);
    const kept = words.map((word) => formatVmFlags(spare.flags(0, spare.hi(parseVmFlags(word)))));
    expect(kept).toEqual([...words.slice(0, 19), '??', '??', '??', '??', '??', '??']);
  });

  it('may be empty', () => {
    expect(parseVmFlagsLine('VmFlags:')).toEqual({ flags: 0n, words: [], unknown: [] });
    expect(formatVmFlags(parseVmFlags(''))).toBe('');
  });
});

describe(`printing and reading (seed ${seed})`, () => {
  const named = fc.subarray(rows).map((some) => vmFlags(...some.map(({ bit }) => 1n << BigInt(bit))));
  const any64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });

  it('flags with letters come back as they were', () => {
    fc.assert(
      fc.property(named, (flags) => {
        expect(parseVmFlags(formatVmFlags(flags))).toBe(flags);
      }),
      { seed },
    );
  });

  it('any line comes back word for word', () => {
    const word = fc.oneof(
      fc.constantFrom(...rows.map(({ letters }) => letters), '??'),
      fc.string({ minLength: 1, maxLength: 3 }).filter((text) => !/\s/.test(text)),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const text = words.join(' ');
        fc.pre(!text.startsWith('VmFlags:'));
        expect(formatVmFlagsLine(parseVmFlagsLine(`VmFlags: ${text} `))).toBe(text);
      }),
      { seed },
    );
  });

  it('any 64 bits survive in two halves', () => {
    fc.assert(
      fc.property(any64, (flags) => {
        expect(flagsOf(flagsLo(flags), flagsHi(flags))).toBe(flags);
        // As the columns hold them: a signed result of a bitwise operator is the same flags.
        expect(flagsOf(flagsLo(flags) | 0, flagsHi(flags) | 0)).toBe(flags);
      }),
      { seed },
    );
  });
});

describe('flags in halves', () => {
  const halves = Object.entries(names).filter(([name]) => /^(LO|HI)_/.test(name)) as [string, number][];
  const masks: Readonly<Record<string, bigint>> = {
    LO_ACCESS: VM_ACCESS_FLAGS,
    LO_SPECIAL: VM_SPECIAL,
    LO_LOCKED_MASK: VM_LOCKED_MASK,
    LO_UFFD: VM_UFFD_FLAGS & 0xffff_ffffn,
    HI_UFFD: VM_UFFD_FLAGS >> 32n,
  };

  it.each(halves)('%s is the half of the flag of that name', (name, half) => {
    const flag =
      masks[name] ?? (names[name.replace(/^(LO|HI)_/, 'VM_')] as bigint) >> (name.startsWith('HI_') ? 32n : 0n);
    expect(BigInt(half)).toBe(flag);
  });
});

describe('pages', () => {
  it.each([
    [0, 0],
    [1, 4096],
    [4096, 4096],
    [4097, 8192],
    [TASK_SIZE, TASK_SIZE],
  ])('pageAlign(%i) is %i', (bytes, aligned) => {
    expect(pageAlign(bytes)).toBe(aligned);
    expect(isPageAligned(aligned)).toBe(true);
  });

  it('isPageAligned is false for the bytes between', () => {
    expect([1, 4095, 2048, TASK_SIZE - 1].map(isPageAligned)).toEqual([false, false, false, false]);
  });
});
