import { parseStrace } from 'proc-io';
import { describe, expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { GuardsAsMarkers } from '../../src/replay/guardsAsMarkers.ts';
import { neededLimit } from '../../src/report/neededLimit.ts';
import { type GuardsAnswer, WhatIf } from '../../src/report/whatIf.ts';
import { mapOf, replayText } from './replayText.ts';

const STACK = 0x801000;
const TOP = 0x7f0000000000;
const hex = (n: number): string => `0x${n.toString(16)}`;

/** Thread stacks as glibc makes them before 2.42: a reserve, and all but its lowest page made accessible. */
function stacks(count: number): string {
  return Array.from({ length: count }, (_, at) => {
    const start = TOP - (at + 1) * STACK;
    return [
      `mmap(NULL, ${STACK}, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_STACK, -1, 0) = ${hex(start)}`,
      `mprotect(${hex(start + 4096)}, ${STACK - 4096}, PROT_READ|PROT_WRITE) = 0`,
    ].join('\n');
  }).join('\n');
}

/** What would be, were the guards of a log markers. */
function answer(log: string, longest?: number): GuardsAnswer | null {
  const whatIf = new WhatIf({ profile: kernelProfile('6.19') }, longest);
  for (const event of parseStrace(`${log}\n`)) whatIf.feed(event);
  whatIf.end();
  return whatIf.guards;
}

describe('guards as markers', () => {
  it('300 stacks: 600 VMAs with PROT_NONE guards, one with markers', () => {
    const log = stacks(300);
    expect(replayText(log).first?.space.process.mm.mapCount).toBe(600);
    expect(answer(log)).toMatchObject({ guards: 300, endVmas: 1, sizes: [{ bytes: 4096, count: 300 }] });
  });

  const rewritten = (log: string): { map: string[]; guards: number } => {
    const rewriter = new GuardsAsMarkers();
    const replay = replayText(log, { rewrite: (space, call) => rewriter.rewrite(space, call) });
    const guards = replay.first === null ? 0 : rewriter.sizes(replay.first.space).count;
    return { map: mapOf(replay), guards };
  };
  const RW = 'mmap(NULL, 16384, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000';

  it('a page made inaccessible in a larger mapping becomes a marker', () => {
    expect(rewritten(`${RW}\nmprotect(0x7f0000001000, 4096, PROT_NONE) = 0`)).toEqual({
      map: ['7f0000000000-7f0000004000 rw-p'],
      guards: 1,
    });
  });

  it('a page mapped over with PROT_NONE becomes a marker', () => {
    const over = 'mmap(0x7f0000000000, 4096, PROT_NONE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000';
    expect(rewritten(`${RW}\n${over}`)).toEqual({ map: ['7f0000000000-7f0000004000 rw-p'], guards: 1 });
  });

  it('a whole mapping made inaccessible, and a large reserve, stay what they are', () => {
    expect(rewritten(`${RW}\nmprotect(0x7f0000000000, 16384, PROT_NONE) = 0`).guards).toBe(0);
    const reserve = 'mmap(NULL, 67108864, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE, -1, 0) = 0x7effe0000000';
    expect(rewritten(`${reserve}\nmprotect(0x7effe0000000, 135168, PROT_READ|PROT_WRITE) = 0`).guards).toBe(0);
  });
});

describe('which ranges are guards', () => {
  const at = (n: number): string => hex(TOP + n);
  const anon = (flags = ''): string => `MAP_PRIVATE|MAP_ANONYMOUS${flags}, -1, 0`;

  it('HotSpot maps a zone of a stack anew, then makes it inaccessible: as if it had done neither', () => {
    const log = [
      `mmap(NULL, 1048576, PROT_READ|PROT_WRITE, ${anon('|MAP_STACK')}) = ${at(0)}`,
      `mmap(${at(0)}, 16384, PROT_READ|PROT_WRITE, ${anon('|MAP_FIXED')}) = ${at(0)}`,
      `mprotect(${at(0)}, 16384, PROT_NONE) = 0`,
    ];
    expect(answer(log.join('\n'))).toMatchObject({ guards: 1, peakVmas: 1, endVmas: 1 });
  });

  it('the same with calls of another thread between the two', () => {
    const log = [
      `7 mmap(NULL, 1048576, PROT_READ|PROT_WRITE, ${anon('|MAP_STACK')}) = ${at(0)}`,
      `7 mmap(${at(0)}, 16384, PROT_READ|PROT_WRITE, ${anon('|MAP_FIXED')}) = ${at(0)}`,
      `8 mmap(NULL, 1048576, PROT_READ|PROT_WRITE, ${anon('|MAP_STACK')}) = ${at(-0x100000)}`,
      `8 mmap(${at(-0x100000)}, 16384, PROT_READ|PROT_WRITE, ${anon('|MAP_FIXED')}) = ${at(-0x100000)}`,
      `7 mprotect(${at(0)}, 16384, PROT_NONE) = 0`,
      `8 mprotect(${at(-0x100000)}, 16384, PROT_NONE) = 0`,
    ];
    expect(answer(log.join('\n'))).toMatchObject({ guards: 2, peakVmas: 1, endVmas: 1 });
  });

  it('a zone that its thread uses for something else first: a VMA of its own by then, and a part of its stack again', () => {
    const log = [
      `mmap(NULL, 1048576, PROT_READ|PROT_WRITE, ${anon('|MAP_STACK')}) = ${at(0)}`,
      `mmap(${at(0)}, 16384, PROT_READ|PROT_WRITE, ${anon('|MAP_FIXED')}) = ${at(0)}`,
      `madvise(${at(0)}, 16384, MADV_DONTFORK) = 0`,
      `mprotect(${at(0)}, 16384, PROT_NONE) = 0`,
    ];
    expect(answer(log.join('\n'))).toMatchObject({ guards: 1, peakVmas: 2, endVmas: 1 });
  });

  it('a zone that stays accessible is no guard', () => {
    const log = [
      `mmap(NULL, 1048576, PROT_READ|PROT_WRITE, ${anon('|MAP_STACK')}) = ${at(0)}`,
      `mmap(${at(0)}, 16384, PROT_READ|PROT_WRITE, ${anon('|MAP_FIXED')}) = ${at(0)}`,
    ];
    expect(answer(log.join('\n'))).toBeNull();
  });

  it('a pair of calls that makes no guard is performed as the two that it is', () => {
    const log = [
      `mmap(${at(0)}, 16384, PROT_READ|PROT_WRITE, ${anon('|MAP_FIXED')}) = ${at(0)}`,
      `mprotect(${at(0)}, 16384, PROT_NONE) = 0`,
      `mmap(NULL, 1048576, PROT_READ|PROT_WRITE, ${anon()}) = ${at(-0x200000)}`,
      `mprotect(${at(-0x200000)}, 4096, PROT_NONE) = 0`,
    ];
    expect(answer(log.join('\n'))).toMatchObject({ guards: 1, endVmas: 2 });
  });

  it('a reserve of which all but a page is mapped anew: that page is a guard', () => {
    const log = [
      `mmap(NULL, 1052672, PROT_NONE, ${anon()}) = ${at(0)}`,
      `mmap(${at(4096)}, 1048576, PROT_READ|PROT_WRITE, ${anon('|MAP_FIXED')}) = ${at(4096)}`,
    ];
    expect(answer(log.join('\n'))).toMatchObject({ guards: 1, endVmas: 1 });
  });

  it('stacks whose reserves were one VMA before they became accessible', () => {
    const log = [
      `mmap(NULL, 1052672, PROT_NONE, ${anon()}) = ${at(0)}`,
      `mmap(NULL, 1052672, PROT_NONE, ${anon()}) = ${at(-0x101000)}`,
      `mprotect(${at(4096)}, 1048576, PROT_READ|PROT_WRITE) = 0`,
      `mprotect(${at(-0x100000)}, 1048576, PROT_READ|PROT_WRITE) = 0`,
    ];
    expect(answer(log.join('\n'))).toMatchObject({ guards: 2, endVmas: 1 });
  });

  it('an arena that is made accessible chunk by chunk has no guards, however little is left of it', () => {
    const chunks = Array.from(
      { length: 15 },
      (_, chunk) => `mprotect(${at(chunk * 0x10000)}, 65536, PROT_READ|PROT_WRITE) = 0`,
    );
    const log = [`mmap(NULL, 1048576, PROT_NONE, ${anon()}) = ${at(0)}`, ...chunks];
    expect(answer(log.join('\n'))).toBeNull();
  });

  it('what is left of a reserve whose other part was committed by mapping it anew is no guard', () => {
    const log = [
      `mmap(NULL, 49152, PROT_NONE, ${anon('|MAP_NORESERVE')}) = ${at(0)}`,
      `mmap(${at(0)}, 20480, PROT_READ|PROT_WRITE, ${anon('|MAP_FIXED')}) = ${at(0)}`,
    ];
    expect(answer(log.join('\n'))).toBeNull();
  });

  it('a guard that becomes accessible again was none; another bound makes a guard of a longer range', () => {
    const stack = [
      `mmap(NULL, 1048576, PROT_READ|PROT_WRITE, ${anon()}) = ${at(0)}`,
      `mprotect(${at(0)}, 131072, PROT_NONE) = 0`,
    ];
    expect(answer(stack.join('\n'))).toBeNull();
    expect(answer(stack.join('\n'), 131072)).toMatchObject({ guards: 1, longest: 131072 });
    const back = [...stack, `mprotect(${at(0)}, 131072, PROT_READ|PROT_WRITE) = 0`];
    expect(answer(back.join('\n'), 131072)).toBeNull();
  });
});

describe('the limit that a log needs', () => {
  const limit = (
    log: string,
    kernel: string,
  ): { atLeast: number; line: number | undefined; errno: string | undefined } => {
    const events = [...parseStrace(`${log.trim()}\n`)];
    const peak = replayText(log, { kernel }).first?.space.notes.peak.vmas ?? 0;
    const { atLeast, fails } = neededLimit(events, { profile: kernelProfile(kernel) }, peak);
    return { atLeast, line: fails?.line, errno: fails?.errno };
  };
  const RW = 'mmap(NULL, 16384, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000';

  it('an mprotect in the middle of a VMA makes three of it, and needs as many', () => {
    expect(limit(`${RW}\nmprotect(0x7f0000001000, 4096, PROT_READ) = 0`, '6.19')).toEqual({
      atLeast: 3,
      line: 2,
      errno: 'ENOMEM',
    });
  });

  it('the hints of madvise say EAGAIN', () => {
    expect(limit(`${RW}\nmadvise(0x7f0000001000, 4096, MADV_DONTFORK) = 0`, '6.19')).toEqual({
      atLeast: 3,
      line: 2,
      errno: 'EAGAIN',
    });
  });

  it('a move wants room for 6 VMAs up to 6.19, for 4 on 7.3', () => {
    const log = `${RW}\nmremap(0x7f0000000000, 16384, 16384, MREMAP_MAYMOVE|MREMAP_FIXED, 0x7e0000000000) = 0x7e0000000000`;
    expect(limit(log, '6.19')).toEqual({ atLeast: 7, line: 2, errno: 'ENOMEM' });
    expect(limit(log, '7.3')).toEqual({ atLeast: 5, line: 2, errno: 'ENOMEM' });
  });

  it('mappings alone may reach one more than the limit', () => {
    const maps = ['0x7e0000000000', '0x7d0000000000', '0x7c0000000000'].map(
      (at) => `mmap(${at}, 4096, PROT_READ, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = ${at}`,
    );
    expect(limit(maps.join('\n'), '6.19')).toEqual({ atLeast: 2, line: 3, errno: 'ENOMEM' });
  });
});
