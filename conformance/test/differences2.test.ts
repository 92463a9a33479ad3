import type { Op } from 'fork-sim';
import { describe, expect, it } from 'vitest';
import { difference, last, pagesOf, results, story } from './support/story.ts';

// DIFFS2.md, A: what differs between two neighbouring kernels, in its numbers, each with the field of the profile it rests on
// and its shortest example. Left the older kernel, right the newer. After `wp`: a `w` for each page with a write-protect bit.

const map = (page: number, pages: number, more: object = {}): Op => ({ op: 'mmap', page, pages, prot: 'rw', ...more });
const register = (page: number, pages: number, more: object = {}): Op =>
  ({ op: 'uffd_register', page, pages, mode: 'wp', ...more }) as Op;
const protect = (page: number, pages: number): Op => ({ op: 'uffd_wp', page, pages, on: true });
const move = (page: number, pages: number, newPage: number, more: object = {}): Op => ({
  op: 'mremap',
  page,
  pages,
  newPages: pages,
  newPage,
  ...more,
});

describe('DIFFS2 A1, 6.12 -> 6.16: DONTNEED of a whole 2 MiB frees its PTE table (dontneedFreesPteTables)', () => {
  const big = { span: 2048, windows: [['first', 0, 2] as const] };
  const touched = [
    map(0, 1024),
    { op: 'touch', page: 0, access: 'write' },
    { op: 'touch', page: 600, access: 'write' },
  ] as const;
  const dontneed = (page: number, pages: number, advice: 'DONTNEED' | 'DONTNEED_LOCKED' = 'DONTNEED'): Op => ({
    op: 'madvise',
    page,
    pages,
    advice,
  });

  it('a whole region goes, inside one VMA', () => {
    expect(
      difference(['dontneedFreesPteTables'], ['6.12', '6.16'], [...touched, dontneed(0, 512)], big),
    ).toMatchInlineSnapshot(`
      "
      6.12                                          |  6.16
      mmap 0+1024 rw = ok at 0     [0,1024)  0 kB   |  mmap 0+1024 rw = ok at 0     [0,1024)  0 kB
      touch 0 write = ok           [0,1024)  12 kB  |  touch 0 write = ok           [0,1024)  12 kB
      touch 600 write = ok         [0,1024)  16 kB  |  touch 600 write = ok         [0,1024)  16 kB
      madvise 0+512 DONTNEED = ok  [0,1024)  16 kB  |  madvise 0+512 DONTNEED = ok  [0,1024)  12 kB
        A [0,1024) rw-p anon  rd wr mr mw me ac     |    A [0,1024) rw-p anon  rd wr mr mw me ac
      "
    `);
  });

  it.each([
    ['DONTNEED_LOCKED too', [dontneed(0, 512, 'DONTNEED_LOCKED')], 12],
    ['each whole region inside a longer range', [dontneed(0, 1024)], 8],
    ['not 511 of 512 pages', [dontneed(0, 511)], 16],
    [
      'not where two VMAs share the table',
      [{ op: 'mprotect', page: 100, pages: 924, prot: 'r' }, dontneed(0, 512)],
      16,
    ],
    [
      'not with a guard left in it',
      [{ op: 'madvise', page: 7, pages: 1, advice: 'GUARD_INSTALL' }, dontneed(0, 512)],
      16,
    ],
    [
      'not GUARD_INSTALL itself, nor GUARD_REMOVE',
      [
        { op: 'madvise', page: 0, pages: 512, advice: 'GUARD_INSTALL' },
        { op: 'madvise', page: 0, pages: 512, advice: 'GUARD_REMOVE' },
      ],
      16,
    ],
  ] as const)('%s', (_name, ops, kB) => {
    expect(last([...touched, ...ops], { ...big, profile: '6.19' }).pt).toBe(kB);
  });

  it('not with a write-protect marker left in it', () => {
    const file = [map(0, 1024, { shared: true }), register(0, 1024), protect(3, 1), dontneed(0, 512)];
    expect(last(file, { ...big, profile: '6.19' }).pt).toBe(12);
  });
});

describe('DIFFS2 A2, 6.16 -> 6.18: UNREGISTER through another userfaultfd is EINVAL (uffdForeignUnregisterRefused)', () => {
  const ops: Op[] = [map(10, 4), register(10, 4), { op: 'uffd_unregister', page: 10, pages: 4, uffd: 1 }];

  it('nothing is done; before, it unregistered what was there', () => {
    expect(difference(['uffdForeignUnregisterRefused'], ['6.16', '6.18'], ops)).toMatchInlineSnapshot(`
      "
      6.16                                                |  6.18
      mmap 10+4 rw = ok at 10           AAAA  ....  0 kB  |  mmap 10+4 rw = ok at 10               AAAA  ....  0 kB
      uffd_register 10+4 wp = ok        AAAA  ....  0 kB  |  uffd_register 10+4 wp = ok            AAAA  ....  0 kB
      uffd_unregister 10+4 uffd 1 = ok  AAAA  ....  0 kB  |  uffd_unregister 10+4 uffd 1 = EINVAL  AAAA  ....  0 kB
        A [10,14) rw-p anon  rd wr mr mw me ac            |    A [10,14) rw-p anon  rd wr mr mw me uw ac
      "
    `);
  });

  it.each(['6.12', '6.16', '6.18', '6.19', '7.3'])('%s: WRITEPROTECT through another one works', (profile) => {
    const foreign: Op[] = [
      map(10, 4, { shared: true }),
      register(10, 4),
      { op: 'uffd_wp', page: 10, pages: 2, on: true, uffd: 1 },
    ];
    expect(last(foreign, { profile })).toMatchObject({ res: 'ok', wp: '0000000000000c00' });
  });
});

describe('DIFFS2 A3, 6.16 -> 6.18: MAP_DROPPABLE cannot be registered (uffdDroppableRefused)', () => {
  it('EINVAL, in a mixed range too', () => {
    const ops = [map(10, 2), map(12, 2, { droppable: true }), register(10, 4)];
    expect(difference(['uffdDroppableRefused'], ['6.16', '6.18'], ops)).toMatchInlineSnapshot(`
      "
      6.16                                                  |  6.18
      mmap 10+2 rw = ok at 10            AA  ..  0 kB       |  mmap 10+2 rw = ok at 10            AA  ..  0 kB
      mmap 12+2 rw droppable = ok at 12  AABB  ....  0 kB   |  mmap 12+2 rw droppable = ok at 12  AABB  ....  0 kB
      uffd_register 10+4 wp = ok         AABB  ....  0 kB   |  uffd_register 10+4 wp = EINVAL     AABB  ....  0 kB
        A [10,12) rw-p anon  rd wr mr mw me uw ac           |    A [10,12) rw-p anon  rd wr mr mw me ac
        B [12,14) rw-p anon  rd wr mr mw me uw nr wf dd dp  |    B [12,14) rw-p anon  rd wr mr mw me nr wf dd dp
      "
    `);
  });
});

describe('DIFFS2 A4, 6.19 -> 7.3: moving a registered VMA unregisters its neighbour (uffdMoveUnregistersNeighbour)', () => {
  const ops = [
    map(10, 4),
    map(20, 4),
    register(10, 4),
    register(20, 4),
    { op: 'touch', page: 10, access: 'write', pages: 2 } as const,
    protect(10, 4),
    move(20, 4, 14),
  ];

  it('up to 6.19 the copy merges first, and the merged VMA is unregistered whole; its bits stay', () => {
    expect(difference(['uffdMoveUnregistersNeighbour'], ['6.19', '7.3'], ops)).toMatchInlineSnapshot(`
      "
      6.19                                                                          |  7.3
      mmap 10+4 rw = ok at 10         AAAA  ....  0 kB                              |  mmap 10+4 rw = ok at 10         AAAA  ....  0 kB
      mmap 20+4 rw = ok at 20         AAAA      BBBB  ....      ....  0 kB          |  mmap 20+4 rw = ok at 20         AAAA      BBBB  ....      ....  0 kB
      uffd_register 10+4 wp = ok      AAAA      BBBB  ....      ....  0 kB          |  uffd_register 10+4 wp = ok      AAAA      BBBB  ....      ....  0 kB
      uffd_register 20+4 wp = ok      AAAA      BBBB  ....      ....  0 kB          |  uffd_register 20+4 wp = ok      AAAA      BBBB  ....      ....  0 kB
      touch 10+2 write = ok           AAAA      BBBB  AA..      ....  12 kB         |  touch 10+2 write = ok           AAAA      BBBB  AA..      ....  12 kB
      uffd_wp 10+4 on = ok            AAAA      BBBB  AA..      ....  wp ww  12 kB  |  uffd_wp 10+4 on = ok            AAAA      BBBB  AA..      ....  wp ww  12 kB
      mremap 20+4 -> 14+4 = ok at 14  AAAAAAAA  AA......  wp ww  12 kB              |  mremap 20+4 -> 14+4 = ok at 14  AAAABBBB  AA......  wp ww  12 kB
        A [10,18) rw-p anon  rd wr mr mw me ac                                      |    A [10,14) rw-p anon  rd wr mr mw me uw ac
                                                                                    |    B [14,18) rw-p anon  rd wr mr mw me ac
      "
    `);
  });

  it('no ioctl can clear what is left there, and a child does not get it', () => {
    expect(story([...ops, { op: 'uffd_wp', page: 10, pages: 4, on: false }, { op: 'fork' }])).toMatchInlineSnapshot(`
      "
      mmap 10+4 rw = ok at 10         AAAA  ....  0 kB
      mmap 20+4 rw = ok at 20         AAAA      BBBB  ....      ....  0 kB
      uffd_register 10+4 wp = ok      AAAA      BBBB  ....      ....  0 kB
      uffd_register 20+4 wp = ok      AAAA      BBBB  ....      ....  0 kB
      touch 10+2 write = ok           AAAA      BBBB  AA..      ....  12 kB
      uffd_wp 10+4 on = ok            AAAA      BBBB  AA..      ....  wp ww  12 kB
      mremap 20+4 -> 14+4 = ok at 14  AAAAAAAA  AA......  wp ww  12 kB
      uffd_wp 10+4 on false = ENOENT  AAAAAAAA  AA......  wp ww  12 kB
      fork = ok                       AAAAAAAA  aa......  wp ww  12 kB
        child                         AAAAAAAA  aa......  12 kB
        A [10,18) rw-p anon  rd wr mr mw me ac
      child
        A [10,18) rw-p anon  rd wr mr mw me ac
      "
    `);
  });
});

describe('DIFFS2 A5, 6.19 -> 7.3: registering again without write-protection is EBUSY (uffdModeLossRefused)', () => {
  it('before, wp -> missing drops uw', () => {
    expect(
      difference(
        ['uffdModeLossRefused'],
        ['6.19', '7.3'],
        [map(10, 4), register(10, 4), register(10, 4, { mode: 'missing' })],
      ),
    ).toMatchInlineSnapshot(`
      "
      6.19                                               |  7.3
      mmap 10+4 rw = ok at 10          AAAA  ....  0 kB  |  mmap 10+4 rw = ok at 10             AAAA  ....  0 kB
      uffd_register 10+4 wp = ok       AAAA  ....  0 kB  |  uffd_register 10+4 wp = ok          AAAA  ....  0 kB
      uffd_register 10+4 missing = ok  AAAA  ....  0 kB  |  uffd_register 10+4 missing = EBUSY  AAAA  ....  0 kB
        A [10,14) rw-p anon  rd wr mr mw me um ac        |    A [10,14) rw-p anon  rd wr mr mw me uw ac
      "
    `);
  });

  it('a mode that is contained changes nothing up to 6.19; on 7.3 only wp over um+uw', () => {
    const both = [map(10, 4), register(10, 4, { mode: 'wp+missing' })];
    for (const [profile, missing] of [
      ['6.19', 'ok'],
      ['7.3', 'EBUSY'],
    ] as const) {
      expect(last([...both, register(10, 4)], { profile })).toMatchObject({
        res: 'ok',
        vmas: [[10, 14, 'rw-p', 0, 'anon', 'rd wr mr mw me um uw ac']],
      });
      expect(last([...both, register(10, 4, { mode: 'missing' })], { profile })).toMatchObject({
        res: missing,
        vmas: [[10, 14, 'rw-p', 0, 'anon', 'rd wr mr mw me um uw ac']],
      });
    }
  });
});

describe('DIFFS2 A6, 6.19 -> 7.3: mremap at max_map_count (mremapRoom)', () => {
  const room = (slack: number, op: Op, profile: string): string =>
    last([map(10, 8), { op: 'fill_maps', slack }, op], { profile }).res;
  const grow: Op = { op: 'mremap', page: 10, pages: 8, newPages: 10 };
  const shrink: Op = { op: 'mremap', page: 10, pages: 4, newPages: 2 };

  it.each([
    { what: 'a move', op: move(10, 8, 30), least: { '6.12': 6, '6.19': 6, '7.3': 4 } },
    { what: 'DONTUNMAP', op: move(10, 8, 30, { dontUnmap: true }), least: { '6.12': 6, '6.19': 6, '7.3': 5 } },
    { what: 'growing at the end of a VMA', op: grow, least: { '6.12': -1, '6.19': -1, '7.3': 4 } },
    { what: 'shrinking in its middle', op: shrink, least: { '6.12': 1, '6.19': 1, '7.3': 4 } },
  ])('$what needs slack $least', ({ op, least }) => {
    for (const [profile, needed] of Object.entries(least)) {
      expect(room(needed, op, profile), `${profile} with ${needed}`).toBe('ok');
      if (needed >= 0) expect(room(needed - 1, op, profile), `${profile} with ${needed - 1}`).toBe('ENOMEM');
    }
  });
});

describe('DIFFS2 A7, 7.3: read-write protection (uffdRwp)', () => {
  const rwp = { mode: 'rwp', rwp: true };
  const on: Op = { op: 'uffd_rwp', page: 10, pages: 4, on: true };

  it('flag ur, bit 57; reads and writes are SIGBUS; no markers in empty entries; EINVAL elsewhere', () => {
    const ops: Op[] = [
      map(10, 4),
      { op: 'touch', page: 10, access: 'write', pages: 2 },
      register(10, 4, rwp),
      on,
      { op: 'touch', page: 10, access: 'read' },
      { op: 'touch', page: 11, access: 'write' },
    ];
    expect(difference(['uffdRwp', 'copyOnFork', 'needsCopyDst'], ['6.19', '7.3'], ops)).toMatchInlineSnapshot(`
      "
      6.19                                                    |  7.3
      mmap 10+4 rw = ok at 10              AAAA  ....  0 kB   |  mmap 10+4 rw = ok at 10          AAAA  ....  0 kB
      touch 10+2 write = ok                AAAA  AA..  12 kB  |  touch 10+2 write = ok            AAAA  AA..  12 kB
      uffd_register 10+4 rwp rwp = EINVAL  AAAA  AA..  12 kB  |  uffd_register 10+4 rwp rwp = ok  AAAA  AA..  12 kB
      uffd_rwp 10+4 on = EINVAL            AAAA  AA..  12 kB  |  uffd_rwp 10+4 on = ok            AAAA  AA..  wp ww  12 kB
      touch 10 read = ok 2                 AAAA  AA..  12 kB  |  touch 10 read = SIGBUS B         AAAA  AA..  wp ww  12 kB
      touch 11 write = ok                  AAAA  AA..  12 kB  |  touch 11 write = SIGBUS B        AAAA  AA..  wp ww  12 kB
        A [10,14) rw-p anon  rd wr mr mw me ac                |    A [10,14) rw-p anon  rd wr mr mw me ac ur
      "
    `);
  });

  it('it forks as write-protection does, for it is in VM_COPY_ON_FORK', () => {
    const ops: Op[] = [
      map(10, 4, { shared: true }),
      { op: 'touch', page: 10, access: 'write', pages: 2 },
      register(10, 4, { ...rwp, eventFork: true }),
      on,
      { op: 'fork' },
    ];
    expect(last(ops, { profile: '7.3' }).child).toMatchObject({ wp: '0000000000000c00', pt: 12 });
  });

  it('DONTNEED drops the bit even on files, so guards work there without livelock', () => {
    const ops: Op[] = [
      map(10, 4, { shared: true }),
      { op: 'touch', page: 10, access: 'write', pages: 2 },
      register(10, 4, rwp),
      on,
      { op: 'madvise', page: 10, pages: 1, advice: 'DONTNEED' },
      { op: 'madvise', page: 11, pages: 1, advice: 'GUARD_INSTALL' },
    ];
    const step = last(ops, { profile: '7.3' });
    expect([step.res, pagesOf(step, 10, 14), step.wp]).toEqual(['ok', '.G..', '0000000000000000']);
  });
});

describe('DIFFS2 A8, 6.19 -> 7.3: UFFDIO_COPY past the end of a file (uffdCopyEndFirst)', () => {
  it('ENOMEM, before EFAULT', () => {
    const ops: Op[] = [
      map(10, 4, { backing: 'file0', pgoff: 254, shared: true }),
      register(10, 4, { mode: 'missing' }),
      { op: 'uffd_copy', page: 12, pages: 1 },
    ];
    for (const [profile, res] of [
      ['6.19', 'EFAULT'],
      ['7.3', 'ENOMEM'],
    ] as const)
      expect(results(ops, { profile })).toEqual(['ok', 'ok', res]);
    expect(difference(['uffdCopyEndFirst'], ['6.19', '7.3'], ops)).toMatchInlineSnapshot(`
      "
      6.19                                                         |  7.3
      mmap 10+4 rw file0@254 shared = ok at 10  AAAA  ....  0 kB   |  mmap 10+4 rw file0@254 shared = ok at 10  AAAA  ....  0 kB
      uffd_register 10+4 missing = ok           AAAA  ....  0 kB   |  uffd_register 10+4 missing = ok           AAAA  ....  0 kB
      uffd_copy 12+1 = EFAULT                   AAAA  ....  12 kB  |  uffd_copy 12+1 = ENOMEM                   AAAA  ....  12 kB
        A [10,14) rw-s file0@254  rd wr sh mr mw me ms um          |    A [10,14) rw-s file0@254  rd wr sh mr mw me ms um
      "
    `);
  });
});
