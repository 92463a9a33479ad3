import { createForkSim } from 'fork-sim/same-thread';
import type { MapSlice } from 'fork-sim/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { findVma } from '../src/mapPicture/findVma.ts';

const MAPS = `1000-3000 r-xp 00000000 08:01 5 /usr/bin/deaf
5000-6000 rw-p 00000000 00:00 0
7f0000001000-7f0000002000 r--p 00000000 08:01 7 /usr/lib/libc.so.6
7f0000002000-7f0000004000 r-xp 00001000 08:01 7 /usr/lib/libc.so.6
`;

let map: MapSlice;
beforeAll(async () => {
  const sim = createForkSim();
  await sim.loadSmaps({ source: MAPS });
  map = await sim.readMap({});
});

describe('a VMA is found', () => {
  it.each([
    ['an address in it', '0x2fff', 0],
    ['its first address, as /proc has it', '7f0000002000', 3],
    ['a range, by where it begins', '5000-6000', 1],
    ['a part of the name of its file, in any case', 'LIBC', 2],
    ['a name that could be an address', 'deaf', 0],
    ['an address that no VMA holds', '4000', -1],
    ['no text', '  ', -1],
  ])('by %s', (_, text, found) => {
    expect(findVma(map, text, -1)).toBe(found);
  });

  it('again and again: the next one, and after the last the first', () => {
    expect([2, 3, 0].map((after) => findVma(map, 'libc', after))).toEqual([3, 2, 2]);
  });
});
