import { describe, expect, it } from 'vitest';
import { type GroupedVma, vmaGroups } from '../../src/index.ts';
import { groupText } from '../../src/words/index.ts';

const KB = 1024;

/** Mappings from some address up: `none 16`, `rw 1024`, `r /lib/a.so 4`; a number is a hole. Sizes in kB. */
function mapOf(...parts: readonly (string | number)[]): GroupedVma[] {
  const rows: GroupedVma[] = [];
  let at = 0x7f00_0000_0000;
  for (const part of parts) {
    if (typeof part === 'number') {
      at += part * KB;
      continue;
    }
    const [access = '', ...more] = part.split(' ');
    const end = at + Number(more.at(-1)) * KB;
    const name = more.length > 1 ? more[0]! : '';
    const has = (letter: string): string => (access !== 'none' && access.includes(letter) ? letter : '-');
    const backing = name.startsWith('/') ? 'file' : 'anonymous';
    rows.push({ start: at, end, perms: `${has('r')}${has('w')}${has('x')}p`, backing, name });
    at = end;
  }
  return rows;
}

const times = (count: number, ...parts: readonly (string | number)[]): (string | number)[] =>
  Array.from({ length: count }, () => parts).flat();

const texts = (rows: readonly GroupedVma[]): string[] => vmaGroups(rows).map(groupText);

describe('VMAs that are alike', () => {
  it('are one group, wherever they stand', () => {
    expect(texts(mapOf('rw 64', 4, 'r 8', 4, 'rw 64', 'r 4096', 'rw 64'))).toEqual(['3 × rw 64k', '2 × r 8k–4M']);
  });

  it('of different sizes are one group too, where nothing else is like them', () => {
    expect(texts(mapOf('rw 64', 4, 'rw 128', 4, 'r 4', 4, 'rw 256'))).toEqual(['3 × rw 64k–256k', 'r 4k']);
  });

  it('the heap and the stack are called so by smaps alone: they are no names among others', () => {
    expect(texts(mapOf('rw [heap] 132', 4, 'rw 64', 4, 'rw [stack] 136'))).toEqual(['3 × rw 64k–136k']);
    expect(texts(mapOf('rw [heap] 132'))).toEqual(['rw 132k [heap]']);
    expect(texts(mapOf('rw [heap] 132', 4, 'rw [anon:pool] 64'))).toEqual(['2 × rw 64k–132k of several names']);
  });

  it('a caller may tell more of them apart', () => {
    const rows = mapOf('rw 64', 4, 'rw 64', 4, 'rw 64');
    const groups = vmaGroups(rows, { alike: ({ start }) => String(start === rows[0]!.start) });
    expect(groups.map(({ count }) => count)).toEqual([2, 1]);
  });
});

describe('neighbours that repeat', () => {
  it('a stack and its guard, one beside the other', () => {
    expect(texts(mapOf(...times(500, 'none 16', 'rw 1024')))).toEqual(['500 × none 16k + rw 1M']);
  });

  it('begin with the guard also where memory of the same kind stands before and after', () => {
    const [group] = vmaGroups(mapOf('r 4', ...times(20, 'none 4', 'rw 8192'), 'x 4'));
    expect(group).toMatchObject({ count: 20, vmas: 40, bytes: 20 * 8196 * KB });
  });

  it('three VMAs an instance, far from each other, with other mappings between', () => {
    const parts = times(5, 'none 64', 'rw 4096', 'none 128', 900, 'r 4', 70);
    expect(texts(mapOf(...parts))).toEqual(['5 × none 64k + rw 4M + none 128k', '5 × r 4k']);
  });

  it('two equal VMAs in one instance', () => {
    expect(texts(mapOf(...times(7, 'rw 4', 'rw 4', 'none 4')))).toEqual(['7 × rw 4k + rw 4k + none 4k']);
  });

  it('arenas whose border moved, of 64 MB each', () => {
    const arena = (used: number): string[] => [`rw ${used}`, `none ${65_536 - used}`];
    const parts = [132, 260, 1040, 132].flatMap((used) => [...arena(used), 65_536]);
    expect(texts(mapOf(...parts))).toEqual(['4 × rw 132k–1.0M + none 63.0M–63.9M']);
  });

  it('the parts of libraries, whose names and sizes differ', () => {
    const library = (name: string, size: number): string[] => [
      `r /lib/${name} 4`,
      `rx /lib/${name} ${size}`,
      `r /lib/${name} 8`,
      `rw /lib/${name} 4`,
    ];
    const parts = ['a', 'b', 'c', 'd'].flatMap((name, at) => library(name, 100 + at * 8));
    expect(texts(mapOf(...parts))).toEqual([
      '4 × r file 4k + rx file 100k–124k + r file 8k + rw file 4k of several names',
    ]);
  });
});

describe('the limit', () => {
  it('is met when the room is used up by instances', () => {
    const rows = mapOf(...times(100, 'none 16', 'rw 1024'), 4, 'r 4');
    const [threads, other] = vmaGroups(rows, { maxMapCount: 65_530 });
    expect(threads?.atLimit).toBe(100 + Math.floor((65_530 - 201) / 2));
    expect(other?.atLimit).toBeNull();
  });

  it('of a map that is full is met now', () => {
    const rows = mapOf(...times(10, 'none 4', 'rw 4'));
    expect(vmaGroups(rows, { maxMapCount: 20 })[0]?.atLimit).toBe(10);
    expect(vmaGroups(rows, { maxMapCount: 5 })[0]?.atLimit).toBe(10);
  });
});

it('every VMA is in one group, and a large map takes work in proportion', () => {
  const one = mapOf('none 4', 'rw 8', 'r 4', 4, 'rw 16');
  const span = 64 * KB;
  const rows = Array.from({ length: 50_000 }, (_, at) =>
    one.map((row) => ({ ...row, start: row.start + at * span, end: row.end + at * span })),
  ).flat();
  let reads = 0;
  const counted = rows.map((row) => ({
    ...row,
    get start() {
      reads += 1;
      return row.start;
    },
  }));
  const groups = vmaGroups(counted);
  expect(reads / rows.length).toBeLessThan(20);
  expect(groups.map(groupText)).toEqual(['50,000 × none 4k + rw 8k + r 4k', '50,000 × rw 16k']);
});
