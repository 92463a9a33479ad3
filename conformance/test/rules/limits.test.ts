import type { Op } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { advise, fork, guard, map, mprotect, register, touch, unmap } from '../support/ops.ts';
import { last, pagesOf, results, story } from '../support/story.ts';

// DIFFS2.md, F: max_map_count; G: soft dirty; H: fault-around on 6.18.44.
const ALL = ['6.12', '6.16', '6.18', '6.19', '7.3'];
const room = (slack: number): Op => ({ op: 'fill_maps', slack });

describe('F: max_map_count', () => {
  it.each(ALL)(
    '%s: the count can reach max + 1; there every mmap and brk growth is refused, even one that would merge',
    (profile) => {
      const heap: Op[] = [
        { op: 'set_brk', page: 40 },
        { op: 'brk', page: 42 },
      ];
      const ops: Op[] = [map(10, 2), ...heap, room(0), map(20, 2), map(12, 2), { op: 'brk', page: 44 }, map(30, 2)];
      expect(results(ops, { profile }).slice(4)).toEqual(['ok', 'ENOMEM', 'refused', 'ENOMEM']);
    },
  );

  it.each(ALL)('%s: a split needs count < max: ENOMEM, but madvise says EAGAIN', (profile) => {
    const middle: readonly [Op, string][] = [
      [mprotect(12, 2, 'r'), 'ENOMEM'],
      [unmap(12, 2), 'ENOMEM'],
      [{ op: 'mlock', page: 12, pages: 2 }, 'ENOMEM'],
      [{ op: 'mseal', page: 12, pages: 2 }, 'ENOMEM'],
      [register(12, 2), 'ENOMEM'],
      [advise(12, 2, 'DONTFORK'), 'EAGAIN'],
    ];
    for (const [op, res] of middle) {
      const step = last([map(10, 6), room(0), op], { profile });
      expect([op.op, step.res, step.vmas.length]).toEqual([op.op, res, 1]);
    }
  });

  it('with room for one of two splits, the first stays: two equal VMAs, unmerged until the next call there', () => {
    const ops = [map(10, 6), room(1), mprotect(12, 2, 'r'), unmap(15, 1), mprotect(12, 3, 'r'), mprotect(12, 3, 'rw')];
    expect(story(ops)).toMatchInlineSnapshot(`
      "
      mmap 10+6 rw = ok at 10   AAAAAA  ......  0 kB
      fill_maps slack 1 = ok    AAAAAA  ......  0 kB
      mprotect 12+2 r = ENOMEM  AABBBB  ......  0 kB
      munmap 15+1 = ok          AABBB  .....  0 kB
      mprotect 12+3 r = ok      AABBB  .....  0 kB
      mprotect 12+3 rw = ok     AAAAA  .....  0 kB
        A [10,15) rw-p anon  rd wr mr mw me ac
      "
    `);
  });

  it.each(ALL)('%s: over several VMAs the first ones stay changed', (profile) => {
    const ops = [map(10, 2), map(12, 4, { shared: true }), room(0), mprotect(10, 4, 'r')];
    expect(last(ops, { profile })).toMatchObject({
      res: 'ENOMEM',
      vmas: [
        [10, 12, 'r--p'],
        [12, 16, 'rw-s'],
      ].map((start) => expect.arrayContaining(start)),
    });
  });

  it.each(ALL)(
    '%s: munmap or MAP_FIXED in the middle needs slack 1, checked first, the same attributes or not',
    (profile) => {
      for (const op of [unmap(12, 2), map(12, 2, { prot: 'r' }), map(12, 2)]) {
        expect(last([map(10, 6), room(0), op], { profile })).toMatchObject({
          res: 'ENOMEM',
          vmas: [[10, 16, 'rw-p', 0, 'anon', 'rd wr mr mw me ac']],
        });
        expect(last([map(10, 6), room(1), op], { profile }).res).toBe('ok');
      }
    },
  );

  it.each(ALL)('%s: fork, guards, merges, edge unmaps and moved boundaries are always possible', (profile) => {
    const full: Op[] = [map(10, 4), map(14, 4, { prot: 'r' }), room(-1)];
    for (const op of [
      fork,
      unmap(10, 1),
      unmap(17, 1),
      mprotect(12, 2, 'r'),
      mprotect(14, 1, 'rw'),
      mprotect(14, 4, 'rw'),
    ]) {
      expect(last([...full, op], { profile }).res, JSON.stringify(op)).toBe('ok');
    }
    expect(last([...full, guard(11)], { profile }).res).toBe(profile === '6.12' ? 'EINVAL' : 'ok');
  });
});

describe('G: soft dirty', () => {
  const dirty = (ops: Op[], profile = '6.19'): string => {
    const mask = BigInt(`0x${last(ops, { profile, softDirty: true }).sd as string}`);
    return Array.from({ length: 14 }, (_, i) => ((mask >> BigInt(10 + i)) & 1n ? 'd' : '.')).join('');
  };
  const cleared: Op[] = [map(10, 4), touch(10, 'write', 2), { op: 'clear_refs', value: 4 }];

  it.each(ALL)(
    '%s: a new mapping is dirty as a whole; clear_refs clears flag and pages; a write sets a page',
    (profile) => {
      expect(dirty([map(10, 4)], profile)).toBe('dddd..........');
      expect(dirty(cleared, profile)).toBe('..............');
      expect(dirty([...cleared, touch(11, 'write', 2)], profile)).toBe('.dd...........');
    },
  );

  it.each(ALL)('%s: mremap sets it on every moved entry that is not empty', (profile) => {
    expect(dirty([...cleared, { op: 'mremap', page: 10, pages: 4, newPages: 4, newPage: 20 }], profile)).toBe(
      '..........dd..',
    );
  });

  it.each(ALL.slice(1))('%s: on guard markers too', (profile) => {
    const ops: Op[] = [
      map(10, 4),
      guard(12),
      { op: 'clear_refs', value: 4 },
      { op: 'mremap', page: 10, pages: 4, newPages: 4, newPage: 20 },
    ];
    expect(dirty(ops, profile)).toBe('............d.');
  });

  it('refused writes and WRITEPROTECT off do not set it; zap and read leave it clear', () => {
    const protectedPage: Op[] = [
      ...cleared,
      register(10, 4),
      { op: 'uffd_wp', page: 10, pages: 1, on: true },
      touch(10, 'write'),
    ];
    expect(dirty(protectedPage)).toBe('..............');
    expect(dirty([...protectedPage, { op: 'uffd_wp', page: 10, pages: 1, on: false }])).toBe('..............');
    expect(dirty([...cleared, advise(10, 4, 'DONTNEED'), touch(10, 'read', 4)])).toBe('..............');
  });

  it.each(ALL)('%s: cleared pages stay clear in a fork child', (profile) => {
    const step = last([...cleared, fork], { profile, softDirty: true });
    expect(step.child?.sd).toBe('0000000000000000');
  });
});

describe('H: fault-around', () => {
  const ops: Op[] = [
    map(10, 4, { backing: 'file0', pgoff: 10 }),
    touch(10, 'read'),
    register(10, 4),
    { op: 'uffd_wp', page: 10, pages: 4, on: true },
    touch(12, 'write'),
  ];

  it('of 16 pages makes F out of . before a WRITEPROTECT; without it a write turns W into a page of its own, with the bit', () => {
    const wide = last(ops, { faultAroundPages: 16 });
    expect([wide.res, pagesOf(wide, 10, 14)]).toEqual(['SIGBUS', 'FFFF']);
    const off = last(ops, { faultAroundPages: 1 });
    expect([off.res, pagesOf(off, 10, 14)]).toEqual(['SIGBUS', 'FWAW']);
  });
});
