import { readFileSync } from 'node:fs';
import { createForkSim } from 'fork-sim/same-thread';
import type { ForkSimApi } from 'fork-sim/worker';
import { describe, expect } from 'vitest';
import type { DiffReport, ForkReport, WhyReport } from '../../src/json/index.ts';
import { cli, file, programFile } from '../cli.ts';
import { rightCase } from './rightCase.ts';

const SMAPS = programFile('thread-stacks', 'final.smaps');
const FIRST = programFile('thread-stacks', 'initial.smaps');
const LOG = programFile('thread-stacks', 'trace.strace');
const text = (path: string): string => readFileSync(path, 'utf8');

async function json<T>(...args: readonly string[]): Promise<T> {
  return JSON.parse((await cli([...args, '--json'])).out) as T;
}

async function inWorker<T>(ask: (sim: ForkSimApi) => Promise<T>): Promise<T> {
  const sim = createForkSim();
  try {
    return await ask(sim);
  } finally {
    await sim.dispose();
  }
}

const BEFORE = { before: 'the worker had no such call; the site said less than the command' };

describe('why, fork and diff in the worker', () => {
  rightCase(
    'why of a smaps, and of the log that led to it',
    { right: 'the groups of vma-lab why', ...BEFORE },
    async () => {
      const [ofMap, ofLog] = [
        await json<WhyReport>('why', SMAPS),
        await json<WhyReport>('why', LOG, '--initial', FIRST),
      ];
      const [map, log] = await inWorker(async (sim) => {
        await sim.loadSmaps({ source: text(SMAPS) });
        const first = await sim.whyReport();
        await sim.loadStrace({ source: text(LOG), initial: text(FIRST) });
        return [first, await sim.whyReport()];
      });
      const counts = (groups: readonly { readonly count: number; readonly rule: string | null }[]) =>
        groups.map(({ count, rule }) => [count, rule]);
      expect(counts(map.groups)).toEqual(counts(ofMap.groups));
      expect(counts(log.groups)).toEqual(counts(ofLog.groups));
      expect(map.groups.length).toBeGreaterThan(2);
    },
  );

  rightCase(
    'maps of five levels of page tables, and of arm64, with a guard beside memory',
    {
      right: '3 VMAs, 2 with a marker: what may merge does not depend on where it is',
      before: 'internal error; 3 VMAs',
    },
    async () => {
      for (const [at, end] of [
        ['ff0a1234567000', 'ff0a1234588000'],
        ['ffff8a400000', 'ffff8a421000'],
      ]) {
        const next = `${end?.slice(0, -4)}9000`;
        const lines = [`${at}-${end} rw-p`, `${end}-${next} ---p`].map((line) => `${line} 00000000 00:00 0 \n`);
        const maps = `00400000-00452000 r-xp 00000000 08:02 17 /bin/a\n${lines.join('')}`;
        const { out, status } = await cli(['report', file('high.maps', maps), '--json']);
        expect(status).toBe(0);
        expect(JSON.parse(out)).toMatchObject({ vmas: { now: 3 }, guards: { guards: 1, left: 2 } });
      }
    },
  );

  rightCase('fork of a smaps', { right: 'the sums and groups of vma-lab fork', ...BEFORE }, async () => {
    const [kernel] = (await json<ForkReport>('fork', SMAPS)).kernels;
    const { sums, groups } = await inWorker(async (sim) => {
      await sim.loadSmaps({ source: text(SMAPS) });
      return sim.forkReport();
    });
    expect([sums.copy.vmas, sums.copy.tablesKbAtMost, sums.refault.vmas, groups.length]).toEqual([
      kernel?.copy.vmas,
      kernel?.copy.tablesKbAtMost,
      kernel?.refault.vmas,
      kernel?.groups.length,
    ]);
    expect(sums.copy.vmas).toBeGreaterThan(10);
  });

  rightCase('diff of two smaps', { right: 'the groups of vma-lab diff', ...BEFORE }, async () => {
    const said = await json<DiffReport>('diff', FIRST, SMAPS);
    const found = await inWorker((sim) => sim.mapDiff({ from: text(FIRST), to: text(SMAPS) }));
    expect([found.same, found.vmas]).toEqual([said.same, said.vmas]);
    expect(found.groups.map(({ kind, count }) => [kind, count])).toEqual(
      said.groups.map(({ kind, count }) => [kind, count]),
    );
  });
});
