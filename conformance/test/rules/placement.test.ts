import type { Op } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { forkChild, guard, map, move, mprotect, register, touch, unmap } from '../support/ops.ts';
import { last, results, type StoryOptions } from '../support/story.ts';

// DIFFS2.md, D and E: exits, placement, the heap, stacks. The same on all six kernels.
const ALL = ['6.12', '6.16', '6.18', '6.19', '7.3'];
const big: StoryOptions = { span: 4096, windows: [['first', 0, 2]], reserve: true };

function anywhere(pages: number, more: object = {}): Op {
  return { op: 'mmap', pages, prot: 'rw', anywhere: true, ...more };
}

function hint(page: number, pages: number, more: object = {}): Op {
  return { op: 'mmap', pages, prot: 'rw', hint: page, ...more };
}

describe('D: exits', () => {
  it.each(ALL)('%s: a parent that exits changes nothing but what is mapped once, four generations deep', (profile) => {
    const generation = (parentExits: boolean): Op[] => [
      { op: 'fork', continueIn: 'child', parentExits },
      touch(10, 'write'),
      mprotect(10, 2, 'r'),
      mprotect(10, 2, 'rw'),
    ];
    const run = (exits: boolean): object => {
      const ops = [map(10, 4), touch(10, 'write', 4), ...[1, 2, 3, 4].flatMap(() => generation(exits))];
      const { vmas, pages, pt } = last(ops, { profile });
      return { vmas, pt, pages: String(pages as string).toLowerCase() };
    };
    expect(run(true)).toEqual(run(false));
  });

  it.each(ALL)(
    '%s: each VMA of a child has an anon_vma of its own, so pieces cut before the fork never merge in it',
    (profile) => {
      const cut = [map(10, 4), touch(10, 'write', 4), mprotect(12, 2, 'r')];
      expect(last([...cut, mprotect(12, 2, 'rw')], { profile }).vmas).toHaveLength(1);
      expect(last([...cut, forkChild, mprotect(12, 2, 'rw')], { profile }).vmas).toHaveLength(2);
    },
  );
});

describe('E: placement', () => {
  it.each(ALL)('%s: no hint: the highest hole that fits, at its upper end', (profile) => {
    const ops = [map(10, 30), map(50, 4), anywhere(8), anywhere(12)];
    expect([last(ops.slice(0, 3), { reserve: true, profile }).at, last(ops, { reserve: true, profile }).at]).toEqual([
      56,
      undefined,
    ]);
    expect(last([...ops.slice(0, 3), anywhere(10)], { reserve: true, profile }).at).toBe(40);
  });

  it.each(ALL)('%s: a hint is taken if it is free, else as without; beside an equal VMA it merges', (profile) => {
    const ops = [map(10, 4), hint(14, 4)];
    expect(last(ops, { reserve: true, profile })).toMatchObject({
      at: 14,
      vmas: [[10, 18, 'rw-p', 0, 'anon', 'rd wr mr mw me ac']],
    });
    expect(last([map(10, 4), hint(12, 4)], { reserve: true, profile }).at).toBe(60);
  });

  it.each(ALL)('%s: whole 2 MiB of private anonymous memory are aligned where a hole has 2 MiB more', (profile) => {
    const top = map(4000, 96);
    const at = (...ops: Op[]): unknown => last([top, ...ops], { ...big, profile }).at;
    for (const more of [{}, { prot: 'none' }, { noreserve: true }, { stack: true }, { locked: true }])
      expect(at(anywhere(512, more))).toBe(3072);
    expect(at(anywhere(512, { shared: true }))).toBe(3488);
    expect(at(anywhere(513))).toBe(3487);
    expect(at(map(0, 3400, { prot: 'r' }), anywhere(512))).toBe(3488);
  });

  it.each(ALL)('%s: with a hint, even one that is not free, nothing is aligned', (profile) => {
    expect(last([map(4000, 96), hint(3990, 512)], { ...big, profile }).at).toBe(3488);
  });

  it.each(ALL)('%s: a growsdown VMA keeps 256 pages free below it, but not against MAP_FIXED', (profile) => {
    const stack = map(4000, 96, { growsdown: true });
    const at = (op: Op): unknown => last([stack, op], { ...big, profile }).at;
    expect(at(anywhere(4))).toBe(3740);
    expect(at(hint(3996, 4))).toBe(3740);
    expect(at(hint(3740, 4))).toBe(3740);
    expect(at(map(3996, 4, { prot: 'r' }))).toBe(3996);
    expect(at(map(3996, 4, { prot: 'r', noreplace: true }))).toBe(3996);
  });

  it('MAP_GROWSDOWN on a file or shared: EINVAL', () => {
    expect(
      results([map(10, 4, { growsdown: true, backing: 'file0' }), map(10, 4, { growsdown: true, shared: true })]),
    ).toEqual(['EINVAL', 'EINVAL']);
  });
});

describe('E: brk', () => {
  const heap = (page: number): Op => ({ op: 'set_brk', page });
  const brk = (page: number, bytes = 0): Op => ({ op: 'brk', page, bytes });

  it.each(ALL)('%s: one page stays free before the next VMA, and 256 before a stack', (profile) => {
    expect(results([heap(10), map(20, 4), brk(19), brk(20)], { profile })).toEqual(['ok', 'ok', 'ok', 'refused']);
    const stack = [heap(10), map(1000, 4, { growsdown: true }), brk(743), brk(744)];
    expect(results(stack, { ...big, reserve: false, profile })).toEqual(['ok', 'ok', 'ok', 'refused']);
  });

  it.each(ALL)(
    '%s: growing extends the last VMA of the heap, or makes one; never one that lies before the initial break',
    (profile) => {
      const heapOf = (...ops: Op[]): unknown[] => last(ops, { profile }).vmas.map(([start, end]) => [start, end]);
      expect(heapOf(heap(10), brk(12), brk(14, 1))).toEqual([[10, 15]]);
      expect(heapOf(map(6, 4), heap(10), brk(12))).toEqual([
        [6, 10],
        [10, 12],
      ]);
      expect(heapOf(heap(10), brk(12), map(12, 2))).toEqual([[10, 14]]);
      expect(heapOf(heap(10), brk(12), mprotect(10, 2, 'r'), brk(14))).toEqual([
        [10, 12],
        [12, 14],
      ]);
    },
  );

  it.each(ALL)(
    '%s: shrinking unmaps what is there; a sealed part refuses; growing after holes starts at the old break',
    (profile) => {
      const shrunk = last([heap(10), brk(16), mprotect(13, 1, 'r'), brk(11)], { profile });
      expect(shrunk.vmas).toHaveLength(1);
      expect(results([heap(10), brk(16), { op: 'mseal', page: 14, pages: 1 }, brk(11)], { profile }).at(-1)).toBe(
        'refused',
      );
      expect(
        last([heap(10), brk(14), unmap(10, 4), brk(16)], { profile }).vmas.map(([start, end]) => [start, end]),
      ).toEqual([[14, 16]]);
    },
  );
});

describe('E: stacks', () => {
  const stack = map(2000, 4, { growsdown: true });
  const tall: StoryOptions = { span: 4096, windows: [['first', 0, 2]] };
  const start = (ops: Op[], profile: string): unknown => last(ops, { ...tall, profile }).vmas.at(-1)?.[0];

  it.each(ALL)('%s: a touch below grows it exactly to that page, also when the touch then fails', (profile) => {
    expect(start([stack, touch(1990, 'write')], profile)).toBe(1990);
    expect(start([map(2000, 4, { growsdown: true, prot: 'r' }), touch(1990, 'write')], profile)).toBe(1990);
  });

  it.each(ALL)(
    '%s: refused within 256 pages of an accessible VMA, guards or not; PROT_NONE and stacks may be near',
    (profile) => {
      const below = (more: object, ...ops: Op[]): unknown =>
        start([map(1700, 4, more), ...ops, stack, touch(1950, 'write')], profile);
      expect(below({})).toBe(2000);
      expect(below({}, guard(1700, 4))).toBe(2000);
      expect(below({ prot: 'none' })).toBe(1950);
      expect(below({ growsdown: true })).toBe(1950);
      expect(start([map(1690, 4), stack, touch(1950, 'write')], profile)).toBe(1950);
    },
  );

  it.each(ALL)(
    '%s: not above RLIMIT_STACK; the kernel itself (POPULATE) does not grow it; a new part is uw and lo as the rest',
    (profile) => {
      expect(start([{ op: 'rlimit_stack', pages: 8 }, stack, touch(1990, 'write')], profile)).toBe(2000);
      expect(start([{ op: 'rlimit_stack', pages: 14 }, stack, touch(1990, 'write')], profile)).toBe(1990);
      expect(start([stack, { op: 'madvise', page: 1990, pages: 2, advice: 'POPULATE_WRITE' }], profile)).toBe(2000);
      const grown = last([stack, { op: 'mlock', page: 2000, pages: 4 }, register(2000, 4), touch(1990, 'write')], {
        ...tall,
        profile,
      });
      expect(grown.vmas).toEqual([[1990, 2004, 'rw-p', 0, 'anon', 'rd wr mr mw me gd uw lo ac']]);
    },
  );

  it.each(ALL)('%s: it never merges with what it meets, and needs no room below max_map_count', (profile) => {
    const meets = last([map(1700, 100, { growsdown: true }), stack, touch(1800, 'write')], { ...tall, profile });
    expect(meets.vmas.map(([from, to]) => [from, to])).toEqual([
      [1700, 1800],
      [1800, 2004],
    ]);
    expect(start([stack, { op: 'fill_maps', slack: -1 }, touch(1990, 'write')], profile)).toBe(1990);
  });
});

it('a moved stack keeps its gap', () => {
  const ops = [map(3000, 4, { growsdown: true }), move(3000, 4, 4000), anywhere(4)];
  expect(last([...ops.slice(0, 2), map(4004, 92, { prot: 'r' }), ops[2] as Op], big).at).toBe(3740);
});
