import { describe, expect, it } from 'vitest';
import { type DiagramOptions, mmFromDiagram } from '../../src/diagram/index.ts';
import {
  type Errno,
  LO_DONTEXPAND,
  LO_MIXEDMAP,
  MADV,
  MAP_ANONYMOUS,
  MAP_DROPPABLE,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_LOCKED,
  MAP_NONBLOCK,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_STACK,
  MAP_SYNC,
  MCL_FUTURE,
  MCL_ONFAULT,
  PROT_EXEC,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
  TASK_SIZE,
} from '../../src/index.ts';
import { type MmapRequest, madvise, mlockall, mmap, munlockall } from '../../src/mm/index.ts';
import { flagsOfVmas, inEachProfile, page } from '../support/inEachProfile.ts';
import { pageCalls } from '../support/pageCalls.ts';

const RW = PROT_READ | PROT_WRITE;
const ANON = MAP_PRIVATE | MAP_ANONYMOUS;
const FIXED = ANON | MAP_FIXED;
const FILE = 1;
const RING = 2;

describe('the flags of a new mapping', () => {
  it.each<[string, Partial<MmapRequest>, string]>([
    ['private, readable and writable: accounted', { flags: ANON }, 'rd wr mr mw me ac'],
    ['private, read-only: not accounted', { flags: ANON, prot: PROT_READ }, 'rd mr mw me'],
    ['no access at all', { flags: ANON, prot: PROT_NONE }, 'mr mw me'],
    ['executable', { flags: ANON, prot: PROT_READ | PROT_EXEC }, 'rd ex mr mw me'],
    ['MAP_NORESERVE: not accounted', { flags: ANON | MAP_NORESERVE }, 'rd wr mr mw me nr'],
    ['MAP_STACK', { flags: ANON | MAP_STACK }, 'rd wr mr mw me ac nh'],
    ['MAP_GROWSDOWN', { flags: ANON | MAP_GROWSDOWN }, 'rd wr mr mw me gd ac'],
    ['MAP_LOCKED', { flags: ANON | MAP_LOCKED }, 'rd wr mr mw me lo ac'],
    ['MAP_DROPPABLE', { flags: MAP_DROPPABLE | MAP_ANONYMOUS }, 'rd wr mr mw me nr wf dd dp'],
    ['shared anonymous: not accounted', { flags: MAP_SHARED | MAP_ANONYMOUS }, 'rd wr sh mr mw me ms'],
    ['MAP_SHARED_VALIDATE', { flags: MAP_SHARED_VALIDATE, file: FILE }, 'rd wr sh mr mw me ms'],
    ['private file', { flags: MAP_PRIVATE, file: FILE }, 'rd wr mr mw me ac'],
    ['shared file', { flags: MAP_SHARED, file: FILE }, 'rd wr sh mr mw me ms'],
    ['MAP_SYNC', { flags: MAP_SHARED | MAP_SYNC, file: FILE }, 'rd wr sh mr mw me ms sf'],
    [
      'shared, of a file that is open for reading only: neither shared nor ever writable',
      { flags: MAP_SHARED, file: FILE, fileWritable: false, prot: PROT_READ },
      'rd mr me ms',
    ],
    [
      'private, of a file that is open for reading only: writable',
      { flags: MAP_PRIVATE, file: FILE, fileWritable: false },
      'rd wr mr mw me ac',
    ],
  ])('%s', (_, request, flagWords) => {
    inEachProfile('....', { files: [{ id: FILE }] }, (drawn) => {
      const flags = (request.flags ?? 0) | MAP_FIXED;
      const at = mmap(drawn.mm, { addr: page(1), length: page(2), prot: RW, ...request, flags });
      expect(at).toBe(page(1));
      expect(flagsOfVmas(drawn)).toEqual([flagWords]);
    });
  });

  it('soft-dirty is set where the kernel is built with it, on all of a VMA that grew', () => {
    inEachProfile('AA..', { softDirty: true }, (drawn) => {
      mmap(drawn.mm, { addr: page(2), length: page(2), prot: RW, flags: FIXED });
      expect(drawn.draw()).toBe('AAAA');
      expect(flagsOfVmas(drawn)).toEqual(['rd wr mr mw me ac sd']);
    });
  });

  it('MCL_FUTURE locks every new mapping, until munlockall', () => {
    inEachProfile('....', {}, (drawn) => {
      mlockall(drawn.mm, MCL_FUTURE | MCL_ONFAULT);
      mmap(drawn.mm, { addr: page(0), length: page(1), prot: RW, flags: FIXED });
      munlockall(drawn.mm);
      mmap(drawn.mm, { addr: page(2), length: page(1), prot: RW, flags: FIXED });
      expect(flagsOfVmas(drawn)).toEqual(['rd wr mr mw me ac', 'rd wr mr mw me ac']);
      mlockall(drawn.mm, MCL_FUTURE | MCL_ONFAULT);
      mmap(drawn.mm, { addr: page(3), length: page(1), prot: RW, flags: FIXED });
      expect(flagsOfVmas(drawn)[2]).toBe('rd wr mr mw me lo lf ac');
    });
  });

  it('what cannot be locked is not, in silence', () => {
    inEachProfile('....', {}, (drawn) => {
      mlockall(drawn.mm, MCL_FUTURE);
      mmap(drawn.mm, { addr: page(0), length: page(1), prot: RW, flags: MAP_DROPPABLE | MAP_ANONYMOUS | MAP_FIXED });
      expect(flagsOfVmas(drawn)).toEqual(['rd wr mr mw me nr wf dd dp']);
    });
  });
});

describe('what a mapping is of', () => {
  it('private anonymous memory has the offset of its address, a file the one that was asked for', () => {
    inEachProfile('.......', { base: 0x10000, files: [{ id: FILE }] }, ({ mm, ...drawn }) => {
      const at = drawn.base;
      mmap(mm, { addr: at, length: page(1), prot: RW, flags: FIXED });
      mmap(mm, { addr: at + page(2), length: page(1), prot: RW, flags: MAP_PRIVATE | MAP_FIXED, file: FILE, pgoff: 7 });
      mmap(mm, { addr: at + page(4), length: page(1), prot: RW, flags: MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED });
      expect(mm.vmas()).toMatchObject([
        { vmFile: null, vmPgoff: 16, anonPgoff: 16 },
        { vmFile: FILE, vmPgoff: 7, anonPgoff: 18 },
        { vmFile: 1_000_000, vmPgoff: 0 },
      ]);
      expect(mm.files.get(1_000_000)).toEqual({ id: 1_000_000, shmem: true, pages: 1 });
    });
  });

  it('a file whose driver gives flags, and which has no execution', () => {
    const ring = { id: RING, mapFlags: LO_DONTEXPAND | LO_MIXEDMAP, noExec: true };
    inEachProfile('....', { files: [ring] }, (drawn) => {
      for (const at of [0, 2]) {
        const request = { addr: page(at), length: page(2), prot: RW, flags: MAP_SHARED | MAP_FIXED, pgoff: at };
        mmap(drawn.mm, { ...request, file: RING });
      }
      expect(flagsOfVmas(drawn)).toEqual(['rd wr sh mr mw ms de mm', 'rd wr sh mr mw ms de mm']);
    });
  });

  it('/dev/zero: each shared mapping is a new object; private ones are anonymous', () => {
    inEachProfile('........', { files: [{ id: RING, zero: true }] }, (drawn) => {
      for (const at of [0, 2]) {
        const request = { addr: page(at), length: page(2), prot: RW, flags: MAP_SHARED | MAP_FIXED, pgoff: at };
        mmap(drawn.mm, { ...request, file: RING });
      }
      mmap(drawn.mm, { addr: page(6), length: page(1), prot: RW, flags: MAP_PRIVATE | MAP_FIXED, file: RING });
      expect(drawn.mm.mapCount).toBe(3);
      expect(madvise(drawn.mm, page(6), page(1), MADV.FREE)).toBe(0);
      expect(madvise(drawn.mm, page(0), page(1), MADV.FREE)).toBe('EINVAL');
    });
  });

  it('each shared anonymous mapping is a file of its own, so two never merge', () => {
    inEachProfile('....', {}, (drawn) => {
      for (const at of [0, 2]) {
        mmap(drawn.mm, { addr: page(at), length: page(2), prot: RW, flags: MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED });
      }
      expect(drawn.draw()).toBe('AABB');
    });
  });

  it('with MAP_ANONYMOUS the file does not count', () => {
    inEachProfile('..', {}, ({ mm }) => {
      mmap(mm, { addr: 0, length: page(1), prot: RW, flags: FIXED, file: FILE });
      expect(mm.vmas()).toMatchObject([{ vmFile: null }]);
    });
  });
});

describe('MAP_FIXED', () => {
  it.each<[string, string, number, number, number, string]>([
    ['over nothing', 'A....', 2, 2, RW, 'A.BB.'],
    ['between two alike: all is one', 'AA..BB', 2, 2, RW, 'AAAAAA'],
    ['over the middle, with other access: cut in three', 'AAAAAA', 2, 2, PROT_READ, 'AABBCC'],
    ['over the middle, with the same: one again', 'AAAAAA', 2, 2, RW, 'AAAAAA'],
    ['over the edges of two', 'AAABBB', 2, 2, PROT_READ, 'AACCBB'],
    ['over whole ones', '.ABC.', 1, 3, PROT_READ, '.DDD.'],
  ])('%s: %s', (_, drawing, at, pages, prot, after) => {
    inEachProfile(drawing, {}, (drawn) => {
      expect(mmap(drawn.mm, { addr: page(at), length: page(pages), prot, flags: FIXED })).toBe(page(at));
      expect(drawn.draw()).toBe(after);
    });
  });

  it('rounds a length up to whole pages', () => {
    inEachProfile('....', {}, (drawn) => {
      mmap(drawn.mm, { addr: page(1), length: 4097, prot: RW, flags: FIXED });
      expect(drawn.draw()).toBe('.AA.');
    });
  });

  it('drops what page tables hold before the new VMA is there', () => {
    const { calls, pageOps } = pageCalls();
    const { mm } = mmFromDiagram('ABBC', { pageOps });
    mmap(mm, { addr: page(1), length: page(2), prot: PROT_READ, flags: FIXED });
    // Tables go between the neighbours, page 1 and page 3.
    expect(calls).toEqual([['unmapRegion', page(1), page(3), page(1), page(3)]]);
  });
});

describe('mmap refuses', () => {
  const files: DiagramOptions = { files: [{ id: FILE }, { id: RING, noExec: true, sharedOnly: true }] };
  it.each<[string, Partial<MmapRequest>, Errno]>([
    ['no length', { length: 0 }, 'EINVAL'],
    ['a length that is not a number', { length: Number.NaN }, 'EINVAL'],
    ['neither private nor shared', { flags: MAP_ANONYMOUS | MAP_FIXED }, 'EINVAL'],
    ['an unaligned address', { addr: 100 }, 'EINVAL'],
    ['neither a file nor MAP_ANONYMOUS', { flags: MAP_PRIVATE | MAP_FIXED }, 'EBADF'],
    ['more than there is', { length: TASK_SIZE + page(1) }, 'ENOMEM'],
    ['a range that leaves user space', { addr: TASK_SIZE - page(1), length: page(2) }, 'ENOMEM'],
    ['an offset past the largest file', { flags: MAP_PRIVATE | MAP_FIXED, file: FILE, pgoff: 2 ** 52 }, 'EOVERFLOW'],
    [
      'to write through a file that is open for reading only',
      { flags: MAP_SHARED | MAP_FIXED, file: FILE, fileWritable: false },
      'EACCES',
    ],
    [
      'to read a file that is open for writing only',
      { flags: MAP_PRIVATE | MAP_FIXED, file: FILE, fileReadable: false },
      'EACCES',
    ],
    ['MAP_SHARED_VALIDATE of no file', { flags: MAP_SHARED_VALIDATE | MAP_ANONYMOUS | MAP_FIXED }, 'EINVAL'],
    [
      'MAP_SHARED_VALIDATE with what it does not know',
      { flags: MAP_SHARED_VALIDATE | MAP_FIXED_NOREPLACE, file: FILE, addr: page(3), length: page(1) },
      'EOPNOTSUPP',
    ],
    ['to execute what has no execution', { flags: MAP_PRIVATE | MAP_FIXED, file: RING, prot: PROT_EXEC }, 'EPERM'],
    ['a private mapping of what is only shared', { flags: MAP_PRIVATE | MAP_FIXED, file: RING }, 'EINVAL'],
    ['a stack of a file', { flags: MAP_PRIVATE | MAP_FIXED | MAP_GROWSDOWN, file: FILE }, 'EINVAL'],
    ['a shared stack', { flags: MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN }, 'EINVAL'],
    ['locked droppable memory', { flags: MAP_DROPPABLE | MAP_ANONYMOUS | MAP_FIXED | MAP_LOCKED }, 'EINVAL'],
    ['huge droppable pages', { flags: MAP_DROPPABLE | MAP_ANONYMOUS | MAP_FIXED | MAP_HUGETLB }, 'EINVAL'],
    ['a droppable stack', { flags: MAP_DROPPABLE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN }, 'EINVAL'],
    ['a droppable file', { flags: MAP_DROPPABLE | MAP_FIXED, file: FILE }, 'EINVAL'],
    ['MAP_FIXED_NOREPLACE over a page that is mapped', { flags: ANON | MAP_FIXED_NOREPLACE }, 'EEXIST'],
    ['what would replace sealed memory', { addr: page(4) }, 'EPERM'],
  ])('%s: %3$s', (_, request, errno) => {
    inEachProfile('AAA.BB', { ...files, letters: { B: { flags: 'rd mr sl' } } }, (drawn) => {
      const before = drawn.mm.vmas();
      const refused = mmap(drawn.mm, { addr: page(2), length: page(2), prot: RW, flags: FIXED, ...request });
      expect(refused).toBe(errno);
      expect(drawn.mm.vmas()).toEqual(before);
    });
  });

  it('at sealed memory in the middle of what it covers, the cut at its start stays', () => {
    inEachProfile('AAABB', { letters: { B: { flags: 'rd mr sl' } } }, (drawn) => {
      expect(mmap(drawn.mm, { addr: page(1), length: page(3), prot: RW, flags: FIXED })).toBe('EPERM');
      expect(drawn.draw()).toBe('ACCBB');
    });
  });

  it('MAP_FIXED_NOREPLACE takes what is free', () => {
    inEachProfile('A.B', {}, (drawn) => {
      const flags = ANON | MAP_FIXED_NOREPLACE;
      expect(mmap(drawn.mm, { addr: page(1), length: page(1), prot: RW, flags })).toBe(page(1));
      expect(drawn.draw()).toBe('AAA');
    });
  });
});

describe('faulting in', () => {
  it.each<[string, number, boolean]>([
    ['nothing', 0, false],
    ['MAP_POPULATE', MAP_POPULATE, true],
    ['MAP_LOCKED', MAP_LOCKED, true],
    ['MAP_POPULATE | MAP_NONBLOCK', MAP_POPULATE | MAP_NONBLOCK, false],
    ['MAP_LOCKED | MAP_NONBLOCK', MAP_LOCKED | MAP_NONBLOCK, true],
  ])('%s asks for it: %3$s; what it answers does not count', (_, flags, asked) => {
    const { calls, pageOps } = pageCalls({ populate: 'ENOMEM' });
    const { mm } = mmFromDiagram('....', { pageOps });
    expect(mmap(mm, { addr: page(1), length: page(2), prot: RW, flags: FIXED | flags })).toBe(page(1));
    const populated = calls.filter(([name]) => name === 'populate');
    expect(populated).toEqual(asked ? [['populate', page(1), page(3), true]] : []);
  });

  it('a file is told of each VMA that comes and goes', () => {
    const { calls, pageOps } = pageCalls();
    const { mm } = mmFromDiagram('....', { pageOps, files: [{ id: FILE }] });
    const map = (at: number): void => {
      mmap(mm, { addr: page(at), length: page(1), prot: RW, flags: MAP_PRIVATE | MAP_FIXED, file: FILE, pgoff: at });
    };
    map(0);
    map(2);
    // Joins the two: one VMA fewer.
    map(1);
    expect(calls.filter(([name]) => name === 'fileMapped')).toEqual([
      ['fileMapped', FILE, 1],
      ['fileMapped', FILE, 1],
      ['fileMapped', FILE, -1],
    ]);
  });
});
