import { describe, expect, it } from 'vitest';
import type { Mm } from 'vma-core';
import { validateMm } from 'vma-core/validate';
import { validateProcess } from '../../src/process/validateProcess.ts';
import { mapOf, replayText, smapsOf } from './replayText.ts';

const START = smapsOf(`
555555554000-555555556000 rw-p 00000000 fe:00 7                          /bin/demo
VmFlags: rd wr mr mw me ac
7ffff7fc0000-7ffff7fff000 r-xp 00000000 fe:00 8                          /lib/ld.so
VmFlags: rd ex mr mw me
7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0                          [stack]
VmFlags: rd wr mr mw me gd ac
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
VmFlags: ex
`);
const initial = new Map([['first' as const, START]]);

describe('placement', () => {
  it('agrees with a log whose mappings lie below the loader', () => {
    const replay = replayText(
      'mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7ffff7fbe000',
      { initial },
    );
    const notes = replay.first?.space.notes;
    expect(notes?.placesChecked).toBe(1);
    expect(notes?.wrongPlaces.count).toBe(0);
    expect(mapOf(replay)).toContain('7ffff7fbe000-7ffff7fc0000 rw-p');
  });

  it('notes a mapping elsewhere with its line, and goes on at the address of the log', () => {
    const replay = replayText('mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7fff00000000', {
      initial,
    });
    const [wrong] = replay.first?.space.notes.wrongPlaces.examples ?? [];
    expect(wrong?.call.line).toBe(1);
    expect(wrong).toMatchObject({ log: 0x7fff00000000, model: 0x7ffff7fbe000 });
    expect(mapOf(replay)).toContain('7fff00000000-7fff00002000 r--p');
  });

  it('without smaps takes the first mapping as the highest free place', () => {
    const replay = replayText(`
      mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7ffff7fbe000
      mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7ffff7fbd000`);
    const notes = replay.first?.space.notes;
    expect(notes?.placesChecked).toBe(1);
    expect(notes?.wrongPlaces.count).toBe(0);
    expect([...(notes?.assumptions ?? [])].join()).toContain('not known');
    expect(mapOf(replay)).toEqual(['7ffff7fbd000-7ffff7fc0000 ---p']);
  });

  it('learns from the log whether a file system aligns large mappings to 2 MiB', () => {
    const replay = replayText(
      `mmap(NULL, 4194304, PROT_READ, MAP_PRIVATE, 3</big>, 0) = 0x7ffff7bc0000
       mmap(NULL, 4194304, PROT_READ, MAP_PRIVATE, 3</big>, 0) = 0x7ffff77c0000`,
      { initial },
    );
    const notes = replay.first?.space.notes;
    expect(notes?.wrongPlaces.count).toBe(0);
    expect([...(notes?.assumptions ?? [])].join()).toContain('2 MiB');
  });
});

describe('a call that failed in the log', () => {
  it('fails alike in the model, with what it did before it failed', () => {
    const replay = replayText('mprotect(0x555555554000, 16384, PROT_READ) = -1 ENOMEM (Cannot allocate memory)', {
      initial,
    });
    const notes = replay.first?.space.notes;
    expect(notes?.failedAlike).toBe(1);
    expect(mapOf(replay)[0]).toBe('555555554000-555555556000 r--p');
  });

  it('and would not in the model is noted and leaves nothing behind', () => {
    const before = mapOf(replayText('brk(NULL) = 0x555555600000', { initial }));
    const replay = replayText(
      `mprotect(0x555555554000, 4096, PROT_READ) = -1 EPERM (Operation not permitted)
       munmap(0x555555555000, 4096) = -1 ENOMEM (Cannot allocate memory)
       madvise(0x555555554000, 4096, MADV_DONTFORK) = -1 EAGAIN (Resource temporarily unavailable)
       mlock(0x555555554000, 4096) = -1 EAGAIN (Resource temporarily unavailable)
       mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 ENOMEM (Cannot allocate memory)
       mmap(0x555555554000, 8192, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = -1 ENOMEM (Cannot allocate memory)
       mremap(0x555555554000, 8192, 16384, 0) = -1 ENOMEM (Cannot allocate memory)
       mremap(0x555555554000, 8192, 0x40000000, MREMAP_MAYMOVE) = -1 ENOMEM (Cannot allocate memory)`,
      { initial },
    );
    const { wrongResults, outsideResults } = replay.first!.space.notes;
    expect(wrongResults.examples.map(({ call }) => call.line)).toEqual([1, 2, 3]);
    expect(outsideResults.examples.map(({ call }) => call.line)).toEqual([4, 5, 6, 7, 8]);
    expect(mapOf(replay)).toEqual(before);
  });

  const EAGAIN = '-1 EAGAIN (Resource temporarily unavailable)';
  const RW = 'PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS';

  it.each([
    ['mmap', `mmap(NULL, 65536, ${RW}|MAP_POPULATE, -1, 0) = ${EAGAIN}`],
    ['mmap over a mapping', `mmap(0x7ffff7fa8000, 65536, ${RW}|MAP_FIXED|MAP_POPULATE, -1, 0) = ${EAGAIN}`],
    ['mremap', `mremap(0x7ffff7fb0000, 65536, 65536, MREMAP_MAYMOVE|MREMAP_FIXED, 0x7ffff7000000) = ${EAGAIN}`],
  ])('%s, that would not in the model, changes no page', (_, line) => {
    const replay = replayText(`mmap(NULL, 65536, ${RW}|MAP_POPULATE, -1, 0) = 0x7ffff7fb0000\n${line}`, { initial });
    const process = replay.first!.space.process;
    expect(replay.first?.space.notes.wrongResults.count).toBe(1);
    expect(validateProcess(process)).toEqual([]);
    expect(process.pageTable.rss.anon).toBe(16);
  });

  it.each([
    ['without memory leaves what was there, cut', 'MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS', 'ENOMEM', 3],
    ['whose object cannot be made leaves a hole', 'MAP_SHARED|MAP_FIXED|MAP_ANONYMOUS', 'ENOMEM', 2],
    ['without huge pages leaves a hole', 'MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS|MAP_HUGETLB', 'ENOMEM', 2],
    ['that locks too much leaves all', 'MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS|MAP_LOCKED', 'EAGAIN', 1],
  ])('mmap over a mapping %s', (_, flags, errno, vmas) => {
    const replay = replayText(
      `mmap(0x200000000000, 8388608, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x200000000000
       mmap(0x200000200000, 2097152, PROT_READ|PROT_WRITE, ${flags}, -1, 0) = -1 ${errno} (..)`,
    );
    expect(mapOf(replay)).toHaveLength(vmas);
  });

  it('mremap to a given address without memory leaves a hole there', () => {
    const replay = replayText(
      `mmap(0x200000000000, 8388608, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x200000000000
       mmap(0x300000000000, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x300000000000
       mremap(0x300000000000, 4096, 4194304, MREMAP_MAYMOVE|MREMAP_FIXED, 0x200000000000) = -1 ENOMEM (..)`,
    );
    expect(mapOf(replay)).toEqual(['200000400000-200000800000 r--p', '300000000000-300000001000 rw-p']);
  });

  it('because of the limit is told apart from one at a hole', () => {
    const log = `
      mprotect(0x555555554000, 4096, PROT_READ) = -1 ENOMEM (Cannot allocate memory)
      mprotect(0x666666666000, 4096, PROT_READ) = -1 ENOMEM (Cannot allocate memory)
      madvise(0x555555554000, 4096, MADV_DONTFORK) = -1 EAGAIN (Resource temporarily unavailable)`;
    const notes = replayText(log, { initial, maxMapCount: 3 }).first?.space.notes;
    expect(notes?.failedAlike).toBe(3);
    expect(notes?.limitFailures.examples.map(({ call, errno }) => [call.line, errno])).toEqual([
      [1, 'ENOMEM'],
      [3, 'EAGAIN'],
    ]);
  });
});

describe('a call that succeeded in the log', () => {
  it('on memory from before the log counts as unknown, where no smaps tells what was there', () => {
    const notes = replayText('mprotect(0x555555554000, 4096, PROT_READ) = 0').first?.space.notes;
    expect(notes?.unknownMemory.count).toBe(1);
    expect(notes?.wrongResults.count).toBe(0);
  });

  it('on a hole is a wrong result where a smaps tells that nothing was there', () => {
    const notes = replayText('mprotect(0x111111110000, 4096, PROT_READ) = 0', { initial }).first?.space.notes;
    expect(notes?.wrongResults.examples).toMatchObject([{ log: 0, model: 'ENOMEM' }]);
  });

  it('whose result was injected is not performed', () => {
    const replay = replayText('munmap(0x555555554000, 8192) = 0 (INJECTED)', { initial });
    expect(mapOf(replay)[0]).toBe('555555554000-555555556000 rw-p');
    expect([...(replay.first?.space.notes.notModelled.values() ?? [])]).toMatchObject([
      { name: 'munmap', count: 1, lines: [1] },
    ]);
  });
});

describe('brk', () => {
  it('learns the break from the first call, and grows the heap from there', () => {
    const replay = replayText('brk(NULL) = 0x555555600000\nbrk(0x555555621000) = 0x555555621000', { initial });
    expect(mapOf(replay)).toContain('555555600000-555555621000 rw-p');
    expect(replay.first?.space.notes.wrongResults.count).toBe(0);
  });

  it('refused in the log alone leaves the heap as it was', () => {
    const replay = replayText('brk(NULL) = 0x555555600000\nbrk(0x555555621000) = 0x555555600000', { initial });
    expect(mapOf(replay)).not.toContain('555555600000-555555621000 rw-p');
    expect(replay.first?.space.notes.outsideResults.count).toBe(1);
  });
});

describe('what is not modelled', () => {
  it('is counted by name, with its lines', () => {
    const log = `
      map_shadow_stack(NULL, 4096, 0) = 0x7f0000000000
      map_shadow_stack(NULL, 4096, 0) = 0x7f0000000000
      mbind(0x555555554000, 4096, MPOL_BIND, [0x1], 64, 0) = 0`;
    const missing = [...(replayText(log, { initial }).first?.space.notes.notModelled.values() ?? [])];
    expect(missing.map(({ name, count, lines }) => ({ name, count, lines }))).toEqual([
      { name: 'map_shadow_stack', count: 2, lines: [1, 2] },
      { name: 'mbind', count: 1, lines: [3] },
    ]);
  });
});

describe('absurd numbers', () => {
  it('are refused as the kernel refuses them', () => {
    const log = `
      munmap(0xfffffffffffff000, 4096) = -1 EINVAL (Invalid argument)
      mprotect(0x555555554000, 18446744073709551615, PROT_READ) = -1 ENOMEM (Cannot allocate memory)
      madvise(0x555555554000, 18446744073709547520, MADV_DONTNEED) = 0`;
    const replay = replayText(log, { initial });
    expect(mapOf(replay)[0]).toBe('555555554000-555555556000 rw-p');
    expect(replay.first?.space.notes.failedAlike).toBe(2);
    expect(replay.first?.space.notes.wrongResults.examples).toMatchObject([{ log: 0, model: 'EINVAL' }]);
  });

  it('more memory than can be kept page by page is locked without its pages', () => {
    const log = `
      mmap(0x100000000000, 0x10000000000, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS|MAP_NORESERVE, -1, 0) = 0x100000000000
      mlock(0x100000000000, 0x10000000000) = 0`;
    const space = replayText(log, { faults: 'never' }).first?.space;
    expect(space?.process.mm.vmas()[0]?.anonVma).not.toBeNull();
    expect(space?.process.pageTable.vmPteKb).toBe(0);
    expect([...(space?.notes.assumptions ?? [])].join()).toContain('page by page');
  });

  it('shared memory that a failed call unmapped in the model alone comes back whole', () => {
    const log = `
      mmap(0x10000, 8192, PROT_READ|PROT_WRITE, MAP_SHARED|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x10000
      munmap(0x10000, 8192) = -1 EPERM (Operation not permitted)`;
    const process = replayText(log).first?.space.process;
    expect(process?.mm.vmas()).toMatchObject([{ vmStart: 0x10000, vmEnd: 0x12000 }]);
    expect(validateMm(process?.mm as Mm)).toEqual([]);
  });
});

describe('userfaultfd', () => {
  it('registers and unregisters as the ioctls say', () => {
    const registered = `
      mmap(0x10000, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x10000
      userfaultfd(O_CLOEXEC) = 3
      ioctl(3, UFFDIO_API, {api=0xaa, features=0 => features=UFFD_FEATURE_EVENT_FORK, ioctls=1<<_UFFDIO_REGISTER|1<<_UFFDIO_UNREGISTER|1<<_UFFDIO_API}) = 0
      ioctl(3, UFFDIO_REGISTER, {range={start=0x10000, len=0x1000}, mode=UFFDIO_REGISTER_MODE_WP, ioctls=1<<_UFFDIO_WAKE}) = 0`;
    expect(mapOf(replayText(registered))).toEqual(['10000-11000 rw-p', '11000-12000 rw-p']);
    for (const end of ['ioctl(3, UFFDIO_UNREGISTER, {start=0x10000, len=0x1000}) = 0', 'close(3) = 0']) {
      expect(mapOf(replayText(`${registered}\n${end}`))).toEqual(['10000-12000 rw-p']);
    }
  });
});
