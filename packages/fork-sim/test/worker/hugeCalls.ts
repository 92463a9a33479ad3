import { parseStrace } from 'proc-io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kernelProfile, PAGE_SIZE } from 'vma-core';
import { Replay, runScenario } from '../../src/index.ts';
import { replayOutcome } from '../../src/report/replayOutcome.ts';
import { CancelledError, type ForkSimApi } from '../../src/worker/index.ts';
import { HUGE, HUGE_SCENARIO, hugeLog } from './samples.ts';
import { abortedBy, errorOf } from './suiteTools.ts';

/** Calls that take long each, wherever the simulation runs. */
export function describeHugeCalls(where: string, start: () => Promise<ForkSimApi>): void {
  describe(`one huge call, ${where}`, () => {
    let sim: ForkSimApi;
    beforeAll(async () => {
      sim = await start();
    });
    afterAll(() => sim.dispose());

    it('cancels between two huge calls of a log, and stands after the first of them', async () => {
      const cancelled = sim.loadStrace({ source: hugeLog(), name: 'huge' }, abortedBy(new AbortController()));
      expect(await errorOf(cancelled)).toBeInstanceOf(CancelledError);
      const { name, position } = await sim.state();
      expect(name).toBe('huge');
      expect(position).toBeGreaterThan(0);
      expect(position).toBeLessThan(11);
      // A call that was begun is whole: the first page and the last are there.
      await sim.jump(1);
      expect((await sim.state()).vmas).toBe(1);
      for (const addr of [0x1000_0000_0000, 0x1000_0000_0000 + HUGE - PAGE_SIZE]) {
        const { letters } = await sim.readPages({ addr, pages: 1 });
        expect(String.fromCharCode(...letters)).toBe('A');
      }
    });

    it('replays huge calls of a log as without a worker', async () => {
      const { outcome, position, vmas, pids } = await sim.loadStrace({ source: hugeLog() });
      expect([position, vmas, pids]).toEqual([11, 1, [1]]);
      const atOnce = new Replay({ profile: kernelProfile('6.19') });
      for (const event of parseStrace(hugeLog())) atOnce.feed(event);
      atOnce.end();
      if (atOnce.first === null) throw new Error('no call');
      expect(outcome).toEqual(replayOutcome(atOnce, atOnce.first));
      // The populate of guard pages ends otherwise than in the log, which is made up: EFAULT.
      expect(outcome).toMatchObject({ performed: 8, wrongResults: { count: 0 }, unknownMemory: { count: 1 } });
      await sim.jump(4);
      expect((await sim.state()).pids).toEqual([1, 2]);
    });

    it('carries huge calls of a scenario out as without a worker', async () => {
      await sim.loadScenario({ scenario: HUGE_SCENARIO });
      for (const record of runScenario(HUGE_SCENARIO)) expect((await sim.step()).record).toEqual(record);
    });

    it('answers a call that is cancelled while it waits before the one that runs has ended', async () => {
      await sim.newProcess();
      const [runs, waits] = [new AbortController(), new AbortController()];
      // More pages than can be touched before the cancel comes.
      const touching = errorOf(sim.touch({ addr: 0, pages: 2 ** 30, access: 'read' }, { signal: runs.signal }));
      const waiting = errorOf(sim.fork({}, { signal: waits.signal }));
      waits.abort();
      expect(await waiting).toBeInstanceOf(CancelledError);
      runs.abort();
      expect(await touching).toBeInstanceOf(CancelledError);
      expect((await sim.state()).pids).toEqual([1]);
    });
  });
}
