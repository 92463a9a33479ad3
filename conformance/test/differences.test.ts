import { describe, expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { difference, last, pagesOf, steps } from './support/story.ts';

// DIFFS.md: what differs between two neighbouring kernels, in its order and numbers, each with the field of the profile it
// rests on and its shortest example. Left the older kernel, right the newer.

describe('DIFFS 6.12 -> 6.16', () => {
  it('1: guards do not exist on 6.12 (guards)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 8, prot: 'rw' },
      { op: 'madvise', page: 12, pages: 1, advice: 'GUARD_INSTALL' },
    ] as const;
    expect(difference(['guards'], ['6.12', '6.16'], ops)).toMatchInlineSnapshot(`
      "
      6.12                                                           |  6.16
      mmap 10+8 rw = ok at 10              AAAAAAAA  ........  0 kB  |  mmap 10+8 rw = ok at 10          AAAAAAAA  ........  0 kB
      madvise 12+1 GUARD_INSTALL = EINVAL  AAAAAAAA  ........  0 kB  |  madvise 12+1 GUARD_INSTALL = ok  AAAAAAAA  ..G.....  12 kB
        A [10,18) rw-p anon  rd wr mr mw me ac                       |    A [10,18) rw-p anon  rd wr mr mw me ac
      "
    `);
  });

  it('2: a faulted middle next to unfaulted neighbours does not merge on 6.12 (mergeFaultedIntoUnfaulted)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 12, prot: 'rw' },
      { op: 'mlock', page: 14, pages: 4 },
      { op: 'munlock', page: 14, pages: 4 },
    ] as const;
    expect(difference(['mergeFaultedIntoUnfaulted'], ['6.12', '6.16'], ops)).toMatchInlineSnapshot(`
      "
      6.12                                                         |  6.16
      mmap 10+12 rw = ok at 10  AAAAAAAAAAAA  ............  0 kB   |  mmap 10+12 rw = ok at 10  AAAAAAAAAAAA  ............  0 kB
      mlock 14+4 = ok           AAAABBBBCCCC  ....AAAA....  12 kB  |  mlock 14+4 = ok           AAAABBBBCCCC  ....AAAA....  12 kB
      munlock 14+4 = ok         AAAABBBBCCCC  ....AAAA....  12 kB  |  munlock 14+4 = ok         AAAAAAAAAAAA  ....AAAA....  12 kB
        A [10,14) rw-p anon  rd wr mr mw me ac                     |    A [10,22) rw-p anon  rd wr mr mw me ac
        B [14,18) rw-p anon  rd wr mr mw me ac                     |
        C [18,22) rw-p anon  rd wr mr mw me ac                     |
      "
    `);
  });

  it('3: a faulted range moved next to an unfaulted VMA does not merge on 6.12 (mergeFaultedIntoUnfaulted)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 4, prot: 'rw', backing: 'file0', pgoff: 0 },
      { op: 'mmap', page: 40, pages: 4, prot: 'rw', backing: 'file0', pgoff: 4 },
      { op: 'touch', page: 40, access: 'write' },
      { op: 'mremap', page: 40, pages: 4, newPages: 4, newPage: 14 },
    ] as const;
    expect(difference(['mergeFaultedIntoUnfaulted'], ['6.12', '6.16'], ops)).toMatchInlineSnapshot(`
      "
      6.12                                                                                                            |  6.16
      mmap 10+4 rw file0@0 = ok at 10  AAAA  ....  0 kB                                                               |  mmap 10+4 rw file0@0 = ok at 10  AAAA  ....  0 kB
      mmap 40+4 rw file0@4 = ok at 40  AAAA                          BBBB  ....                          ....  0 kB   |  mmap 40+4 rw file0@4 = ok at 40  AAAA                          BBBB  ....                          ....  0 kB
      touch 40 write = ok              AAAA                          BBBB  ....                          A...  12 kB  |  touch 40 write = ok              AAAA                          BBBB  ....                          A...  12 kB
      mremap 40+4 -> 14+4 = ok at 14   AAAABBBB  ....A...  12 kB                                                      |  mremap 40+4 -> 14+4 = ok at 14   AAAAAAAA  ....A...  12 kB
        A [10,14) rw-p file0@0  rd wr mr mw me ac                                                                     |    A [10,18) rw-p file0@0  rd wr mr mw me ac
        B [14,18) rw-p file0@4  rd wr mr mw me ac                                                                     |
      "
    `);
  });

  it('4: the source of MREMAP_DONTUNMAP loses VM_ACCOUNT on 6.16 (dontUnmapDropsAccount)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 4, prot: 'rw' },
      { op: 'touch', page: 10, access: 'write' },
      { op: 'mremap', page: 10, pages: 4, newPages: 4, newPage: 40, dontUnmap: true },
      { op: 'mmap', page: 14, pages: 4, prot: 'rw' },
    ] as const;
    expect(difference(['dontUnmapDropsAccount'], ['6.12', '6.16'], ops)).toMatchInlineSnapshot(`
      "
      6.12                                                                                                                     |  6.16
      mmap 10+4 rw = ok at 10                   AAAA  ....  0 kB                                                               |  mmap 10+4 rw = ok at 10                   AAAA  ....  0 kB
      touch 10 write = ok                       AAAA  A...  12 kB                                                              |  touch 10 write = ok                       AAAA  A...  12 kB
      mremap 10+4 -> 40+4 dontUnmap = ok at 40  AAAA                          BBBB  ....                          A...  12 kB  |  mremap 10+4 -> 40+4 dontUnmap = ok at 40  AAAA                          BBBB  ....                          A...  12 kB
      mmap 14+4 rw = ok at 14                   AAAAAAAA                      BBBB  ........                      A...  12 kB  |  mmap 14+4 rw = ok at 14                   AAAABBBB                      CCCC  ........                      A...  12 kB
        A [10,18) rw-p anon  rd wr mr mw me ac                                                                                 |    A [10,14) rw-p anon  rd wr mr mw me
        B [40,44) rw-p anon  rd wr mr mw me ac                                                                                 |    B [14,18) rw-p anon  rd wr mr mw me ac
                                                                                                                               |    C [40,44) rw-p anon  rd wr mr mw me ac
      "
    `);
  });
});

describe('DIFFS 6.16 -> 6.18', () => {
  it('1: a move over several VMAs and holes (mremapMovesManyVmas)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 2, prot: 'rw' },
      { op: 'mmap', page: 14, pages: 2, prot: 'r' },
      { op: 'mremap', page: 10, pages: 6, newPages: 6, newPage: 40 },
    ] as const;
    expect(
      difference(['mremapMovesManyVmas', 'mremapUnmapsTargetFirst'], ['6.16', '6.18'], ops),
    ).toMatchInlineSnapshot(`
      "
      6.16                                                |  6.18
      mmap 10+2 rw = ok at 10       AA  ..  0 kB          |  mmap 10+2 rw = ok at 10         AA  ..  0 kB
      mmap 14+2 r = ok at 14        AA  BB  ..  ..  0 kB  |  mmap 14+2 r = ok at 14          AA  BB  ..  ..  0 kB
      mremap 10+6 -> 40+6 = EFAULT  AA  BB  ..  ..  0 kB  |  mremap 10+6 -> 40+6 = ok at 40                                AA  BB                                ..  ..  0 kB
        A [10,12) rw-p anon  rd wr mr mw me ac            |    A [40,42) rw-p anon  rd wr mr mw me ac
        B [14,16) r--p anon  rd mr mw me                  |    B [44,46) r--p anon  rd mr mw me
      "
    `);
  });

  it('1: still EFAULT on both: it starts in a hole, one of several is SysV, or it grows', () => {
    const two = [
      { op: 'mmap', page: 10, pages: 2, prot: 'rw' },
      { op: 'mmap', page: 12, pages: 2, prot: 'r' },
    ] as const;
    const sysv = { op: 'mmap', page: 14, pages: 2, prot: 'rw', backing: 'sysv', shared: true } as const;
    for (const profile of ['6.16', '6.18', '6.19', '7.3']) {
      const say = (...ops: Parameters<typeof last>[0]): string => last(ops, { profile }).res;
      expect(say(...two, { op: 'mremap', page: 9, pages: 5, newPages: 5, newPage: 40 })).toBe('EFAULT');
      expect(say(...two, { op: 'mremap', page: 10, pages: 4, newPages: 5, newPage: 40 })).toBe('EFAULT');
      expect(say(two[1], sysv, { op: 'mremap', page: 12, pages: 4, newPages: 4, newPage: 40 })).toBe('EFAULT');
      expect(say(...two, { op: 'mremap', page: 10, pages: 4, newPages: 2, newPage: 40 })).toBe('ok');
    }
  });

  it('2: the source of MREMAP_DONTUNMAP keeps VM_ACCOUNT again (dontUnmapDropsAccount)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 4, prot: 'rw' },
      { op: 'touch', page: 10, access: 'write' },
      { op: 'mremap', page: 10, pages: 4, newPages: 4, newPage: 40, dontUnmap: true },
    ] as const;
    expect(difference(['dontUnmapDropsAccount'], ['6.16', '6.18'], ops)).toMatchInlineSnapshot(`
      "
      6.16                                                                                                                     |  6.18
      mmap 10+4 rw = ok at 10                   AAAA  ....  0 kB                                                               |  mmap 10+4 rw = ok at 10                   AAAA  ....  0 kB
      touch 10 write = ok                       AAAA  A...  12 kB                                                              |  touch 10 write = ok                       AAAA  A...  12 kB
      mremap 10+4 -> 40+4 dontUnmap = ok at 40  AAAA                          BBBB  ....                          A...  12 kB  |  mremap 10+4 -> 40+4 dontUnmap = ok at 40  AAAA                          BBBB  ....                          A...  12 kB
        A [10,14) rw-p anon  rd wr mr mw me                                                                                    |    A [10,14) rw-p anon  rd wr mr mw me ac
        B [40,44) rw-p anon  rd wr mr mw me ac                                                                                 |    B [40,44) rw-p anon  rd wr mr mw me ac
      "
    `);
  });

  it('3: an mremap merge loses the anon_vma on 6.16, and the guard in the child with it (copiedRangeKeepsAnonVma)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 4, prot: 'rw', backing: 'file0', pgoff: 0 },
      { op: 'mmap', page: 40, pages: 4, prot: 'rw', backing: 'file0', pgoff: 4 },
      { op: 'madvise', page: 41, pages: 1, advice: 'GUARD_INSTALL' },
      { op: 'mremap', page: 40, pages: 4, newPages: 4, newPage: 14 },
      { op: 'fork' },
    ] as const;
    expect(difference(['copiedRangeKeepsAnonVma'], ['6.16', '6.18'], ops)).toMatchInlineSnapshot(`
      "
      6.16                                                                                                            |  6.18
      mmap 10+4 rw file0@0 = ok at 10  AAAA  ....  0 kB                                                               |  mmap 10+4 rw file0@0 = ok at 10  AAAA  ....  0 kB
      mmap 40+4 rw file0@4 = ok at 40  AAAA                          BBBB  ....                          ....  0 kB   |  mmap 40+4 rw file0@4 = ok at 40  AAAA                          BBBB  ....                          ....  0 kB
      madvise 41+1 GUARD_INSTALL = ok  AAAA                          BBBB  ....                          .G..  12 kB  |  madvise 41+1 GUARD_INSTALL = ok  AAAA                          BBBB  ....                          .G..  12 kB
      mremap 40+4 -> 14+4 = ok at 14   AAAAAAAA  .....G..  12 kB                                                      |  mremap 40+4 -> 14+4 = ok at 14   AAAAAAAA  .....G..  12 kB
      fork = ok                        AAAAAAAA  .....G..  12 kB                                                      |  fork = ok                        AAAAAAAA  .....G..  12 kB
        child                          AAAAAAAA  ........  0 kB                                                       |    child                          AAAAAAAA  .....G..  12 kB
        A [10,18) rw-p file0@0  rd wr mr mw me ac                                                                     |    A [10,18) rw-p file0@0  rd wr mr mw me ac
      child                                                                                                           |  child
        A [10,18) rw-p file0@0  rd wr mr mw me ac                                                                     |    A [10,18) rw-p file0@0  rd wr mr mw me ac
      "
    `);
  });

  it('4: a refused MREMAP_FIXED has already unmapped its target on 6.16 (mremapUnmapsTargetFirst)', () => {
    const ops = [
      { op: 'mmap', page: 15, pages: 4, prot: 'r' },
      { op: 'mmap', page: 30, pages: 6, prot: 'rw' },
      { op: 'mremap', page: 15, pages: 0, newPages: 3, newPage: 31 },
    ] as const;
    expect(difference(['mremapUnmapsTargetFirst'], ['6.16', '6.18'], ops)).toMatchInlineSnapshot(`
      "
      6.16                                                                              |  6.18
      mmap 15+4 r = ok at 15        AAAA  ....  0 kB                                    |  mmap 15+4 r = ok at 15        AAAA  ....  0 kB
      mmap 30+6 rw = ok at 30       AAAA           BBBBBB  ....           ......  0 kB  |  mmap 30+6 rw = ok at 30       AAAA           BBBBBB  ....           ......  0 kB
      mremap 15+0 -> 31+3 = EINVAL  AAAA           B   CC  ....           .   ..  0 kB  |  mremap 15+0 -> 31+3 = EINVAL  AAAA           BBBBBB  ....           ......  0 kB
        A [15,19) r--p anon  rd mr mw me                                                |    A [15,19) r--p anon  rd mr mw me
        B [30,31) rw-p anon  rd wr mr mw me ac                                          |    B [30,36) rw-p anon  rd wr mr mw me ac
        C [34,36) rw-p anon  rd wr mr mw me ac                                          |
      "
    `);
  });

  it('5: overlap is found before the unmapped or sealed source (mremapUnmapsTargetFirst)', () => {
    const ops = [
      { op: 'mmap', page: 12, pages: 4, prot: 'rw' },
      { op: 'mremap', page: 10, pages: 4, newPages: 4, newPage: 12 },
      { op: 'mseal', page: 12, pages: 4 },
      { op: 'mremap', page: 12, pages: 4, newPages: 4, newPage: 10 },
    ] as const;
    const [early, late] = ['6.16', '6.18'].map((profile) => steps(ops, { profile }).map(({ res }) => res));
    expect(early).toEqual(['ok', 'EFAULT', 'ok', 'EPERM']);
    expect(late).toEqual(['ok', 'EINVAL', 'ok', 'EINVAL']);
    expect(difference(['mremapUnmapsTargetFirst'], ['6.16', '6.18'], ops.slice(0, 2))).toMatchInlineSnapshot(`
      "
      6.16                                            |  6.18
      mmap 12+4 rw = ok at 12       AAAA  ....  0 kB  |  mmap 12+4 rw = ok at 12       AAAA  ....  0 kB
      mremap 10+4 -> 12+4 = EFAULT  AAAA  ....  0 kB  |  mremap 10+4 -> 12+4 = EINVAL  AAAA  ....  0 kB
        A [12,16) rw-p anon  rd wr mr mw me ac        |    A [12,16) rw-p anon  rd wr mr mw me ac
      "
    `);
  });
});

describe('DIFFS 6.18.15 -> 6.18.44, the sticky VM_MAYBE_GUARD series', () => {
  it('1: gu appears, on the whole VMA, never to go (guardSetsFlag)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 4, prot: 'rw' },
      { op: 'madvise', page: 11, pages: 1, advice: 'GUARD_INSTALL' },
      { op: 'madvise', page: 10, pages: 4, advice: 'GUARD_REMOVE' },
      { op: 'mprotect', page: 12, pages: 2, prot: 'r' },
      { op: 'madvise', page: 10, pages: 4, advice: 'DONTNEED' },
      { op: 'fork' },
    ] as const;
    expect(difference(['guardSetsFlag'], ['6.18', '6.19'], ops)).toMatchInlineSnapshot(`
      "
      6.18                                                |  6.19
      mmap 10+4 rw = ok at 10          AAAA  ....  0 kB   |  mmap 10+4 rw = ok at 10          AAAA  ....  0 kB
      madvise 11+1 GUARD_INSTALL = ok  AAAA  .G..  12 kB  |  madvise 11+1 GUARD_INSTALL = ok  AAAA  .G..  12 kB
      madvise 10+4 GUARD_REMOVE = ok   AAAA  ....  12 kB  |  madvise 10+4 GUARD_REMOVE = ok   AAAA  ....  12 kB
      mprotect 12+2 r = ok             AABB  ....  12 kB  |  mprotect 12+2 r = ok             AABB  ....  12 kB
      madvise 10+4 DONTNEED = ok       AABB  ....  12 kB  |  madvise 10+4 DONTNEED = ok       AABB  ....  12 kB
      fork = ok                        AABB  ....  12 kB  |  fork = ok                        AABB  ....  12 kB
        child                          AABB  ....  12 kB  |    child                          AABB  ....  12 kB
        A [10,12) rw-p anon  rd wr mr mw me ac            |    A [10,12) rw-p anon  rd wr mr mw me gu ac
        B [12,14) r--p anon  rd mr mw me ac               |    B [12,14) r--p anon  rd mr mw me gu ac
      child                                               |  child
        A [10,12) rw-p anon  rd wr mr mw me ac            |    A [10,12) rw-p anon  rd wr mr mw me gu ac
        B [12,14) r--p anon  rd mr mw me ac               |    B [12,14) r--p anon  rd mr mw me gu ac
      "
    `);
  });

  it('1: any VMA that merges with it has it then (sticky, ignoreMerge)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 2, prot: 'rw' },
      { op: 'madvise', page: 11, pages: 1, advice: 'GUARD_INSTALL' },
      { op: 'mmap', page: 12, pages: 2, prot: 'rw' },
    ] as const;
    expect(difference(['sticky', 'ignoreMerge'], ['guard-flag', '6.19'], ops)).toMatchInlineSnapshot(`
      "
      guard-flag                                          |  6.19
      mmap 10+2 rw = ok at 10          AA  ..  0 kB       |  mmap 10+2 rw = ok at 10          AA  ..  0 kB
      madvise 11+1 GUARD_INSTALL = ok  AA  .G  12 kB      |  madvise 11+1 GUARD_INSTALL = ok  AA  .G  12 kB
      mmap 12+2 rw = ok at 12          AABB  .G..  12 kB  |  mmap 12+2 rw = ok at 12          AAAA  .G..  12 kB
        A [10,12) rw-p anon  rd wr mr mw me gu ac         |    A [10,14) rw-p anon  rd wr mr mw me gu ac
        B [12,14) rw-p anon  rd wr mr mw me ac            |
      "
    `);
  });

  it('2: a guard in a file-backed VMA no longer makes an anon_vma (guardPreparesAnonVma)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 4, prot: 'rw', backing: 'file0', pgoff: 10 },
      { op: 'madvise', page: 10, pages: 1, advice: 'GUARD_INSTALL' },
      { op: 'mmap', page: 18, pages: 4, prot: 'rw', backing: 'file0', pgoff: 18 },
      { op: 'madvise', page: 18, pages: 1, advice: 'GUARD_INSTALL' },
      { op: 'mmap', page: 14, pages: 4, prot: 'rw', backing: 'file0', pgoff: 14 },
    ] as const;
    const fields = ['guardPreparesAnonVma', 'guardSetsFlag', 'sticky', 'ignoreMerge'] as const;
    expect(difference(fields, ['6.18', '6.19'], ops)).toMatchInlineSnapshot(`
      "
      6.18                                                                 |  6.19
      mmap 10+4 rw file0@10 = ok at 10  AAAA  ....  0 kB                   |  mmap 10+4 rw file0@10 = ok at 10  AAAA  ....  0 kB
      madvise 10+1 GUARD_INSTALL = ok   AAAA  G...  12 kB                  |  madvise 10+1 GUARD_INSTALL = ok   AAAA  G...  12 kB
      mmap 18+4 rw file0@18 = ok at 18  AAAA    BBBB  G...    ....  12 kB  |  mmap 18+4 rw file0@18 = ok at 18  AAAA    BBBB  G...    ....  12 kB
      madvise 18+1 GUARD_INSTALL = ok   AAAA    BBBB  G...    G...  12 kB  |  madvise 18+1 GUARD_INSTALL = ok   AAAA    BBBB  G...    G...  12 kB
      mmap 14+4 rw file0@14 = ok at 14  AAAAAAAABBBB  G.......G...  12 kB  |  mmap 14+4 rw file0@14 = ok at 14  AAAAAAAAAAAA  G.......G...  12 kB
        A [10,18) rw-p file0@10  rd wr mr mw me ac                         |    A [10,22) rw-p file0@10  rd wr mr mw me gu ac
        B [18,22) rw-p file0@18  rd wr mr mw me ac                         |
      "
    `);
  });

  it('3: what the child sees of a file-backed guard is the same from 6.16 on, for another reason (needsCopyDst)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 4, prot: 'rw', backing: 'file0', pgoff: 10 },
      { op: 'madvise', page: 11, pages: 1, advice: 'GUARD_INSTALL' },
      { op: 'fork' },
    ] as const;
    for (const profile of ['6.16', '6.18', 'guard-flag', 'as-posted', '6.19', '7.3']) {
      expect(pagesOf(last(ops, { profile }).child, 10, 14), profile).toBe('.G..');
    }
  });

  it('4: VM_SOFTDIRTY is sticky too (sticky, mergeReturnsFlags)', () => {
    const ops = [
      { op: 'mmap', page: 14, pages: 4, prot: 'r' },
      { op: 'clear_refs', value: 4 },
      { op: 'mmap', page: 10, pages: 4, prot: 'rw' },
      { op: 'mmap', page: 18, pages: 4, prot: 'rw' },
      { op: 'mprotect', page: 14, pages: 4, prot: 'rw' },
    ] as const;
    const options = { softDirty: true };
    expect(difference(['sticky', 'mergeReturnsFlags'], ['6.18', '6.19'], ops, options)).toMatchInlineSnapshot(`
      "
      6.18                                                       |  6.19
      mmap 14+4 r = ok at 14       AAAA      ....  0 kB          |  mmap 14+4 r = ok at 14       AAAA      ....  0 kB
      clear_refs value 4 = ok      AAAA      ....  0 kB          |  clear_refs value 4 = ok      AAAA      ....  0 kB
      mmap 10+4 rw = ok at 10  AAAABBBB  ........  0 kB          |  mmap 10+4 rw = ok at 10  AAAABBBB  ........  0 kB
      mmap 18+4 rw = ok at 18  AAAABBBBCCCC  ............  0 kB  |  mmap 18+4 rw = ok at 18  AAAABBBBCCCC  ............  0 kB
      mprotect 14+4 rw = ok    AAAAAAAAAAAA  ............  0 kB  |  mprotect 14+4 rw = ok    AAAAAAAAAAAA  ............  0 kB
        A [10,22) rw-p anon  rd wr mr mw me ac                   |    A [10,22) rw-p anon  rd wr mr mw me ac sd
      "
    `);
  });

  it('6.18.44 -> 6.19.14: none, they are one profile', () => {
    expect(kernelProfile('6.18.44')).toBe(kernelProfile('6.19.14'));
    expect(kernelProfile('6.18.36')).toBe(kernelProfile('6.18.15'));
  });
});

describe('DIFFS 6.19 -> 7.3', () => {
  it('1: the anonymous offset of a private file mapping must continue too (fileAnonPgoff)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 4, prot: 'rw', backing: 'file0', pgoff: 0 },
      { op: 'touch', page: 10, access: 'write' },
      { op: 'mremap', page: 10, pages: 4, newPages: 4, newPage: 20 },
      { op: 'mmap', page: 24, pages: 4, prot: 'rw', backing: 'file0', pgoff: 4 },
    ] as const;
    expect(difference(['fileAnonPgoff'], ['6.19', '7.3'], ops)).toMatchInlineSnapshot(`
      "
      6.19                                                                            |  7.3
      mmap 10+4 rw file0@0 = ok at 10  AAAA  ....  0 kB                               |  mmap 10+4 rw file0@0 = ok at 10  AAAA  ....  0 kB
      touch 10 write = ok              AAAA  A...  12 kB                              |  touch 10 write = ok              AAAA  A...  12 kB
      mremap 10+4 -> 20+4 = ok at 20             AAAA            A...  12 kB          |  mremap 10+4 -> 20+4 = ok at 20             AAAA            A...  12 kB
      mmap 24+4 rw file0@4 = ok at 24            AAAAAAAA            A.......  12 kB  |  mmap 24+4 rw file0@4 = ok at 24            AAAABBBB            A.......  12 kB
        A [20,28) rw-p file0@0  rd wr mr mw me ac                                     |    A [20,24) rw-p file0@0  rd wr mr mw me ac
                                                                                      |    B [24,28) rw-p file0@4  rd wr mr mw me ac
      "
    `);
  });

  it('2: the copy that MREMAP_DONTUNMAP makes right beside its source (dontUnmapMergesWithSource)', () => {
    const ops = [
      { op: 'mmap', page: 15, pages: 1, prot: 'rx' },
      { op: 'mremap', page: 15, pages: 1, newPages: 1, newPage: 16, dontUnmap: true },
    ] as const;
    expect(difference(['dontUnmapMergesWithSource'], ['6.19', '7.3'], ops)).toMatchInlineSnapshot(`
      "
      6.19                                                    |  7.3
      mmap 15+1 rx = ok at 15                   A  .  0 kB    |  mmap 15+1 rx = ok at 15                   A  .  0 kB
      mremap 15+1 -> 16+1 dontUnmap = ok at 16  AA  ..  0 kB  |  mremap 15+1 -> 16+1 dontUnmap = ok at 16  AB  ..  0 kB
        A [15,17) r-xp anon  rd ex mr mw me                   |    A [15,16) r-xp anon  rd ex mr mw me
                                                              |    B [16,17) r-xp anon  rd ex mr mw me
      "
    `);
  });

  it('MREMAP_DONTUNMAP of a part of a locked VMA: only that part is no longer locked (dontUnmapSplitsLocked)', () => {
    const ops = [
      { op: 'mmap', page: 10, pages: 6, prot: 'rw' },
      { op: 'mlock', page: 10, pages: 6 },
      { op: 'mremap', page: 12, pages: 2, newPages: 2, newPage: 30, dontUnmap: true },
    ] as const;
    expect(difference(['dontUnmapSplitsLocked'], ['6.19', '7.3'], ops)).toMatchInlineSnapshot(`
      "
      6.19                                                                                             |  7.3
      mmap 10+6 rw = ok at 10                   AAAAAA  ......  0 kB                                   |  mmap 10+6 rw = ok at 10                   AAAAAA  ......  0 kB
      mlock 10+6 = ok                           AAAAAA  AAAAAA  12 kB                                  |  mlock 10+6 = ok                           AAAAAA  AAAAAA  12 kB
      mremap 12+2 -> 30+2 dontUnmap = ok at 30  AAAAAA              BB  AA..AA              AA  12 kB  |  mremap 12+2 -> 30+2 dontUnmap = ok at 30  AABBCC              DD  AA..AA              AA  12 kB
        A [10,16) rw-p anon  rd wr mr mw me ac                                                         |    A [10,12) rw-p anon  rd wr mr mw me lo ac
        B [30,32) rw-p anon  rd wr mr mw me lo ac                                                      |    B [12,14) rw-p anon  rd wr mr mw me ac
                                                                                                       |    C [14,16) rw-p anon  rd wr mr mw me lo ac
                                                                                                       |    D [30,32) rw-p anon  rd wr mr mw me lo ac
      "
    `);
  });
});

describe('DIFFS, the same on all', () => {
  const ALL = ['6.12', '6.16', '6.18', '6.19', '7.3'];

  it.each(ALL)(
    '%s: GUARD_INSTALL refuses a locked VMA, a sealed read-only one, and a hole, after the mapped parts',
    (profile) => {
      const area = { op: 'mmap', page: 10, pages: 4, prot: 'r' } as const;
      const guard = { op: 'madvise', page: 10, pages: 6, advice: 'GUARD_INSTALL' } as const;
      const say = (...ops: Parameters<typeof last>[0]): string => last(ops, { profile }).res;
      const none = profile === '6.12';
      expect(say({ ...area, locked: true }, { ...guard, pages: 4 })).toBe('EINVAL');
      expect(say(area, { op: 'mseal', page: 10, pages: 4 }, { ...guard, pages: 4 })).toBe(none ? 'EINVAL' : 'EPERM');
      const hole = last([area, { ...area, page: 15, pages: 1 }, guard], { profile });
      expect(hole.res).toBe(none ? 'EINVAL' : 'ENOMEM');
      expect(pagesOf(hole, 10, 16)).toBe(none ? '.... .' : 'GGGG G');
    },
  );

  it.each(ALL)('%s: PR_SET_VMA_ANON_NAME is EINVAL, not configured (anonNames)', (profile) => {
    const area = { op: 'mmap', page: 10, pages: 4, prot: 'r' } as const;
    expect(last([area, { op: 'setname', page: 10, pages: 4, name: 'heap' }], { profile }).res).toBe('EINVAL');
    expect(last([area, { op: 'setname', page: 10, pages: 4 }], { profile }).res).toBe('EINVAL');
  });
});
