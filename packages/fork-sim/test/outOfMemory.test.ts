import fc from 'fast-check';
import { OutOfMemoryError } from 'pt-model';
import { describe, expect, it } from 'vitest';
import {
  MADV,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PAGE_SIZE,
  PROT_READ,
  PROT_WRITE,
} from 'vma-core';
import { type Process, validateWorld, World } from '../src/index.ts';
import { type Call, callLine, calls, FILE_PAGES, performCall } from './property/call.ts';
import { seed } from './support/seed.ts';

const BASE = 0x1000_0000_0000;
const READ_WRITE = PROT_READ | PROT_WRITE;
const FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

describe('a model that is out of memory', () => {
  it(`is in a sound state after every call, wherever the memory ended (seed ${seed})`, () => {
    let refusals = 0;
    const steps = fc.array(fc.tuple(calls, fc.nat(3), fc.nat(9)), {
      minLength: 20,
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (many) => {
        const { world, memory, process, file } = scarce();
        const processes = [process];
        const lines: string[] = [];
        for (const [one, left, fork] of many) {
          memory.left = left;
          const who = processes[left % processes.length] as Process;
          const refused = memory.refuses(() => step(who, file, one, fork === 0 && processes.length < 3, processes));
          lines.push(`${callLine(one)}${refused ? ': out of memory' : ''}`);
          if (refused) refusals++;
          expect(validateWorld(world), lines.join('\n')).toEqual([]);
        }
        memory.left = Number.POSITIVE_INFINITY;
        for (const one of processes) one.exit();
        world.dropCaches();
        expect([world.frames.live, world.frames.tables.live]).toEqual([0, 0]);
        // Arrays of words are kept for what comes next; all else has been given back.
        expect(world.frames.memory.bytes, lines.join('\n')).toBe(memory.words);
      }),
      { seed, numRuns: 100 },
    );
    expect(refusals).toBeGreaterThan(100);
  });

  const one = BASE + 100 * 4 * PAGE_SIZE;
  const inner = one + PAGE_SIZE;
  /** Calls that need VMAs: each on a mapping of three pages among many. */
  const needy: readonly (readonly [string, (process: Process) => unknown])[] = [
    ['mprotect of the middle', (p) => p.mprotect(inner, PAGE_SIZE, PROT_READ)],
    ['munmap of the middle', (p) => p.munmap(inner, PAGE_SIZE)],
    ['mlock of the middle', (p) => p.mlock(inner, PAGE_SIZE)],
    ['madvise of the middle', (p) => p.madvise(inner, PAGE_SIZE, MADV.DONTFORK)],
    ['a name for the middle', (p) => p.setAnonName(inner, PAGE_SIZE, 'middle')],
    ['mmap over the middle', (p) => p.mmap({ addr: inner, length: PAGE_SIZE, prot: PROT_READ, flags: FIXED })],
    ['brk', (p) => p.brk(p.mm.startBrk + PAGE_SIZE)],
    [
      'mremap of the middle',
      (p) =>
        p.mremap({
          oldAddr: inner,
          oldLength: PAGE_SIZE,
          newLength: PAGE_SIZE,
          flags: MREMAP_MAYMOVE | MREMAP_FIXED,
          newAddr: 0x2000_0000_0000,
        }),
    ],
    ['fork', (p) => p.fork()],
  ];

  it.each(needy)('refuses %s where there is no room for another VMA, and stays sound', (_, call) => {
    const { world, memory, process } = scarce();
    process.mm.startBrk = 0x5000_0000_0000;
    process.mm.brk = process.mm.startBrk;
    let vmas = 0;
    const fill = (): void => {
      const addr = BASE + vmas * 4 * PAGE_SIZE;
      process.mmap({ addr, length: 3 * PAGE_SIZE, prot: READ_WRITE, flags: FIXED | MAP_POPULATE });
      vmas++;
    };
    for (let i = 0; i < 200; i++) fill();
    memory.onlyWords = true;
    while (!memory.refuses(fill));
    const before = process.mm.mapCount;
    expect(before).toBe(vmas);
    // One VMA may be left; a second call of the kind finds none.
    const refused = [
      memory.refuses(() => call(process)),
      memory.refuses(() => process.mprotect(one + 8 * PAGE_SIZE, PAGE_SIZE, PROT_READ)),
    ];
    expect(refused).toContain(true);
    expect(validateWorld(world)).toEqual([]);
    expect(world.processes.size).toBe(1);
    memory.onlyWords = false;
    call(process);
    expect(validateWorld(world)).toEqual([]);
  });

  it('counts VMAs, what was written, and page caches, and says how much was asked for, held and allowed', () => {
    const world = new World({ maxBytes: 2 ** 20 });
    const process = world.newProcess();
    const { memory } = world.frames;
    const before = memory.bytes;
    let error: unknown;
    try {
      for (let i = 0; ; i++)
        process.mmap({ addr: BASE + i * 2 * PAGE_SIZE, length: PAGE_SIZE, prot: READ_WRITE, flags: FIXED });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(OutOfMemoryError);
    const { bytes, held, limit, message } = error as OutOfMemoryError;
    expect(limit).toBe(2 ** 20);
    expect(held).toBe(memory.bytes);
    expect(bytes + held).toBeGreaterThan(limit);
    expect(message).toContain(`${bytes} bytes more are needed, ${held} are in use, and ${limit} may be`);
    expect(memory.bytes - before).toBe(process.mm.byteLength - new World().newProcess().mm.byteLength);
    expect(process.mm.mapCount).toBeGreaterThan(1000);
    process.exit();
    expect(memory.bytes).toBeLessThan(before);

    const other = new World();
    const shared = other.newProcess();
    const flags = MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED;
    shared.mmap({ addr: BASE, length: 64 * PAGE_SIZE, prot: READ_WRITE, flags });
    const empty = other.frames.memory.bytes;
    for (let i = 0; i < 64; i++) shared.access(BASE + i * PAGE_SIZE, 'write', 1);
    const written = other.frames.memory.bytes;
    expect(written - empty).toBeGreaterThanOrEqual(64 * 16);
    shared.munmap(BASE, 64 * PAGE_SIZE);
    expect(other.frames.memory.bytes).toBe(empty);
  });
});

function step(who: Process, file: number, call: Call, fork: boolean, processes: Process[]): void {
  if (fork) processes.push(who.fork().child);
  else performCall(who, file, call);
}

/** Memory that ends when it is told to. */
class Scarcity {
  /** Requests that are still met. */
  left: number = Number.POSITIVE_INFINITY;
  /** Only arrays of words are to be had: page tables and frames, no VMAs. */
  onlyWords = false;
  /** Bytes of arrays of words. */
  words = 0;

  constructor({ frames: { memory } }: World) {
    const count = memory.count.bind(memory);
    const words = memory.words.bind(memory);
    let inWords = false;
    this.words = memory.bytes;
    memory.count = (bytes) => {
      if (--this.left < 0 || (this.onlyWords && !inWords))
        throw new OutOfMemoryError(bytes, memory.bytes, memory.bytes);
      count(bytes);
    };
    memory.words = (length) => {
      inWords = true;
      try {
        const array = words(length);
        this.words += array.byteLength;
        return array;
      } finally {
        inWords = false;
      }
    };
  }

  /** Does a call find that the memory has ended? */
  refuses(call: () => unknown): boolean {
    try {
      call();
      return false;
    } catch (error) {
      if (error instanceof OutOfMemoryError) return true;
      throw error;
    }
  }
}

function scarce(): { world: World; memory: Scarcity; process: Process; file: number } {
  const world = new World({ profile: '6.19' });
  const memory = new Scarcity(world);
  const process = world.newProcess();
  const file = world.open({ inode: world.newInode({ pages: FILE_PAGES, firstByte: (page) => page + 1 }) });
  return { world, memory, process, file };
}
