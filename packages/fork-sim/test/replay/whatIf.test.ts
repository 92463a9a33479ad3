import { parseStrace } from 'proc-io';
import { describe, expect, it } from 'vitest';
import { kernelProfile } from 'vma-core';
import { GuardsAsMarkers } from '../../src/replay/guardsAsMarkers.ts';
import { neededLimit } from '../../src/report/neededLimit.ts';
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

describe('guards as markers', () => {
  it('300 stacks: 600 VMAs with PROT_NONE guards, one with markers', () => {
    const log = stacks(300);
    expect(replayText(log).first?.space.process.mm.mapCount).toBe(600);
    const rewriter = new GuardsAsMarkers();
    const whatIf = replayText(log, { rewrite: (space, call) => rewriter.rewrite(space, call) });
    expect(rewriter.guards).toBe(300);
    expect(whatIf.first?.space.process.mm.mapCount).toBe(1);
  });

  const rewritten = (log: string): { map: string[]; guards: number } => {
    const rewriter = new GuardsAsMarkers();
    const replay = replayText(log, { rewrite: (space, call) => rewriter.rewrite(space, call) });
    return { map: mapOf(replay), guards: rewriter.guards };
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
