import { mkGuardMarker, mkPte, PTE_NONE, PTE_WRITE, ptePfn, virtPage } from 'pt-model';
import { describe, expect, it } from 'vitest';
import {
  flagsLo,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  PAGE_SIZE,
  PROT_READ,
  PROT_WRITE,
  VM_MAYBE_GUARD,
} from 'vma-core';
import { uffdRegister } from 'vma-core/calls';
import { guardRanges, type Process, validateFork, validateProcess, validateWorld, World } from '../src/index.ts';

const BASE = 0x2000_0000_0000;
const at = (page: number): number => BASE + page * PAGE_SIZE;
const pte = (page: number): ReturnType<typeof virtPage> => virtPage(BASE / PAGE_SIZE + page);

/** Pages 0 to 3 writable, 4 to 7 read-only; page 0 written. */
function sound(): { world: World; process: Process } {
  const world = new World();
  const process = world.newProcess();
  const flags = MAP_ANONYMOUS | MAP_PRIVATE | MAP_FIXED;
  process.mmap({ addr: at(0), length: 4 * PAGE_SIZE, prot: PROT_READ | PROT_WRITE, flags });
  process.mmap({ addr: at(4), length: 4 * PAGE_SIZE, prot: PROT_READ, flags });
  process.access(at(0), 'write', 1);
  process.access(at(4), 'read');
  return { world, process };
}

const names = (found: readonly { readonly invariant: string }[]): string[] => [
  ...new Set(found.map(({ invariant }) => invariant)),
];

describe('a sound state has no violation', () => {
  it('of a process, of a world, and right after a fork', () => {
    const { world, process } = sound();
    expect(validateProcess(process)).toEqual([]);
    const { child } = process.fork();
    expect([...validateWorld(world), ...validateFork(process, child)]).toEqual([]);
  });
});

describe('what is broken is named', () => {
  it('strayPte: an entry outside every VMA', () => {
    const { process } = sound();
    process.pageTable.set(pte(20), mkPte(process.world.frames.allocAnon(), 0));
    expect(validateProcess(process)).toEqual([
      { invariant: 'strayPte', pid: 1, message: 'page 0x200000014 has an entry and lies in no VMA' },
    ]);
  });

  it('guard: a marker in a VMA without VM_MAYBE_GUARD', () => {
    const { process } = sound();
    process.pageTable.set(pte(2), mkGuardMarker());
    expect(names(validateProcess(process))).toEqual(['guard']);
    const { store } = process.mm;
    const vma = process.mm.vmaLookup(at(2));
    store.flagsLo[vma] = store.flagsLo[vma]! | flagsLo(VM_MAYBE_GUARD);
    expect(validateProcess(process)).toEqual([]);
    expect(guardRanges(process)).toEqual([{ start: at(2), end: at(3) }]);
  });

  it('writable: an entry that lets writes through where the VMA does not', () => {
    const { process } = sound();
    process.pageTable.set(pte(4), mkPte(ptePfn(process.pageTable.get(pte(4))), PTE_WRITE));
    expect(names(validateProcess(process))).toEqual(['writable']);
  });

  it('tables: a count that is not what the tables hold', () => {
    const { process } = sound();
    process.pageTable.rssAnon++;
    expect(names(validateProcess(process))).toEqual(['tables']);
  });

  it('uffdContext: registered with a userfaultfd that is gone', () => {
    const { world, process } = sound();
    const features = { eventFork: false, eventRemap: false, unpopulated: false, async: false, rwp: false };
    const context = world.newUffdContext(features, process);
    expect(uffdRegister(process.mm, context, at(0), 4 * PAGE_SIZE, { wp: true })).toBe(0);
    expect(validateProcess(process)).toEqual([]);
    world.uffdContexts.delete(context.id);
    expect(names(validateProcess(process))).toEqual(['uffdContext']);
  });

  it('refcount and leak: a reference that nothing holds, a frame that nothing maps', () => {
    const { world, process } = sound();
    world.frames.get(ptePfn(process.pageTable.get(pte(0))));
    expect(names(validateWorld(world))).toEqual(['refcount']);
    process.pageTable.set(pte(0), PTE_NONE);
    expect(names(validateWorld(world))).toEqual(['leak']);
  });

  it('sharedWritable: a private page that one may write and another maps', () => {
    const { world, process } = sound();
    process.fork();
    process.pageTable.set(pte(0), mkPte(ptePfn(process.pageTable.get(pte(0))), PTE_WRITE));
    expect(validateWorld(world)).toEqual([
      { invariant: 'sharedWritable', pid: null, message: 'process 1 may write page 0x200000000, which 2 entries map' },
    ]);
  });

  it('childGuards and childContents: what the child lacks', () => {
    const { process } = sound();
    const { child } = process.fork();
    process.pageTable.set(pte(2), mkGuardMarker());
    child.pageTable.set(pte(0), PTE_NONE);
    expect(names(validateFork(process, child))).toEqual(['childContents', 'childGuards']);
  });
});

describe('nothing leaks', () => {
  it('when every process has exited and the caches are dropped: no frame, no table, no userfaultfd', () => {
    const { world, process } = sound();
    const inode = world.newInode({ pages: 4, cached: true });
    const file = world.open({ inode, shmem: true });
    process.mmap({ addr: at(16), length: 4 * PAGE_SIZE, prot: PROT_READ, flags: MAP_PRIVATE | MAP_FIXED, file });
    process.access(at(17), 'read');
    const features = { eventFork: true, eventRemap: false, unpopulated: false, async: false, rwp: false };
    const context = world.newUffdContext(features, process);
    uffdRegister(process.mm, context, at(0), 4 * PAGE_SIZE, { wp: true });
    const { child } = process.fork();
    expect(world.uffdContexts.size).toBe(2);
    process.exit();
    expect(world.uffdContexts.size).toBe(1);
    child.exit();
    expect(world.frames.live).toBe(4);
    world.dropCaches();
    expect([world.frames.live, world.frames.tables.live, world.uffdContexts.size, world.processes.size]).toEqual([
      0, 0, 0, 0,
    ]);
  });
});
