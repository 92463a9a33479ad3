import { describe, expect, it } from 'vitest';
import { pairVerdicts } from 'vma-core';
import { tablesFor } from '../../src/report/tablesFor.ts';
import { replayText } from './replayText.ts';

function refusals(log: string, kernel = '6.19', faults: 'never' | 'on-map' = 'on-map'): (string | null)[] {
  const replay = replayText(log, { kernel, faults });
  const { profile, softDirty, files } = replay.world;
  const vmas = replay.first?.space.process.mm.vmas() ?? [];
  return pairVerdicts(vmas, { profile, softDirty, files }).map(({ refusal }) => refusal?.rule ?? null);
}

const at = (addr: string, prot = 'PROT_READ|PROT_WRITE', rest = 'MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0'): string =>
  `mmap(${addr}, 4096, ${prot}, ${rest}) = ${addr}`;

describe('pairs of neighbours', () => {
  it('flags keep them apart', () => {
    expect(refusals(`${at('0x10000')}\n${at('0x11000', 'PROT_READ')}`)).toEqual(['vmFlags']);
  });

  it('a hole makes no pair', () => {
    expect(refusals(`${at('0x10000')}\n${at('0x12000')}`)).toEqual([]);
  });

  it('the open file, and offsets', () => {
    const file = (fd: string, offset: string): string => `MAP_PRIVATE|MAP_FIXED, ${fd}, ${offset}`;
    expect(
      refusals(
        `${at('0x10000', 'PROT_READ', file('3</a>', '0'))}\n${at('0x11000', 'PROT_READ', file('4</b>', '0x1000'))}`,
      ),
    ).toEqual(['vmFile']);
    expect(
      refusals(
        `${at('0x10000', 'PROT_READ', file('3</a>', '0'))}\n${at('0x11000', 'PROT_READ', file('3</a>', '0x5000'))}`,
      ),
    ).toEqual(['pgoff']);
  });

  it('two anon_vmas; and written beside unwritten, which could merge on every kernel from one side', () => {
    // Mapped apart and written apart, then joined by the page between them, which fits both and joins one.
    const log = `${at('0x10000')}\n${at('0x12000')}\n${at('0x11000')}`;
    expect(refusals(log)).toEqual(['anonVma']);
    const unwritten = `${at('0x10000', 'PROT_READ|PROT_WRITE|PROT_EXEC')}\n${at('0x11000')}\nmprotect(0x11000, 4096, PROT_READ|PROT_WRITE|PROT_EXEC) = 0`;
    for (const kernel of ['6.12', '6.19']) expect(refusals(unwritten, kernel).length).toBeLessThanOrEqual(1);
  });

  it('nothing changes by asking', () => {
    const replay = replayText(`${at('0x10000')}\n${at('0x11000', 'PROT_READ')}`);
    const { profile, softDirty, files } = replay.world;
    const vmas = (): unknown => replay.first?.space.process.mm.vmas();
    const before = vmas();
    pairVerdicts(replay.first?.space.process.mm.vmas() ?? [], { profile, softDirty, files });
    expect(vmas()).toEqual(before);
  });
});

describe('page tables for ranges', () => {
  const GIB = 2 ** 30;
  it('one of each level for a page', () => {
    expect(tablesFor([{ start: 0x10000, end: 0x11000 }])).toEqual({ pte: 1, pmd: 1, pud: 1, kB: 12 });
  });

  it('shared by ranges in one 2 MiB, apart across its edge', () => {
    expect(
      tablesFor([
        { start: 0, end: 4096 },
        { start: 8192, end: 12288 },
      ]),
    ).toMatchObject({ pte: 1 });
    expect(tablesFor([{ start: 0x1ff000, end: 0x201000 }])).toMatchObject({ pte: 2, pmd: 1, pud: 1 });
  });

  it('1 GiB: 2056 kB with its PMD and PUD tables, as recorded', () => {
    expect(tablesFor([{ start: GIB, end: 2 * GIB }])).toEqual({ pte: 512, pmd: 1, pud: 1, kB: 2056 });
  });
});
