import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGE_SIZE } from 'vma-core';
import { ARENA_BASE } from '../../src/index.ts';
import { CancelledError, type ForkSimApi, TABLE_LEVELS } from '../../src/worker/index.ts';
import { describeErrors } from './errorsSuite.ts';
import { describeForks } from './forksSuite.ts';
import { describeLogs } from './logsSuite.ts';
import { garbledBlock, MANY, MANY_VMAS } from './samples.ts';
import { describeSteps } from './stepsSuite.ts';
import { abortedBy, errorOf } from './suiteTools.ts';
import { describeTraces } from './tracesSuite.ts';

/** What holds for a simulation wherever it runs: in the same thread, in a worker of Node, in a worker of the browser. */
export function describeForkSim(where: string, start: () => Promise<ForkSimApi>): void {
  describe(`a simulation ${where}`, () => {
    let sim: ForkSimApi;
    beforeAll(async () => {
      sim = await start();
    });
    afterAll(() => sim.dispose());

    it('has nothing loaded at first, and says so', async () => {
      for (const ask of [sim.state(), sim.step(), sim.fork(), sim.readMap()]) {
        expect(await errorOf(ask)).toMatchObject({ name: 'InvariantError', message: 'nothing is loaded' });
      }
    });

    describeSteps(() => sim);
    describeForks(() => sim);
    describeTraces(() => sim);
    describeLogs(() => sim);
    describeErrors(() => sim);

    it('lists page tables as typed arrays, a window at a time', async () => {
      await sim.newProcess();
      const { addr } = await sim.buildAnon({ bytes: 2 ** 24 });
      const all = await sim.readTables();
      expect(all.level).toBeInstanceOf(Uint8Array);
      const names = Array.from(all.level, (level) => TABLE_LEVELS[level]);
      expect(names.slice(0, 4)).toEqual(['pgd', 'pud', 'pmd', 'pte']);
      const leaves = all.entries.filter((_, at) => names[at] === 'pte');
      expect(leaves.reduce((sum, one) => sum + one, 0)).toBe(2 ** 24 / PAGE_SIZE);
      expect(all).toMatchObject({ count: names.length, next: null });
      const first = await sim.readTables({ addr, pages: 4, max: 3 });
      expect(Array.from(first.level)).toEqual([0, 1, 2]);
      expect(first.next).toBe(Math.floor(addr / 2 ** 21) * 2 ** 21);
      expect((await sim.readTables({ addr: 0, pages: 4 })).count).toBe(1);
      expect((await errorOf(sim.readTables({ addr: 1 })))?.name).toBe('InvariantError');
      expect((await errorOf(sim.readTables({ max: 0 })))?.name).toBe('InvariantError');
    });

    it('cancels in the middle of a fork, of touching, of a replay, and what is there can be used', async () => {
      await sim.loadScenario({ scenario: MANY_VMAS, options: { maxMapCount: MANY } });
      expect(await sim.step(3)).toMatchObject({ vmas: MANY, pids: [1] });
      const controller = new AbortController();
      const fork = sim.fork({}, { signal: controller.signal, onProgress: () => controller.abort() });
      expect(await errorOf(fork)).toBeInstanceOf(CancelledError);
      expect((await sim.state()).pids).toEqual([1]);
      // What a fork copied stays write-protected, as in the kernel.
      const touch = { addr: ARENA_BASE, pages: 3, access: 'write' } as const;
      expect(await sim.touch(touch)).toMatchObject({ writeFaults: 3 });
      const touching = sim.touch({ ...touch, pages: 2 ** 30 }, abortedBy(new AbortController()));
      expect(await errorOf(touching)).toBeInstanceOf(CancelledError);
      const source = new Blob(Array.from({ length: 300 }, garbledBlock));
      expect(await errorOf(sim.loadStrace({ source }, abortedBy(new AbortController())))).toBeInstanceOf(
        CancelledError,
      );
      const { position, length } = await sim.state();
      expect(position).toBe(length);
      expect(position).toBeLessThan(299_700);
      expect((await sim.stepBack()).position).toBe(position - 1);
    });

    it('refuses to be used after it was disposed of', async () => {
      await sim.newProcess();
      await sim.dispose();
      expect(await errorOf(sim.state())).toBeInstanceOf(Error);
    });
  });
}
