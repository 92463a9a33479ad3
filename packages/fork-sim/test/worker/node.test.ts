import { openAsBlob, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { InputError } from 'proc-io';
import { afterEach, describe, expect, it } from 'vitest';
import { tempFolder } from '../../../../scripts/tempFolder.mjs';
import { type ForkSimClient, startForkSim, WorkerCrashedError } from '../../src/node/index.ts';
import { describeHugeCalls } from './hugeCalls.ts';
import { BLOCK_LINES, garbledBlock } from './samples.ts';
import { describeForkSim } from './suite.ts';
import { errorOf } from './suiteTools.ts';
import { bundleNodeWorker } from './support/bundleNodeWorker.ts';
import { describeWorker } from './workerSuite.ts';

const url = bundleNodeWorker();
/** Threads that are started, one after the other; 200 with `STARTS=200`. */
const STARTS = Number(process.env.STARTS ?? 24);

describeForkSim('in a thread of Node', () => startForkSim({ worker: newWorker }));
describeHugeCalls('in a thread of Node', () => startForkSim({ worker: newWorker }));

describeWorker('in a thread of Node', async () => {
  let latest: Worker | undefined;
  const lab = await startForkSim({
    worker: () => {
      latest = newWorker();
      return latest;
    },
  });
  return { lab, post: (message) => latest?.postMessage(message) };
});

describe('a thread of Node', () => {
  let lab: ForkSimClient | undefined;
  afterEach(() => lab?.dispose());

  it('is started and stopped many times, works each time, and leaves no thread', async () => {
    const threads: Worker[] = [];
    const begun = async (): Promise<void> => {
      const one = await startForkSim({
        worker: () => {
          const thread = newWorker();
          threads.push(thread);
          return thread;
        },
      });
      expect((await one.newProcess()).pids).toEqual([1]);
      const waiting = errorOf(one.buildAnon({ bytes: 2 ** 34 }));
      await one.dispose();
      // The call that waited has its answer, at every moment of the cancel.
      await waiting;
    };
    for (let time = 0; time < STARTS; time += 4) await Promise.all([begun(), begun(), begun(), begun()]);
    expect(threads).toHaveLength(STARTS);
    // A thread that is gone has no id.
    expect(threads.filter(({ threadId }) => threadId !== -1)).toEqual([]);
  });

  it('that cannot be started is an error', async () => {
    const start = startForkSim({
      worker: () => new Worker('throw new Error("not today")', { eval: true, execArgv: [] }),
    });
    const error = await errorOf(start);
    expect(error).toBeInstanceOf(WorkerCrashedError);
    expect(error?.message).toContain('not today');
  });

  it('that dies of a call rejects it, and a new one is started in its place', async () => {
    let died = 0;
    lab = await startForkSim({ worker: () => (died++ === 0 ? fixture('dying') : newWorker()) });
    const error = await errorOf(lab.newProcess());
    expect(error).toBeInstanceOf(WorkerCrashedError);
    expect(error?.message).toContain('the roof fell in');
    await lab.restart();
    expect((await lab.newProcess()).pids).toEqual([1]);
  });

  it('reads a million lines, one in a thousand of them garbage: lists those, loses none, is cancelled in the middle', async () => {
    lab = await startForkSim({ worker: newWorker });
    const source = new Blob(Array.from({ length: 1000 }, garbledBlock));
    const controller = new AbortController();
    let aborted = 0;
    const cancelled = errorOf(
      lab.loadStrace(
        { source },
        {
          signal: controller.signal,
          onProgress: ({ part }) => {
            if (aborted !== 0 || (part ?? 0) < 0.3) return;
            aborted = performance.now();
            controller.abort();
          },
        },
      ),
    );
    expect((await cancelled)?.name).toBe('CancelledError');
    const { position } = await lab.state();
    expect(position).toBeGreaterThan(200_000);
    expect(position).toBeLessThan(900_000);
    const { lines, calls, unreadable, length } = await lab.loadStrace({ source, explain: false });
    expect([lines, calls, length]).toEqual([1_000_000, 999_000, 999_000]);
    expect(unreadable.map(({ line }) => line)).toEqual(Array.from({ length: 1000 }, (_, i) => (i + 1) * BLOCK_LINES));
  });

  it('that reads a file which is cut short meanwhile says where it stopped', async () => {
    const folder = tempFolder('fork-sim-file-');
    const path = join(folder, 'server.strace');
    writeFileSync(path, garbledBlock().repeat(200));
    lab = await startForkSim({ worker: newWorker });
    const source = await openAsBlob(path);
    const load = lab.loadStrace({ source, name: path }, { onProgress: () => truncateSync(path, 1_000_000) });
    const error = await errorOf(load);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ file: path });
    const { line } = error as InputError;
    expect(line).toBeGreaterThan(1);
    expect((await lab.state()).position).toBeGreaterThan(0);
  });
});

function newWorker(): Worker {
  return new Worker(url, { execArgv: [] });
}

function fixture(name: string): Worker {
  return new Worker(new URL(`./support/${name}.mjs`, import.meta.url), { execArgv: [] });
}
