import { describe, expect, it } from 'vitest';
import { PAGE_SIZE } from 'vma-core';
import { ARENA_BASE, runScenario } from '../../src/index.ts';
import type { ForkSimApi } from '../../src/worker/index.ts';
import { GUARDED_FILE } from './samples.ts';
import { look, vmasOf } from './suiteTools.ts';

/** Steps through a scenario, forward and back: a part of what holds for a simulation wherever it runs. */
export function describeSteps(sim: () => ForkSimApi): void {
  describe('steps through a scenario', () => {
    const records = runScenario(GUARDED_FILE);

    it('forward, each record as the runner has it', async () => {
      expect(await sim().loadScenario({ scenario: GUARDED_FILE })).toMatchObject({ position: 0, length: 10, vmas: 0 });
      for (const record of records) expect((await sim().step()).record).toEqual(record);
      expect((await sim().step()).position).toBe(10);
    });

    it('back, and every position shows what it showed on the way there', async () => {
      await sim().loadScenario({ scenario: JSON.stringify(GUARDED_FILE) });
      const seen = [await look(sim())];
      for (let n = 0; n < records.length; n++) {
        await sim().step();
        seen.push(await look(sim()));
      }
      for (let n = records.length - 1; n >= 0; n--) {
        expect((await sim().stepBack()).record).toEqual(records[n - 1] ?? null);
        expect(await look(sim())).toEqual(seen[n]);
      }
      await sim().runToEnd();
      expect(await look(sim())).toEqual(seen[records.length]);
      expect((await sim().jump(4)).record).toEqual(records[3]);
      expect(await look(sim())).toEqual(seen[4]);
      expect(await sim().jump(99)).toMatchObject({ position: 10, record: records[9] });
    });

    it('and what was tried at one position is gone at the next', async () => {
      await sim().loadScenario({ scenario: GUARDED_FILE });
      await sim().jump(5);
      const { child } = await sim().fork();
      await sim().touch({ pid: child, addr: ARENA_BASE + 20 * PAGE_SIZE, pages: 8, access: 'write' });
      expect((await sim().state()).pids).toHaveLength(2);
      for (const record of records.slice(5)) expect((await sim().step()).record).toEqual(record);
      await sim().jump(5);
      expect((await sim().state()).pids).toHaveLength(1);
    });

    it('and shows windows as typed arrays', async () => {
      await sim().loadScenario({ scenario: GUARDED_FILE });
      const { record } = await sim().jump(5);
      const map = await sim().readMap();
      expect(map.flagsLo).toBeInstanceOf(Uint32Array);
      expect(vmasOf(map)).toEqual(record?.vmas.map(([start, end, , , , flags]) => [start, end, flags]));
      const { letters } = await sim().readPages({ addr: ARENA_BASE, pages: 64 });
      expect(String.fromCharCode(...letters)).toBe(record?.pages);
      const first = await sim().readMap({ max: 1 });
      expect(first).toMatchObject({ count: 1, next: ARENA_BASE + 20 * PAGE_SIZE });
      expect(vmasOf(await sim().readMap({ from: first.next ?? 0 }))).toEqual(vmasOf(map).slice(1));
      expect((await sim().readMap({ to: ARENA_BASE })).count).toBe(0);
    });
  });
}
