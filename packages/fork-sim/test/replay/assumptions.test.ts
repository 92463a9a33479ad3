import { describe, expect, it } from 'vitest';
import type { FaultAssumption } from '../../src/replay/replaySpace.ts';
import { replayText, smapsOf } from './replayText.ts';

const START = smapsOf(`
555555554000-555555556000 rw-p 00000000 fe:00 7                          /bin/demo
Anonymous:             4 kB
VmFlags: rd wr mr mw me ac
555555556000-555555557000 rw-p 00000000 fe:00 9                          /bin/other
Anonymous:             0 kB
VmFlags: rd wr mr mw me ac
7ffff7fc0000-7ffff7fff000 r-xp 00000000 fe:00 8                          /lib/ld.so
Anonymous:             0 kB
VmFlags: rd ex mr mw me
`);
const MMAP = 'mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7ffff7fbe000';

/** Which VMAs have an anon_vma at the end, in address order, and which of them are assumed. */
function anonVmas(faults: FaultAssumption, log = MMAP): [boolean, boolean][] {
  const space = replayText(log, { faults, initial: new Map([['first', START]]) }).first?.space;
  return (space?.process.mm.vmas() ?? []).map(({ anonVma }) => [
    anonVma !== null,
    anonVma !== null && space?.assumed.has(anonVma) === true,
  ]);
}

describe('which VMAs count as written', () => {
  it('never: none but what smaps proves', () => {
    expect(anonVmas('never')).toEqual([
      [true, false],
      [false, false],
      [false, false],
      [false, false],
    ]);
  });

  it('on-map: every private writable one, assumed but for what smaps proves', () => {
    expect(anonVmas('on-map')).toEqual([
      [true, false],
      [true, true],
      [true, true],
      [false, false],
    ]);
  });

  it('auto: what was there is written when a call comes, and what the call makes when another one comes', () => {
    expect(anonVmas('auto')).toEqual([
      [true, false],
      [true, true],
      [false, false],
      [false, false],
    ]);
    const file = MMAP.replace('|MAP_ANONYMOUS, -1', ', 3</lib/libc.so>').replace('READ|PROT_WRITE', 'READ');
    expect(anonVmas('auto', file).slice(0, 2)).toEqual([
      [true, false],
      [false, false],
    ]);
  });

  it('a guard in anonymous memory proves an anon_vma', () => {
    const log = `${MMAP}\nmadvise(0x7ffff7fbe000, 4096, MADV_GUARD_INSTALL) = 0`;
    expect(anonVmas('on-map', log)[2]).toEqual([true, false]);
  });

  it('memory made writable later counts as written then', () => {
    const log = 'mprotect(0x7ffff7fc0000, 4096, PROT_READ|PROT_WRITE) = 0';
    expect(anonVmas('on-map', log)[2]).toEqual([true, true]);
  });

  it('soft dirty is on where any mapping at the start is soft-dirty', () => {
    const dirty = smapsOf('10000-11000 rw-p 00000000 00:00 0 \nVmFlags: rd wr mr mw me ac sd');
    expect(replayText(MMAP, { initial: new Map([['first', dirty]]) }).world.softDirty).toBe(true);
    expect(replayText(MMAP, { initial: new Map([['first', START]]) }).world.softDirty).toBe(false);
  });
});
