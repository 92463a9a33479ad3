import { describe, expect, it } from 'vitest';
import { ProfileError } from 'vma-core';
import { defineKernelProfile } from 'vma-core/profiles';
import { traceScenario } from '../../src/index.ts';
import { CancelledError, type ForkSimApi, type Progress } from '../../src/worker/index.ts';
import { GUARDED_FILE } from './samples.ts';
import { errorOf } from './suiteTools.ts';

/** Traces of scenarios: a part of what holds for a simulation wherever it runs. */
export function describeTraces(sim: () => ForkSimApi): void {
  describe('traces a scenario', () => {
    it.each(['6.18', '6.19'])('as the engine does, on %s, with progress; what is loaded stays', async (profile) => {
      await sim().newProcess();
      const progress: Progress[] = [];
      const input = { scenario: GUARDED_FILE, options: { profile } };
      const traced = await sim().trace(input, { onProgress: (now) => progress.push(now) });
      expect(traced).toEqual(traceScenario(GUARDED_FILE, { profile }));
      expect(progress.at(-1)).toEqual({ doing: 'tracing', part: 1, done: 10, unit: 'steps' });
      expect(await sim().state()).toMatchObject({ kind: 'process' });
    });

    it("on one's own kernel", async () => {
      const profile = defineKernelProfile('mine', '6.19', { sticky: [] });
      const { profile: name, steps } = await sim().trace({ scenario: GUARDED_FILE, options: { profile } });
      expect(name).toBe('mine');
      expect(steps[4]?.state.vmas[0]).toMatchObject({ flags: expect.arrayContaining(['gu']), sticky: [] });
    });

    it('and is cancelled between two steps; the next one runs', async () => {
      const ops = Array.from({ length: 60_000 }, (_, at) => GUARDED_FILE.ops[at % 6] ?? { op: 'fork' as const });
      const controller = new AbortController();
      const options = { profile: '6.19' };
      const traced = errorOf(
        sim().trace(
          { scenario: { id: 'long', ops }, options },
          { signal: controller.signal, onProgress: () => controller.abort() },
        ),
      );
      const next = sim().trace({ scenario: GUARDED_FILE, options });
      expect(await traced).toBeInstanceOf(CancelledError);
      expect((await next).steps).toHaveLength(10);
    });

    it('or says where the scenario is wrong, or the kernel', async () => {
      const options = { profile: '6.19' };
      const wrong = await errorOf(sim().trace({ scenario: '{"id":"x","ops":[{"op":"mmap","pag":1}]}', options }));
      expect(wrong).toMatchObject({ file: '(scenario)', line: 1, column: 37 });
      expect(await errorOf(sim().trace({ scenario: GUARDED_FILE, options: { profile: 'minix' } }))).toBeInstanceOf(
        ProfileError,
      );
    });
  });
}
