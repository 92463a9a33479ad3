import { describe, expect, it } from 'vitest';
import { drawState, drawVmas, MAX_COLUMNS, mmFromDiagram } from '../../src/diagram/index.ts';
import {
  InvariantError,
  kernelProfile,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  Mm,
  PAGE_SIZE,
  PROT_READ,
  parseVmFlags,
  permissions,
} from '../../src/index.ts';
import { mmap } from '../../src/mm/index.ts';

describe('drawVmas', () => {
  it('draws an empty address space as nothing', () => {
    expect(drawVmas(new Mm({ profile: kernelProfile('6.19') }))).toBe('');
  });

  it('starts at the lowest VMA, and names VMAs in address order', () => {
    const { mm } = mmFromDiagram('...XX.Y', { base: 0x10000 });
    expect(drawVmas(mm)).toBe('AA.B');
    expect(drawVmas(mm.vmas())).toBe('AA.B');
  });

  it('starts where it is told, and is as wide as it is told', () => {
    const { mm } = mmFromDiagram('.AA.B');
    expect(drawVmas(mm, { base: 0, pages: 8 })).toBe('.AA.B...');
    expect(drawVmas(mm, { base: 2 * PAGE_SIZE })).toBe('A.B');
  });

  it('keeps given letters, and gives the others the first that are free', () => {
    const drawn = mmFromDiagram('ABC');
    const letters = new Map([[drawn.ref('B'), 'A']]);
    expect(drawVmas(drawn.mm, { letters })).toBe('BAC');
  });

  it('marks a range', () => {
    const { mm } = mmFromDiagram('AABB..C');
    expect(drawVmas(mm, { range: { start: PAGE_SIZE, end: 5 * PAGE_SIZE } })).toBe('Aabb*.C');
  });

  it('starts at A again after 26 VMAs', () => {
    const mm = new Mm({ profile: kernelProfile('6.19') });
    for (let i = 0; i < 28; i++) {
      const addr = i * 2 * PAGE_SIZE;
      mmap(mm, { addr, length: PAGE_SIZE, prot: PROT_READ, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED });
    }
    expect(drawVmas(mm).replaceAll('.', '')).toBe('ABCDEFGHIJKLMNOPQRSTUVWXYZAB');
  });

  it('refuses to draw more columns than anyone reads', () => {
    const drawn = mmFromDiagram('AB');
    drawn.mm.setRange(drawn.ref('B'), MAX_COLUMNS * PAGE_SIZE, (MAX_COLUMNS + 1) * PAGE_SIZE, 0, 0);
    expect(() => drawVmas(drawn.mm)).toThrow(InvariantError);
    expect(() => drawVmas(drawn.mm)).toThrow('4097 pages are too wide to draw with one column each');
  });
});

describe('drawState', () => {
  it('draws the row under a ruler, and says the rest in one line a VMA', () => {
    const { mm } = mmFromDiagram('AA.BBB', {
      base: 0x10000,
      letters: {
        A: { flags: 'rd wr mr mw me ac gu', anonVma: 1 },
        B: { flags: 'rd mr me ms', file: 3, pgoff: 0, anonVma: 2, anonVmaChain: 2, anonName: 'heap' },
      },
    });
    expect(`\n${drawState(mm)}\n`).toBe(`
         012345
0x10000  AA.BBB
A  0x10000-0x12000  2 pages  rw-p  anon    pgoff 16  rd wr mr mw me gu* ac av1
B  0x13000-0x16000  3 pages  r--s  file 3  pgoff 0   rd mr me ms av2/2 [anon:heap]
`);
  });

  it('counts columns past 15 in two rows', () => {
    const { mm } = mmFromDiagram('AAAAAAAAAA......BBBB');
    expect(drawState(mm).split('\n').slice(0, 3)).toEqual([
      '     0               1',
      '     0123456789abcdef0123',
      '0x0  AAAAAAAAAA......BBBB',
    ]);
  });

  it('shortens long runs, and then has no ruler', () => {
    const drawn = mmFromDiagram('AB', { letters: { B: { flags: 'rd mr mw me' } } });
    drawn.mm.setRange(drawn.ref('B'), 40 * PAGE_SIZE, 100 * PAGE_SIZE, 40, 40);
    expect(drawState(drawn.mm).split('\n')[0]).toBe('0x0  A...//...BBB//BBB');
    expect(drawState(drawn.mm, { longestRun: 64 }).split('\n')[2]).toBe(`0x0  A${'.'.repeat(39)}${'B'.repeat(60)}`);
  });

  it('says what else sets a VMA apart: userfaultfd, policy', () => {
    const { mm } = mmFromDiagram('A', { letters: { A: { flags: 'rd um', userfaultfd: 7, policy: 2 } } });
    expect(drawState(mm)).toContain('rd um uffd 7 policy 2');
  });

  it('says that nothing is there', () => {
    expect(drawState([])).toBe('0x0  (empty)');
  });
});

describe('permissions', () => {
  it.each([
    ['rd wr mr mw me', 'rw-p'],
    ['rd ex mr me', 'r-xp'],
    ['rd sh mr ms', 'r--s'],
    ['rd mr ms', 'r--s'],
    ['', '---p'],
  ])('%s is %s, as maps prints it', (flags, perms) => {
    expect(permissions(parseVmFlags(flags))).toBe(perms);
  });
});
