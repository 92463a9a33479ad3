import { describe, expect, it } from 'vitest';
import { PAGE_SIZE } from 'vma-core';
import { ARENA_BASE, runScenario } from '../../src/index.ts';
import type { DecisionRecord, ForkSimApi, Progress } from '../../src/worker/index.ts';
import { GUARDED_FILE, SHARED_FILE } from './samples.ts';

const GIB = 2 ** 30;

/** Forks: a part of what holds for a simulation wherever it runs. */
export function describeForks(sim: () => ForkSimApi): void {
  describe('forks', () => {
    it('memory that was built, with progress, each decision streamed with its reason and cost', async () => {
      const progress: Progress[] = [];
      const decisions: DecisionRecord[] = [];
      await sim().newProcess();
      const built = await sim().buildAnon({ bytes: GIB }, { onProgress: (p) => progress.push(p) });
      expect(built.pages).toBe(GIB / PAGE_SIZE);
      const forked = await sim().fork({}, { onDecisions: (batch) => decisions.push(...batch) });
      expect(forked).toMatchObject({ copied: 1, refaulted: 0, ptes: GIB / PAGE_SIZE, tables: 515 });
      expect(decisions).toEqual([
        expect.objectContaining({ action: 'copy', rule: 'anonVma', start: built.addr, ptes: GIB / PAGE_SIZE }),
      ]);
      expect(progress.at(-1)).toMatchObject({ part: 1, done: GIB / PAGE_SIZE, unit: 'pages' });
      const writes = await sim().touch({ pid: forked.child, addr: built.addr, pages: 100, access: 'write' });
      expect(writes).toMatchObject({ writeFaults: 100, refaults: 0, mapped: 0 });
      expect((await sim().exit({ pid: forked.child })).pids).toEqual([1]);
    });

    it('and what is left to refault faults in on the first touch of the child, and is counted', async () => {
      await sim().loadScenario({ scenario: SHARED_FILE, options: { faultAroundPages: 1 } });
      await sim().runToEnd();
      const decisions: DecisionRecord[] = [];
      const { child, ...sums } = await sim().fork({}, { onDecisions: (batch) => decisions.push(...batch) });
      expect(sums).toMatchObject({ copied: 1, refaulted: 1, ptes: 4 });
      expect(decisions.map(({ action, rule }) => [action, rule])).toEqual([
        ['refault', 'refault'],
        ['copy', 'anonVma'],
      ]);
      const touch = { pid: child, addr: ARENA_BASE, pages: 32, access: 'read' } as const;
      expect(await sim().touch(touch)).toMatchObject({ refaults: 32, firstFaults: 0, mapped: 0, residentGain: 32 });
      expect(await sim().touch(touch)).toMatchObject({ refaults: 0, mapped: 32, residentGain: 0 });
      const copied = { pid: child, addr: ARENA_BASE + 40 * PAGE_SIZE, pages: 4, access: 'read' } as const;
      expect(await sim().touch(copied)).toMatchObject({ refaults: 0, mapped: 4 });
    });

    it('differently on two kernels', async () => {
      const input = { kind: 'scenario', load: { scenario: GUARDED_FILE } } as const;
      const { sides, differs, sameMap } = await sim().compare({ input, profiles: ['6.18', '6.19'] });
      expect(sides.map(({ kernel }) => kernel)).toEqual(['6.18', '6.19']);
      expect(sides[0].steps).toEqual(runScenario(GUARDED_FILE, { profile: '6.18' }));
      expect(sides[1].steps).toEqual(runScenario(GUARDED_FILE, { profile: '6.19' }));
      expect(differs).toContain(4);
      expect(sameMap).toBe(false);
    });
  });
}
