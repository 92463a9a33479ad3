import { InputError } from 'proc-io';
import { OutOfMemoryError } from 'pt-model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flagsOf, formatVmFlags, PAGE_SIZE, ProfileError } from 'vma-core';
import { defineKernelProfile } from 'vma-core/profiles';
import { ARENA_BASE, runScenario, type Scenario, traceScenario } from '../../src/index.ts';
import {
  CancelledError,
  type DecisionRecord,
  type ForkSimApi,
  type JobControl,
  type MapSlice,
  type Progress,
  ProtocolError,
  TABLE_LEVELS,
} from '../../src/worker/index.ts';
import {
  apartLog,
  BLOCK_LINES,
  GUARDED_FILE,
  garbledBlock,
  growingLog,
  HUGE_SCENARIO,
  hugeLog,
  MANY,
  MANY_VMAS,
  SHARED_FILE,
} from './samples.ts';

const GIB = 2 ** 30;

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

    describe('steps through a scenario', () => {
      const records = runScenario(GUARDED_FILE);

      it('forward, each record as the runner has it', async () => {
        expect(await sim.loadScenario({ scenario: GUARDED_FILE })).toMatchObject({ position: 0, length: 10, vmas: 0 });
        for (const record of records) expect((await sim.step()).record).toEqual(record);
        expect((await sim.step()).position).toBe(10);
      });

      it('back, and every position shows what it showed on the way there', async () => {
        await sim.loadScenario({ scenario: JSON.stringify(GUARDED_FILE) });
        const seen = [await look(sim)];
        for (let n = 0; n < records.length; n++) {
          await sim.step();
          seen.push(await look(sim));
        }
        for (let n = records.length - 1; n >= 0; n--) {
          expect((await sim.stepBack()).record).toEqual(records[n - 1] ?? null);
          expect(await look(sim)).toEqual(seen[n]);
        }
        await sim.runToEnd();
        expect(await look(sim)).toEqual(seen[records.length]);
        expect((await sim.jump(4)).record).toEqual(records[3]);
        expect(await look(sim)).toEqual(seen[4]);
        expect(await sim.jump(99)).toMatchObject({ position: 10, record: records[9] });
      });

      it('and what was tried at one position is gone at the next', async () => {
        await sim.loadScenario({ scenario: GUARDED_FILE });
        await sim.jump(5);
        const { child } = await sim.fork();
        await sim.touch({ pid: child, addr: ARENA_BASE + 20 * PAGE_SIZE, pages: 8, access: 'write' });
        expect((await sim.state()).pids).toHaveLength(2);
        for (const record of records.slice(5)) expect((await sim.step()).record).toEqual(record);
        await sim.jump(5);
        expect((await sim.state()).pids).toHaveLength(1);
      });

      it('and shows windows as typed arrays', async () => {
        await sim.loadScenario({ scenario: GUARDED_FILE });
        const { record } = await sim.jump(5);
        const map = await sim.readMap();
        expect(map.flagsLo).toBeInstanceOf(Uint32Array);
        expect(vmasOf(map)).toEqual(record?.vmas.map(([start, end, , , , flags]) => [start, end, flags]));
        const { letters } = await sim.readPages({ addr: ARENA_BASE, pages: 64 });
        expect(String.fromCharCode(...letters)).toBe(record?.pages);
        const first = await sim.readMap({ max: 1 });
        expect(first).toMatchObject({ count: 1, next: ARENA_BASE + 20 * PAGE_SIZE });
        expect(vmasOf(await sim.readMap({ from: first.next ?? 0 }))).toEqual(vmasOf(map).slice(1));
        expect((await sim.readMap({ to: ARENA_BASE })).count).toBe(0);
      });
    });

    describe('forks', () => {
      it('memory that was built, with progress, each decision streamed with its reason and cost', async () => {
        const progress: Progress[] = [];
        const decisions: DecisionRecord[] = [];
        await sim.newProcess();
        const built = await sim.buildAnon({ bytes: GIB }, { onProgress: (p) => progress.push(p) });
        expect(built.pages).toBe(GIB / PAGE_SIZE);
        const forked = await sim.fork({}, { onDecisions: (batch) => decisions.push(...batch) });
        expect(forked).toMatchObject({ copied: 1, refaulted: 0, ptes: GIB / PAGE_SIZE, tables: 515 });
        expect(decisions).toEqual([
          expect.objectContaining({ action: 'copy', rule: 'anonVma', start: built.addr, ptes: GIB / PAGE_SIZE }),
        ]);
        expect(progress.at(-1)).toMatchObject({ part: 1, done: GIB / PAGE_SIZE, unit: 'pages' });
        const writes = await sim.touch({ pid: forked.child, addr: built.addr, pages: 100, access: 'write' });
        expect(writes).toMatchObject({ writeFaults: 100, refaults: 0, mapped: 0 });
        expect((await sim.exit({ pid: forked.child })).pids).toEqual([1]);
      });

      it('and what is left to refault faults in on the first touch of the child, and is counted', async () => {
        await sim.loadScenario({ scenario: SHARED_FILE, options: { faultAroundPages: 1 } });
        await sim.runToEnd();
        const decisions: DecisionRecord[] = [];
        const { child, ...sums } = await sim.fork({}, { onDecisions: (batch) => decisions.push(...batch) });
        expect(sums).toMatchObject({ copied: 1, refaulted: 1, ptes: 4 });
        expect(decisions.map(({ action, rule }) => [action, rule])).toEqual([
          ['refault', 'refault'],
          ['copy', 'anonVma'],
        ]);
        const touch = { pid: child, addr: ARENA_BASE, pages: 32, access: 'read' } as const;
        expect(await sim.touch(touch)).toMatchObject({ refaults: 32, firstFaults: 0, mapped: 0, residentGain: 32 });
        expect(await sim.touch(touch)).toMatchObject({ refaults: 0, mapped: 32, residentGain: 0 });
        const copied = { pid: child, addr: ARENA_BASE + 40 * PAGE_SIZE, pages: 4, access: 'read' } as const;
        expect(await sim.touch(copied)).toMatchObject({ refaults: 0, mapped: 4 });
      });

      it('differently on two kernels', async () => {
        const input = { kind: 'scenario', load: { scenario: GUARDED_FILE } } as const;
        const { sides, differs, sameMap } = await sim.compare({ input, profiles: ['6.18', '6.19'] });
        expect(sides.map(({ kernel }) => kernel)).toEqual(['6.18', '6.19']);
        expect(sides[0].steps).toEqual(runScenario(GUARDED_FILE, { profile: '6.18' }));
        expect(sides[1].steps).toEqual(runScenario(GUARDED_FILE, { profile: '6.19' }));
        expect(differs).toContain(4);
        expect(sameMap).toBe(false);
      });
    });

    describe('traces a scenario', () => {
      it.each(['6.18', '6.19'])('as the engine does, on %s, with progress; what is loaded stays', async (profile) => {
        await sim.newProcess();
        const progress: Progress[] = [];
        const input = { scenario: GUARDED_FILE, options: { profile } };
        const traced = await sim.trace(input, { onProgress: (now) => progress.push(now) });
        expect(traced).toEqual(traceScenario(GUARDED_FILE, { profile }));
        expect(progress.at(-1)).toEqual({ doing: 'tracing', part: 1, done: 10, unit: 'steps' });
        expect(await sim.state()).toMatchObject({ kind: 'process' });
      });

      it("on one's own kernel", async () => {
        const profile = defineKernelProfile('mine', '6.19', { sticky: [] });
        const { profile: name, steps } = await sim.trace({ scenario: GUARDED_FILE, options: { profile } });
        expect(name).toBe('mine');
        expect(steps[4]?.state.vmas[0]).toMatchObject({ flags: expect.arrayContaining(['gu']), sticky: [] });
      });

      it('and is cancelled between two steps; the next one runs', async () => {
        const ops = Array.from({ length: 60_000 }, (_, at) => GUARDED_FILE.ops[at % 6] ?? { op: 'fork' as const });
        const controller = new AbortController();
        const options = { profile: '6.19' };
        const traced = errorOf(
          sim.trace(
            { scenario: { id: 'long', ops }, options },
            { signal: controller.signal, onProgress: () => controller.abort() },
          ),
        );
        const next = sim.trace({ scenario: GUARDED_FILE, options });
        expect(await traced).toBeInstanceOf(CancelledError);
        expect((await next).steps).toHaveLength(10);
      });

      it('or says where the scenario is wrong, or the kernel', async () => {
        const options = { profile: '6.19' };
        const wrong = await errorOf(sim.trace({ scenario: '{"id":"x","ops":[{"op":"mmap","pag":1}]}', options }));
        expect(wrong).toMatchObject({ file: '(scenario)', line: 1, column: 37 });
        expect(await errorOf(sim.trace({ scenario: GUARDED_FILE, options: { profile: 'minix' } }))).toBeInstanceOf(
          ProfileError,
        );
      });
    });

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

    describe('replays a log', () => {
      it('from a string, a Blob, a stream, bytes and gzip, with one outcome', async () => {
        const text = growingLog(300);
        const bytes = new TextEncoder().encode(text);
        const gzip = new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip')));
        const sources = [text, new Blob([text]), new Blob([text]).stream(), bytes, await gzip.blob()];
        const answers = [];
        for (const source of sources) answers.push(await sim.loadStrace({ source, name: 'log' }));
        for (const answer of answers) expect(answer).toEqual(answers[0]);
        expect(answers[0]).toMatchObject({ lines: 300, calls: 300, unreadable: [], position: 300, length: 300 });
        expect(answers[0]?.outcome).toMatchObject({
          performed: 300,
          wrongResults: { count: 0 },
          wrongPlaces: { count: 0 },
        });
      });

      it('and goes back through it, exactly', async () => {
        await sim.loadStrace({ source: new Blob([growingLog(300)]).stream() });
        const seen: MapSlice[] = [];
        for (let n = 0; n <= 300; n += 20) {
          await sim.jump(n);
          seen.push(await sim.readMap());
        }
        for (let n = 300; n >= 0; n -= 20) {
          expect(await sim.jump(n)).toMatchObject({ position: n, vmas: seen[n / 20]?.count });
          expect(await sim.readMap()).toEqual(seen[n / 20]);
        }
        expect((await sim.jump(7)).call).toMatchObject({ line: 7 });
        expect((await sim.stepBack(2)).call).toMatchObject({ line: 5 });
      });

      it('and lists every line that it cannot read, and loses none', async () => {
        const source = new Blob(Array.from({ length: 40 }, garbledBlock));
        const { lines, calls, unreadable } = await sim.loadStrace({ source, name: 'garbled' });
        expect(lines).toBe(40 * BLOCK_LINES);
        expect(calls).toBe(40 * (BLOCK_LINES - 1));
        expect(unreadable.map(({ line }) => line)).toEqual(Array.from({ length: 40 }, (_, i) => (i + 1) * BLOCK_LINES));
        expect(unreadable[0]?.text).toContain('this is no call');
      });

      it('on two kernels', async () => {
        const load = { source: new Blob([growingLog(100)]).stream() };
        const answer = await sim.compare({ input: { kind: 'strace', load }, profiles: ['6.12', '7.3'] });
        expect(answer.sides.map((side) => side.outcome?.performed)).toEqual([100, 100]);
        expect(answer.sameMap).toBe(true);
      });
    });

    describe('says what is wrong', () => {
      it('with the place in a scenario', async () => {
        const error = await errorOf(
          sim.loadScenario({ scenario: '{"id":"x","ops":[{"op":"mmap","pag":1}]}', name: 'a.jsonl' }),
        );
        expect(error).toBeInstanceOf(InputError);
        expect(error).toMatchObject({ file: 'a.jsonl', line: 1, column: 37 });
        expect((error as InputError).message).toContain('mmap has no field "pag"');
        const scenario = { id: 'x', ops: [{ op: 'mmap', pag: 1 }] } as unknown as Scenario;
        const other = await errorOf(sim.loadScenario({ scenario, name: 'mine' }));
        expect(other).toMatchObject({ name: 'InputError', file: 'mine', line: 1 });
        expect(other?.message).toMatch(/^ops\.0(\.pag)?: mmap has no field "pag"/);
      });

      it('with the place in a smaps', async () => {
        const error = await errorOf(
          sim.loadSmaps({ source: '7f00-8f00 rw-p 00000000 00:00 0\nnonsense\n', name: 'smaps' }),
        );
        expect(error).toBeInstanceOf(InputError);
        expect(error).toMatchObject({ file: 'smaps' });
      });

      it('for what is no log, and what was loaded stays', async () => {
        await sim.loadScenario({ scenario: SHARED_FILE });
        expect(await errorOf(sim.loadStrace({ source: 'dear diary\n'.repeat(60) }))).toBeInstanceOf(InputError);
        expect(await sim.step()).toMatchObject({ kind: 'scenario', position: 1 });
      });

      it('for an unknown kernel', async () => {
        expect(await errorOf(sim.newProcess({ profile: 'minix' }))).toBeInstanceOf(ProfileError);
      });

      it('when memory runs out, with the size asked for; smaller work then goes through', async () => {
        await sim.newProcess({ maxBytes: 2 ** 24 });
        const error = await errorOf(sim.buildAnon({ bytes: 16 * GIB }));
        expect(error).toBeInstanceOf(OutOfMemoryError);
        const { bytes, held, limit, message } = error as OutOfMemoryError;
        expect(limit).toBe(2 ** 24);
        expect(bytes + held).toBeGreaterThan(limit);
        expect(message).toContain(`${bytes} bytes more are needed, ${held} are in use`);
        expect((await sim.state()).modelBytes).toBe(held);
        expect((await sim.touch({ addr: 0, pages: 1, access: 'read' })).signals.MAPERR).toBe(1);
        await sim.newProcess({ maxBytes: 2 ** 24 });
        expect((await sim.buildAnon({ bytes: 2 ** 20 })).pages).toBe(256);
      });

      it('when memory runs out in a log, for its VMAs or its pages; what was replayed can be used', async () => {
        for (const [source, least] of [
          [apartLog(10_000), 1000],
          [hugeLog(), 1],
        ] as const) {
          const load = { source, explain: false, options: { maxBytes: 2 ** 20 } };
          expect(await errorOf(sim.loadStrace(load))).toMatchObject({ name: 'OutOfMemoryError', limit: 2 ** 20 });
          const { kind, position, modelBytes, vmas } = await sim.state();
          expect(kind).toBe('strace');
          expect(position).toBeGreaterThanOrEqual(least);
          expect(modelBytes).toBeLessThanOrEqual(2 ** 20);
          expect((await sim.readMap()).count).toBe(vmas);
          expect(await sim.stepBack()).toMatchObject({ position: position - 1 });
        }
      });

      it('when memory runs out in a scenario, a trace, a comparison or a smaps', async () => {
        const options = { maxBytes: 2 ** 20 };
        const outOfMemory = { name: 'OutOfMemoryError', limit: 2 ** 20 };
        const load = { scenario: HUGE_SCENARIO, options };
        await sim.loadScenario(load);
        expect(await errorOf(sim.step())).toMatchObject(outOfMemory);
        expect((await sim.state()).modelBytes).toBeLessThanOrEqual(2 ** 20);
        expect(await sim.jump(0)).toMatchObject({ position: 0, vmas: 0 });
        const input = { kind: 'scenario', load } as const;
        expect(await errorOf(sim.compare({ input, profiles: ['6.18', '6.19'] }))).toMatchObject(outOfMemory);
        const trace = { scenario: HUGE_SCENARIO, options: { profile: '6.19', ...options } };
        expect(await errorOf(sim.trace(trace))).toMatchObject(outOfMemory);
        const line = (page: number): string => `${hex(2 * page)}-${hex(2 * page + 1)} r--p 00000000 00:00 0 \n`;
        const hex = (page: number): string => (0x1000_0000_0000 + page * PAGE_SIZE).toString(16);
        const source = Array.from({ length: 10_000 }, (_, i) => line(i)).join('');
        expect(await errorOf(sim.loadSmaps({ source, options }))).toMatchObject(outOfMemory);
        // What was loaded before is still there.
        expect(await sim.state()).toMatchObject({ kind: 'scenario', position: 0 });
      });

      it('when a source cannot be read on, with the line; what was replayed can be used', async () => {
        let chunks = 0;
        const source = new ReadableStream<Uint8Array>({
          pull(controller) {
            if (++chunks <= 3) controller.enqueue(new TextEncoder().encode(growingLog(100)));
            else controller.error(new Error('the disk is gone'));
          },
        });
        const error = await errorOf(sim.loadStrace({ source, name: 'torn' }));
        expect(error).toBeInstanceOf(InputError);
        expect(error).toMatchObject({ file: 'torn' });
        expect((error as InputError).message).toContain('the disk is gone');
        // How much a stream that breaks hands over before that is up to the platform: all, or less.
        const { name, position } = await sim.state();
        expect((error as InputError).line).toBe(name === 'torn' ? position + 1 : 1);
      });

      it('for damaged gzip', async () => {
        const packed = new Blob([growingLog(5000)]).stream().pipeThrough(new CompressionStream('gzip'));
        const whole = new Uint8Array(await new Response(packed).arrayBuffer());
        const error = await errorOf(sim.loadStrace({ source: whole.slice(0, whole.length / 2) }));
        expect(error).toBeInstanceOf(InputError);
      });

      it('for a source that is none, and for half a page', async () => {
        expect(await errorOf(sim.loadStrace({ source: 7 as unknown as string }))).toBeInstanceOf(ProtocolError);
        await sim.newProcess();
        expect((await errorOf(sim.buildAnon({ bytes: 1 })))?.name).toBe('InvariantError');
      });
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

/** A control that cancels with the first report that tells of something done. */
export function abortedBy(controller: AbortController): JobControl {
  return {
    signal: controller.signal,
    onProgress: ({ done }) => {
      if (done > 0) controller.abort();
    },
  };
}

/** The error of a promise; `null` where it has none. */
export async function errorOf(promise: Promise<unknown>): Promise<Error | null> {
  return promise.then(
    () => null,
    (error: Error) => error,
  );
}

function vmasOf(map: MapSlice): (number | string)[][] {
  return Array.from(map.start, (start, i) => [
    (start - ARENA_BASE) / PAGE_SIZE,
    (map.end[i]! - ARENA_BASE) / PAGE_SIZE,
    formatVmFlags(flagsOf(map.flagsLo[i]!, map.flagsHi[i]!)),
  ]);
}

async function look(sim: ForkSimApi): Promise<unknown> {
  return [await sim.state(), await sim.readMap(), await sim.readPages({ addr: ARENA_BASE, pages: 64 })];
}
