import { InputError } from 'proc-io';
import { afterEach, describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import { type ForkSimClient, type Progress, startForkSim, WorkerCrashedError } from '../../src/worker/index.ts';
import { describeHugeCalls } from './hugeCalls.ts';
import { BLOCK_LINES, garbledBlock, MANY, MANY_VMAS } from './samples.ts';
import { describeForkSim } from './suite.ts';
import { errorOf } from './suiteTools.ts';
import { describeWorker } from './workerSuite.ts';

const GIB = 2 ** 30;

describeForkSim('in a worker of the browser', () => startForkSim({ worker: newWorker }));
describeHugeCalls('in a worker of the browser', () => startForkSim({ worker: newWorker }));

describeWorker('of the browser', async () => {
  let latest: Worker | undefined;
  const lab = await startForkSim({
    worker: () => {
      latest = newWorker();
      return latest;
    },
  });
  return { lab, post: (message) => latest?.postMessage(message) };
});

describe('a page', () => {
  let lab: ForkSimClient | undefined;
  afterEach(() => lab?.dispose());

  it('draws and answers clicks while 64 GiB are built and forked, and a fork is cancelled', async ({ annotate }) => {
    lab = await startForkSim({ worker: newWorker });
    let progress = 0;
    const control = { onProgress: () => void progress++ };
    const sim = lab;
    const page = await watchPage(2000, async () => {
      await sim.newProcess();
      const { addr } = await sim.buildAnon({ bytes: 64 * GIB }, control);
      const { child, ptes } = await sim.fork({}, control);
      expect([addr % 4096, ptes]).toEqual([0, 16 * 2 ** 20]);
      await sim.exit({ pid: child });
    });
    await annotate(`longest gap between two frames: ${Math.round(page.longestGap)} ms`);
    expect(page.frames).toBeGreaterThanOrEqual(ENOUGH_FRAMES);
    expect(page.clicks).toBeGreaterThanOrEqual(ENOUGH_CLICKS);
    expect(progress).toBeGreaterThanOrEqual(2);

    await sim.loadScenario({ scenario: MANY_VMAS, options: { maxMapCount: MANY } });
    await sim.runToEnd();
    const controller = new AbortController();
    const fork = sim.fork({}, { signal: controller.signal, onProgress: () => controller.abort() });
    expect((await errorOf(fork))?.name).toBe('CancelledError');
    expect((await sim.state()).pids).toEqual([1]);
  });

  it('draws and answers clicks while a million lines are replayed, one in a thousand of them garbage', async ({
    annotate,
  }) => {
    lab = await startForkSim({ worker: newWorker });
    const sim = lab;
    const source = new Blob(Array.from({ length: 1000 }, garbledBlock));
    let progress = 0;
    const page = await watchPage(2000, async () => {
      const load = sim.loadStrace({ source, name: 'million.strace' }, { onProgress: () => void progress++ });
      const { lines, calls, unreadable } = await load;
      expect([lines, calls]).toEqual([1_000_000, 999_000]);
      expect(unreadable.map(({ line }) => line)).toEqual(Array.from({ length: 1000 }, (_, i) => (i + 1) * BLOCK_LINES));
    });
    await annotate(`longest gap between two frames: ${Math.round(page.longestGap)} ms`);
    expect(page.frames).toBeGreaterThanOrEqual(ENOUGH_FRAMES);
    expect(page.clicks).toBeGreaterThanOrEqual(ENOUGH_CLICKS);
    expect(progress).toBeGreaterThanOrEqual(5);

    const controller = new AbortController();
    const onProgress = ({ part }: Progress): void => {
      if ((part ?? 0) > 0.2) controller.abort();
    };
    const cancelled = errorOf(sim.loadStrace({ source }, { signal: controller.signal, onProgress }));
    expect((await cancelled)?.name).toBe('CancelledError');
    const { position } = await sim.state();
    expect(position).toBeGreaterThan(100_000);
    expect(position).toBeLessThan(999_000);
  });

  it('is told where reading stopped when a file goes away meanwhile', async () => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('vanishing.strace', { create: true });
    const writer = await handle.createWritable();
    await writer.write(garbledBlock().repeat(300));
    await writer.close();
    lab = await startForkSim({ worker: newWorker });
    let removed: Promise<void> | undefined;
    const onProgress = ({ done }: Progress): void => {
      if (done > 1000) removed ??= folder.removeEntry('vanishing.strace');
    };
    const error = await errorOf(lab.loadStrace({ source: await handle.getFile() }, { onProgress }));
    await removed;
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ file: 'vanishing.strace' });
    expect((error as InputError).line).toBeGreaterThan(1);
    expect((await lab.state()).position).toBeGreaterThan(0);
  });

  it('is told when there is no worker to start, and when one dies of a call', async () => {
    expect(await errorOf(startForkSim({ worker: () => script('throw new Error("not today")') }))).toMatchObject({
      name: 'WorkerCrashedError',
      message: expect.stringContaining('not today'),
    });
    const missing = (): Worker => new Worker(new URL('/no-such-file.js', location.href), { type: 'module' });
    expect(await errorOf(startForkSim({ worker: missing }))).toBeInstanceOf(WorkerCrashedError);
    let started = 0;
    lab = await startForkSim({
      worker: () =>
        started++ === 0
          ? script(`${GREETS} else setTimeout(() => { throw new Error('the roof fell in') })`)
          : newWorker(),
    });
    expect((await errorOf(lab.newProcess()))?.message).toContain('the roof fell in');
    await lab.restart();
    expect((await lab.newProcess()).pids).toEqual([1]);
  });

  it('notices that a worker has closed itself', async () => {
    lab = await startForkSim({ worker: () => script(`${GREETS} else close()`), silenceMs: 200 });
    expect(await errorOf(lab.newProcess())).toBeInstanceOf(WorkerCrashedError);
  });
});

/** The start of a script that greets as a worker does. */
const GREETS = `onmessage = ({ data: { id, path } }) => { if (path[0] === 'ping') postMessage({ id, type: 'RAW' });`;

function newWorker(): Worker {
  return new Worker(new URL('../../src/worker/forkSim.worker.ts', import.meta.url), { type: 'module' });
}

function script(text: string): Worker {
  const closed = text.startsWith('onmessage') ? `${text} }` : text;
  return new Worker(URL.createObjectURL(new Blob([closed], { type: 'text/javascript' })));
}

/** How a page fared while a worker worked. */
interface WatchedPage {
  readonly frames: number;
  readonly clicks: number;
  /** Between two frames, milliseconds: reported, never asserted. */
  readonly longestGap: number;
}

/** Frames and clicks that a page which is not frozen reaches, however slow its machine is. */
const ENOUGH_FRAMES = 60;
const ENOUGH_CLICKS = 5;
/** A page that has not reached them by then is frozen; milliseconds. */
const PATIENCE = 20_000;

/**
 * Does the work, again until `ms` have gone by, and counts the frames that are drawn and the clicks that are answered meanwhile.
 * On a machine that is busy with other things it goes on until there are enough of both, or patience ends.
 */
async function watchPage(ms: number, work: () => Promise<void>): Promise<WatchedPage> {
  let frames = 0;
  let clicks = 0;
  let busy = true;
  let longestGap = 0;
  let drawn = performance.now();
  const draw = (): void => {
    frames++;
    const now = performance.now();
    longestGap = Math.max(longestGap, now - drawn);
    drawn = now;
    if (busy) requestAnimationFrame(draw);
  };
  const button = document.createElement('button');
  button.textContent = 'still here?';
  button.addEventListener('click', () => {
    if (busy) clicks++;
  });
  document.body.append(button);
  requestAnimationFrame(draw);
  const clicking = (async () => {
    while (busy && clicks < ENOUGH_CLICKS) await userEvent.click(button);
  })();
  const began = performance.now();
  const goesOn = (): boolean => {
    const gone = performance.now() - began;
    return gone < ms || (gone < PATIENCE && (frames < ENOUGH_FRAMES || clicks < ENOUGH_CLICKS));
  };
  try {
    do await work();
    while (goesOn());
  } finally {
    busy = false;
    await clicking;
    button.remove();
  }
  return { frames, clicks, longestGap };
}
