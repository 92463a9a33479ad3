import { describe, expect, it } from 'vitest';
import {
  advise,
  fork,
  forkChild,
  guard,
  map,
  move,
  mprotect,
  register,
  touch,
  unmap,
  unregister,
  wp,
} from '../support/ops.ts';
import { last, pagesOf, results, story } from '../support/story.ts';

// DIFFS2.md, B: userfaultfd, what to model. The same on all six kernels where nothing else is said.
const ALL = ['6.12', '6.16', '6.18', '6.19', '7.3'];
const WITH_GUARDS = ALL.slice(1);
const shared = { shared: true };
const SHM = [map(10, 4, shared), touch(10, 'write', 2)] as const;

/** The write-protect bits of pages 10 to 13, as `w` and `.`. */
function bits(state: { readonly wp?: unknown } | undefined): string {
  const mask = Number.parseInt(String(state?.wp as string), 16);
  return [10, 11, 12, 13].map((page) => (Math.floor(mask / 2 ** page) % 2 === 1 ? 'w' : '.')).join('');
}

describe('fork', () => {
  it('without EVENT_FORK the child loses uw, every bit and every marker, and its pieces stay unmerged until the next call', () => {
    const ops = [
      map(10, 4, shared),
      touch(10, 'write', 2),
      register(10, 3),
      wp(10, 3),
      forkChild,
      mprotect(10, 4, 'rw'),
      mprotect(10, 4, 'r'),
    ];
    expect(story(ops)).toMatchInlineSnapshot(`
      "
      mmap 10+4 rw shared = ok at 10  AAAA  ....  0 kB
      touch 10+2 write = ok           AAAA  FF..  12 kB
      uffd_register 10+3 wp = ok      AAAB  FF..  12 kB
      uffd_wp 10+3 on = ok            AAAB  FFW.  wp www  12 kB
      fork child = ok                 AAAB  FFW.  wp www  12 kB
        child                         AAAB  ....  0 kB
      mprotect 10+4 rw = ok           AAAB  ....  0 kB
      mprotect 10+4 r = ok            AAAA  ....  0 kB
        A [10,14) r--s shm0@0  rd sh mr mw me ms
      "
    `);
  });

  it('with EVENT_FORK the child keeps flags, bits and markers, under a context of its own', () => {
    const ops = [...SHM, register(10, 4, { eventFork: true }), wp(10, 4), forkChild, wp(10, 1, false)];
    expect(story(ops)).toMatchInlineSnapshot(`
      "
      mmap 10+4 rw shared = ok at 10        AAAA  ....  0 kB
      touch 10+2 write = ok                 AAAA  FF..  12 kB
      uffd_register 10+4 wp eventFork = ok  AAAA  FF..  12 kB
      uffd_wp 10+4 on = ok                  AAAA  FFWW  wp wwww  12 kB
      fork child = ok                       AAAA  ffWW  wp wwww  12 kB
        child                               AAAA  ffWW  wp wwww  12 kB
      uffd_wp 10+1 on false = ok            AAAA  ffWW  wp  www  12 kB
        A [10,14) rw-s shm0@0  rd wr sh mr mw me ms uw
      "
    `);
  });

  it.each(ALL)(
    "%s: vma_needs_copy sees the child's flags: shared memory is copied only while the child is still uw",
    (profile) => {
      const child = (...ops: Parameters<typeof last>[0]): number | undefined =>
        last([...SHM, ...ops, fork], { profile }).child?.pt;
      expect(child(register(10, 4, { eventFork: true }))).toBe(12);
      expect(child(register(10, 4))).toBe(0);
      expect(child(register(10, 4, { eventFork: true, mode: 'missing' }))).toBe(0);
      expect(child(register(10, 4, { eventFork: true }), unregister(10, 4))).toBe(0);
      expect(child()).toBe(0);
    },
  );

  it.each(ALL)('%s: so is anonymous memory that was only read', (profile) => {
    const ops = [map(10, 4), touch(10, 'read', 2)];
    expect(last([...ops, register(10, 4, { eventFork: true }), fork], { profile }).child?.pt).toBe(12);
    expect(last([...ops, register(10, 4), fork], { profile }).child?.pt).toBe(0);
  });

  it('DONTFORK: no VMA; WIPEONFORK: uw in the child, but no pages and no bits', () => {
    const area = [map(10, 4), touch(10, 'write', 2), register(10, 4, { eventFork: true }), wp(10, 4)];
    expect(last([...area, advise(10, 4, 'DONTFORK'), fork]).child?.vmas).toEqual([]);
    const wiped = last([...area, advise(10, 4, 'WIPEONFORK'), fork]).child;
    expect(wiped).toMatchObject({ vmas: [[10, 14, 'rw-p', 0, 'anon', 'rd wr mr mw me uw ac wf']], pt: 0 });
    expect([pagesOf(wiped, 10, 14), bits(wiped)]).toEqual(['....', '....']);
  });
});

describe('WRITEPROTECT on empty entries', () => {
  it.each([
    ['shared memory: markers', map(10, 4, shared), {}, 'WWWW', 12],
    ['a private file: markers', map(10, 4, { backing: 'file0' }), {}, 'WWWW', 12],
    ['anonymous memory: nothing', map(10, 4), {}, '....', 0],
    ['anonymous memory with WP_UNPOPULATED: markers', map(10, 4), { unpopulated: true }, 'WWWW', 12],
    ['anonymous memory with WP_ASYNC: markers', map(10, 4), { async: true }, 'WWWW', 12],
  ] as const)('%s', (_name, area, features, pages, kB) => {
    const state = last([area, register(10, 4, features), wp(10, 4)]);
    expect([pagesOf(state, 10, 14), state.pt]).toEqual([pages, kB]);
  });

  it('a marker makes no anon_vma: fork copies nothing for it', () => {
    const ops = [map(10, 4, { backing: 'file0' }), register(10, 4), wp(10, 4), unregister(10, 4), fork];
    expect(last(ops).child?.pt).toBe(0);
  });
});

describe('zap, read and write', () => {
  it.each(ALL)(
    '%s: DONTNEED leaves a marker for a protected page of a file or shared memory, and none for anonymous memory',
    (profile) => {
      const zapped = (area: ReturnType<typeof map>): string =>
        pagesOf(
          last([area, touch(10, 'write', 2), register(10, 4), wp(10, 3), advise(10, 4, 'DONTNEED')], { profile }),
          10,
          14,
        );
      expect(zapped(map(10, 4, shared))).toBe('WWW.');
      expect(zapped(map(10, 4, { backing: 'file0' }))).toBe('WWW.');
      expect(zapped(map(10, 4))).toBe('....');
    },
  );

  it('reading a W page maps it with the bit; writing it is a write-protect fault', () => {
    const ops = [
      map(10, 4, shared),
      register(10, 4),
      wp(10, 2),
      touch(10, 'read'),
      touch(11, 'write'),
      touch(12, 'write'),
    ];
    expect(story(ops)).toMatchInlineSnapshot(`
      "
      mmap 10+4 rw shared = ok at 10  AAAA  ....  0 kB
      uffd_register 10+4 wp = ok      AAAA  ....  0 kB
      uffd_wp 10+2 on = ok            AAAA  WW..  wp ww  12 kB
      touch 10+1 read = ok 0          AAAA  FW..  wp ww  12 kB
      touch 11+1 write = SIGBUS B     AAAA  FF..  wp ww  12 kB
      touch 12+1 write = ok           AAAA  FFF.  wp ww  12 kB
        A [10,14) rw-s shm0@0  rd wr sh mr mw me ms uw
      "
    `);
  });

  it.each(ALL)('%s: mprotect keeps the bits', (profile) => {
    const ops = [...SHM, register(10, 4), wp(10, 2), mprotect(10, 4, 'r'), mprotect(10, 4, 'rw'), touch(10, 'write')];
    const state = last(ops, { profile });
    expect([state.res, bits(state)]).toEqual(['SIGBUS', 'ww..']);
  });

  it.each(ALL)(
    '%s: kernel faults on protected pages: POPULATE_WRITE is EFAULT, mlock ENOMEM, and the VMA is lo all the same',
    (profile) => {
      const area = [map(10, 4), touch(10, 'write', 4), register(10, 4), wp(11, 1)];
      expect(last([...area, advise(10, 4, 'POPULATE_WRITE')], { profile }).res).toBe('EFAULT');
      const locked = last([...area, { op: 'mlock', page: 10, pages: 4 }], { profile });
      expect(locked).toMatchObject({ res: 'ENOMEM', vmas: [[10, 14, 'rw-p', 0, 'anon', 'rd wr mr mw me uw lo ac']] });
    },
  );

  it('a refused touch can still allocate the upper tables', () => {
    const ops = [map(10, 4, shared), register(10, 4, { mode: 'missing' }), touch(10, 'read')];
    expect(last(ops)).toMatchObject({ res: 'SIGBUS', pt: 8 });
  });
});

describe('guards', () => {
  it.each(WITH_GUARDS)(
    '%s: GUARD_INSTALL over a protected page of shared memory, or a marker, never returns',
    (profile) => {
      const page = last([...SHM, register(10, 4), wp(11, 1), guard(10, 4)], { profile });
      const marker = last([map(10, 4, { backing: 'file0' }), register(10, 4), wp(11, 1), guard(10, 4)], { profile });
      for (const state of [page, marker]) {
        expect(state.res).toBe('LIVELOCK');
        expect(pagesOf(state, 10, 14)).toMatch(/^GW/);
      }
    },
  );

  it.each(WITH_GUARDS)('%s: anonymous memory works, and the bit is gone', (profile) => {
    const state = last([map(10, 4), touch(10, 'write', 4), register(10, 4), wp(10, 4), guard(11, 2)], { profile });
    expect([state.res, pagesOf(state, 10, 14), bits(state)]).toEqual(['ok', 'AGGA', 'w..w']);
  });

  it.each(WITH_GUARDS)('%s: WRITEPROTECT skips guard markers; GUARD_REMOVE then leaves an empty entry', (profile) => {
    const ops = [map(10, 4, shared), register(10, 4), guard(11), wp(10, 4)];
    expect(pagesOf(last(ops, { profile }), 10, 14)).toBe('WGWW');
    expect(pagesOf(last([...ops, wp(10, 4, false)], { profile }), 10, 14)).toBe('.G..');
    expect(pagesOf(last([...ops, advise(10, 4, 'GUARD_REMOVE')], { profile }), 10, 14)).toBe('W.WW');
  });
});

describe('unregister, unmap, close', () => {
  it.each(ALL)('%s: UNREGISTER and close clear bits and markers and merge; tables stay', (profile) => {
    const area = [map(10, 4, shared), touch(10, 'write'), register(11, 2), wp(11, 2)];
    for (const end of [unregister(11, 2), { op: 'uffd_close' } as const]) {
      const state = last([...area, end], { profile });
      expect(state.vmas).toHaveLength(1);
      expect([pagesOf(state, 10, 14), bits(state), state.pt]).toEqual(['F...', '....', 12]);
    }
  });

  it('munmap and a new mmap: the new VMA is not registered', () => {
    const ops = [map(10, 4), register(10, 4), unmap(11, 2), map(11, 2)];
    expect(last(ops).vmas.map(([start, end, , , , flags]) => [start, end, flags.includes('uw')])).toEqual([
      [10, 11, true],
      [11, 13, false],
      [13, 14, true],
    ]);
  });
});

describe('mremap', () => {
  it('without EVENT_REMAP the copy is unregistered, its bits and markers dropped; with it both are kept', () => {
    const moved = (more: object): ReturnType<typeof last> =>
      last([...SHM, register(10, 4, more), wp(10, 3), move(10, 4, 20)]);
    expect(moved({})).toMatchObject({
      vmas: [[20, 24, 'rw-s', 0, 'shm0', 'rd wr sh mr mw me ms']],
      wp: '0000000000000000',
    });
    expect(pagesOf(moved({}), 20, 24)).toBe('FF..');
    const kept = moved({ eventRemap: true });
    expect(kept).toMatchObject({
      vmas: [[20, 24, 'rw-s', 0, 'shm0', 'rd wr sh mr mw me ms uw']],
      wp: '0000000000700000',
    });
    expect(pagesOf(kept, 20, 24)).toBe('FFW.');
  });

  it('DONTUNMAP keeps the source registered; growth in place stays registered', () => {
    const [source] = last([map(10, 4), register(10, 4), move(10, 4, 20, { dontUnmap: true })]).vmas;
    expect(source).toEqual([10, 14, 'rw-p', 0, 'anon', 'rd wr mr mw me uw ac']);
    const [grown] = last([map(10, 4), register(10, 4), { op: 'mremap', page: 10, pages: 4, newPages: 6 }]).vmas;
    expect(grown).toEqual([10, 16, 'rw-p', 0, 'anon', 'rd wr mr mw me uw ac']);
  });
});

describe('register', () => {
  it('different userfaultfds or modes never merge; register and unregister cut and merge as madvise does', () => {
    const ops = [
      map(10, 6),
      register(10, 2),
      register(12, 2, { uffd: 1 }),
      register(14, 2, { mode: 'wp+missing' }),
      unregister(10, 2),
      unregister(14, 2),
      { op: 'uffd_unregister', page: 12, pages: 2, uffd: 1 } as const,
    ];
    expect(story(ops)).toMatchInlineSnapshot(`
      "
      mmap 10+6 rw = ok at 10             AAAAAA  ......  0 kB
      uffd_register 10+2 wp = ok          AABBBB  ......  0 kB
      uffd_register 12+2 wp uffd 1 = ok   AABBCC  ......  0 kB
      uffd_register 14+2 wp+missing = ok  AABBCC  ......  0 kB
      uffd_unregister 10+2 = ok           AABBCC  ......  0 kB
      uffd_unregister 14+2 = ok           AABBCC  ......  0 kB
      uffd_unregister 12+2 uffd 1 = ok    AAAAAA  ......  0 kB
        A [10,16) rw-p anon  rd wr mr mw me ac
      "
    `);
  });

  it.each(ALL)(
    '%s: holes are passed over; EINVAL only where there is no VMA; EBUSY and EINVAL look at all VMAs first',
    (profile) => {
      const two = [map(10, 2), map(13, 2)];
      expect(last([...two, register(9, 7)], { profile })).toMatchObject({
        res: 'ok',
        vmas: [
          [10, 12],
          [13, 15],
        ].map((range) => expect.arrayContaining(range)),
      });
      expect(last([...two, register(20, 2)], { profile }).res).toBe('EINVAL');
      const busy = [...two, register(13, 2, { uffd: 1 }), register(10, 5)];
      expect(results(busy, { profile })).toEqual(['ok', 'ok', 'ok', 'EBUSY']);
      expect(last(busy, { profile }).vmas[0]?.[5]).not.toContain('uw');
      const sysv = map(13, 2, { backing: 'sysv', shared: true });
      expect(last([map(10, 2), sysv, register(10, 5)], { profile })).toMatchObject({ res: 'EINVAL' });
    },
  );

  it.each(ALL)('%s: mseal does not stop it', (profile) => {
    expect(results([map(10, 2), { op: 'mseal', page: 10, pages: 2 }, register(10, 2)], { profile })).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
  });
});
