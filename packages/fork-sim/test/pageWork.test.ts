import {
  MAX_PAGE,
  pteDirty,
  pteGuard,
  ptePfn,
  ptePresent,
  pteSoftDirty,
  pteWrite,
  virtPage,
  walkPageRange,
} from 'pt-model';
import { describe, expect, it } from 'vitest';
import {
  type Errno,
  MADV,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PAGE_SIZE,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from 'vma-core';
import { type Process, validateWorld, World } from '../src/index.ts';

const PAGES = 2 ** 18 + 2 ** 17 + 777;
const BYTES = PAGES * PAGE_SIZE;
const AT = 0x100_0000_0000 + 5 * PAGE_SIZE;
const TO = 0x200_0000_0000 + 5 * PAGE_SIZE;
const READ_WRITE = PROT_READ | PROT_WRITE;
const ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

type Result = number | Errno | 'LIVELOCK';

/** Calls that take long, one after the other, each as a whole program would make it. */
const CALLS: readonly (readonly [string, (process: Process) => Result])[] = [
  ['MAP_POPULATE', (p) => p.mmap({ addr: AT, length: BYTES, prot: READ_WRITE, flags: ANONYMOUS | MAP_POPULATE })],
  ['mprotect', (p) => p.mprotect(AT + 2 ** 30, 2 ** 28, PROT_READ)],
  ['mlock', (p) => p.mlock(AT, BYTES)],
  ['munlock', (p) => p.munlock(AT, BYTES)],
  ['DONTNEED', (p) => p.madvise(AT + 2 ** 21, 2 ** 29, MADV.DONTNEED)],
  ['GUARD_INSTALL', (p) => p.madvise(AT + 2 ** 20, 2 ** 30, MADV.GUARD_INSTALL)],
  ['POPULATE_READ over guards', (p) => p.madvise(AT, BYTES, MADV.POPULATE_READ)],
  ['GUARD_REMOVE', (p) => p.madvise(AT + 2 ** 22, 2 ** 29, MADV.GUARD_REMOVE)],
  [
    'mremap',
    (p) =>
      p.mremap({
        oldAddr: AT,
        oldLength: 2 ** 28,
        newLength: 2 ** 28,
        flags: MREMAP_MAYMOVE | MREMAP_FIXED,
        newAddr: TO,
      }),
  ],
  [
    'shared memory',
    (p) =>
      p.mmap({
        addr: TO,
        length: 2 ** 27,
        prot: READ_WRITE,
        flags: MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE,
      }),
  ],
  ['munmap', (p) => p.munmap(TO, 2 ** 28)],
  ['a mapping over all of it', (p) => p.mmap({ addr: AT, length: BYTES, prot: READ_WRITE, flags: ANONYMOUS })],
];

describe('work on page tables that is put off', () => {
  it('leaves the state, and has the result, of work that is done at once', () => {
    const atOnce = new World({ softDirty: true }).newProcess();
    const later = new World({ softDirty: true }).newProcess();
    later.world.pageWork.putsOff = true;
    let pieces = 0;
    for (const [name, call] of CALLS) {
      const expected = call(atOnce);
      const promised = call(later);
      let own = 0;
      while (later.world.pageWork.step()) own++;
      const result = later.world.pageWork.takeResult();
      // An address is known at once; what is found out page by page comes later.
      expect(result === 0 ? promised : result, name).toBe(expected);
      expect(stateOf(later), name).toEqual(stateOf(atOnce));
      expect(validateWorld(later.world), name).toEqual([]);
      pieces += own;
    }
    expect(pieces).toBeGreaterThan(100);
  });

  it('is finished by the next call of the process, by a fork and by an access', () => {
    const process = populating();
    const { world } = process;
    expect(world.pageWork.pending).toBe(true);
    expect(process.of.access(AT + BYTES - 1, 'read').fault).toBeNull();
    expect(world.pageWork.pending).toBe(false);
    expect(process.of.pageTable.rss.anon).toBe(PAGES);

    const forking = populating();
    const { child } = forking.of.fork();
    expect(child.pageTable.rss.anon).toBe(PAGES);

    const unmapping = populating();
    expect(unmapping.of.munmap(AT, BYTES)).toBe(0);
    unmapping.world.pageWork.finish();
    expect(unmapping.of.pageTable.rss.anon).toBe(0);
    expect(unmapping.world.frames.live).toBe(0);
  });

  it('is put off only where it is large, and then in the order of the calls', () => {
    const process = new World().newProcess();
    const { pageWork } = process.world;
    pageWork.putsOff = true;
    process.mmap({ addr: AT, length: 2 ** 20, prot: READ_WRITE, flags: ANONYMOUS | MAP_POPULATE });
    expect(pageWork.pending).toBe(false);
    process.mmap({ addr: AT, length: BYTES, prot: READ_WRITE, flags: ANONYMOUS | MAP_POPULATE });
    pageWork.finish();
    expect(process.pageTable.rss.anon).toBe(PAGES);
    expect(validateWorld(process.world)).toEqual([]);
  });

  it('of an exit frees everything', () => {
    const { world, of } = populating();
    of.exit();
    expect([...world.processes]).toEqual([]);
    let pieces = 0;
    while (world.pageWork.step()) pieces++;
    expect(pieces).toBeGreaterThan(5);
    expect([world.frames.live, world.frames.tables.live]).toEqual([0, 0]);
  });

  it('that runs out of memory is given up, and what was done stays', () => {
    const process = new World({ maxBytes: 2 ** 21 }).newProcess();
    const { pageWork } = process.world;
    pageWork.putsOff = true;
    process.mmap({ addr: AT, length: BYTES, prot: READ_WRITE, flags: ANONYMOUS | MAP_POPULATE });
    expect(() => pageWork.finish()).toThrow('out of memory');
    expect(pageWork.pending).toBe(false);
    expect(process.pageTable.rss.anon).toBeGreaterThan(1000);
    expect(validateWorld(process.world)).toEqual([]);
    expect(process.munmap(AT, BYTES)).toBe(0);
    pageWork.finish();
    expect(process.world.frames.live).toBe(0);
  });

  it('says late what a call has found', () => {
    const process = new World().newProcess();
    const { pageWork } = process.world;
    process.mmap({ addr: AT, length: BYTES, prot: PROT_NONE, flags: ANONYMOUS });
    pageWork.putsOff = true;
    expect(process.madvise(AT, BYTES, MADV.POPULATE_READ)).toBe(0);
    pageWork.finish();
    expect(pageWork.takeResult()).toBe('EINVAL');
    expect(pageWork.takeResult()).toBe(0);
  });
});

/** A process whose memory is mapped, and whose pages are put off. */
function populating(): { world: World; of: Process } {
  const of = new World().newProcess();
  of.world.pageWork.putsOff = true;
  of.mmap({ addr: AT, length: BYTES, prot: READ_WRITE, flags: ANONYMOUS | MAP_POPULATE });
  return { world: of.world, of };
}

/** Everything but the names of frames; of the entries a checksum. */
function stateOf(process: Process): unknown {
  const { mm, pageTable, world } = process;
  let entries = 0;
  let checksum = 0;
  walkPageRange(pageTable, virtPage(0), virtPage(MAX_PAGE), {
    pte: (page, pte) => {
      entries++;
      const owners = ptePresent(pte) ? world.frames.refcount(ptePfn(pte)) : 0;
      const bits = [pteGuard(pte), ptePresent(pte), pteWrite(pte), pteDirty(pte), pteSoftDirty(pte)];
      checksum = (Math.imul(checksum, 31) + page + bits.reduce((sum, bit) => sum * 2 + Number(bit), owners)) | 0;
      return undefined;
    },
  });
  return {
    vmas: mm.vmas(),
    rss: pageTable.rss,
    tables: [pageTable.pteTables, pageTable.pmdTables, pageTable.pudTables],
    live: world.frames.live,
    entries,
    checksum,
  };
}
