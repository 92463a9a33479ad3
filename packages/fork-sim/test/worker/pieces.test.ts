import { afterEach, describe, expect, it } from 'vitest';
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PAGE_SIZE, PROT_READ } from 'vma-core';
import { type Process, runScenario, type Scenario, validateWorld, World } from '../../src/index.ts';
import { buildAnon } from '../../src/worker/buildAnon.ts';
import { compare } from '../../src/worker/compare.ts';
import { forkJob } from '../../src/worker/forkJob.ts';
import { CancelledError } from '../../src/worker/index.ts';
import { makeScenario, makeSmaps, makeStrace } from '../../src/worker/makeSubject.ts';
import { Navigator } from '../../src/worker/navigator.ts';
import { Pacer } from '../../src/worker/pacer.ts';
import { ALL_VMAS, readMap } from '../../src/worker/readMap.ts';
import { rowsOfSubject } from '../../src/worker/straceAnswer.ts';
import { GUARDED_FILE, growingLog } from './samples.ts';

const VMAS = 20_000;
const BASE = 0x1000_0000_0000;

/** A pacer to which every piece is long: it pauses wherever it may. Its reports are counted, and one of them may cancel. */
class CountingPacer extends Pacer {
  readonly pieces: () => number;

  constructor(cancelAt: number = Number.POSITIVE_INFINITY) {
    let now = 0;
    let pieces = 0;
    const controller = new AbortController();
    const onProgress = (): void => {
      if (++pieces >= cancelAt) controller.abort();
    };
    super({ signal: controller.signal, onProgress }, () => (now += 1000));
    this.pieces = () => pieces;
  }
}

const pacers: CountingPacer[] = [];
afterEach(() => Promise.all(pacers.splice(0).map((pacer) => pacer.close())));

function counting(cancelAt?: number): CountingPacer {
  const pacer = new CountingPacer(cancelAt);
  pacers.push(pacer);
  return pacer;
}

/** Work, with the number of pieces in which it is done at least. */
const WORK: readonly (readonly [string, number, (pacer: Pacer) => Promise<unknown>])[] = [
  ['reading a map', 9, (pacer) => readMap(manyVmas(), ALL_VMAS, pacer)],
  ['loading a smaps', 80, (pacer) => makeSmaps({ source: mapsText(), options: { maxMapCount: 1e6 } }, pacer)],
  ['replaying a log', 15, async (pacer) => (await makeStrace({ source: growingLog(1000) }, '6.19', pacer)).load(pacer)],
  ['the first call of a log with a large map', 75, (pacer) => firstCall(pacer)],
  ['a scenario that touches and shows many pages', 60, manyPages],
  ['comparing the end of a log', 75, (pacer) => compareEnd(pacer)],
  ['jumping in a log', 900, jump],
  ['comparing two kernels', 20, (pacer) => compareBoth(pacer)],
  ['building', 16, (pacer) => buildAnon(new World().newProcess(), 2 ** 32, pacer)],
  ['forking', 4, forkBuilt],
];

describe('long work', () => {
  it.each(WORK)('such as %s is done in %d pieces or more', async (_, least, work) => {
    const pacer = counting();
    await work(pacer);
    expect(pacer.pieces()).toBeGreaterThanOrEqual(least);
  });

  it.each(WORK)(
    'such as %s is cancelled by its first piece, by its last but one, and goes no further',
    async (_, least, work) => {
      for (const at of [1, least - 1]) {
        const pacer = counting(at);
        await expect(work(pacer)).rejects.toBeInstanceOf(CancelledError);
        expect(pacer.pieces()).toBe(at);
      }
    },
  );

  it('leaves a sound world where a fork was cancelled, once what it had made is freed', async () => {
    const process = new World().newProcess();
    process.world.pageWork.putsOff = true;
    await buildAnon(process, 2 ** 32, counting());
    const { live } = process.world.frames.tables;
    const pacer = counting(3);
    await expect(forkJob(process, {}, pacer)).rejects.toBeInstanceOf(CancelledError);
    await pacer.close();
    expect([...process.world.processes.keys()]).toEqual([process.pid]);
    expect(process.world.frames.tables.live).toBe(live);
    expect(validateWorld(process.world)).toEqual([]);
  });
});

function manyVmas(): Process {
  const process = new World({ maxMapCount: 1e6 }).newProcess();
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  for (let i = 0; i < VMAS; i++)
    process.mmap({ addr: BASE + i * 2 * PAGE_SIZE, length: PAGE_SIZE, prot: PROT_READ, flags });
  return process;
}

/** `/proc/PID/maps` of as many. */
function mapsText(): string {
  const hex = (page: number): string => (BASE + page * PAGE_SIZE).toString(16);
  return Array.from({ length: VMAS }, (_, i) => `${hex(2 * i)}-${hex(2 * i + 1)} r--p 00000000 00:00 0 \n`).join('');
}

async function firstCall(pacer: Pacer): Promise<void> {
  const load = { source: growingLog(1), initial: mapsText(), options: { maxMapCount: 1e6 } };
  const subject = await makeStrace(load, '6.19', new Pacer({}));
  await subject.load(pacer);
  expect(subject.current.mm.mapCount).toBe(VMAS + 1);
}

async function manyPages(pacer: Pacer): Promise<void> {
  const pages = 2 ** 16;
  const scenario: Scenario = {
    id: 'many',
    span: 2 ** 20,
    windows: [['all', 0, pages]],
    ops: [
      { op: 'mmap', page: 0, pages, prot: 'rw' },
      { op: 'touch', page: 0, pages, access: 'write' },
      { op: 'clear_refs', value: 4 },
    ],
  };
  const subject = makeScenario({ scenario }, '6.19');
  await new Navigator(subject).goTo(3, pacer);
  expect(subject.records).toEqual(runScenario(scenario));
}

async function compareEnd(pacer: Pacer): Promise<void> {
  const load = { source: growingLog(1), initial: mapsText(), options: { maxMapCount: 1e6 } };
  const subject = await makeStrace(load, '6.19', new Pacer({}));
  await subject.load(new Pacer({}));
  expect(await rowsOfSubject(subject, pacer)).toHaveLength(VMAS + 1);
}

async function jump(pacer: Pacer): Promise<void> {
  const subject = await makeStrace({ source: growingLog(1000) }, '6.19', new Pacer({}));
  await subject.load(new Pacer({}));
  await new Navigator(subject).goTo(950, pacer);
}

async function compareBoth(pacer: Pacer): Promise<void> {
  await compare({ input: { kind: 'scenario', load: { scenario: GUARDED_FILE } }, profiles: ['6.18', '6.19'] }, pacer);
}

async function forkBuilt(pacer: Pacer): Promise<void> {
  const process = new World().newProcess();
  await buildAnon(process, 2 ** 32, new Pacer({}));
  await forkJob(process, {}, pacer);
}
