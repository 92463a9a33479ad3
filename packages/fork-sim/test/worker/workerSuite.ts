import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ForkSimClient } from '../../src/worker/index.ts';
import { CancelledError, ProtocolError, WorkerCrashedError } from '../../src/worker/index.ts';
import { GUARDED_FILE, garbledBlock, growingLog } from './samples.ts';
import { errorOf } from './suiteTools.ts';

const GIB = 2 ** 30;

/** A worker, and a way to send it anything. */
export interface TestedWorker {
  readonly lab: ForkSimClient;
  readonly post: (message: unknown) => void;
}

/** What holds for a worker, of a browser or of Node, besides what holds for every simulation. */
export function describeWorker(where: string, start: () => Promise<TestedWorker>): void {
  describe(`a worker ${where}`, () => {
    let lab: ForkSimClient;
    let post: (message: unknown) => void;
    beforeAll(async () => {
      ({ lab, post } = await start());
    });
    afterAll(() => lab.dispose());

    it('takes bytes over and does not copy them; parts of larger buffers are copied', async () => {
      const bytes = new TextEncoder().encode(growingLog(30));
      const part = new Uint8Array(new TextEncoder().encode(`##${growingLog(30)}`).buffer, 2);
      await lab.loadStrace({ source: bytes });
      expect(bytes.byteLength).toBe(0);
      expect(await lab.loadStrace({ source: part })).toMatchObject({ lines: 30 });
      expect(part.byteLength).toBeGreaterThan(0);
    });

    it('carries calls out in order, and cancels those that still wait', async () => {
      await lab.newProcess();
      const controller = new AbortController();
      const build = lab.buildAnon({ bytes: 4 * GIB });
      const fork = errorOf(lab.fork({}, { signal: controller.signal }));
      const state = lab.state();
      controller.abort();
      expect(await fork).toBeInstanceOf(CancelledError);
      expect(await state).toMatchObject({ vmas: 1, pids: [1] });
      expect((await build).pages).toBe((4 * GIB) / 4096);
      expect(await errorOf(lab.newProcess({}, { signal: AbortSignal.abort() }))).toBeInstanceOf(CancelledError);
    });

    it('lives on when it is sent what means nothing', async () => {
      await lab.loadScenario({ scenario: GUARDED_FILE });
      const garbage = [
        null,
        7,
        'hello',
        [],
        {},
        { id: 'a' },
        { id: 'b', type: 'APPLY' },
        { id: 'c', type: 'APPLY', path: ['constructor'], argumentList: [] },
        { id: 'd', type: 'APPLY', path: ['run'], argumentList: [{ type: 'RAW', value: { job: 'x' } }] },
        { id: 'e', type: 'SET', path: ['run'], value: { type: 'RAW', value: 1 } },
        { id: 'f', type: 'GET', path: ['__proto__'] },
      ];
      for (const message of garbage) post(message);
      expect(await lab.step()).toMatchObject({ position: 1 });
    });

    it('answers every call of many, cancelled at any moment, with garbage between them', async () => {
      const source = growingLog(400);
      const answers: Promise<Error | null>[] = [];
      for (let call = 0; call < 60; call++) {
        const controller = new AbortController();
        const { signal } = controller;
        const work = [
          () => lab.loadStrace({ source }, { signal }),
          () => lab.newProcess({}, { signal }),
          () => lab.loadScenario({ scenario: GUARDED_FILE }, { signal }),
          () => lab.buildAnon({ bytes: GIB / 16 }, { signal }),
        ][call % 4]!;
        answers.push(errorOf(work()));
        post({
          id: `garbage ${call}`,
          type: ['APPLY', 'GET', 'HANDLER'][call % 3],
          path: [],
          argumentList: [call],
        });
        // At once, a turn later, or when some of the calls before it are done.
        if (call % 5 === 0) controller.abort();
        else if (call % 5 === 1) setTimeout(() => controller.abort(), call % 7);
        else if (call % 5 === 2) void answers[call >> 1]?.then(() => controller.abort());
      }
      const ended = await Promise.all(answers);
      expect(ended).toHaveLength(60);
      for (const error of ended) {
        if (error === null || error instanceof CancelledError) continue;
        // A process was asked to grow where a log had been loaded.
        expect(['InvariantError', 'ProtocolError']).toContain(error.name);
      }
      expect(ended.filter((error) => error instanceof CancelledError).length).toBeGreaterThan(0);
      expect(await lab.loadStrace({ source })).toMatchObject({ lines: 400 });
    });

    it('refuses what cannot be sent, and calls that are none', async () => {
      const unsendable = { scenario: (() => {}) as unknown as string };
      expect(await errorOf(lab.loadScenario(unsendable))).toBeInstanceOf(ProtocolError);
      expect(await errorOf(lab.jump('far' as unknown as number))).toBeInstanceOf(ProtocolError);
      expect(await errorOf(lab.touch(null as unknown as Parameters<ForkSimClient['touch']>[0]))).toBeInstanceOf(
        ProtocolError,
      );
      expect((await errorOf(lab.jump(Number.NaN)))?.name).toBe('InvariantError');
      const { fly } = lab as unknown as { fly: () => Promise<unknown> };
      expect(await errorOf(fly())).toMatchObject({ name: 'ProtocolError', message: expect.stringContaining('"fly"') });
    });

    it('ends a call with the error of its listener', async () => {
      await lab.newProcess();
      const onProgress = (): void => {
        throw new RangeError('no room on the screen');
      };
      expect(await errorOf(lab.buildAnon({ bytes: 16 * GIB }, { onProgress }))).toMatchObject({ name: 'RangeError' });
      expect(await errorOf(lab.newProcess())).toBeNull();
    });

    it('rejects what waits when it is killed in the middle, and starts again', async () => {
      const source = new Blob(Array.from({ length: 300 }, garbledBlock));
      const load = errorOf(lab.loadStrace({ source }, { onProgress: () => lab.terminate() }));
      const queued = errorOf(lab.state());
      expect(await load).toBeInstanceOf(WorkerCrashedError);
      expect(await queued).toBeInstanceOf(WorkerCrashedError);
      expect(await errorOf(lab.newProcess())).toBeInstanceOf(WorkerCrashedError);
      await lab.restart();
      expect((await errorOf(lab.state()))?.message).toBe('nothing is loaded');
      await lab.newProcess();
      expect((await lab.buildAnon({ bytes: GIB })).pages).toBe(GIB / 4096);
    });
  });
}
