import { describe, expect, it } from 'vitest';
import { advise, fork, guard, map, move, register, touch, unmap, wp } from '../support/ops.ts';
import { last, pagesOf } from '../support/story.ts';

// DIFFS2.md, C: page tables (`pt`). 2 MiB = page 512, 1 GiB = page 262,144, 512 GiB = page 134,217,728.
const ALL = ['6.12', '6.16', '6.18', '6.19', '7.3'];
const GIB = 262_144;
const far = { span: 134_221_824, windows: [['first', 0, 2] as const] };

function kB(ops: Parameters<typeof last>[0], profile = '6.19'): number | undefined {
  return last(ops, { ...far, profile }).pt;
}

function childKb(ops: Parameters<typeof last>[0], profile = '6.19'): number | undefined {
  return last([...ops, fork], { ...far, profile }).child?.pt;
}

describe('a guard costs its table', () => {
  it('a first one the PTE, PMD and PUD table; one in the next 2 MiB a PTE table; the next GiB a PMD table too', () => {
    const area = map(0, GIB + 512);
    expect([kB([area, guard(5)]), kB([area, guard(5), guard(600)]), kB([area, guard(5), guard(GIB)])]).toEqual([
      12, 16, 20,
    ]);
  });

  it('1 GiB of guards: 2,056 kB, and GUARD_REMOVE frees nothing', () => {
    const all = [map(0, GIB), guard(0, GIB)];
    expect([kB(all), kB([...all, advise(0, GIB, 'GUARD_REMOVE')])]).toEqual([2056, 2056]);
  });
});

describe('fork copies the structure', () => {
  it.each(ALL)('%s: with an anon_vma, tables that are allocated and empty come to the child too', (profile) => {
    const ops = [map(0, 1024), touch(0, 'write'), touch(600, 'write'), advise(600, 1, 'DONTNEED')];
    expect([kB(ops, profile), childKb(ops, profile)]).toEqual([16, 16]);
  });

  it.each(ALL)('%s: pages that were only read, in a VMA without an anon_vma: nothing', (profile) => {
    expect(childKb([map(0, 1024), touch(0, 'read'), touch(600, 'read')], profile)).toBe(0);
  });

  it('with gu or uw likewise', () => {
    expect(childKb([map(0, 1024, { shared: true }), touch(600, 'write'), guard(0), advise(0, 1, 'GUARD_REMOVE')])).toBe(
      16,
    );
    expect(childKb([map(0, 1024, { shared: true }), touch(600, 'write'), register(0, 1024, { eventFork: true })])).toBe(
      12,
    );
  });
});

describe('munmap frees the tables between the neighbours', () => {
  it.each(ALL)(
    '%s: an untouched neighbour in the same 2 MiB keeps the table, and it goes with the last VMA there',
    (profile) => {
      const ops = [map(0, 4), map(100, 4, { prot: 'r' }), touch(0, 'write'), unmap(0, 4)];
      expect([kB(ops, profile), kB([...ops, unmap(100, 4)], profile)]).toEqual([12, 0]);
    },
  );

  it.each(ALL)('%s: a PTE table goes although a neighbour keeps the PMD table', (profile) => {
    const ops = [map(0, 512), map(512, 512, { prot: 'r' }), touch(0, 'write'), touch(512, 'read')];
    expect([kB(ops, profile), kB([...ops, unmap(0, 512)], profile)]).toEqual([16, 12]);
  });

  it('across 1 GiB and 512 GiB the upper tables go alike', () => {
    const ends = [map(GIB - 4, 8), touch(GIB - 1, 'write', 2)];
    expect([kB(ends), kB([...ends, unmap(GIB, 4)]), kB([...ends, unmap(GIB - 4, 8)])]).toEqual([20, 12, 0]);
    const top = 134_217_728;
    const puds = [map(top - 4, 8), touch(top - 1, 'write', 2)];
    expect([kB(puds), kB([...puds, unmap(top, 4)]), kB([...puds, unmap(top - 4, 8)])]).toEqual([24, 12, 0]);
  });
});

describe('mremap', () => {
  it.each(ALL)('%s: an aligned 2 MiB moves as a whole table', (profile) => {
    const ops = [map(0, 512), touch(0, 'write'), touch(511, 'write'), move(0, 512, 1024)];
    expect(kB(ops, profile)).toBe(12);
  });

  it.each(ALL)('%s: two tables moved by 8 pages become three', (profile) => {
    const ops = [map(0, 1024), touch(0, 'write'), touch(600, 'write'), move(0, 1024, 2056)];
    expect([kB(ops.slice(0, 3), profile), kB(ops, profile)]).toEqual([16, 20]);
  });

  it.each(ALL)('%s: DONTUNMAP moves the table; the source gets a new one at the next touch', (profile) => {
    const ops = [map(0, 512), touch(0, 'write'), move(0, 512, 1024, { dontUnmap: true })];
    expect([kB(ops, profile), kB([...ops, touch(0, 'write')], profile)]).toEqual([12, 16]);
  });

  it.each(ALL)('%s: moving an untouched VMA allocates nothing', (profile) => {
    expect(kB([map(0, 1024), move(0, 1024, 2056)], profile)).toBe(0);
  });

  it('a registered range loses its bits in a whole-table move as well', () => {
    const ops = [map(0, 512), touch(0, 'write', 2), register(0, 512), wp(0, 2), move(0, 512, 1024)];
    const state = last(ops, { span: 2048, windows: [['w', 1024, 4]] });
    expect([state.pages, state.wp, state.pt]).toEqual([{ w: 'AA..' }, { w: '0' }, 12]);
    expect(pagesOf(state, 0, 1)).toBe('');
  });
});
