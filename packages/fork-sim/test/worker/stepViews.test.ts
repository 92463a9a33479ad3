import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MADV, MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PAGE_SIZE, PROT_READ, PROT_WRITE } from 'vma-core';
import { World } from '../../src/index.ts';
import { ALL_VMAS, readMap } from '../../src/report/readMap.ts';
import type { VmaNamer } from '../../src/report/vmaNames.ts';
import { type StepView, StepViews, sliceOf } from '../../src/worker/stepViews.ts';

const BASE = 0x7f00_0000_0000;

describe('a view of a position', () => {
  it('gives the same windows as the world itself', () => {
    const process = new World().newProcess();
    for (let i = 0; i < 40; i++) {
      const prot = i % 2 === 0 ? PROT_READ : PROT_READ | PROT_WRITE;
      const addr = BASE + (i * 3 + (i % 5 === 0 ? 1 : 0)) * PAGE_SIZE;
      process.mmap({ addr, length: 2 * PAGE_SIZE, prot, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED });
    }
    for (let page = 1; page < 120; page += 6) process.madvise(BASE + page * PAGE_SIZE, PAGE_SIZE, MADV.GUARD_INSTALL);
    const namer: VmaNamer = (ref) => ['', 'a', '', 'b', 'a'][ref % 5] as string;
    const whole = readMap(process, ALL_VMAS, namer);
    expect(whole.guardStart.length).toBeGreaterThan(10);
    expect(whole.count).toBeGreaterThan(30);
    const page = fc.integer({ min: -2, max: 125 });
    fc.assert(
      fc.property(page, page, fc.integer({ min: 1, max: 50 }), (a, b, max) => {
        const from = BASE + Math.min(a, b) * PAGE_SIZE;
        const to = BASE + Math.max(a, b) * PAGE_SIZE;
        expect(sliceOf(whole, { from, to, max })).toEqual(readMap(process, { from, to, max }, namer));
      }),
    );
    expect(sliceOf(whole, {})).toEqual(readMap(process, {}, namer));
  });

  it('is kept as long as there is room, the newest always', () => {
    const views = new StepViews();
    const view = (position: number, count: number): StepView =>
      ({
        shown: { record: null, call: null },
        state: { position },
        map: { count, guardStart: [] },
      }) as unknown as StepView;
    for (let position = 0; position < 100; position++) views.add(view(position, 100_000));
    expect(views.get(99)).toBeDefined();
    expect(views.get(98)).toBeDefined();
    expect(views.get(0)).toBeUndefined();
    views.add(view(100, 100_000_000));
    expect(views.get(100)).toBeDefined();
    expect(views.get(99)).toBeUndefined();
    expect(views.room(0)).toBe(1024);
    expect(views.room(1_000_000)).toBe(2);
  });
});
